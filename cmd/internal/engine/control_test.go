package engine

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// talking is an engine that can only talk: it has no store.
func talking(t *testing.T) *Engine {
	t.Helper()
	e := &Engine{config: Config{Log: slog.New(slog.DiscardHandler)}}
	e.ctx, e.cancel = context.WithCancel(t.Context())
	return e
}

// unknown is a change that is refused before it touches anything.
var unknown = Change{Action: "unknown"}

// flaky is a listener that fails and then accepts, once for each in accepts.
type flaky struct {
	net.Listener
	accepts chan net.Conn // nil: it fails; closed: so is the listener
}

func (l *flaky) Accept() (net.Conn, error) {
	conn, open := <-l.accepts
	switch {
	case !open:
		return nil, net.ErrClosed
	case conn == nil:
		return nil, syscall.EMFILE
	}
	return conn, nil
}

func TestTheControlSocketOutlivesAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, begun := talking(t), time.Now()
		here, there := net.Pipe()
		l := &flaky{accepts: make(chan net.Conn, 20)}
		for range 10 {
			l.accepts <- nil
		}
		l.accepts <- there
		close(l.accepts)
		e.running.Go(func() { e.acceptControl(l) })
		if err := json.NewEncoder(here).Encode(unknown); err != nil {
			t.Fatal(err)
		}
		var reply Reply
		if err := json.NewDecoder(here).Decode(&reply); err != nil || reply.Error == "" || reply.Closing {
			t.Errorf("reply = %+v, %v, want an error of ours", reply, err)
		}
		// 5, 10, 20 … 640 ms, and then a second each.
		if took, want := time.Since(begun), 1275*time.Millisecond+2*time.Second; took != want {
			t.Errorf("the pauses took %v, want %v", took, want)
		}
		e.running.Wait()
	})
}

func TestTheEndOfTheEngineEndsThePauseOfTheControlSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, begun := talking(t), time.Now()
		l := &flaky{accepts: make(chan net.Conn, 1)}
		l.accepts <- nil
		e.running.Go(func() { e.acceptControl(l) })
		synctest.Wait()
		e.cancel()
		e.running.Wait()
		if took := time.Since(begun); took != 0 {
			t.Errorf("the end took %v", took)
		}
	})
}

func TestASilentAskerHoldsNothingUp(t *testing.T) {
	t.Run("it is given up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e, begun := talking(t), time.Now()
			here, there := net.Pipe()
			e.running.Go(func() { _ = e.converse(there) })
			var reply Reply
			if err := json.NewDecoder(here).Decode(&reply); err != nil || reply.Error == "" || reply.Closing {
				t.Errorf("reply = %+v, %v, want an error", reply, err)
			}
			if took := time.Since(begun); took != hearTimeout {
				t.Errorf("it was given up after %v, want %v", took, hearTimeout)
			}
			e.running.Wait()
		})
	})
	t.Run("the end of the engine", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e, begun := talking(t), time.Now()
			here, there := net.Pipe()
			e.running.Go(func() { _ = e.converse(there) })
			synctest.Wait() // it listens to nobody
			e.cancel()
			var reply Reply
			if err := json.NewDecoder(here).Decode(&reply); err != nil || !reply.Closing {
				t.Errorf("reply = %+v, %v, want that it is closing", reply, err)
			}
			e.running.Wait()
			if took := time.Since(begun); took != 0 {
				t.Errorf("the end took %v", took)
			}
		})
	})
	t.Run("the others", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e, begun := talking(t), time.Now()
			silent, one := net.Pipe()
			here, two := net.Pipe()
			l := &flaky{accepts: make(chan net.Conn, 2)}
			l.accepts <- one
			l.accepts <- two
			close(l.accepts)
			e.running.Go(func() { e.acceptControl(l) })
			if err := json.NewEncoder(here).Encode(unknown); err != nil {
				t.Fatal(err)
			}
			var reply Reply
			if err := json.NewDecoder(here).Decode(&reply); err != nil || reply.Error == "" {
				t.Errorf("reply = %+v, %v", reply, err)
			}
			if took := time.Since(begun); took != 0 {
				t.Errorf("the reply took %v", took)
			}
			if err := silent.Close(); err != nil {
				t.Error(err)
			}
			e.running.Wait()
		})
	})
}

// Conversations go on at once, but of two changes that read the keys the earlier
// reading must not be the one that stays.
func TestChangesAreMadeOneAtATime(t *testing.T) {
	var reading func()
	getenv := func(name string) string {
		if reading != nil {
			reading()
		}
		return environment(nil)(name)
	}
	e, err := Open(t.Context(), Config{Folder: t.TempDir(), Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close(context.WithoutCancel(t.Context())) }()
	read := 0
	reading = func() {
		read++
		if e.changing.TryLock() {
			e.changing.Unlock()
			t.Error("another change could begin while the keys are read")
		}
	}
	if _, err := e.apply(t.Context(), Change{Action: KeysChanged, Provider: "klix"}); err != nil || read == 0 {
		t.Errorf("the environment was read %d times (%v)", read, err)
	}
}

func TestListenAndCloseAtOnce(t *testing.T) {
	e, err := Open(t.Context(), Config{Folder: t.TempDir(), Getenv: environment(nil)})
	if err != nil {
		t.Fatal(err)
	}
	var listening sync.WaitGroup
	urls := make(chan string, 4)
	for range cap(urls) {
		listening.Go(func() {
			url, err := e.Listen(t.Context(), "127.0.0.1:0", false)
			if err != nil {
				t.Error(err)
			}
			urls <- url
		})
	}
	listening.Wait()
	close(urls)
	seen := map[string]bool{}
	for url := range urls {
		seen[url] = true
	}
	if owner, _ := readOwner(e.config.Folder); len(seen) != cap(urls) || !seen[owner.URL] {
		t.Errorf("urls %v, the owner's %s", seen, owner.URL)
	}
	for range 2 {
		listening.Go(func() {
			if err := e.Close(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		})
	}
	listening.Wait()
	if _, err := e.Listen(t.Context(), "127.0.0.1:0", false); err == nil {
		t.Error("a closed engine listens")
	}
}
