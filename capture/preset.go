package capture

// Preset is an answer that a provider suggests, for a person to choose in place
// of the accepted one.
type Preset struct {
	ID    string // unique within a provider: "200", "503", "komet-0"
	Title string // "503, so that it is sent again"
	Short string // for a badge: "503", "K:0"
	Text  string // what it causes at the sender, in one sentence

	// Response is the template of the answer: status, header and body. Of By,
	// Preset and Timing nothing is used.
	Response Response

	Method string // the only method that it answers; "" for all but OPTIONS

	TakesMessage bool // Response has a place for words of a person's own
	Failing      bool // the sender takes it as a failure: it should end by itself
}
