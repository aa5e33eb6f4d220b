package capture

import (
	"fmt"
	"net/url"
	"strings"
)

// Made is a made callback on its way to a URL, whose path and query count.
type Made struct {
	URL    string `json:"url"`
	Method string `json:"method"`
	Header Fields `json:"header,omitempty"`
	Body   []byte `json:"body,omitempty"`
}

// MadeSent is what became of a made callback.
type MadeSent struct {
	Own    bool      `json:"own"`              // we sent it to ourselves: it is marked as a sample
	Answer *Response `json:"answer,omitempty"` // nil for none
	Error  string    `json:"error,omitempty"`  // why there is none, or not all of it, in a sentence
}

// MadeURL is where a made callback goes: the address itself, or, where that has no
// path or one that ends in a slash, the callback's own target below it. The query
// is that of both; of equal names the address's counts. It returns an error that
// wraps ErrReplay for what is no address.
func MadeURL(to, target string) (string, error) {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("%w: this is no address; it should look like http://localhost:3000/path", ErrReplay)
	}
	base, _, _ := strings.Cut(to, "#")
	base, query, _ := strings.Cut(base, "?")
	path, own := SplitTarget(target)
	if u.Path == "" || strings.HasSuffix(u.Path, "/") {
		base = strings.TrimSuffix(base, "/") + path
	}
	named := u.Query()
	for pair := range strings.SplitSeq(own, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if decoded, err := url.QueryUnescape(name); err == nil {
			name = decoded
		}
		if pair == "" || named.Has(name) {
			continue
		}
		if query != "" {
			query += "&"
		}
		query += pair
	}
	if query != "" {
		base += "?" + query
	}
	return base, nil
}
