package providers

import (
	"net/url"
	"testing"
)

func TestAddress(t *testing.T) {
	path := GuidePath{Path: "/p/x"}
	for _, tt := range []struct {
		name  string
		token *TokenPlace
		value string
		want  string
	}{
		{"no place", nil, "T", "http://h:1/p/x"},
		{"in the path", &TokenPlace{Place: "path"}, "T", "http://h:1/p/x/T"},
		{"in the path, odd", &TokenPlace{Place: "path"}, "a/b ?", "http://h:1/p/x/a%2Fb%20%3F"},
		{"in the query", &TokenPlace{Place: "?APIKEY"}, "a&b", "http://h:1/p/x?APIKEY=a%26b"},
		{"in a field", &TokenPlace{Field: "token"}, "T", "http://h:1/p/x"},
		{"none yet", &TokenPlace{Place: "path"}, "", "http://h:1/p/x"},
	} {
		g := Guide{Token: tt.token}
		if got := g.Address("http://h:1/", path, tt.value); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestNewToken(t *testing.T) {
	a, b := NewToken(), NewToken()
	if a == b || len(a) < 26 || url.PathEscape(a) != a || url.QueryEscape(a) != a {
		t.Errorf("tokens %q and %q", a, b)
	}
}
