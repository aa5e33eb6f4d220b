package capture

import (
	"net/netip"
	"strings"
	"time"
)

// Resending says how a callback is resent; see Preparation for what To,
// KeepPath, Whole, Edit and Marker do.
type Resending struct {
	To       string `json:"to"`
	KeepPath bool   `json:"keep_path,omitempty"`
	Whole    bool   `json:"whole,omitempty"`
	Edit     *Edit  `json:"edit,omitempty"`

	Resign      bool `json:"resign,omitempty"`       // sign it again with the configured key
	Marker      bool `json:"marker,omitempty"`       // say in a header that it is a resend
	DropSecrets bool `json:"drop_secrets,omitempty"` // leave out what it carries of tokens and the like
	Follow      bool `json:"follow,omitempty"`       // follow redirects, within the same host

	Timeout time.Duration `json:"timeout,omitempty"` // for each; 0: 30 s
	Consent ResendConsent `json:"consent,omitzero"`
}

// ResendConsent is what a person has said yes to for a resend.
type ResendConsent struct {
	Remote   bool `json:"remote,omitempty"`   // it goes to another machine
	Provider bool `json:"provider,omitempty"` // it goes to a provider's own domain
}

// ResendTarget is whom a resend would go to.
type ResendTarget struct {
	Host      string       `json:"host"` // with the port, where the address has one
	Loopback  bool         `json:"loopback"`
	Addresses []netip.Addr `json:"addresses,omitempty"` // what its name leads to; none where that cannot be told
	Provider  string       `json:"provider,omitempty"`  // the name of the provider whose domain it is
}

// AskError says that a resend would go where a person has to say yes first:
// ResendConsent.Remote, and ResendConsent.Provider for a provider's own domain.
type AskError struct{ ResendTarget }

// Error implements error.
func (e *AskError) Error() string {
	text := Visible(e.Host) + " is not this machine"
	if len(e.Addresses) > 0 {
		names := make([]string, min(len(e.Addresses), 4))
		for i := range names {
			names[i] = e.Addresses[i].String()
		}
		text += " (" + strings.Join(names, ", ") + ")"
	}
	if e.Provider != "" {
		return text + " but " + e.Provider + "'s own: it could take the callback for a real one"
	}
	return text + ": the callback, and the secrets and personal data in it, would be sent there"
}

// Resent is what became of a resend. Its JSON goes from one process to another.
type Resent struct {
	Origin int64         `json:"origin"`
	ID     int64         `json:"id"`              // what it is kept as; 0 where nothing was sent
	Try    int           `json:"try,omitempty"`   // of a schedule, from 1
	After  time.Duration `json:"after,omitempty"` // when that was due
	UID    string        `json:"uid,omitempty"`
	Method string        `json:"method,omitempty"`
	URL    string        `json:"url,omitempty"` // with secrets

	State    State   `json:"state,omitempty"`
	Status   int     `json:"status,omitempty"` // 0: no answer
	Error    string  `json:"error,omitempty"`  // a sentence: why there is no good answer, or why nothing was sent
	Location string  `json:"location,omitempty"`
	Hops     []Hop   `json:"hops,omitempty"`
	Timings  Timings `json:"timings"`

	Verdict    Verdict    `json:"verdict"`
	Acceptance Acceptance `json:"acceptance"`
	Note       string     `json:"note,omitempty"` // why the receiver will see it as forged
}

// Sent reports whether anything went over the wire.
func (r *Resent) Sent() bool { return r.UID != "" }
