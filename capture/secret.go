package capture

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a configured secret. Every way of printing it says "[redacted]",
// also as a field that fmt reaches by reflection: the value is behind a function
// and not in the struct. Only Reveal gives it. The zero Secret is empty.
type Secret struct{ reveal func() string }

// NewSecret makes a secret of a value.
func NewSecret(value string) Secret {
	return Secret{func() string { return value }}
}

const redacted = "[redacted]"

// Reveal returns the value. Use it to compare and to sign, never to print.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// Format writes "[redacted]" for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String returns "[redacted]".
func (Secret) String() string { return redacted }

// MarshalText returns "[redacted]", which covers JSON too.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns "[redacted]".
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
