package capture

import (
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
)

func TestForwardTarget(t *testing.T) {
	for _, tt := range []struct {
		name, endpoint, url, target, want string
		keep                              bool
	}{
		{"what follows", "/klix/*", "http://h/hooks", "/klix/a/b?x=1&x=%32", "/hooks/a/b?x=1&x=%32", false},
		{"a slash between", "/klix/*", "http://h/hooks/", "/klix/a", "/hooks/a", false},
		{"nothing follows", "/klix/*", "http://h/hooks", "/klix", "/hooks", false},
		{"a slash follows", "/klix/*", "http://h/hooks", "/klix/", "/hooks/", false},
		{"no path of its own", "/klix/*", "http://h", "/klix/a", "/a", false},
		{"nothing at all", "/klix/*", "http://h", "/klix", "/", false},
		{"one path", "/komet/confirm", "http://h/hooks", "/komet/confirm?a", "/hooks?a", false},
		{"own query first", "/klix/*", "http://h/hooks?k=v", "/klix/a?x=1", "/hooks/a?k=v&x=1", false},
		{"own query alone", "/klix/*", "http://h/hooks?k=v", "/klix/a", "/hooks/a?k=v", false},
		{"an empty query", "/klix/*", "http://h/hooks", "/klix/a?", "/hooks/a?", false},
		{"odd query", "/klix/*", "http://h", "/klix/a?b=../..&c=%2e%2e/?&&", "/a?b=../..&c=%2e%2e/?&&", false},
		{"encoded", "/klix/*", "http://h/%7ehooks", "/klix/%C3%A4%2fb\xe9;v=1//c", "/%7ehooks/%C3%A4%2fb\xe9;v=1//c", false},
		{"absolute", "/klix/*", "http://h", "http://other/klix/a?b", "/a?b", false},
		{"dots inside", "/klix/*", "http://h", "/klix/a/./b/../c", "/a/c", false},
		{"encoded dots inside", "/klix/*", "http://h", "/klix/a/%2E/b/.%2e/c/%2e%2E", "/a/", false},
		{"names with dots", "/klix/*", "http://h", "/klix/.env/..a/a../...", "/.env/..a/a../...", false},
		{"the whole path", "/klix/*", "http://h/hooks?k=v", "/klix/a?x=1", "/klix/a?k=v&x=1", true},
		{"the whole path, cleaned", "/klix/*", "http://h", "/klix/b/../a", "/klix/a", true},
		{"the root's subtree", "/*", "http://h/hooks", "/a/../b", "/hooks/b", false},
	} {
		f := Forwarding{URL: tt.url, KeepPath: tt.keep}
		to, err := parseReplayURL(f.URL)
		if err != nil {
			t.Fatal(err)
		}
		got, err := forwardTarget(&f, to, &Endpoint{Path: tt.endpoint}, tt.target)
		if got != tt.want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
}

func TestForwardPathRefuses(t *testing.T) {
	e := Endpoint{Path: "/klix/*"}
	for target, want := range map[string]error{
		"/klix/../admin":              errPathLeaves,
		"/klix/%2e%2e/admin":          errPathLeaves,
		"/klix/a/../../admin":         errPathLeaves,
		"/klix/..":                    errPathLeaves,
		"/klix/../../..":              errPathLeaves,
		"/klix/../klixx/a":            errPathLeaves,
		"*":                           errPathLeaves,
		"/klix/..%2fadmin":            errHiddenDots,
		"/klix/a%2F..%2Fb":            errHiddenDots,
		"/klix/..%5cadmin":            errHiddenDots,
		`/klix/..\admin`:              errHiddenDots,
		`/klix/a\.\b`:                 errHiddenDots,
		"/klix/%252e%252e/admin":      errHiddenDots,
		"/klix/%25252e./admin":        errHiddenDots,
		"/klix/..;a=b/admin":          errHiddenDots,
		"/klix/%2e%2e%3ba/admin":      errHiddenDots,
		"/klix/..%00/admin":           errHiddenDots,
		"/klix/..%20/admin":           errHiddenDots,
		"/klix/%2e%2e%2fadmin?a=b":    errHiddenDots,
		"http://h/klix/../admin":      errPathLeaves,
		"/klix/a%25252f..%25252fb?..": errHiddenDots,
	} {
		if got, err := forwardPath(&e, target); !errors.Is(err, want) {
			t.Errorf("%s: got %q, %v, want %v", target, got, err, want)
		}
	}
	to := replayURL{target: "/"}
	for _, target := range []string{"/klix/a b", "/klix/a\r\nX: y", "/klix/a?b\n", "/klix/\x7f"} {
		if got, err := forwardTarget(new(Forwarding), to, &e, target); !errors.Is(err, errOddPath) {
			t.Errorf("%q: got %q, %v", target, got, err)
		}
	}
}

// A path that is decoded over and over takes no more than its length.
func TestForwardPathIsNotSlow(t *testing.T) {
	long := "/klix/%" + strings.Repeat("25", 1<<20) + "2e"
	got, err := forwardPath(&Endpoint{Path: "/klix/*"}, long)
	if !errors.Is(err, errHiddenDots) {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
}

func FuzzForwardPath(f *testing.F) {
	for _, seed := range []string{
		"/klix/a/b", "/klix/../admin", "/klix/%2e%2e/x", "/klix/a/..%2f..%5c", "/klix/./..//../klix/a", "/klix/..;x/y", "/klix/%252e%252e%255c", "/klix/a/b/../", "*", "/klix/\\..\\",
	} {
		f.Add("/klix/*", seed)
		f.Add("/*", seed)
	}
	f.Add("/komet/confirm", "/komet/x/../confirm")
	f.Fuzz(func(t *testing.T, pattern, target string) {
		e := Endpoint{Path: pattern}
		if e.Check() != nil {
			return
		}
		got, err := forwardPath(&e, target)
		if err != nil {
			return
		}
		if !e.Matches(got) {
			t.Fatalf("%q became %q, which %s does not take", target, got, pattern)
		}
		prefix, _ := strings.CutSuffix(pattern, "/*")
		rest := strings.TrimPrefix(got, prefix)
		for range 3 {
			if slices.ContainsFunc(strings.FieldsFunc(rest, func(r rune) bool { return r == '/' || r == '\\' }), func(s string) bool { return s == "." || s == ".." }) {
				t.Fatalf("%q became %q, which holds dots in %q", target, got, rest)
			}
			// However the app reads it, it stays below.
			if below := path.Clean("/root/" + strings.ReplaceAll(rest, `\`, "/")); below != "/root" && !strings.HasPrefix(below, "/root/") {
				t.Fatalf("%q became %q, which leads to %q", target, got, below)
			}
			if rest, err = url.PathUnescape(rest); err != nil {
				break
			}
		}
		if again, err := forwardPath(&e, got); again != got || err != nil {
			t.Fatalf("%q became %q, and that %q, %v", target, got, again, err)
		}
	})
}
