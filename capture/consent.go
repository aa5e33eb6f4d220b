package capture

import "fmt"

// Consent is what a person has said yes to for a rule.
type Consent struct {
	Forever bool `json:"forever,omitempty"` // it fails on purpose without an end
	Live    bool `json:"live,omitempty"`    // it fails on purpose where real callbacks come
	Remote  bool `json:"remote,omitempty"`  // it forwards callbacks to another machine
}

// LiveError says that a rule would fail on purpose at an endpoint to which real
// callbacks come: that takes a second yes, Consent.Live.
type LiveError struct {
	Path string // the endpoint's
}

// Error implements error.
func (e *LiveError) Error() string {
	return fmt.Sprintf("%s is live: real callbacks come to it, and this would fail them on purpose", e.Path)
}

// RemoteError says that a rule would forward callbacks, with the secrets in them,
// to another machine: that takes a second yes, Consent.Remote.
type RemoteError struct {
	Host string // "192.0.2.7:3000"
}

// Error implements error.
func (e *RemoteError) Error() string {
	return fmt.Sprintf("%s is not this machine: callbacks, and the secrets in them, would be sent there", Visible(e.Host))
}
