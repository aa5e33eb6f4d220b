package capture

import "time"

// Choice is an answer that a person has chosen for an endpoint, in place of the
// provider's accepted one. The zero Preset takes a choice back.
type Choice struct {
	Path    string    // the endpoint's
	Preset  string    // ID of one of the provider's presets
	Message string    // what the preset's answer is to say, where it takes a message
	Until   time.Time // when it ends by itself; the zero time: not at all
}
