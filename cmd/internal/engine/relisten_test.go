package engine

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
)

// listens reports whether somebody accepts connections there.
func listens(t *testing.T, url string) bool {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

func TestRelisten(t *testing.T) {
	folder := t.TempDir()
	s := start(t, folder, nil)
	old := s.url
	url, err := s.Relisten(t.Context(), "127.0.0.1:0")
	if err != nil || url == old || s.URL() != url {
		t.Fatalf("Relisten = %q, %v, was %q, and URL says %q", url, err, old, s.URL())
	}
	if owner, ok := readOwner(folder); !ok || owner.URL != url {
		t.Errorf("the owner is %+v, want %s", owner, url)
	}
	if listens(t, old) {
		t.Error("it listens at the old address too")
	}
	if status, _ := request(t, http.MethodPut, url+"/klix/x", "{}"); status != http.StatusOK {
		t.Errorf("answer at the new address: %d", status)
	}

	if again, err := s.Relisten(t.Context(), strings.TrimPrefix(url, "http://")); err != nil || again != url {
		t.Errorf("to the same address: %q, %v", again, err)
	}

	// The same port on every address.
	_, port, err := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	wide, err := s.Relisten(t.Context(), "0.0.0.0:"+port)
	if err != nil || !listens(t, url) {
		t.Errorf("to every address: %q, %v, reachable %v", wide, err, listens(t, url))
	}
	if _, err := s.Relisten(t.Context(), "192.0.2.1:"+port); err == nil { // not ours
		t.Error("it listens at an address of somebody else")
	}
	if !listens(t, url) || s.URL() != wide {
		t.Errorf("after a failure it listens: %v, and says %s", listens(t, url), s.URL())
	}

	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	var port2 *PortError
	if _, err := s.Relisten(t.Context(), taken.Addr().String()); !errors.As(err, &port2) {
		t.Errorf("to a taken one: %v, want a PortError", err)
	}
	if status, _ := request(t, http.MethodPut, url+"/klix/x", "{}"); status != http.StatusOK {
		t.Errorf("answer after the failure: %d", status)
	}
}

func TestRelistenAfterClose(t *testing.T) {
	e, err := Open(t.Context(), Config{Folder: t.TempDir(), Getenv: environment(nil)})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Relisten(t.Context(), "127.0.0.1:0"); err == nil {
		t.Error("a closed engine listens")
	}
}
