package capture

import (
	"strings"
	"time"
)

// Field is one header line as it stood: order, case and repeats are kept by
// keeping fields in a slice.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Fields is a list of header lines in their order on the wire. It is never a
// map: signatures and senders care about order, case and repeats.
type Fields []Field

// First returns the value of the first field of that name in any case, and
// whether there is one.
func (f Fields) First(name string) (string, bool) {
	for i := range f {
		if len(f[i].Name) == len(name) && strings.EqualFold(f[i].Name, name) {
			return f[i].Value, true
		}
	}
	return "", false
}

// Value is First without the second result: "" when there is no such field.
func (f Fields) Value(name string) string {
	v, _ := f.First(name)
	return v
}

// All returns the values of every field of that name in any case.
func (f Fields) All(name string) []string {
	var all []string
	for i := range f {
		if strings.EqualFold(f[i].Name, name) {
			all = append(all, f[i].Value)
		}
	}
	return all
}

// Request is an HTTP request as it came over the wire.
type Request struct {
	Received time.Time // when the first byte of the head was read
	Remote   string    // "ip:port" of the connection
	Source   string    // the caller's address: Remote's IP, or behind the tunnel the last X-Forwarded-For

	Method string
	Target string // exactly as sent: "/klix/x?y=1", "*", "http://host/path"
	Proto  string // "HTTP/1.1"
	Host   string

	// Head is the raw head from the request line to the empty line. Exact says
	// that these are the bytes that came; otherwise it is rebuilt from
	// net/http's view, which knows neither order nor case.
	Head  []byte
	Exact bool

	Header   Fields
	Trailers Fields

	// Body holds the bytes of the body as sent, without the framing of a
	// chunked transfer and with any Content-Encoding left on. Truncated says
	// that more was sent, or announced, than is kept. Size is the number of
	// bytes kept, also where Body itself was not loaded.
	Body      []byte
	Size      int64
	Truncated bool
}

// Path returns the path of the target, without query and undecoded: "/klix/x"
// for "/klix/x?y=1" and for "http://host/klix/x". It is "*" for "*".
func (r *Request) Path() string {
	path, _ := SplitTarget(r.Target)
	return path
}

// Query returns the raw query of the target, without the question mark.
func (r *Request) Query() string {
	_, query := SplitTarget(r.Target)
	return query
}

// SplitTarget splits a request target of any form into its path and raw query.
func SplitTarget(target string) (path, query string) {
	if !strings.HasPrefix(target, "/") {
		if _, rest, ok := strings.Cut(target, "://"); ok {
			if i := strings.IndexAny(rest, "/?"); i >= 0 {
				target = rest[i:]
			} else {
				target = "/"
			}
		}
	}
	path, query, _ = strings.Cut(target, "?")
	if path == "" {
		path = "/"
	}
	return path, query
}

// Response is an answer: one that we gave, or for a replay one that we got.
type Response struct {
	Status int
	Header Fields
	Body   []byte

	By       By
	Preset   string // ID of the preset, where By is ByPreset or ByChoice, or the rule's is one
	Rule     int64  // ID of the rule, where By is ByRule, ByHand or ByApp
	RuleName string // its name then
	Timing   Timing

	Trailers Fields        // of an app's answer, sent behind the body; not kept
	Pause    time.Duration // what we wait between head and body; not kept
	Drop     Drop          // how the sender is cut off instead; not kept, for State says it
}
