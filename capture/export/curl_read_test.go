package export

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers/all"
)

func TestReadCurl(t *testing.T) {
	for _, c := range []struct {
		name, command string
		line, body    string   // request line
		header        []string // some of it
		skipped, err  string
	}{
		{name: "least", command: "curl example.com", line: "GET / HTTP/1.1", header: []string{"Host: example.com", "Accept: */*"}},
		{name: "query without path", command: "curl https://h:8443?a=1#frag", line: "GET /?a=1 HTTP/1.1", header: []string{"Host: h:8443"}},
		{
			name:    "a browser's",
			command: "curl 'https://shop.example/hook?x=%20y' \\\n  -X 'PUT' \\\n  -H 'content-type: application/json' \\\r\n  -H 'x-empty;' \\\n  --data-raw $'{\"a\":\"it\\'s\\u0021\\n\\x41\\101\"}' \\\n  --compressed",
			line:    "PUT /hook?x=%20y HTTP/1.1", body: "{\"a\":\"it's!\nAA\"}",
			header: []string{"content-type: application/json", "x-empty: ", "Accept-Encoding: deflate, gzip", "Content-Length: 16"},
		},
		{
			name: "a browser's, for Windows", command: "curl ^\"https://h/a?b=1^&c=2^\" ^\r\n  -H ^\"X-A: 100^%^\" ^\r\n  --data-raw ^\"^{^\\^\"a^\\^\":^\\^\"$x^\\^\"^}^\"",
			line: "POST /a?b=1&c=2 HTTP/1.1", body: `{"a":"$x"}`, header: []string{"X-A: 100%", "Content-Type: application/x-www-form-urlencoded"},
		},
		{
			name: "a browser's, for Windows with doubled quotes", command: `curl "https://h/a?b=1&c=2" -X POST -H "If-None-Match: ""x""" -H "A: 50"%"" --data-raw "{""a"":""$x^ it's C:\\d"","^` + "\r\n\r\n" + `"""b"":""""}"`,
			line: "POST /a?b=1&c=2 HTTP/1.1", body: "{\"a\":\"$x^ it's C:\\d\",\n\"b\":\"\"}", header: []string{`If-None-Match: "x"`, "A: 50%"},
		},
		{name: "two empty words and quotes that adjoin in single ones", command: `curl "http://h/x" -H "A: " -d "" -d '{"a":"","b":"$x"}'`, line: "POST /x HTTP/1.1", body: `&{"a":"","b":"$x"}`},
		{name: "quotes that adjoin, and single ones", command: `curl "http://h""/x" -d '{"price":"$5"}'`, line: "POST /x HTTP/1.1", body: `{"price":"$5"}`},
		{name: "letters together", command: `curl -sSLXPATCH -H"A: b" -dx=1 -d y=2 -o /dev/null http://h/p`, line: "PATCH /p HTTP/1.1", body: "x=1&y=2", header: []string{"A: b"}},
		{name: "prompt and words in front", command: "# send it\n$ FOO=1 /usr/bin/curl -I h && rm -rf / # no", line: "HEAD / HTTP/1.1"},
		{name: "double quotes", command: `curl -d "a\"b\\c\d` + "\\\n" + `e" "h/x"`, line: "POST /x HTTP/1.1", body: `a"b\c\de`},
		{name: "user and cookies", command: "curl -u me:pw -b a=1 -b b=2 -A ua -e ref h", line: "GET / HTTP/1.1", header: []string{"Authorization: Basic bWU6cHc=", "User-Agent: ua", "Referer: ref", "Cookie: a=1; b=2"}},
		{name: "user in the URL", command: "curl http://u:p@h/", header: []string{"Host: h", "Authorization: Basic dTpw"}, line: "GET / HTTP/1.1"},
		{name: "json", command: `curl --json '{"a":' --json '1}' h`, line: "POST / HTTP/1.1", body: `{"a":1}`, header: []string{"Accept: application/json", "Content-Type: application/json"}},
		{name: "get", command: "curl -G -d a=1 --data-urlencode 'b= c&' h/?x=0", line: "GET /?x=0&a=1&b=%20c%26 HTTP/1.1"},
		{name: "own host and fields taken away", command: "curl -H 'host: other' -H 'Accept:' -H 'nothing' h", line: "GET / HTTP/1.1", header: []string{"Host: other"}},
		{name: "a here-document", command: "curl --data-binary @- h <<'E'\n{\n\"a\":1}\nE\necho done", line: "POST / HTTP/1.1", body: "{\n\"a\":1}\n"},
		{name: "input that is piped", command: "printf %s '{}' | curl -d @- h", line: "POST / HTTP/1.1", body: "{}"},
		{name: "input that is not known", command: "cat /etc/passwd | curl -d @- h", line: "POST / HTTP/1.1", skipped: "input is not known"},
		{name: "a file", command: "curl -d @/etc/passwd -d a=1 h", line: "POST / HTTP/1.1", body: "&a=1", skipped: "/etc/passwd was not read"},
		{name: "a file, hidden", command: "curl --data-binary $'@/etc/\\u202epasswd' h", line: "POST / HTTP/1.1", skipped: `\u{202e}passwd`},
		{name: "raw is no file", command: "curl --data-raw @x h", line: "POST / HTTP/1.1", body: "@x"},
		{name: "upload", command: "curl -T x h", line: "PUT / HTTP/1.1", skipped: "uploads"},
		{name: "a variable", command: `curl -H "Authorization: Bearer $TOKEN" h`, line: "GET / HTTP/1.1", header: []string{"Authorization: Bearer $TOKEN"}, skipped: "variable"},
		{name: "no variable", command: `curl -d '$x' h`, line: "POST / HTTP/1.1", body: "$x"},
		{name: "config", command: "curl -K x -H @y h", line: "GET / HTTP/1.1", skipped: "Options in a file"},
		{name: "old version", command: "curl --http1.0 h", line: "GET / HTTP/1.0"},
		{name: "redirected", command: "curl h >out 2>&1 </etc/passwd", line: "GET / HTTP/1.1"},
		{name: "open quote", command: "curl 'h", err: "a quote is not closed"},
		{name: "no URL", command: "curl -d x", err: "no URL"},
		{name: "no value", command: "curl h -H", err: "value of its last option"},
		{name: "no curl", command: "wget h", err: "no curl"},
		{name: "two requests in one", command: "curl h -H $'A: b\\r\\nEvil: 1'", err: "cannot be sent"},
		{name: "a line break in the URL", command: "curl $'h/x HTTP/1.1\\r\\nA: b'", err: "a space or a line break"},
		{name: "no end", command: "curl -d @- h <<E\nx", err: "up to E is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, skipped, err := ReadCurl(c.command)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("error %v, want %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			r := &x.Request
			line, _, _ := strings.Cut(string(r.Head), "\r\n")
			if line != c.line || string(r.Body) != c.body || r.Size != int64(len(c.body)) {
				t.Errorf("got %q %q, want %q %q", line, r.Body, c.line, c.body)
			}
			for _, field := range c.header {
				if !strings.Contains(string(r.Head), "\r\n"+field+"\r\n") {
					t.Errorf("%q is not in %q", field, r.Head)
				}
			}
			if text := strings.Join(skipped, " "); (text == "") != (c.skipped == "") || !strings.Contains(text, c.skipped) || strings.Contains(text, "\u202e") {
				t.Errorf("skipped %q, want %q", text, c.skipped)
			}
			if again, _, _ := ReadCurl(c.command); again.UID != x.UID || !isUID(x.UID) {
				t.Errorf("UID %q, then %q", x.UID, again.UID)
			}
		})
	}
}

func TestReadCurlForm(t *testing.T) {
	x, skipped, err := ReadCurl(`curl -F 'a"b=1;type=text/x' -F f=@/tmp/it.png --form-string s=@x h`)
	if err != nil {
		t.Fatal(err)
	}
	body := string(x.Request.Body)
	for _, want := range []string{`name="a%22b"` + "\r\nContent-Type: text/x\r\n\r\n1\r\n", `name="f"; filename="it.png"`, "name=\"s\"\r\n\r\n@x\r\n"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not in %q", want, body)
		}
	}
	if len(skipped) != 1 || !strings.Contains(skipped[0], "/tmp/it.png") {
		t.Errorf("skipped %q", skipped)
	}
	if kind := x.Request.Header.Value("Content-Type"); !strings.HasPrefix(kind, "multipart/form-data; boundary=") {
		t.Errorf("Content-Type %q", kind)
	}
}

// What Curl writes comes back as it was.
func TestReadCurlOfCurl(t *testing.T) {
	everyByte := make([]byte, 256)
	for i := range everyByte {
		everyByte[i] = byte(i)
	}
	requests := []capture.Request{
		{Method: "POST", Target: "/every/byte", Body: everyByte},
		{Method: "PUT", Target: "/../x/{a,b}[1-3]?q='\"$HOME`x`", Body: []byte("$(id) `id` \\ ' \" % \n")},
		{Method: "GET", Target: "/", Header: capture.Fields{{Name: "x-Empty"}, {Name: "A", Value: "it's ü"}}},
		{Method: "HEAD", Target: "/x"},
	}
	for _, p := range all.NewSet().All() {
		for i := range p.Samples {
			requests = append(requests, p.Samples[i].Request())
		}
	}
	for i := range requests {
		want := &requests[i]
		command, err := Curl(&capture.Exchange{Request: *want}, "https://shop.example", "")
		if err != nil {
			t.Fatal(err)
		}
		x, skipped, err := ReadCurl(command)
		if err != nil || len(skipped) > 0 {
			t.Fatalf("%s: %v, %q", command, err, skipped)
		}
		got := &x.Request
		if got.Method != want.Method || got.Target != want.Target || !bytes.Equal(got.Body, want.Body) {
			t.Errorf("got %s %s %q\nof %s", got.Method, got.Target, got.Body, command)
		}
		if a, b := sentFields(got.Header), sentFields(want.Header); !slices.Equal(a, b) {
			t.Errorf("got %q, want %q", a, b)
		}
	}
}

func TestOpenTexts(t *testing.T) {
	large := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0, 1}, 70<<10))
	for _, c := range []struct {
		name, text, format string
		want               int
		skipped, err       string
	}{
		{name: "curl", text: "\ufeff \n# c\n$ curl h", format: "curl", want: 1},
		{name: "several", text: "#!/bin/sh\ncurl a -d 1\ncurl -d\n\ncurl b -d @f", format: "curl", want: 2, skipped: "command 2"},
		{name: "a script of ours", text: "#!/bin/sh\n# c\nset -eu\nbase=${1:?the address is missing}\nbase=${base%/}\n\n# d\ncurl -d 1 \"$base\"'/a'\ncurl \"$base\"'/b'\n", format: "curl", want: 2, skipped: "a part of 2 commands"},
		{name: "one of two that is short of a file", text: "curl a -d @f\ncurl b", format: "curl", want: 2, skipped: "a part of command 1"},
		{name: "no script", text: "a=1\nset -x\nb=2\n", err: "no bundle, no HAR"},
		{name: "a script without curl", text: "set -eu\nrm -rf /\ncurl h\n", err: "no bundle, no HAR"},
		{name: "PowerShell", text: "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\r\nInvoke-WebRequest -Uri \"http://h\"", err: "PowerShell"},
		{name: "PowerShell alone", text: "invoke-webrequest -Uri \"http://h\"", err: "PowerShell"},
		{name: "curl in PowerShell", text: "curl.exe -X POST \"http://h\" `\n  -d '{}'", err: "PowerShell"},
		{name: "a backtick in a body", text: "curl h -d 'a `\nb'", format: "curl", want: 1},
		{name: "UTF-16", text: "\xff\xfec\x00u\x00r\x00l\x00", err: "save it as UTF-8"},
		{name: "fed", text: "base64 -d <<'END' | curl h --data-binary @-\n" + large + "\nEND\n", format: "curl", want: 1},
		{name: "a broken one", text: "curl -d x", err: "no URL"},
		{name: "raw", text: "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na", format: "raw", want: 1},
		{name: "raw, with a mark", text: "\ufeffGET / HTTP/1.0\n\n", format: "raw", want: 1},
		{name: "raw, broken", text: "GET / HTTP/1.1\nHost\n", err: "no colon"},
		{name: "empty", text: " \r\n", err: "empty"},
		{name: "words", text: "Dear Sir or Madam", err: "no bundle, no HAR"},
		{name: "an answer", text: "HTTP/1.1 200 OK\r\n\r\n", err: "no bundle, no HAR"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, err := OpenText(t.Context(), c.text)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("error %v, want %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // it can be read again
				n := 0
				err := o.Each(t.Context(), func(s *Shared) error {
					n++
					if !isUID(s.UID) || s.Request.Received.IsZero() || s.Via != capture.ViaImport || s.Import == nil {
						t.Errorf("%+v", s.Exchange)
					}
					return nil
				})
				if err != nil || n != c.want || o.Format != c.format || o.Share.Count != int64(c.want) {
					t.Errorf("%s: %d exchanges of %d, %v", o.Format, n, o.Share.Count, err)
				}
			}
			if text := fmt.Sprint(o.Skipped()); !strings.Contains(text, c.skipped) || c.skipped == "" && text != "[]" {
				t.Errorf("skipped %s", text)
			}
		})
	}
}

func FuzzReadCurl(f *testing.F) {
	for _, text := range []string{
		"curl -X POST 'http://h/x' -H 'A: b' --data-raw $'\\u0041\\x41'", "base64 -d <<'E' | curl h -d @-\nAA==\nE\n",
		"curl ^\"h^\" ^\n -d ^\"x^\"", "curl -F a=b -F c=@d -u x:y --json '{}' -G \"h?$x\"", "curl <<-E <<F\n\tE\nF\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		x, _, err := ReadCurl(text)
		if err != nil {
			return
		}
		r := &x.Request
		again, err := capture.ReadRequest(append(bytes.Clone(r.Head), r.Body...))
		if err != nil {
			return // a Transfer-Encoding or a Content-Length of the command's own
		}
		if again.Method != r.Method || again.Target != r.Target || len(again.Header) != len(r.Header) {
			t.Errorf("%q is read as %q %q", r.Head, again.Method, again.Header)
		}
	})
}

func FuzzOpenText(f *testing.F) {
	f.Add("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab")
	f.Add("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nT: v\r\n\r\n")
	f.Add("curl h\ncurl i -d @x")
	f.Fuzz(func(t *testing.T, text string) {
		o, err := OpenText(t.Context(), text)
		if err != nil {
			return
		}
		if err := o.Each(t.Context(), func(*Shared) error { return nil }); err != nil && o.Format != "har" && o.Format != "bundle" {
			t.Errorf("%s: %v", o.Format, err)
		}
	})
}
