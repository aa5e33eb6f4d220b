package export

import (
	"context"
	"io"
	"iter"
	"time"

	"hookglass/capture"
)

// Share is what leaves: exchanges with what a reader has to know of them. It is
// redacted already, where it is to be.
type Share struct {
	Title   string // the session's name
	Note    string // the sharer's words
	Sharer  string // "" where they do not say
	Tool    string // "Hookglass 0.2.0"
	Created time.Time

	Redaction Redaction // its Replaced is complete once Exchanges has ended: write it last, or leave the counts out
	Sessions  []SharedSession
	Rules     []capture.Rule

	// Exchanges yields them oldest first, each once. An error ends it. The exchange
	// is the reader's until the next one.
	Exchanges iter.Seq2[*Shared, error]
	Count     int64 // how many there will be; 0 where it is not known

	// Done is told, now and then, how far the writing has come. It may be nil, and
	// must not block.
	Done func(exchanges int64)
}

// Shared is an exchange that leaves or came, with what a database would know.
type Shared struct {
	*capture.Exchange

	OriginUID string            // of a replay: the UID of what it was made from
	Decoded   *capture.Decoding // for reports; nil where nobody asked
	Base      string            // where it came in, "https://x.ngrok.app"; "" where it is not known
}

// SharedSession is what a share says of a session that its exchanges are of.
type SharedSession struct {
	ID      int64                 `json:"id"`
	Name    string                `json:"name"`
	Note    string                `json:"note,omitempty"`
	Created time.Time             `json:"created,omitzero"`
	Stats   capture.SessionStats  `json:"stats,omitzero"`
	Public  []capture.PublicEvent `json:"public,omitempty"` // what the public address did meanwhile, oldest first
}

// Redaction tells how a share was redacted.
type Redaction struct {
	Profile  string           `json:"profile"`            // "none", "secrets", "personal", "custom"
	Rules    []string         `json:"rules,omitempty"`    // what a custom profile looks for, in words that give nothing away
	Replaced map[string]int64 `json:"replaced,omitempty"` // how many values, by what they were: "secret", "name", "phone"
	Keyed    bool             `json:"keyed,omitempty"`    // each exchange has a MAC under a key that the sharer keeps
}

// Format is a way to write a share.
type Format struct {
	Name      string // "bundle"
	Title     string // "Hookglass bundle"
	Extension string // ".hookglass"
	Says      string // what it is good for, and what it loses
	Whole     bool   // rules and MACs are in it: Open reads it again
	Decodes   bool   // it wants Shared.Decoded
	Write     func(ctx context.Context, w io.Writer, s *Share) error
}
