package ngroktest_test

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.ngrok.com/muxado/v2"

	"hookglass/capture/ngrok/ngroktest"
)

// dial is an agent without the SDK.
func dial(t *testing.T, s *ngroktest.Service, config *muxado.Config) muxado.TypedStreamSession {
	t.Helper()
	conn, err := (&tls.Dialer{Config: &tls.Config{RootCAs: s.CAs()}}).DialContext(t.Context(), "tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	session := muxado.NewTypedStreamSession(muxado.Client(conn, config))
	t.Cleanup(func() { _ = session.Close() }) // the service may have cut it
	return session
}

// ask sends a request on a stream of its own and returns the answer.
func ask(t *testing.T, session muxado.TypedStreamSession, kind muxado.StreamType, request string) string {
	t.Helper()
	stream, err := session.OpenTypedStream(kind)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(stream, request+"\n"); err != nil {
		t.Fatal(err)
	}
	var answer json.RawMessage
	if err := json.NewDecoder(stream).Decode(&answer); err != nil {
		t.Errorf("%s: %v", request, err)
	}
	return string(answer)
}

func TestHeartbeatOnTheWire(t *testing.T) {
	s := start(t, ngroktest.Options{})
	stream, err := dial(t, s, nil).OpenTypedStream(0xFFFFFFFF)
	if err != nil {
		t.Fatal(err)
	}
	beat := func(text string, bound time.Duration) (string, error) {
		if text != "" {
			if _, err := io.WriteString(stream, text); err != nil {
				t.Fatal(err)
			}
		}
		if err := stream.SetReadDeadline(time.Now().Add(bound)); err != nil {
			t.Fatal(err)
		}
		var got [4]byte
		_, err := io.ReadFull(stream, got[:])
		return string(got[:]), err
	}
	if got, err := beat("abcd", patience); got != "abcd" || err != nil {
		t.Errorf("echoed %q, %v", got, err)
	}
	s.Silence(true)
	if got, err := beat("efgh", 50*time.Millisecond); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("silent, it echoes %q, %v", got, err)
	}
	s.Silence(false)
	if got, err := beat("", patience); got != "efgh" || err != nil {
		t.Errorf("after the silence it echoes %q, %v", got, err)
	}
	settle(t, s, "counted", func(c ngroktest.Counts) bool { return c.Heartbeats == 2 && c.Sessions == 0 })
}

func TestRequestsOnTheWire(t *testing.T) {
	s := start(t, ngroktest.Options{})
	session := dial(t, s, nil)
	tests := []struct {
		name    string
		kind    muxado.StreamType
		request string
		want    string
	}{
		{"bind without auth", 1, `{"Id":"","Proto":"https"}`, `"Error":"authenticate first"`},
		{"no token", 0, `{"Version":["3","2"],"ClientId":"","Extra":{}}`, `ERR_NGROK_4018`},
		{"auth", 0, `{"Version":["3","2"],"ClientId":"","Extra":{"Authtoken":"x"}}`, `"ClientId":"client-1"`},
		{"bind", 1, `{"Id":"","Proto":"https","Opts":{"URL":"Shop.Test"}}`, `"URL":"https://shop.test"`},
		{"bind again", 1, `{"Id":"bind-1","Proto":"https","Opts":{"Hostname":"shop.test"}}`, `"Id":"bind-1","URL":"https://shop.test"`},
		{"unbind", 2, `{"Id":"bind-1"}`, `{"Error":""}`},
		{"unbind again", 2, `{"Id":"bind-1"}`, `no such endpoint`},
		{"unknown", 99, `{}`, `unknown`},
	}
	for _, test := range tests {
		if got := ask(t, session, test.kind, test.request); !strings.Contains(got, test.want) {
			t.Errorf("%s: answered %s, want %s", test.name, got, test.want)
		}
	}
}
