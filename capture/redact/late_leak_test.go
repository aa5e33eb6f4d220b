package redact_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/capture/redact"
)

// What left though a profile covers it because of what came before or after it.
func TestLateLeaks(t *testing.T) {
	t.Parallel()
	js := func(id int64, body string) *capture.Exchange {
		return exchange(id, "/in", typed("application/json"), []byte(body))
	}
	noted := func(id int64, note string) *capture.Exchange {
		x := js(id, `{}`)
		x.Note = note
		return x
	}
	inBase64 := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	long := strings.Repeat("0123456789abcdef", 64)
	refused := func(id int64, head string) *capture.Exchange {
		x := js(id, "")
		x.State, x.Request.Header, x.Request.Head = capture.StateRefused, nil, []byte(head)
		return x
	}
	emptyGzip := func(name string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Name = name
		_ = z.Close()
		return b.Bytes()
	}
	for _, test := range []struct {
		name, profile string
		seen          []*capture.Exchange
		gone          []string
	}{
		{"two long values that begin alike", "secrets", []*capture.Exchange{
			js(1, `{"token":"`+long+`-first-tail-111"}`), js(2, `{"token":"`+long+`-other-tail-222"}`),
			js(3, `{"a":"it is `+long+`-first-tail-111 and `+long+`-other-tail-222"}`),
		}, []string{"first-tail-111", "other-tail-222", "tail"}},
		{"a word of a message that is a name", "personal", []*capture.Exchange{
			js(1, `{"customer":{"note":"Kanberga"}}`), js(2, `{"last_name":"Kanberga"}`), noted(3, "ask Kanberga"),
		}, []string{"Kanberga"}},
		{"a name that is a password", "secrets", []*capture.Exchange{
			exchange(1, "/in", capture.Fields{{Name: "Authorization", Value: "Basic " + inBase64("Summertime:q1w2e3r4t5")}}, nil),
			js(2, `{"password":"Summertime"}`), noted(3, "it was xSummertimex"),
		}, []string{"Summertime"}},
		{"a short name that is a password", "personal", []*capture.Exchange{
			js(1, `{"first_name":"Ann7"}`), js(2, `{"password":"Ann7"}`), noted(3, "use "+inBase64("Ann7")),
		}, []string{inBase64("Ann7")}},
		{"digits in base64", "secrets", []*capture.Exchange{
			js(1, `{"password":"73519264"}`), noted(2, "use "+inBase64("73519264")),
		}, []string{inBase64("73519264")}},
		{"a token that only a raw head has", "secrets", []*capture.Exchange{
			noted(1, "see q1w2e3r4t5"), refused(2, "POST /in HTTP/9\r\nAuthorization: Bearer q1w2e3r4t5\r\nbroken\r\n\r\n"),
		}, []string{"q1w2e3r4t5"}},
		{"a number with an exponent", "secrets", []*capture.Exchange{
			js(1, `{"password":"73519E264"}`), js(2, `{"a":73519E264}`),
		}, []string{"73519E264"}},
		{"a number that was paid back", "personal,path:$.sum", []*capture.Exchange{
			js(1, `{"sum":10878.53}`), js(2, `{"a":-10878.53}`),
		}, []string{"10878.53"}},
		{"Latin-1 to the end", "personal", []*capture.Exchange{
			js(1, `{"last_name":"Kanstrauß"}`), exchange(2, "/in", typed("text/plain"), []byte("of Kanstrau\xdf")),
			exchange(3, "/in", typed("application/json"), []byte("{\"a\":\"Kanstrau\xdf\"}")),
		}, []string{"Kanstrau"}},
		{"gzip of nothing with a name", "secrets", []*capture.Exchange{
			exchange(1, "/in", nil, emptyGzip("tök77xyzQQ")), js(2, `{"token":"tök77xyzQQ"}`),
		}, []string{"k77xyzQQ"}},
		{"bare plus signs in a query", "secrets", []*capture.Exchange{
			exchange(1, "/in?x=q1w2+e3r4+t5", nil, nil), exchange(2, "/in", capture.Fields{{Name: "X-Api-Key", Value: "q1w2+e3r4+t5"}}, nil),
		}, []string{"q1w2+e3r4"}},
		{"a cookie that is escaped", "secrets", []*capture.Exchange{
			exchange(1, "/in", capture.Fields{{Name: "Cookie", Value: "a=s%3Aq1w2%2Fe3r4t5"}}, nil), js(2, `{"a":"s:q1w2/e3r4t5"}`),
			exchange(3, "/in?x=s%3aq1w2%2fe3r4t5", nil, nil), noted(4, "s%3Aq1w2/e3r4t5"),
		}, []string{"e3r4t5"}},
		{"a token that is a body too", "secrets", []*capture.Exchange{
			exchange(1, "/in", capture.Fields{{Name: "Authorization", Value: "Bearer " + token(`{"sub":"1"}`)}}, nil),
			exchange(2, "/in", typed("text/plain"), []byte(token(`{"sub":"1"}`))),
		}, []string{token(`{"sub":"1"}`)}},
		{"base64 in base64 with a plus and filled up", "secrets", []*capture.Exchange{
			js(1, `{"token":"q84~/77z"}`), noted(2, inBase64(inBase64("a text: q84~/77z"))),
		}, []string{inBase64(inBase64("a text: q84~/77z"))}},
		{"base64 with a bare plus in a form", "secrets", []*capture.Exchange{
			js(1, `{"token":"q84~/77z"}`), exchange(2, "/in?a="+inBase64("a text: q84~/77z"), typed("application/x-www-form-urlencoded"), []byte("a="+inBase64("a text: q84~/77z"))),
		}, []string{inBase64("a text: q84~/77z")}},
		{"a phone in a link", "personal", []*capture.Exchange{
			js(1, `{"phone":"+371 29 876 543"}`), noted(2, "see https://x.example/a?b=%2B371+29+876+543&c=1"),
		}, []string{"876"}},
		{"base64 behind many words", "secrets", []*capture.Exchange{
			js(1, `{"token":"q1w2e3r4t5"}`), noted(2, strings.Repeat("words/", 50)+inBase64("a text> q1w2e3r4t5?????")),
			noted(3, "https://x.example/?q="+strings.Repeat("lorem+ipsum+", 20)+"%2Fhooks%2F"+inBase64("a text: q1w2e3r4t5!!")),
		}, []string{inBase64("a text> q1w2e3r4t5?????"), inBase64("a text: q1w2e3r4t5!!")}},
		{"base64 with a dash in a path", "secrets", []*capture.Exchange{
			js(1, `{"token":"Kņaņalinstbalinlinžukežuérožuņakestélinrokerokekebalinbaņalinņastņaba"}`),
			exchange(2, "/in/YSB0ZXh0ID4gWmJhc3RsaW4gS8WGYcWGYWxpbnN0YmFsaW5saW7FvnVrZcW-dcOpcm_FvnXFhmFrZXN0w6lsaW5yb2tlcm9rZWtlYmFsaW5iYcWGYWxpbsWGYXN0xYZhYmEgPz8_/x", nil, nil),
		}, []string{"YmFsaW5iYcWG"}},
		{"entities in what is said to be a form", "secrets", []*capture.Exchange{
			js(1, `{"token":"q1w2e3r4t5"}`),
			exchange(2, "/in", typed("application/x-www-form-urlencoded"), []byte("it is q&#49;w2e3r4t5")),
		}, []string{"w2e3r4t5"}},
		{"the name of a cookie", "secrets", []*capture.Exchange{
			js(1, `{"token":"q1w2e3r4t5"}`), exchange(2, "/in", capture.Fields{{Name: "Cookie", Value: "a=1; in-q1w2e3r4t5=1"}}, nil),
		}, []string{"q1w2e3r4t5"}},
		{"four digits", "secrets", []*capture.Exchange{
			js(1, `{"pincode":7351}`), js(2, `{"a":7351,"b":"7351"}`),
		}, []string{"7351"}},
		{"a short name behind many sums", "personal,path:$.items[].sum", []*capture.Exchange{func() *capture.Exchange {
			x := js(1, `{"items":[`+strings.Repeat(`{"sum":77.5},`, 2000)+`{}],"customer":{"name":"Anna"}}`)
			x.Annotation.Summary = "Order of Anna"
			return x
		}()}, []string{"Anna"}},
		{"the name of a field that differs", "secrets", []*capture.Exchange{
			js(1, `{"token":"q1w2e3r4t5"}`), func() *capture.Exchange {
				x := js(2, `{}`)
				x.Sent = &capture.Sending{Differences: []capture.Difference{{What: "header X-q1w2e3r4t5", Was: "a"}}}
				return x
			}(),
		}, []string{"q1w2e3r4t5"}},
		{"the version of a request", "secrets", []*capture.Exchange{
			js(1, `{"token":"q1w2e3r4t5"}`), func() *capture.Exchange {
				x := js(2, `{}`)
				x.Request.Proto = "HTTP/1.1 q1w2e3r4t5"
				return x
			}(),
		}, []string{"q1w2e3r4t5"}},
		{"a name in base64 of a field and of a member", "secrets", []*capture.Exchange{
			exchange(1, "/in", append(typed("application/json"), capture.Field{Name: inBase64("it is q1w2e3r4t5!"), Value: "1"}), nil),
			js(2, `{"`+inBase64("it is q1w2e3r4t5!")+`":1}`), js(3, `{"token":"q1w2e3r4t5"}`),
		}, []string{inBase64("it is q1w2e3r4t5!")}},
		{"a pattern in a text inside many texts", "none,regex:INV-[0-9]+", []*capture.Exchange{
			js(1, `{"a":"`+inBase64(inBase64(inBase64(inBase64("see INV-12345 please"))))+`"}`),
		}, []string{inBase64("see INV-12345 please")[4:12], inBase64(inBase64(inBase64(inBase64("see INV-12345 please"))))}},
		{"an unknown encoding and a place", "none,path:$.ref", []*capture.Exchange{
			exchange(1, "/in", append(typed("application/json"), capture.Field{Name: "Content-Encoding", Value: "br"}), []byte("\x0b\x02\x80{\"ref\":\"q1w2e3r4t5\"}\x03")),
		}, []string{"q1w2e3r4t5"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := leaked(t, test.profile, nil, test.seen...)
			for _, text := range test.gone {
				if strings.Contains(got, text) {
					t.Errorf("%q is still in %s", text, got)
				}
			}
		})
	}
}

// TestTextsTeach learns from a title and a rule what an exchange would have taught.
func TestTextsTeach(t *testing.T) {
	t.Parallel()
	claims := token(`{"last_name":"Kanberga"}`)
	for name, teach := range map[string]func(r *redact.Redactor){
		"text": func(r *redact.Redactor) { r.LearnText("call +371 29 876 543, use Bearer " + claims) },
		"rule": func(r *redact.Redactor) {
			r.LearnRule(capture.Rule{Params: capture.RuleParams{Answer: capture.RuleAnswer{
				Header: capture.Fields{{Name: "Authorization", Value: "Bearer " + claims}}, Body: `{"phone":"+371 29 876 543"}`,
			}}})
		},
	} {
		r := redactor(t, "personal")
		teach(r)
		got, _ := r.Text("note", "call 37129876543, he is Kanberga")
		if strings.Contains(got, "37129876543") || strings.Contains(got, "Kanberga") {
			t.Errorf("%s: what was learned stays in %q", name, got)
		}
		if counts := r.Replaced(); len(counts) != 2 {
			t.Errorf("%s: what was learned counts as replaced: %v", name, counts)
		}
	}
}

// TestNamesAfterTooMuch meets a name for the first time where nothing is read any more,
// and then where it is.
func TestNamesAfterTooMuch(t *testing.T) {
	t.Parallel()
	const secret = "q1w2e3r4t5"
	name := base64.StdEncoding.EncodeToString([]byte("it is " + secret + "!"))
	bomb := base64.StdEncoding.EncodeToString(gzipped(make([]byte, 30<<20))) // leaves little
	nested := strings.Repeat("%"+strings.Repeat("25", 11)+"41", 40<<10)      // and this takes it
	js := func(id int64, body string) *capture.Exchange {
		return exchange(id, "/in", typed("application/json"), []byte(body))
	}
	got := leaked(t, "secrets", nil,
		js(1, `{"a":"`+bomb+`","b":"`+nested+`","`+name+`":1}`),
		js(2, `{"`+name+`":2}`),
		exchange(3, "/in?token="+secret, nil, nil))
	if !strings.Contains(got, "there is too much in it") {
		t.Error("there was not too much")
	}
	if strings.Contains(got, name) {
		t.Errorf("%q is still in it", name)
	}
}

// TestTextTooDeep hides a secret inside so many texts that nobody looks at it: it does
// not leave.
func TestTextTooDeep(t *testing.T) {
	t.Parallel()
	const secret = "q1w2e3r4t5"
	for how, wrap := range map[string]func(string) string{
		"base64":         func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64 of gzip": func(s string) string { return base64.StdEncoding.EncodeToString(gzipped([]byte(s))) },
		"percent":        func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "%", "%25"), "q", "%71") },
		"JSON":           func(s string) string { return `{"a":"` + quoted(s) + `"}` },
	} {
		for levels := 1; levels < 15; levels++ {
			text := "it is " + secret + "!"
			for range levels {
				text = wrap(text)
			}
			x := exchange(1, "/in", typed("text/plain"), []byte(text))
			got := leaked(t, "secrets", nil, x, exchange(2, "/in?token="+secret, nil, nil))
			if strings.Contains(got, text[len(text)/3:]) {
				t.Errorf("%s, %d levels: %q leaves", how, levels, secret)
			}
		}
	}
}
