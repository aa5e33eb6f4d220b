package capture

import (
	"errors"
	"fmt"
	"strings"
)

// Endpoint is a path of ours that receives callbacks. A path that ends in "/*"
// takes the whole subtree and the path itself: "/klix/*" includes "/klix".
type Endpoint struct {
	Path     string
	Name     string
	Provider string // ID of the provider it is pinned to; "" to detect
	Event    string // event it is pinned to, where only the URL can tell; "" to decode
	Live     bool   // real callbacks come here: who fails on purpose is asked twice
}

// Matches reports whether the endpoint takes a request path. Paths are compared
// as sent, with case and without decoding.
func (e *Endpoint) Matches(path string) bool {
	prefix, subtree := strings.CutSuffix(e.Path, "/*")
	if !subtree {
		return path == e.Path
	}
	rest, ok := strings.CutPrefix(path, prefix)
	return ok && (rest == "" || rest[0] == '/')
}

// ErrEndpointPath is wrapped by the errors of Endpoint.Check.
var ErrEndpointPath = errors.New("not an endpoint path")

// Check says why an endpoint cannot be used, or nil.
func (e *Endpoint) Check() error {
	switch {
	case !strings.HasPrefix(e.Path, "/"):
		return fmt.Errorf("%w: %q must begin with /", ErrEndpointPath, e.Path)
	case strings.ContainsAny(e.Path, "?# \t\r\n"):
		return fmt.Errorf("%w: %q must be a path alone, without query, fragment or spaces", ErrEndpointPath, e.Path)
	case strings.Contains(strings.TrimSuffix(e.Path, "/*"), "*"):
		return fmt.Errorf("%w: %q may hold a * only as its end, /*", ErrEndpointPath, e.Path)
	}
	return nil
}

// Endpoints is a set of endpoints.
type Endpoints []Endpoint

// Find returns the endpoint that takes a path: an exact one first, then the one
// with the longest prefix; nil when none does.
func (es Endpoints) Find(path string) *Endpoint {
	var found *Endpoint
	for i := range es {
		e := &es[i]
		if !e.Matches(path) {
			continue
		}
		if !strings.HasSuffix(e.Path, "/*") {
			return e
		}
		if found == nil || len(e.Path) > len(found.Path) {
			found = e
		}
	}
	return found
}
