package capture

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	tests := []struct {
		text      string // | is the cursor
		operators string
		operator  string
		replaced  string
		prefix    string
	}{
		{"|", "all", "", "", ""},
		{"pro|", "provider", "", "pro", "pro"},
		{"p|", "provider path pinned", "", "p", "p"},
		{"provider:|", "", "provider", "", ""},
		{"provider:kl|ix event:x", "", "provider", "klix", "kl"},
		{"provider:klix ev|", "event", "", "ev", "ev"},
		{"provider:klix |", "all", "", "", ""},
		{"-sta|", "status state", "", "sta", "sta"},
		{"(via:tunnel or via:l|)", "", "via", "l", "l"},
		{`order:"31 6|`, "", "order", `"31 6`, "31 6"},
		{`order:"31 6|5" x`, "", "order", `"31 65"`, "31 6"},
		{"pro|vider:klix", "provider", "", "provider", "pro"},
		{"zz:a|", "", "", "a", "a"},
		{"hermes|", "", "", "hermes", "hermes"},
		{`"quo|ted"`, "", "", `"quoted"`, "quo"},
		{"a\x00|", "", "", "a\x00", "a\x00"},
	}
	for _, test := range tests {
		at := strings.IndexByte(test.text, '|')
		text := strings.Replace(test.text, "|", "", 1)
		c := Complete(text, at)
		var names []string
		for _, op := range c.Operators {
			names = append(names, op.Name)
		}
		got := strings.Join(names, " ")
		if len(names) == len(Operators) {
			got = "all"
		}
		operator := ""
		if c.Operator != nil {
			operator = c.Operator.Name
		}
		if got != test.operators || operator != test.operator || text[c.From:c.To] != test.replaced || c.Prefix != test.prefix {
			t.Errorf("%s: got operators %q, operator %q, in the place of %q, prefix %q", test.text, got, operator, text[c.From:c.To], c.Prefix)
		}
	}
}

func TestChips(t *testing.T) {
	tests := []struct {
		text  string
		chips []string
	}{
		{"", nil},
		{"provider:klix", []string{"provider:klix"}},
		{`provider:klix and -status:5xx  "a b" (x or y)`, []string{"provider:klix", "-status:5xx", `"a b"`, "(x or y)"}},
		{"a or b", []string{"a or b"}},
		{"not (a b) c", []string{"not (a b)", "c"}},
	}
	for _, test := range tests {
		f, err := ParseFilter(test.text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, chip := range f.Chips() {
			got = append(got, chip.Text)
			if test.text[chip.From:chip.To] != chip.Text {
				t.Errorf("%s: the chip %q is at %d to %d", test.text, chip.Text, chip.From, chip.To)
			}
			left, err := ParseFilter(f.Without(i))
			if err != nil || len(left.Chips()) != len(f.Chips())-1 {
				t.Errorf("%s without %s is %q (%v)", test.text, chip.Text, f.Without(i), err)
			}
		}
		if !slices.Equal(got, test.chips) {
			t.Errorf("%s: got %q, want %q", test.text, got, test.chips)
		}
	}
}

func TestFilterWith(t *testing.T) {
	for _, test := range []struct{ text, term, want string }{
		{"", "via:local", "via:local"},
		{"a", "via:local", "a via:local"},
		{"a or b", "via:local", "(a or b) via:local"},
		{"a via:local", "via:local", "a via:local"},
	} {
		f, err := ParseFilter(test.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.With(test.term); got != test.want {
			t.Errorf("%q with %q: got %q, want %q", test.text, test.term, got, test.want)
		}
	}
}

func TestFilterTerm(t *testing.T) {
	for _, test := range []struct{ operator, value, want string }{
		{"provider", "klix", "provider:klix"},
		{"provider", "", "provider:unknown"},
		{"order", "a b", `order:"a b"`},
		{"order", `say "x\`, `order:"say \"x\\"`},
		{"order", "31*", `order:"31*"`},
		{"status", "503", "status:503"},
		{"header", "x-a: b c", `header:"x-a: b c"`},
		{"pinned", "yes", ""},
		{"order", "a\x00b", ""},
		{"absent", "x", ""},
	} {
		if got, ok := FilterTerm(test.operator, test.value); ok != (test.want != "") || ok && got != test.want {
			t.Errorf("%s %q: got %q (%t), want %q", test.operator, test.value, got, ok, test.want)
		}
	}
}

func TestHits(t *testing.T) {
	tests := []struct{ filter, text, want string }{
		{"hermes", "by Hermes, HERMESUK", "by [Hermes], [HERMES]UK"},
		{`"hermes uk"`, "hermes uk hermes-uk hermes", "[hermes uk] [hermes-uk] hermes"},
		{`"her"`, "hermes", "hermes"},
		{"-hermes", "hermes", "hermes"},
		{"body:straße", "Die STRASSE, die Straße", "Die STRASSE, die [Straße]"},
		{"*erm*x", "a hERMes", "a h[ERM]es"},
		{"provider:klix a", "klix a", "klix [a]"},
		{"a or ab", "abc", "[ab]c"},
		{"İ", "İx", "[İx]"},
		{"", "a", "a"},
	}
	for _, test := range tests {
		f, err := ParseFilter(test.filter)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		last := 0
		for _, hit := range f.Hits(test.text) {
			b.WriteString(test.text[last:hit[0]] + "[" + test.text[hit[0]:hit[1]] + "]")
			last = hit[1]
		}
		b.WriteString(test.text[last:])
		if got := b.String(); got != test.want {
			t.Errorf("%s in %s: got %s, want %s", test.filter, test.text, got, test.want)
		}
	}
}

func TestTextsAreDecoded(t *testing.T) {
	gzipped, err := gzipOf("compressed words")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, word string
		x          Exchange
	}{
		{"a JSON escape", "café", Exchange{Request: Request{Body: []byte(`{"a":"caf\u00e9"}`)}}},
		{"JSON in JSON", "über", Exchange{Request: Request{Body: []byte(`{"a":"{\"b\":\"\\u00fcber\"}"}`)}}},
		{"JSON in a form", "naïve", Exchange{Request: Request{Body: []byte(`p=%7B%22a%22%3A%22na%5Cu00efve%22%7D`)}}},
		{"a target", "straße", Exchange{Request: Request{Target: "/a?b=Stra%C3%9Fe"}}},
		{"gzip", "compressed", Exchange{Request: Request{Header: Fields{{"content-encoding", "gzip"}}, Body: gzipped}}},
		{"a surrogate pair", "𝒳", Exchange{Request: Request{Body: []byte(`"\ud835\udcb3"`)}}},
		{"a header", "deadbeef", Exchange{Request: Request{Header: Fields{{"X-Sig", "deadbeef"}}}}},
		{"a delivery", "46140204", Exchange{Annotation: Annotation{Delivery: "46140204:8"}}},
	}
	for _, test := range tests {
		if !HasText(&test.x, []string{test.word}, false) {
			t.Errorf("%s: %q is not found", test.name, test.word)
		}
		if HasText(&test.x, []string{test.word[:len(test.word)-1]}, false) {
			t.Errorf("%s: half of %q is found", test.name, test.word)
		}
	}
}

func FuzzTyping(f *testing.F) {
	f.Add(`provider:kl "a b" (x or -y*z*)`, 5, "klix a b x y")
	f.Fuzz(func(t *testing.T, text string, at int, subject string) {
		c := Complete(text, at)
		if c.From < 0 || c.From > c.To || c.To > len(text) {
			t.Errorf("%q at %d completes %d to %d", text, at, c.From, c.To)
		}
		filter, err := ParseFilter(text)
		if err != nil {
			return
		}
		last := 0
		for _, hit := range filter.Hits(subject) {
			if hit[0] < last || hit[1] <= hit[0] || hit[1] > len(subject) {
				t.Fatalf("%q has the hit %v in %q", text, hit, subject)
			}
			last = hit[1]
		}
		for i := range filter.Chips() {
			if _, err := ParseFilter(filter.Without(i)); err != nil {
				t.Errorf("%q without its part %d is %q: %v", text, i, filter.Without(i), err)
			}
		}
	})
}

func FuzzTexts(f *testing.F) {
	f.Add(`{"a":"\u00e9\\\"%41"}`, "/x?%zz", "gzip")
	f.Fuzz(func(t *testing.T, body, target, encoding string) {
		x := Exchange{Request: Request{Target: target, Body: []byte(body), Header: Fields{{"Content-Encoding", encoding}}}}
		Texts(&x, func(text []byte) bool {
			var words []string
			EachWord(text, func(word []byte) { words = append(words, string(word)) })
			if want := Tokens(string(text)); !slices.Equal(words, want) {
				t.Errorf("the words of %q are %q, want %q", text, words, want)
			}
			for _, word := range words {
				if !HasText(&x, []string{word}, false) {
					t.Errorf("the word %q is not found", word)
				}
			}
			return true
		})
	})
}

func gzipOf(text string) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}
