package kit

import (
	"strings"
	"testing"
)

// kinds writes a token's kind as a letter.
const kinds = "tksnlpc_" // text, key, string, number, literal, punctuation, comment, space

// lexAll writes the tokens of a text as "k{a}p{:}".
func lexAll(lex lexer, src string) string {
	var b strings.Builder
	state := lexState(0)
	for pos := 0; pos < len(src); {
		end, kind, next := lex([]byte(src), pos, state)
		if kind != tokenSpace {
			b.WriteString(kinds[kind:kind+1] + "‹" + src[pos:end] + "›")
		}
		pos, state = end, next
	}
	return b.String()
}

func TestLexers(t *testing.T) {
	tests := []struct {
		syntax    Syntax
		src, want string
	}{
		{
			SyntaxJSON, `{"a" : -1.5e3, "b\"c": "d", "e":[true,null]}`,
			`p‹{›k‹"a"›p‹:›n‹-1.5e3›p‹,›k‹"b\"c"›p‹:›s‹"d"›p‹,›k‹"e"›p‹:›p‹[›l‹true›p‹,›l‹null›p‹]›p‹}›`,
		},
		{SyntaxJSON, "\"no end\n1 ä", "s‹\"no end›n‹1›t‹ä›"},
		{SyntaxJSON, `"a\`, `s‹"a\›`},
		{
			SyntaxXML, `<?xml v?><a b="c>" d='e'>f&amp;g</a><!-- h --><![CDATA[<i>]]><j/>`,
			`c‹<?›c‹xml v?>›p‹<›k‹a›n‹b›p‹=›s‹"›s‹c>"›n‹d›p‹=›s‹'›s‹e'›p‹>›t‹f›l‹&amp;›t‹g›p‹</›k‹a›p‹>›c‹<!--›c‹ h -->›p‹<![CDATA[›s‹<i>]]>›p‹<›k‹j›p‹/›p‹>›`,
		},
		{SyntaxXML, "a & b <", "t‹a ›l‹&›t‹ b ›p‹<›"},
		{SyntaxForm, "a=b+c&d%20e=%C3&f", "k‹a›p‹=›s‹b›l‹+›s‹c›p‹&›k‹d›l‹%20›k‹e›p‹=›l‹%C3›p‹&›k‹f›"},
		{SyntaxTable, "a   = b = c\n    more\nd = \nlast", "k‹a   ›p‹=›s‹ b = c›s‹more›k‹d ›p‹=›s‹ ›k‹last›"},
		{SyntaxHTTP, "POST /x?y HTTP/1.1\r\nHost: h:1\r\n folded\r\n\r\n", "l‹POST›s‹/x?y›c‹HTTP/1.1›c‹\r›k‹Host›p‹:›s‹ h:1›s‹\r›s‹folded›s‹\r›"},
		{SyntaxTitle, "Part 1\nPart 2", "c‹Part 1\n›c‹Part 2›"},
		{SyntaxPlain, "one\ntwo", "t‹one\n›t‹two›"},
		{"unknown", "one", "t‹one›"},
	}
	for _, tt := range tests {
		got := lexAll(lexerOf(tt.syntax), tt.src)
		if got != tt.want {
			t.Errorf("%s %q:\ngot  %s\nwant %s", tt.syntax, tt.src, got, tt.want)
		}
	}
}

// FuzzLexers wants every token to be longer than nothing and not too long, and
// the same tokens wherever one starts again.
func FuzzLexers(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,"\u00e9"]}`, `<a b="c"><!--x--><![CDATA[y]]></a>`, "a=b&c=%20", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "a = b\n  c\n",
		`"` + strings.Repeat(`\\`, 3000) + `\"`, "<!--" + strings.Repeat("-", 5000) + "-->", "\xff\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for syntax, lex := range lexers {
			state := lexState(0)
			for pos := 0; pos < len(src); {
				end, kind, next := lex(src, pos, state)
				if end <= pos || end > len(src) || end-pos > maxToken+16 || int(kind) >= len(kinds) {
					t.Fatalf("%s: a token of kind %d from %d to %d of %d", syntax, kind, pos, end, len(src))
				}
				pos, state = end, next
			}
		}
		text := NewCodeText(src, SyntaxXML)
		var m lexMap
		at := 0
		m.tokens(text, 0, len(src), func(start, end int, _ tokenKind) bool {
			if start != at {
				t.Fatalf("a token starts at %d, the last ended at %d", start, at)
			}
			at = end
			return true
		})
		if at != len(src) {
			t.Fatalf("lexed up to %d of %d", at, len(src))
		}
	})
}

func TestLexMapStartsAnywhere(t *testing.T) {
	src := []byte("<a>" + strings.Repeat("<b c='"+strings.Repeat("x", 5000)+"'>text</b>\n<!-- "+strings.Repeat("y", 9000)+" -->\n", 40) + "</a>")
	text := NewCodeText(src, SyntaxXML)
	want := make([]tokenKind, len(src))
	var whole lexMap
	whole.tokens(text, 0, len(src), func(start, end int, kind tokenKind) bool {
		for i := start; i < end; i++ {
			want[i] = kind
		}
		return true
	})
	if len(whole.marks) < 10 {
		t.Fatalf("%d marks", len(whole.marks))
	}
	for from := len(src) - 100; from > 0; from -= 7919 {
		var m lexMap
		for range 2 { // once from the beginning, once from what was learned
			m.tokens(text, from, min(from+300, len(src)), func(start, _ int, kind tokenKind) bool {
				if i := max(start, from); kind != want[i] {
					t.Fatalf("from %d: kind %d at %d, want %d", from, kind, i, want[i])
				}
				return true
			})
		}
	}
}

func TestLexMapKnowsSections(t *testing.T) {
	text := &CodeText{Bytes: []byte("A: b\n\n{\"c\":1}"), Sections: []CodeSection{{0, SyntaxHTTP}, {6, SyntaxJSON}}}
	text.Lines = IndexLines(text.Bytes)
	var got []string
	var m lexMap
	m.tokens(text, 0, len(text.Bytes), func(start, end int, kind tokenKind) bool {
		if kind == tokenKey || kind == tokenNumber {
			got = append(got, string(text.Bytes[start:end]))
		}
		return true
	})
	if s := strings.Join(got, " "); s != `"c" 1` {
		t.Errorf("got %s", s)
	}
}
