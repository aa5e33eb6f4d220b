package capture

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

const orderBody = `{"id":7,"ref":"a\"b<&>\n","price":88.00,"big":12345678901234567890,"ok":true,"none":null,
	"items":[{"sku":"A-1"},{"sku":"B-2","tags":["x","y"]}],"id":8,"":"empty","a":{"b":{"c":"deep"}}}`

func orderExchange() *Exchange {
	return &Exchange{
		ID: 5, Endpoint: "/kornitx/*",
		Request: Request{
			Method: "PUT", Target: "/kornitx/st%20atus?shop=%C4%93+x&shop=2&empty=",
			Header: Fields{{"Content-Type", "application/json"}, {"X-Trace", "t<1>"}, {"X-Bad", "a\r\nSet-Cookie: b"}},
			Body:   []byte(orderBody), Size: int64(len(orderBody)),
		},
		Annotation: Annotation{Provider: "kornitx", Event: "order.dispatched", Order: "31656", Delivery: "d1"},
	}
}

var filledAt = time.Date(2026, 11, 21, 14, 31, 0, 0, time.FixedZone("", 3600))

// filled returns what an answer is for a callback.
func filled(t testing.TB, a RuleAnswer, x *Exchange) (Response, error) {
	t.Helper()
	f, err := readyAnswer(&a, []byte(a.Body))
	if err != nil {
		return Response{}, err
	}
	return f.Respond(context.Background(), &Question{Exchange: x, Now: filledAt, Hit: 3})
}

func TestTemplate(t *testing.T) {
	const text, js, markup, form = "text/plain", "application/json; charset=utf-8", "text/html", "application/x-www-form-urlencoded"
	for _, tt := range []struct{ kind, body, want string }{
		{text, "nothing", "nothing"},
		{text, "", ""},
		{text, "a }} b { c", "a }} b { c"},
		{text, "{{order}} {{ delivery }} {{event}} {{provider}} {{method}} {{path}}", "31656 d1 order.dispatched kornitx PUT /kornitx/st%20atus"},
		{text, "{{query.shop}}|{{query.empty}}|{{query.none}}", "ē x||"},
		{text, "{{header.x-trace}}|{{header.None}}", "t<1>|"},
		{text, "{{body.id}} {{body.price}} {{body.big}} {{body.ok}} {{body.none}} {{body.nope}}", "7 88.00 12345678901234567890 true  "},
		{text, "{{body.items.0.sku}} {{body.items.1.sku}} {{body.items.2.sku}} {{body.items.1.tags.1}} {{body.a.b.c}} {{body.id.x}}", "A-1 B-2  y deep "},
		{text, "{{body.items.1}}", `{"sku":"B-2","tags":["x","y"]}`},
		{text, "{{body.items}}{{body.items.0.sku}}", `[{"sku":"A-1"},{"sku":"B-2","tags":["x","y"]}]A-1`},
		{text, "{{now}} {{counter}}", "2026-11-21T13:31:00Z 3"},
		{text, "{{body.ref}}", "a\"b<&>\n"},
		{js, `{"a":"{{body.ref}}"}`, `{"a":"a\"b\u003c\u0026\u003e\n"}`},
		{js, `{"a":{{body.ref}},"b":{{body.id}},"c":{{body.nope}},"d":{{counter}},"e":{{order}},"f":{{body.a}}}`, `{"a":"a\"b\u003c\u0026\u003e\n","b":7,"c":null,"d":3,"e":"31656","f":{"b":{"c":"deep"}}}`},
		{js, `{"\"{{order}}":"{{body.items.0}}"}`, `{"\"31656":"{\"sku\":\"A-1\"}"}`},
		{markup, "<p title='{{body.ref}}'>", "<p title='a&#34;b&lt;&amp;&gt;\n'>"},
		{"image/svg+xml", "{{header.x-trace}}", "t&lt;1&gt;"},
		{form, "a={{body.ref}}&b={{query.shop}}", "a=a%22b%3C%26%3E%0A&b=%C4%93+x"},
		{"", "{{header.x-trace}}", "t<1>"},
		{"", ` {"a":"{{body.ref}}"}`, ` {"a":"a\"b\u003c\u0026\u003e\n"}`},
		{"", `[{{order}}]`, `["31656"]`},
		{"", `<a>{{header.x-trace}}`, "<a>t&lt;1&gt;"},
		{text, `["{{body.ref}}"]`, "[\"a\"b<&>\n\"]"},
	} {
		answer := RuleAnswer{Status: 200, Body: tt.body}
		if tt.kind != "" {
			answer.Header = Fields{{"content-type", tt.kind}}
		}
		got, err := filled(t, answer, orderExchange())
		if err != nil || string(got.Body) != tt.want {
			t.Errorf("%s, %s:\ngot  %q, %v\nwant %q", tt.kind, tt.body, got.Body, err, tt.want)
		}
	}
}

func TestTemplateUUIDIsOneForTheAnswer(t *testing.T) {
	answer := RuleAnswer{Status: 200, Header: Fields{{"X-Id", "{{uuid}}"}}, Body: "{{uuid}}"}
	one, err := filled(t, answer, orderExchange())
	if err != nil || len(one.Body) != 36 || one.Header.Value("X-Id") != string(one.Body) {
		t.Errorf("got %q and %q, %v", one.Header.Value("X-Id"), one.Body, err)
	}
	if two, _ := filled(t, answer, orderExchange()); bytes.Equal(one.Body, two.Body) {
		t.Errorf("two answers share %s", one.Body)
	}
}

func TestTemplateReadsBodiesAsTheyAreSent(t *testing.T) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write([]byte(orderBody))
	_ = w.Close()
	large := `{"id":1,"x":"` + strings.Repeat("x", MaxRuleBody) + `"}`
	deep := strings.Repeat(`{"a":`, 200_000)
	for name, tt := range map[string]struct{ encoding, body, want string }{
		"gzip":       {"gzip", zipped.String(), "7"},
		"no gzip":    {"gzip", orderBody, ""},
		"a BOM":      {"", "\xef\xbb\xbf" + orderBody, "7"},
		"broken":     {"", `{"id":7,"b":`, "7"},
		"no JSON":    {"", `<id>7</id>`, ""},
		"empty":      {"", ``, ""},
		"a number":   {"", `7`, ""},
		"too large":  {"", large, ""},
		"deep":       {"", deep, ""},
		"deep array": {"", `{"x":` + strings.Repeat("[", 200_000), ""},
	} {
		x := orderExchange()
		x.Request.Body = []byte(tt.body)
		x.Request.Header = Fields{{"Content-Encoding", tt.encoding}}
		got, err := filled(t, RuleAnswer{Status: 200, Body: "{{body.id}}"}, x)
		if err != nil || string(got.Body) != tt.want {
			t.Errorf("%s: got %q, %v, want %q", name, got.Body, err, tt.want)
		}
	}
}

func TestTemplateAddsNoHeaderLine(t *testing.T) {
	x := orderExchange()
	x.Annotation.Order = "1\r\nX-Evil: 1\u2028\x00\x7f\u0085"
	for _, value := range []string{"{{order}}", "{{header.X-Bad}}", "a{{body.ref}}b", "{{query.shop}}"} {
		got, err := filled(t, RuleAnswer{Status: 200, Header: Fields{{"X", value}}}, x)
		if err != nil || len(got.Header) != 1 || strings.ContainsAny(got.Header[0].Value, "\r\n\x00\x7f\u0085\u2028") {
			t.Errorf("%s: %q, %v", value, got.Header, err)
		}
	}
}

func TestTemplateIsBounded(t *testing.T) {
	x := orderExchange()
	x.Annotation.Order = strings.Repeat("x", 600<<10)
	if _, err := filled(t, RuleAnswer{Status: 200, Body: "{{order}}{{order}}"}, x); !errors.Is(err, errTooLong) {
		t.Errorf("a body of 1.2 MB: %v", err)
	}
	got, err := filled(t, RuleAnswer{Status: 200, Header: Fields{{"X", "{{order}}"}}}, x)
	if err != nil || len(got.Header[0].Value) != maxHeaderValue {
		t.Errorf("a header of %d bytes, %v", len(got.Header[0].Value), err)
	}
}

func TestTemplateErrors(t *testing.T) {
	for _, tt := range []struct {
		kind, body string
		at, end    int
		text       string
	}{
		{"", "{{", 0, 2, "does not end"},
		{"", "ab {{order} }", 3, 13, "does not end"},
		{"", "{{}}", 0, 4, "missing"},
		{"", "{{ }}", 0, 5, "missing"},
		{"", "x{{nope}}", 1, 9, `no variable "nope"`},
		{"", "{{order.x}}", 0, 11, "no variable"},
		{"", "{{body}}", 0, 8, "no variable"},
		{"", "{{query}}", 0, 9, "no variable"},
		{"", "{{query.}}", 0, 10, "a name is missing"},
		{"", "{{header.a b}}", 0, 14, "no name of a header field"},
		{"", "{{body.a..b}}", 0, 13, "no path"},
		{"", "{{body." + strings.Repeat("a.", 40) + "a}}", 0, 90, "no path"},
		{"", "{{{{order}}}}", 0, 11, "no variable"},
		{"application/json", `{"a":"\{{order}}"}`, 7, 16, "backslash"},
	} {
		_, err := filled(t, RuleAnswer{Status: 200, Body: tt.body, Header: Fields{{"Content-Type", tt.kind}}}, orderExchange())
		var wrong *TemplateError
		if !errors.As(err, &wrong) || wrong.At != tt.at || wrong.End != tt.end || !strings.Contains(wrong.Text, tt.text) {
			t.Errorf("%s: got %+v (%v), want %d–%d %s", tt.body, wrong, err, tt.at, tt.end, tt.text)
		}
	}
	many := strings.Repeat("{{order}}", 2000)
	if _, err := filled(t, RuleAnswer{Status: 200, Body: many}, orderExchange()); err == nil || !strings.Contains(err.Error(), "too many") {
		t.Errorf("2000 variables: %v", err)
	}
}

// FuzzTemplate wants of any template and any callback that the answer ends, is
// bounded, adds no header line, and that JSON stays JSON where variables stand
// inside its strings.
func FuzzTemplate(f *testing.F) {
	f.Add("{{order}} {{body.items.0.sku}}", `{"items":[{"sku":"x"}]}`, "1\r\nX: y", "/a?b=c")
	f.Add(`{"a":"{{header.X-Value}}"}`, `[[[[`, "\"\\\u2028\xff", "*")
	f.Add("{{query.b}}{{uuid}}{{now}}{{counter", "", "", "http://x?b=%0d%0a")
	f.Add(`\`, `{"a":"\ud800"}`, "]]>", "")
	f.Fuzz(func(t *testing.T, text, body, value, target string) {
		x := &Exchange{
			Request: Request{
				Method: value, Target: target, Body: []byte(body),
				Header: Fields{{"X-Value", value}},
			},
			Annotation: Annotation{Order: value, Event: value, Provider: value, Delivery: value},
		}
		header := Fields{{"X", text}}
		for _, kind := range []string{"", "application/json", "text/html", "application/x-www-form-urlencoded"} {
			got, err := filled(t, RuleAnswer{Status: 200, Body: text, Header: Fields{{"Content-Type", kind}}}, x)
			if err == nil && len(got.Body) > MaxRuleBody {
				t.Errorf("%s: %d bytes", kind, len(got.Body))
			}
		}
		if (&RuleAnswer{Status: 200, Header: header}).check() == nil {
			got, err := filled(t, RuleAnswer{Status: 200, Header: header}, x)
			if err == nil && (len(got.Header) != 1 || strings.ContainsAny(got.Header[0].Value, "\r\n\x00") || len(got.Header[0].Value) > maxHeaderValue) {
				t.Errorf("header %q", got.Header)
			}
		}
		inside := `{"{{order}}":["{{body.a}}{{method}}{{path}}","{{query.b}}{{header.X-Value}}{{now}}"],"raw":{{body.a}},"n":{{event}}}`
		got, err := filled(t, RuleAnswer{Status: 200, Body: inside, Header: Fields{{"Content-Type", "application/json"}}}, x)
		if err == nil && !json.Valid(got.Body) {
			t.Errorf("no JSON: %s", got.Body)
		}
		text = strings.NewReplacer(`\`, "", `"`, "", "\n", "").Replace(text)
		quoted := `"` + strings.Map(printable, strings.ToValidUTF8(text, "")) + `"`
		quoted = strings.ReplaceAll(strings.ReplaceAll(quoted, "\t", ""), "\r", "")
		got, err = filled(t, RuleAnswer{Status: 200, Body: quoted, Header: Fields{{"Content-Type", "application/json"}}}, x)
		if err == nil && !json.Valid(got.Body) {
			t.Errorf("%s became no JSON: %s", quoted, got.Body)
		}
	})
}

// FuzzRuleCheck wants that whatever Check lets pass can be made ready and asked.
func FuzzRuleCheck(f *testing.F) {
	f.Add("n", "/klix/*", "provider:klix", "fixed", 503, "X", "{{order}}", "{}", "", int64(0), 3, "all")
	f.Add("", "", "", "delayed", 0, "", "", "", "", int64(time.Hour), 0, "")
	f.Add("", "", "-body:x", "sequence", 1000, "Content-Type", "text/html", "{{", "503", int64(1), -1, "delivery")
	f.Fuzz(func(t *testing.T, name, endpoint, filter, kind string, status int, field, value, body, preset string, delay int64, count int, per string) {
		answer := RuleAnswer{Status: status, Body: body, Preset: preset}
		if field != "" {
			answer.Header = Fields{{field, value}}
		}
		r := Rule{
			ID: 1, Name: name, Enabled: true, Endpoint: endpoint, Filter: filter, Kind: RuleKind(kind),
			Params: RuleParams{Answer: answer, Delay: time.Duration(delay), Per: RulePer(per)}, End: RuleEnd{Count: count},
		}
		if r.Kind == RuleSequence {
			r.Params.Answer, r.Params.Answers = RuleAnswer{}, []RuleAnswer{answer, {}}
		}
		_ = r.Words()
		if err := r.Check(); err != nil {
			return
		}
		if status != 0 && preset == "" && (status < 200 || status > 599) {
			t.Errorf("status %d passed", status)
		}
		rs := NewRules([]Rule{r}, RuleSource{})
		if err := rs.Problem(1); err != nil {
			t.Fatalf("checked, and still: %v", err)
		}
		x := orderExchange()
		closing, end := context.WithCancelCause(t.Context())
		end(ErrClosing)
		got, ok := rs.Answer(closing, x, nil, filledAt)
		if _, _, above := rs.Explain(x, nil, filledAt); !ok && len(above) == 0 {
			t.Error("no answer, and no reason why")
		}
		if !ok {
			return
		}
		for _, f := range got.Header {
			if strings.ContainsAny(f.Name+f.Value, "\r\n") {
				t.Errorf("header %q", f)
			}
		}
		if got.By != ByRule || got.Status < 200 || got.Status > 599 {
			t.Errorf("got %+v", got)
		}
	})
}
