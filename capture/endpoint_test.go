package capture

import (
	"errors"
	"testing"
)

func TestEndpointMatches(t *testing.T) {
	tests := []struct {
		pattern, path string
		want          bool
	}{
		{"/klix/*", "/klix", true},
		{"/klix/*", "/klix/", true},
		{"/klix/*", "/klix/a/b", true},
		{"/klix/*", "/klixy", false},
		{"/klix/*", "/Klix/a", false},
		{"/klix/*", "/%6blix/a", false},
		{"/komet/confirm", "/komet/confirm", true},
		{"/komet/confirm", "/komet/confirm/", false},
		{"/*", "/anything", true},
		{"/*", "/", true},
		{"/*", "*", false},
	}
	for _, tt := range tests {
		if got := (&Endpoint{Path: tt.pattern}).Matches(tt.path); got != tt.want {
			t.Errorf("%s takes %s: got %v, want %v", tt.pattern, tt.path, got, tt.want)
		}
	}
}

func TestEndpointsFind(t *testing.T) {
	all := Endpoints{{Path: "/a/*"}, {Path: "/*"}, {Path: "/a/b/*"}, {Path: "/a/b/c"}, {Path: "/a/b/c/*"}}
	for path, want := range map[string]string{
		"/a":       "/a/*",
		"/a/x":     "/a/*",
		"/a/b/x":   "/a/b/*",
		"/a/b/c":   "/a/b/c",
		"/a/b/c/d": "/a/b/c/*",
		"/z":       "/*",
	} {
		got := all.Find(path)
		if got == nil || got.Path != want {
			t.Errorf("%s: got %v, want %s", path, got, want)
		}
	}
	if got := all[:1].Find("/z"); got != nil {
		t.Errorf("got %v for a path that nobody takes", got)
	}
}

func TestEndpointCheck(t *testing.T) {
	for path, ok := range map[string]bool{
		"/a": true, "/": true, "/*": true, "/a/b/*": true, "/%20": true,
		"": false, "a": false, "*": false, "http://h/a": false, "/a?b": false, "/a#b": false, "/a b": false,
		"/a\n": false, "/a*": false, "/*/a": false, "/a/*/*": false,
	} {
		err := (&Endpoint{Path: path}).Check()
		if (err == nil) != ok || err != nil && !errors.Is(err, ErrEndpointPath) {
			t.Errorf("%q: got %v, want fit %v", path, err, ok)
		}
	}
}
