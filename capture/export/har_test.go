package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// readAll reads a HAR from memory.
func readAll(t testing.TB, text string) (all []*Shared, skipped []string, head *Share, err error) {
	t.Helper()
	head, err = readHAR(t.Context(), strings.NewReader(text), func(x *Shared) error {
		all = append(all, x)
		return nil
	}, func(where, why string) { skipped = append(skipped, where+": "+why) })
	return all, skipped, head, err
}

// TestHARRoundTrip writes and reads exchanges of every kind: all but what is of a
// database comes back.
func TestHARRoundTrip(t *testing.T) {
	wanted := sharedFixtures()
	zipped := fixturePaid()
	zipped.UID = "0193a4d4-0000-7000-8000-000000000006"
	zipped.Request.Body = gzipped(t, `{"a":1}`)
	zipped.Request.Size = int64(len(zipped.Request.Body))
	zipped.Request.Header = append(zipped.Request.Header, capture.Field{Name: "Content-Encoding", Value: "gzip"})
	zipped.Request.Head = usualHead("POST", "/klix/purchases", "HTTP/1.1", zipped.Request.Header)
	zipped.Response.Header = capture.Fields{{Name: "content-encoding", Value: "gzip"}}
	zipped.Response.Body = zipped.Request.Body
	wanted = append(wanted, zipped)

	text := written(t, "har", shareOf(wanted...))
	if !strings.Contains(text, `"text":"{\"a\":1}"`) {
		t.Error("the text of a compressed body is not decoded")
	}
	got, skipped, head, err := readAll(t, text)
	if err != nil || len(skipped) > 0 || len(got) != len(wanted) {
		t.Fatalf("got %d of %d, skipped %q, %v", len(got), len(wanted), skipped, err)
	}
	s := shareOf()
	s.Sessions[0].ID = 1
	for i := range s.Rules {
		s.Rules[i].ID, s.Rules[i].Enabled, s.Rules[i].Order, s.Rules[i].Hits = 0, false, int64(i+1), 0
	}
	sameJSON(t, "rules", head.Rules, s.Rules)
	if head.Title != s.Title || head.Note != s.Note || head.Sharer != s.Sharer || head.Tool != s.Tool || !head.Created.Equal(s.Created) ||
		!reflect.DeepEqual(head.Redaction, s.Redaction) || !reflect.DeepEqual(head.Sessions, s.Sessions) {
		t.Errorf("of itself it says %+v", head)
	}
	for i, x := range got {
		want := *wanted[i].Exchange
		want.ID, want.Session = 0, 1
		want.Import = &capture.Imported{Via: want.Via, Origin: wanted[i].OriginUID}
		want.Via = capture.ViaImport
		if len(want.Request.Header) == 0 {
			want.Request.Header = nil
		}
		sameJSON(t, want.UID, x.Exchange, &want)
		if x.OriginUID != wanted[i].OriginUID || x.Base != wanted[i].Base {
			t.Errorf("%s: origin %q, base %q", want.UID, x.OriginUID, x.Base)
		}
	}
}

// sameJSON compares by value: nil and empty are the same.
func sameJSON(t *testing.T, name string, got, want any) {
	t.Helper()
	a, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	normal := func(b []byte) string {
		return strings.NewReplacer(`:null`, `:""`, `:[]`, `:""`).Replace(string(b))
	}
	if normal(a) != normal(b) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, a, b)
	}
}

// TestHARForeign reads what other tools write.
func TestHARForeign(t *testing.T) {
	entry := func(request, rest string) string {
		return "\xef\xbb\xbf" + `{"other":[{"log":{"entries":[1]}}],"log":{"pages":[{"a":"]}"}],"creator":{"name":"Fiddler","version":5},"entries":[{"startedDateTime":"2026-11-21T14:05:09.123+02:00","time":12.5,"request":` + request + rest + `}]}}`
	}
	const get = `{"method":"GET","url":"https://user:pw@h.example:8443/a%20b?x=1#top","headers":[]}`
	for _, c := range []struct {
		name, text       string
		target, host     string
		header           string
		body             string
		status           int
		answer, skipping string
	}{
		{name: "small", text: entry(get, ""), target: "/a%20b?x=1", host: "h.example:8443", header: "Host: h.example:8443"},
		{
			name:   "headers as pairs",
			text:   entry(`{"method":"POST","url":"http://h/","headers":[["Host","h2"],["x-A","1"]],"postData":{"mimeType":"text/plain","text":"hi"}}`, ""),
			target: "/", host: "h2", header: "Host: h2, x-A: 1", body: "hi",
		},
		{
			name:   "headers as an object",
			text:   entry(`{"method":"POST","url":"http://h/","headers":{"host":"h3","x-n":7},"postData":null}`, ""),
			target: "/", host: "h3", header: "host: h3, x-n: 7",
		},
		{
			name:   "HTTP/2",
			text:   entry(`{"method":"POST","url":"https://h/x y","httpVersion":"h2","headers":[{"name":":authority","value":"a.example"},{"name":"bad name","value":"1"},{"name":"ok","value":"1\r\nx: 2"}]}`, ""),
			target: "/x%20y", host: "a.example", header: "Host: a.example", skipping: "2 header fields",
		},
		{
			name:   "a body in base64 of the draft",
			text:   entry(`{"method":"POST","url":"http://h/","headers":[{"name":"Host","value":"h"}],"postData":{"mimeType":"x/y","text":"AP8=","encoding":"base64"}}`, ""),
			target: "/", host: "h", header: "Host: h", body: "\x00\xff",
		},
		{
			name:   "HTTP Toolkit's body",
			text:   entry(`{"method":"POST","url":"http://h/","headers":[{"name":"Host","value":"h"}],"_content":{"text":"AP8=","size":2,"encoding":"base64"}}`, ""),
			target: "/", host: "h", header: "Host: h", body: "\x00\xff",
		},
		{
			name:   "params without text",
			text:   entry(`{"method":"POST","url":"http://h/","headers":[{"name":"Host","value":"h"}],"postData":{"mimeType":"application/x-www-form-urlencoded; charset=utf-8","params":[{"name":"a b","value":"ä&"},{"name":"c"}]}}`, ""),
			target: "/", host: "h", header: "Host: h", body: "a+b=%C3%A4%26&c=",
		},
		{
			name:   "parts without text",
			text:   entry(`{"method":"POST","url":"http://h/","headers":[{"name":"Host","value":"h"}],"postData":{"mimeType":"multipart/form-data","params":[{"name":"a","value":"b"}]}}`, ""),
			target: "/", host: "h", header: "Host: h", skipping: "only the names and values of its parts",
		},
		{
			name:   "an answer",
			text:   entry(get, `,"response":{"status":"201","headers":[{"name":"X","value":"y"}],"content":{"size":2,"text":"aGk=","encoding":"base64"}}`),
			target: "/a%20b?x=1", host: "h.example:8443", header: "Host: h.example:8443", status: 201, answer: "hi",
		},
		{
			name:   "an answer without its body",
			text:   entry(get, `,"response":{"status":200,"headers":null,"content":{"size":900}}`),
			target: "/a%20b?x=1", host: "h.example:8443", header: "Host: h.example:8443", status: 200, skipping: "the body of its answer is not in the file",
		},
		{name: "blocked", text: entry(get, `,"response":{"status":0}`), target: "/a%20b?x=1", host: "h.example:8443", header: "Host: h.example:8443"},
		{name: "no request", text: entry(`null`, ""), skipping: "It has no request."},
		{name: "no method", text: entry(`{"url":"http://h/","method":"A B"}`, ""), skipping: "Its method is none."},
		{name: "no time", text: strings.Replace(entry(get, ""), "2026-11", "yesterday", 1), skipping: "It does not say when it was."},
		{name: "no JSON", text: entry(`{]`, ""), skipping: "It cannot be read: its JSON is broken."},
		{name: "no object", text: `{"log":{"entries":[17,"x",null,[]]}}`, skipping: "entry 1: It cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			all, skipped, _, err := readAll(t, c.text)
			if err != nil {
				t.Fatal(err)
			}
			if said := strings.ToLower(strings.Join(skipped, "\n")); !strings.Contains(said, strings.ToLower(c.skipping)) || c.skipping == "" && said != "" {
				t.Errorf("skipped %q, want %q", skipped, c.skipping)
			}
			if c.target == "" {
				if len(all) > 0 {
					t.Errorf("got %+v", all[0].Exchange)
				}
				return
			}
			if len(all) != 1 {
				t.Fatalf("got %d", len(all))
			}
			x := all[0]
			var header []string
			for _, f := range x.Request.Header {
				header = append(header, f.Name+": "+f.Value)
			}
			if x.Request.Target != c.target || x.Request.Host != c.host || strings.Join(header, ", ") != c.header || string(x.Request.Body) != c.body {
				t.Errorf("got %s of %s, %q, body %q", x.Request.Target, x.Request.Host, header, x.Request.Body)
			}
			if x.Via != capture.ViaImport || x.Import == nil || !isUID(x.UID) || !x.Request.Received.Equal(time.Date(2026, 11, 21, 12, 5, 9, 123e6, time.UTC)) {
				t.Errorf("got %+v", x.Exchange)
			}
			if parsed, err := capture.ReadRequest(x.Request.Raw()); err != nil || parsed.Target != c.target {
				t.Errorf("its raw request: %v", err)
			}
			if status := 0; x.Response != nil {
				status = x.Response.Status
				if status != c.status || string(x.Response.Body) != c.answer || x.Response.Timing.Took != 12500*time.Microsecond {
					t.Errorf("answer %+v", x.Response)
				}
			} else if status != c.status {
				t.Errorf("there is no answer")
			}
		})
	}
}

// TestHARBroken reads files that are none, or end early, and comes to an error.
func TestHARBroken(t *testing.T) {
	whole := written(t, "har", shareOf(sharedFixtures()...))
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "no HAR"},
		{"a list", "[]", "no HAR"},
		{"no log", `{"a":{"entries":[]}}`, "no log with entries"},
		{"no entries", `{"log":{}}`, "no log with entries"},
		{"cut", whole[:len(whole)/2], "ends in the middle"},
		{"cut at the end", whole[:len(whole)-3], "ends in the middle"},
		{"no colon", `{"log" {}}`, "no colon"},
		{"no comma", `{"log":{"a":1 "entries":[]}}`, "no comma"},
		{"no value", `{"log":{"a":,"entries":[]}}`, "a value is missing"},
		{"no key", `{"log":{a:1}}`, "a key is missing"},
		{"a number", `{"log":{"entries":5}}`, "is missing"},
	} {
		if _, _, _, err := readAll(t, c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := readHAR(cancelled, strings.NewReader(whole), func(*Shared) error { return nil }, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}

// TestHARLong reads entries of any length without holding what is too long.
func TestHARLong(t *testing.T) {
	const entry = `{"startedDateTime":"2026-11-21T14:05:09Z","request":{"method":"GET","url":"http://h/"}}`
	long := io.MultiReader(
		strings.NewReader(`{"log":{"_x":"`), io.LimitReader(repeating('a'), maxHAREntry+1), strings.NewReader(`","entries":[`+entry+`,{"x":"`),
		io.LimitReader(repeating('\\'), maxHAREntry+2), strings.NewReader(`"},`+entry+`]}}`))
	n := 0
	var skipped []string
	_, err := readHAR(t.Context(), long, func(*Shared) error { n++; return nil }, func(where, why string) { skipped = append(skipped, where+": "+why) })
	if err != nil || n != 2 || len(skipped) != 1 || !strings.Contains(skipped[0], "entry 2: It is longer than 96 MiB") {
		t.Errorf("got %d, skipped %q, %v", n, skipped, err)
	}
}

type repeating byte

func (r repeating) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(r)
	}
	return len(b), nil
}

// TestHARValidator has npm's har-validator judge a file where HAR_VALIDATOR names
// its folder: npm install har-validator.
func TestHARValidator(t *testing.T) {
	folder := os.Getenv("HAR_VALIDATOR")
	if folder == "" {
		t.Skip("HAR_VALIDATOR is not set")
	}
	hostile := append(sharedFixtures(), hostileShared())
	script := exec.CommandContext(t.Context(), "node", "-e", `
let text = require("fs").readFileSync(0, "utf8");
require("har-validator").har(JSON.parse(text)).then(
  h => console.log("valid", h.log.entries.length),
  e => { console.log(JSON.stringify(e.errors || e)); process.exit(1) })`)
	script.Dir = folder
	script.Stdin = strings.NewReader(written(t, "har", shareOf(hostile...)))
	if out, err := script.CombinedOutput(); err != nil || !bytes.HasPrefix(out, []byte("valid 6")) {
		t.Errorf("%v: %s", err, out)
	}
}

func FuzzHAR(f *testing.F) {
	f.Add([]byte(written(f, "har", shareOf(sharedFixtures()...))))
	f.Add([]byte(`{"log":{"entries":[{"startedDateTime":"2026-11-21T14:05:09Z","request":{"method":"GET","url":"http://h/","headers":[["a","b"]]}}]}}`))
	f.Add([]byte("\xef\xbb\xbf{\"log\":{\"creator\":{},\"entries\":[{},1,\"\\\"\"]}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		again := func() (all []*Shared, err error) {
			_, err = readHAR(t.Context(), bytes.NewReader(text), func(x *Shared) error {
				if !isUID(x.UID) || x.Via != capture.ViaImport || x.Import == nil || x.Request.Received.IsZero() || x.Request.Size != int64(len(x.Request.Body)) {
					t.Errorf("got %+v", x.Exchange)
				}
				all = append(all, x)
				return nil
			}, func(where, why string) {
				if where == "" || why == "" {
					t.Errorf("skipped %q: %q", where, why)
				}
			})
			return all, err
		}
		first, err := again()
		if err != nil {
			return
		}
		// What was read can be written, and is then read as it is.
		out := written(t, "har", shareOf(first...))
		text = []byte(out)
		second, err := again()
		if err != nil || len(second) != len(first) {
			t.Fatalf("got %d of %d: %v\n%s", len(second), len(first), err, out)
		}
		for i := range second {
			if !bytes.Equal(first[i].Request.Body, second[i].Request.Body) || first[i].UID != second[i].UID {
				t.Errorf("entry %d: got %q, want %q", i, second[i].Request.Body, first[i].Request.Body)
			}
		}
	})
}
