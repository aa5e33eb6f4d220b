package viewmodel

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/providers/all"
	"hookglass/store"
)

// pump stands for the screen's goroutine: what is posted waits until the test's
// goroutine drains it.
type pump struct {
	mu    sync.Mutex
	queue []func()
}

func (p *pump) post(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue = append(p.queue, f)
}

func (p *pump) drain() int {
	done := 0
	for {
		p.mu.Lock()
		queue := p.queue
		p.queue = nil
		p.mu.Unlock()
		if len(queue) == 0 {
			return done
		}
		for _, f := range queue {
			f()
			done++
		}
	}
}

// bench is an App on a real store, with the clock standing still.
type bench struct {
	*App
	pump   pump
	engine Backend
	copied string
	opened string
	now    time.Time
}

// newBench makes an App that is not attached yet.
func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{now: time.Date(2026, 3, 4, 10, 42, 18, 0, time.UTC)}
	b.App = New(Config{
		Do: b.pump.post, Version: "0.1.0", Local: time.UTC,
		Now:      func() time.Time { return b.now },
		Settings: filepath.Join(t.TempDir(), "settings.json"),
	})
	b.Screen = Screen{
		Copy:    func(text string) { b.copied = text },
		OpenURL: func(address string) error { b.opened = address; return nil },
		Save:    func(string, []byte) {},
		Focus:   func(Pane) {},
		Raise:   func() {},
		Quit:    func() {},
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// attach gives the App a store of its own with the providers' first endpoints.
func (b *bench) attach(t *testing.T) {
	t.Helper()
	b.attachWith(t, func() {})
}

// attachWith is attach to an engine that more is wired to.
func (b *bench) attachWith(t *testing.T, wire func()) {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "hookglass.db"), store.Options{Changed: b.Arrived})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	set := all.NewSet()
	if err := db.SeedEndpoints(t.Context(), set.Endpoints()); err != nil {
		t.Fatal(err)
	}
	b.engine = Backend{
		Store: db, Set: set, URL: "http://127.0.0.1:4480",
		Mask:      func(target string) string { return capture.MaskTarget(target) },
		Endpoints: set.Endpoints,
		Choices:   func() []capture.Choice { return nil },
	}
	wire()
	b.Attach(&b.engine)
	b.settle()
}

// settle waits until nothing runs and nothing is queued.
func (b *bench) settle() {
	for {
		b.jobs.Wait()
		if b.pump.drain() == 0 {
			return
		}
	}
}
