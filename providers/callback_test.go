package providers

import (
	"bytes"
	"compress/gzip"
	"errors"
	"testing"

	"hookglass/capture"
)

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCallbackJSON(t *testing.T) {
	gzipped := capture.Fields{{Name: "content-encoding", Value: "gzip"}}
	for _, tt := range []struct {
		name   string
		header capture.Fields
		body   []byte
		limit  int
		id     string // of the object; "" where there is none
		is     error
	}{
		{"an object", nil, []byte(`{"id":7.50}`), 100, "7.50", nil},
		{"with a byte order mark", nil, []byte("\ufeff{\"id\":1}"), 100, "1", nil},
		{"packed", gzipped, packed(t, `{"id":2}`), 100, "2", nil},
		{"an array", nil, []byte(`[{"id":3}]`), 100, "", nil},
		{"nothing", nil, nil, 100, "", ErrEmpty},
		{"too large", nil, []byte(`{"id":"` + string(make([]byte, 200)) + `"}`), 100, "", capture.ErrTooLarge},
		{"too large when unpacked", gzipped, packed(t, string(make([]byte, 5000))), 1000, "", capture.ErrTooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := NewCallback(&capture.Request{Header: tt.header, Body: tt.body}, nil, tt.limit)
			for range 2 { // the second answer is the kept one
				if _, err := c.JSON(); !errors.Is(err, tt.is) {
					t.Errorf("error %v, want %v", err, tt.is)
				}
				if got := c.Object().Get("id").Raw; got != tt.id {
					t.Errorf("id %q, want %q", got, tt.id)
				}
			}
		})
	}
}

func TestCallbackBodyLeavesTheRequestAsItCame(t *testing.T) {
	sent := packed(t, `{"id":2}`)
	r := &capture.Request{Header: capture.Fields{{Name: "Content-Encoding", Value: "gzip"}}, Body: bytes.Clone(sent)}
	body, err := NewCallback(r, nil, 100).Body()
	if err != nil || string(body) != `{"id":2}` {
		t.Errorf("body %q, %v", body, err)
	}
	if !bytes.Equal(r.Body, sent) {
		t.Error("the request's own bytes have changed")
	}
}

func TestCallbackQuery(t *testing.T) {
	c := NewCallback(&capture.Request{Target: "/x?APIKEY=a%20b&order=7&empty="}, nil, 0)
	for _, tt := range []struct {
		name, want string
		ok         bool
	}{{"apikey", "a b", true}, {"Order", "7", true}, {"empty", "", true}, {"none", "", false}} {
		if got, ok := c.Query(tt.name); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %q, %v; want %q, %v", tt.name, got, ok, tt.want, tt.ok)
		}
	}
}

func TestCallbackPins(t *testing.T) {
	none := NewCallback(&capture.Request{}, nil, 0)
	if none.Pinned("") || none.PinnedEvent() != "" {
		t.Error("pinned without an endpoint")
	}
	pinned := NewCallback(&capture.Request{}, &capture.Endpoint{Provider: "klix", Event: "terms"}, 0)
	if !pinned.Pinned("klix") || pinned.Pinned("komet") || pinned.PinnedEvent() != "terms" {
		t.Error("the pins are not those of the endpoint")
	}
}

func TestUndecoded(t *testing.T) {
	for _, tt := range []struct {
		name, body  string
		text, error string
	}{
		{"text", "plain words", "plain words", "why"},
		{"binary", "\x00\x01", "00000000  00 01                                             |..|\n", "why"},
		{"not UTF-8", "\xff", "00000000  ff                                                |.|\n", "why"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := Undecoded(NewCallback(&capture.Request{Body: []byte(tt.body)}, nil, 100), errors.New("why"))
			if d.Text != tt.text || d.Error != tt.error {
				t.Errorf("text %q, error %q; want %q, %q", d.Text, d.Error, tt.text, tt.error)
			}
		})
	}
	large := Undecoded(NewCallback(&capture.Request{Body: bytes.Repeat([]byte("a"), undecodedLimit+1)}, nil, 1<<20), nil)
	if len(large.Text) != undecodedLimit || len(large.Notes) != 1 {
		t.Errorf("%d bytes of text and notes %q", len(large.Text), large.Notes)
	}
}
