package ngrok

import "log/slog"

// Token is an account's authtoken. It prints as redacted, however it is printed.
type Token string

const redacted = "[redacted]"

// String is for fmt.
func (t Token) String() string { return redacted }

// GoString is for fmt's %#v.
func (t Token) GoString() string { return redacted }

// LogValue is for log/slog.
func (t Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText is for encoding/json and its kin.
func (t Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }
