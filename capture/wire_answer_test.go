package capture

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestReadAnswer(t *testing.T) {
	for _, tt := range []struct {
		name, method, raw string
		want              Response
		open              bool
		rest              string
	}{
		{"length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabrest", Response{Status: 200, Header: Fields{{"Content-Length", "2"}}, Body: []byte("ab")}, true, "rest"},
		{"equal lengths", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nab", Response{Status: 200, Header: Fields{{"Content-Length", "2"}, {"content-length", "2"}}, Body: []byte("ab")}, true, ""},
		{"chunks", "GET", "HTTP/1.1 200\r\nTransfer-Encoding: Chunked\r\n\r\n1;x=y\r\na\r\nA\r\n0123456789\r\n00\r\n\r\nrest", Response{Status: 200, Header: Fields{{"Transfer-Encoding", "Chunked"}}, Body: []byte("a0123456789")}, true, "rest"},
		{"trailers", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-b\r\n\r\n0\r\nx-b: 1\r\nX-A: 2\r\nx-b: 3\r\n\r\nrest", Response{Status: 200, Header: Fields{{"Transfer-Encoding", "chunked"}, {"Trailer", "x-b"}}, Trailers: Fields{{"x-b", "1"}, {"X-A", "2"}, {"x-b", "3"}}}, true, "rest"},
		{"close", "GET", "HTTP/1.1 404 No\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n", Response{Status: 404, Header: Fields{{"Connection", "x, Close"}, {"Content-Length", "0"}}}, false, ""},
		{"HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", Response{Status: 200, Header: Fields{{"Content-Length", "1"}}, Body: []byte("a")}, false, ""},
		{"HTTP/1.0 knows no chunks", "GET", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Response{Status: 200, Header: Fields{{"Transfer-Encoding", "chunked"}}, Body: []byte("0\r\n\r\n")}, false, ""},
		{"to the end", "GET", "HTTP/1.1 200 OK\r\n\r\nab", Response{Status: 200, Header: Fields{}, Body: []byte("ab")}, false, ""},
		{"HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nrest", Response{Status: 200, Header: Fields{{"Content-Length", "20"}}}, true, "rest"},
		{"204", "PUT", "HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\nrest", Response{Status: 204, Header: Fields{{"Transfer-Encoding", "chunked"}}}, true, "rest"},
		{"304", "PUT", "HTTP/1.1 304 No\r\nContent-Length: 9\r\n\r\nrest", Response{Status: 304, Header: Fields{{"Content-Length", "9"}}}, true, "rest"},
		{"101", "GET", "HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\nrest", Response{Status: 101, Header: Fields{{"Upgrade", "x"}}}, false, "rest"},
		{"interim", "GET", "HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 103 Go\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Response{Status: 200, Header: Fields{{"Content-Length", "0"}}}, true, ""},
	} {
		in := bufio.NewReader(strings.NewReader(tt.raw))
		got, open, err := readAnswer(in, tt.method, 100)
		if err != nil || !reflect.DeepEqual(*got, tt.want) || open != tt.open {
			t.Errorf("%s: got %+v, open %v, %v, want %+v", tt.name, got, open, err, tt.want)
		}
		if rest, _ := io.ReadAll(in); string(rest) != tt.rest {
			t.Errorf("%s: %q is left, want %q", tt.name, rest, tt.rest)
		}
	}
}

func TestReadAnswerFails(t *testing.T) {
	const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	for _, tt := range []struct {
		raw  string
		want error
		body string
	}{
		{"", errNoAnswer, ""},
		{"HTTP/1.1 20", errCutAnswer, ""},
		{"HTTP/1.1 20 OK\r\n\r\n", errNotHTTP, ""},
		{"HTTP/1.1 2000\r\n\r\n", errNotHTTP, ""},
		{"HTTP/1.1 099 OK\r\n\r\n", errNotHTTP, ""},
		{"HTTP/1.1 +20 OK\r\n\r\n", errNotHTTP, ""},
		{"HTTP/2.0 200 OK\r\n\r\n", errNotHTTP, ""},
		{"<html>\r\n\r\n", errNotHTTP, ""},
		{"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", errNotHTTP, ""},
		{"HTTP/1.1 200 OK\r\nX Y: z\r\n\r\n", errNotHTTP, ""},
		{"HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n", errNotHTTP, ""},
		{"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n", errNotHTTP, ""},
		{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", errNotHTTP, ""},
		{"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nab", errNotHTTP, ""},
		{"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nab", errNotHTTP, ""},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\nab", errNotHTTP, ""},
		{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", errCutAnswer, "abc"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n0123456789a", errLongAnswer, "0123456789"},
		{"HTTP/1.1 200 OK\r\n\r\n0123456789a", errLongAnswer, "0123456789"},
		{chunked + "5\r\nabc", errCutAnswer, "abc"},
		{chunked + "3\r\nabc\r\n", errCutAnswer, "abc"},
		{chunked + "3\r\nabc\r\n0\r\n", errCutAnswer, "abc"},
		{chunked + "3\r\nabcd\r\n0\r\n\r\n", errNotHTTP, "abc"},
		{chunked + "-3\r\nabc\r\n0\r\n\r\n", errNotHTTP, ""},
		{chunked + "\r\n\r\n", errNotHTTP, ""},
		{chunked + "ffffffffffffffff\r\n\r\n", errNotHTTP, ""},
		{chunked + "7fffffffffffffff\r\n0123456789abc", errLongAnswer, "0123456789"},
		{chunked + "9\r\n012345678\r\n2\r\n9a\r\n", errLongAnswer, "0123456789"},
		{chunked + strings.Repeat("0", 5000) + "\r\n\r\n", errNotHTTP, ""},
		{chunked + "0\r\nX: " + strings.Repeat("a", answerHead) + "\r\n\r\n", errNotHTTP, ""},
		{chunked + "0\r\nno colon\r\n\r\n", errNotHTTP, ""},
		{strings.Repeat("HTTP/1.1 100 Go\r\n\r\n", interimAnswers+1), errNotHTTP, ""},
	} {
		got, open, err := readAnswer(bufio.NewReader(strings.NewReader(tt.raw)), "GET", 10)
		if !errors.Is(err, tt.want) || open {
			t.Errorf("%.60q: %v, open %v, want %v", tt.raw, err, open, tt.want)
		}
		if got != nil && string(got.Body) != tt.body || got == nil && tt.body != "" {
			t.Errorf("%.60q: got %+v, want %q", tt.raw, got, tt.body)
		}
	}
}

// FuzzReadAnswer compares with net/http what it takes too.
func FuzzReadAnswer(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX: y\r\n\r\n",
		"HTTP/1.0 200 OK\r\nA: b\r\n c\r\n\r\nto the end", "HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 204 No\n\n", "HTTP/1.1 101 Go\r\n\r\n",
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, raw string, head bool) {
		method := "GET"
		if head {
			method = "HEAD"
		}
		const limit = 1 << 10
		got, open, err := readAnswer(bufio.NewReader(strings.NewReader(raw)), method, limit)
		if got != nil && int64(len(got.Body)) > limit {
			t.Fatalf("%d bytes of body", len(got.Body))
		}
		if err != nil {
			if open {
				t.Fatal("it can be used on after", err)
			}
			return
		}
		if got.Status < 101 || got.Status > 999 {
			t.Fatalf("status %d", got.Status)
		}
		in := bufio.NewReader(strings.NewReader(raw))
		want, err := http.ReadResponse(in, &http.Request{Method: method})
		for err == nil && want.StatusCode/100 == 1 && want.StatusCode != 101 {
			want, err = http.ReadResponse(in, &http.Request{Method: method})
		}
		if err != nil {
			return // it is stricter in some ways
		}
		defer func() { _ = want.Body.Close() }()
		body, err := io.ReadAll(want.Body)
		if want.StatusCode != got.Status || err == nil && string(body) != string(got.Body) {
			t.Fatalf("got %d %q, net/http %d %q", got.Status, got.Body, want.StatusCode, body)
		}
	})
}
