package capture

import "time"

// Session is a named set of exchanges. What is captured goes into the active one.
type Session struct {
	ID      int64
	Name    string
	State   SessionState
	Active  bool // what is captured goes here; one session is
	Created time.Time
	Note    string
	Keep    Keep
	Origin  *SessionOrigin // of one that came from a file; nil for others
}

// SessionState says what can be seen of a session.
type SessionState string

// The states of a session.
const (
	SessionOpen     SessionState = "open"
	SessionArchived SessionState = "archived" // put away: searched and opened, not offered
	SessionStaged   SessionState = "staged"   // of a file that is being read, or looked at before it is imported; gone at the next start
	SessionDeleted  SessionState = "deleted"  // can be taken back until the next start
)

// Keep is how much of a session is kept. A zero field is no limit of its own.
type Keep struct {
	Exchanges int           `json:"exchanges,omitempty"`
	Bytes     int64         `json:"bytes,omitempty"`
	Age       time.Duration `json:"age,omitempty"`
}

// SessionOrigin tells of the file that a session came from. All of it is what the
// file says: a stranger's words.
type SessionOrigin struct {
	File      string    `json:"file"`   // its name, without folders
	Format    string    `json:"format"` // "bundle", "har", "raw", "curl"
	Tool      string    `json:"tool,omitempty"`
	Sharer    string    `json:"sharer,omitempty"`
	Note      string    `json:"note,omitempty"`
	Shared    time.Time `json:"shared,omitzero"`
	Redaction string    `json:"redaction,omitempty"` // "secrets, personal data"; "" for none

	Public []PublicEvent `json:"public,omitempty"` // what the sharer's public address did meanwhile, oldest first
}

// SessionStats count a session.
type SessionStats struct {
	Exchanges int64
	Bytes     int64     // of bodies
	Failed    int64     // the proof is invalid or malformed
	First     time.Time // when the oldest was received; zero for an empty one
	Last      time.Time
}

// Mark is a colour that a person gives a callback. The zero Mark is none.
type Mark string

// Marks are the colours.
var Marks = []Mark{"red", "amber", "green", "blue"}

// Imported is what is known of an exchange because it came from a file.
type Imported struct {
	Via      Via    // how it came to who captured it
	Redacted bool   // what it holds is not what was captured: its proof cannot hold any more
	Mac      string // with it the sharer can prove what was captured; "" for none
	Origin   string // of a replay: the UID of what it was made from; "" for others
}
