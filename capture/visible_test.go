package capture

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain", "Piegāde · order 12", "Piegāde · order 12"},
		{"empty", "", ""},
		{"escape sequence", "\x1b[31mred", `\u{1b}[31mred`},
		{"lines", "a\r\n\tb", `a\r\n\tb`},
		{"bidi override", "gpj\u202eexe.", `gpj\u{202e}exe.`},
		{"zero width", "pay\u200bpal", `pay\u{200b}pal`},
		{"line separator", "a\u2028b", `a\u{2028}b`},
		{"broken UTF-8", "a\xff\xfeb", `a\xff\xfeb`},
		{"C1 control", "a\u009bb", `a\u{9b}b`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Visible(c.text); got != c.want {
				t.Errorf("Visible(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func FuzzVisible(f *testing.F) {
	f.Add("a\x1b[0m\u202e\xff")
	f.Fuzz(func(t *testing.T, text string) {
		got := Visible(text)
		if !utf8.ValidString(got) {
			t.Errorf("Visible(%q) = %q is not UTF-8", text, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Errorf("Visible(%q) = %q still holds %U", text, got, r)
			}
		}
	})
}
