package ngrok

import (
	"net"
	"net/http"
	"os"
	"testing"
	"time"
)

// The real service, with the account of NGROK_AUTHTOKEN: only where
// HOOKGLASS_NGROK_LIVE=1 asks for it.
func TestLive(t *testing.T) {
	token := os.Getenv(TokenVariable)
	if os.Getenv("HOOKGLASS_NGROK_LIVE") != "1" || token == "" {
		t.Skip("the real service is asked only with HOOKGLASS_NGROK_LIVE=1 and a token in " + TokenVariable)
	}
	online := make(chan Status, 1)
	failed := make(chan Status, 1)
	tunnel, err := Open(Config{
		Token: Token(token),
		Serve: func(l net.Listener) error {
			server := &http.Server{Handler: echo, ReadHeaderTimeout: time.Minute}
			return server.Serve(l)
		},
		Changed: func(s Status) {
			to := failed
			if s.State == Online {
				to = online
			}
			if s.State == Online || s.State == Failed {
				select {
				case to <- s:
				default:
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer tunnel.Close()
	select {
	case s := <-online:
		t.Logf("online at %s, account %s, plan %s, region %s", s.URL, s.Account, s.Plan, s.Region)
		if status, text := post(t, http.DefaultClient, s.URL, []byte("hello")); status != http.StatusOK {
			t.Errorf("answered %d %s", status, text)
		}
	case s := <-failed:
		t.Errorf("failed: %s (%s)", s.Reason, s.Code)
	case <-time.After(time.Minute):
		t.Errorf("not online after a minute: %+v", tunnel.Status())
	}
}
