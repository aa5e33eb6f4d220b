package ngrok

import (
	"errors"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// each writes every rune of a text in its own way.
func each(text string, write func(i int, r rune) string) string {
	var b strings.Builder
	for i, r := range text {
		b.WriteString(write(i, r))
	}
	return b.String()
}

// disguises are the ways in which a service may repeat a token.
var disguises = []func(secret string) string{
	func(s string) string { return s },
	strconv.Quote,
	strings.ToUpper,
	strings.ToLower,
	func(s string) string { return each(s, func(_ int, r rune) string { return string(r) + " " }) },
	func(s string) string { return each(s, func(_ int, r rune) string { return string(r) + "\u200b" }) },
	func(s string) string { return each(s, func(_ int, r rune) string { return string(r) + "\x00" }) },
	func(s string) string {
		return each(s, func(i int, r rune) string { return string(r) + strings.Repeat(".", i%4/3) })
	},
	func(s string) string {
		return each(s, func(i int, r rune) string { return strings.Repeat("\n", i/20%2) + string(r) })
	},
	func(s string) string { return each(s, func(_ int, r rune) string { return fmt.Sprintf("%%%02X", r) }) },
	func(s string) string {
		return each(s, func(_ int, r rune) string { return fmt.Sprintf("%%2525%02x", r) })
	},
	func(s string) string { return each(s, func(_ int, r rune) string { return fmt.Sprintf("\\u%04x", r) }) },
	func(s string) string { return each(s, func(_ int, r rune) string { return fmt.Sprintf("\\x%02x", r) }) },
	func(s string) string { return each(s, func(_ int, r rune) string { return fmt.Sprintf("&#%d;", r) }) },
	func(s string) string { return each(s, func(_ int, r rune) string { return fmt.Sprintf("&#x%x;", r) }) },
	func(s string) string {
		return each(s, func(i int, r rune) string {
			if i%6 == 5 {
				return fmt.Sprintf("%%%02x", r)
			}
			return string(r)
		})
	},
}

// bare undoes the disguises, so that a test sees what a reader could. It is
// written apart from what it tests.
func bare(text string) string {
	for range 3 {
		if undone, err := url.PathUnescape(text); err == nil {
			text = undone
		}
	}
	text = html.UnescapeString(text)
	for r := rune(' '); r < 127; r++ {
		text = strings.NewReplacer(fmt.Sprintf("\\u%04x", r), string(r), fmt.Sprintf("\\x%02x", r), string(r)).Replace(text)
	}
	return strings.ToLower(strings.Map(func(r rune) rune {
		if !strings.ContainsRune(tokenLetters, r) || r == '-' || r == '_' {
			return -1
		}
		return r
	}, text))
}

const tokenLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

// tells returns a part of the token that a text tells, "" for none.
func tells(text, secret string) string {
	text, secret = bare(text), bare(secret)
	for i := 0; i+revealing <= len(secret); i++ {
		if part := secret[i : i+revealing]; strings.Contains(text, part) {
			return part
		}
	}
	return ""
}

func TestTokenInDisguise(t *testing.T) {
	for i, disguise := range disguises {
		text := "Your authtoken: " + disguise(string(goodToken))
		if tells(text, string(goodToken)) == "" {
			t.Fatalf("disguise %d is not seen through by the test: %s", i, text)
		}
		for _, end := range []string{"", "\r\n\r\nERR_NGROK_9998\r\n"} {
			_, reason := explain(errors.New(text+end), goodToken)
			if part := tells(reason, string(goodToken)); part != "" || !strings.Contains(reason, "***") {
				t.Errorf("disguise %d: %q is told in %s", i, part, reason)
			}
		}
	}
}

// What is not of the token stays.
func TestWithoutTokenKeepsTheRest(t *testing.T) {
	for _, test := range []struct {
		text, want string
		token      Token
	}{
		{"100% of 5%ab &amp; \\x", "100% of 5%ab &amp; \\x", goodToken},
		{"a " + string(goodToken)[:7] + " b", "a " + string(goodToken)[:7] + " b", goodToken},
		{"(" + string(goodToken) + ")", "(***)", goodToken},
		{"short abc here", "short *** here", "abc"},
		{"only --- here", "only *** here", "---"},
		{"nothing", "nothing", ""},
	} {
		if got := withoutToken(test.text, test.token); got != test.want {
			t.Errorf("%q: %q, want %q", test.text, got, test.want)
		}
	}
}

// However the service repeats the token or a part of it, nothing that helps is
// told.
func FuzzExplain(f *testing.F) {
	for i := range disguises {
		f.Add("Your authtoken: ", "2abcDEFghiJKLmnoPQRstuVWXyz_5AbC", 0, 32, i)
	}
	f.Add("x\r\n\r\nERR_NGROK_105 ", "aaaaaaaaaaaaaaaaaaaaaaaa", 3, 12, 0)
	f.Fuzz(func(t *testing.T, text, secret string, from, to, how int) {
		if len(secret) < 16 || len(secret) > 200 || len(text) > 1000 || from < 0 || to > len(secret) || from > to || how < 0 {
			return
		}
		if strings.Trim(secret, tokenLetters) != "" || strings.ContainsAny(text, `%&\*`) {
			return // an escape before the token is another disguise than the test undoes
		}
		ours := "ngrok says: *** The connection to ngrok failed: was lost. SOCKS5 proxy does not let the connection through Look at the proxy's address. " + Cause("ERR_NGROK_9998")
		if tells(ours+strings.Join(sentences(), " "), secret) != "" {
			return
		}
		for _, end := range []string{"", " ERR_NGROK_9998"} {
			code, reason := explain(errors.New(text+disguises[how%len(disguises)](secret[from:to])+end), Token(secret))
			if part := tells(reason, secret); part != "" {
				t.Errorf("%q of the token stands in %q (%s)", part, reason, code)
			}
		}
	})
}

func sentences() []string {
	var all []string
	for _, s := range causes {
		all = append(all, s)
	}
	return all
}
