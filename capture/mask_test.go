package capture

import (
	"strings"
	"testing"
)

var maskCases = []struct {
	name, target, want string
	secrets            []string
}{
	{name: "nothing", target: "/klix/a?id=1&x=%2f+y#z", want: "/klix/a?id=1&x=%2f+y#z"},
	{name: "Mintsoft", target: "/mintsoft/despatched?id=7&APIKEY=abc%2Fdef&b=1", want: "/mintsoft/despatched?id=7&APIKEY=***&b=1"},
	{name: "Komet", target: "/k?authenticationToken=t", want: "/k?authenticationToken=***"},
	{name: "every name", target: "/?apikey=1&api_key=1&api-key=1&key=1&token=1&access_token=1&authenticationtoken=1&auth=1&secret=1&password=1&pwd=1&sig=1&signature=1&code=1", want: "/?apikey=***&api_key=***&api-key=***&key=***&token=***&access_token=***&authenticationtoken=***&auth=***&secret=***&password=***&pwd=***&sig=***&signature=***&code=***"},
	{name: "similar names", target: "/?monkey=1&tokens=2&codes=3&key=", want: "/?monkey=1&tokens=2&codes=3&key="},
	{name: "name encoded", target: "/?api%5Fkey=1&%4bey=2&k%zzey=3", want: "/?api%5Fkey=***&%4bey=***&k%zzey=3"},
	{name: "value with = and ;", target: "/?key=a=b;c&d=e", want: "/?key=***&d=e"},
	{name: "behind a semicolon", target: "/?a=b;token=c;d=e&f=g", want: "/?a=b;token=***&f=g"},
	{name: "question mark in the query", target: "/?a=?key=1&key=?2", want: "/?a=?key=1&key=***"},
	{name: "absolute", target: "http://key/a?key=1", want: "http://key/a?key=***"},
	{name: "asterisk", target: "*", want: "*"},
	{name: "authority", target: "token:443", want: "token:443", secrets: []string{"tok"}},
	{name: "empty", target: "", want: ""},
	{name: "secret in the path", target: "/probo/s3cr3t/x", want: "/probo/***/x", secrets: []string{"s3cr3t"}},
	{name: "secret encoded", target: "/probo/s%33cr%33t?x=a%2Fb%20c&y=a/b+c", want: "/probo/***?x=***&y=***", secrets: []string{"s3cr3t", "a/b c"}},
	{name: "secret that looks encoded", target: "/a%41b%25/a%2541b", want: "/***%25/***", secrets: []string{"a%41b"}},
	{name: "secret not in the host", target: "http://secret/secret", want: "http://secret/***", secrets: []string{"secret"}},
	{name: "short secret", target: "/abc", want: "/abc", secrets: []string{"abc", ""}},
	{name: "secrets that overlap", target: "/abcdefgh/", want: "/***/", secrets: []string{"abcdef", "cdefgh", "bcde"}},
	{name: "secret inside a masked value", target: "/?key=xsecretx&a=secret", want: "/?key=***&a=***", secrets: []string{"secret"}},
	{name: "secret across two parameters", target: "/?key=ab&cd=1", want: "/?key=***=1", secrets: []string{"ab&cd"}},
}

func TestMaskTarget(t *testing.T) {
	for _, tt := range maskCases {
		t.Run(tt.name, func(t *testing.T) {
			if got := MaskTarget(tt.target, tt.secrets...); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzMaskTarget(f *testing.F) {
	for _, tt := range maskCases {
		f.Add(tt.target, strings.Join(tt.secrets, ""))
	}
	f.Fuzz(func(t *testing.T, target, secret string) {
		once := MaskTarget(target)
		if twice := MaskTarget(once); once != twice {
			t.Errorf("masked once %q, twice %q", once, twice)
		}
		got := MaskTarget(target, secret)
		if len(secret) >= shortestSecret && !strings.Contains(secret, "*") && strings.Contains(got[pathStart(got):], secret) {
			t.Errorf("%q still shows %q", got, secret)
		}
		if strings.Contains(target, "*") {
			return // its own stars and the mask's cannot be told apart
		}
		// What is left between the masks stands in the target, in its order.
		rest := target
		for _, part := range strings.Split(got, mask) {
			i := strings.Index(rest, part)
			if i < 0 {
				t.Fatalf("%q: %q is not of %q", got, part, target)
			}
			rest = rest[i+len(part):]
		}
	})
}
