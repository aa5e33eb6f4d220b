package capture

import (
	"slices"
	"testing"
)

func TestFields(t *testing.T) {
	fields := Fields{{"x-a", "1"}, {"B", ""}, {"X-A", "2"}}
	if got, ok := fields.First("X-a"); got != "1" || !ok {
		t.Errorf("First: got %q, %v", got, ok)
	}
	if got, ok := fields.First("b"); got != "" || !ok {
		t.Errorf("First of an empty field: got %q, %v", got, ok)
	}
	if got, ok := fields.First("X"); got != "" || ok {
		t.Errorf("First of no field: got %q, %v", got, ok)
	}
	if got := fields.Value("X-A"); got != "1" {
		t.Errorf("Value: got %q", got)
	}
	if got, want := fields.All("x-A"), []string{"1", "2"}; !slices.Equal(got, want) {
		t.Errorf("All: got %q, want %q", got, want)
	}
	if got := fields.All("c"); got != nil {
		t.Errorf("All of no field: got %q", got)
	}
}

func TestSplitTarget(t *testing.T) {
	for target, want := range map[string][2]string{
		"/a/b?c=d?e":        {"/a/b", "c=d?e"},
		"/a?":               {"/a", ""},
		"/":                 {"/", ""},
		"/%2f?%3f":          {"/%2f", "%3f"},
		"//h/a":             {"//h/a", ""},
		"http://h/a?b":      {"/a", "b"},
		"http://h?b":        {"/", "b"},
		"http://h":          {"/", ""},
		"/a?u=http://h/b":   {"/a", "u=http://h/b"},
		"*":                 {"*", ""},
		"":                  {"/", ""},
		"?a":                {"/", "a"},
		"h:443":             {"h:443", ""},
		"HTTPS://h:1/a//b/": {"/a//b/", ""},
	} {
		r := Request{Target: target}
		if got := [2]string{r.Path(), r.Query()}; got != want {
			t.Errorf("%q: got %q, want %q", target, got, want)
		}
	}
}
