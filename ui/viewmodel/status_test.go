package viewmodel

import (
	"strings"
	"testing"
	"time"
)

func TestStatusSaysHowThingsStand(t *testing.T) {
	b := newBench(t)
	check := func(when, state string, tone Tone, host string) {
		t.Helper()
		s := b.Status
		if s.State != state || s.Tone != tone || s.Host != host {
			t.Errorf("%s: got %q in tone %d at %q, want %q in tone %d at %q", when, s.State, s.Tone, s.Host, state, tone, host)
		}
	}
	check("before the engine", "Starting", Muted, "")
	b.attach(t)
	check("attached", "Capturing", Good, "127.0.0.1:4480")
	b.Commands.Do("list.pause")
	check("paused", "Capturing, list paused", Warn, "127.0.0.1:4480")
	b.Commands.Do("list.pause")
	check("going on", "Capturing", Good, "127.0.0.1:4480")
	b.Failure = "the port is taken"
	b.Changed.Emit()
	check("failed", "Not started", Bad, "127.0.0.1:4480")
}

func TestStatusWithoutListener(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.engine.URL = ""
	b.Attach(&b.engine)
	b.settle()
	if b.Status.State != "Not listening" || b.Status.Tone != Bad || b.Status.Address != "" {
		t.Errorf("got %q at %q", b.Status.State, b.Status.Address)
	}
	if b.Commands.Do("app.copyurl") {
		t.Error("copied an address where nothing listens")
	}
}

// The size of the file is asked for now and then, not with every callback.
func TestStatusCountsNowAndThen(t *testing.T) {
	b := newBench(t)
	var later []func()
	b.Status.after = func(_ time.Duration, f func()) { later = append(later, f) }
	b.attach(t)
	if b.Status.Stored != "0 stored" || !strings.HasSuffix(b.Status.Size, "B") {
		t.Fatalf("got %q and %q", b.Status.Stored, b.Status.Size)
	}
	for range 5 {
		b.List.Changed.Emit()
		b.settle()
	}
	if len(later) != 1 {
		t.Fatalf("got %d counts put off, want one", len(later))
	}
	asked := b.Status.asked
	b.now = b.now.Add(statsPause)
	later[0]()
	b.settle()
	if !b.Status.asked.After(asked) {
		t.Error("what was put off was not done")
	}
}

func TestSheetHoldsEveryKey(t *testing.T) {
	b := newBench(t)
	got := map[string]bool{}
	places := map[string]bool{}
	for _, group := range b.Commands.Sheet() {
		if places[group.Title] {
			t.Errorf("%s is there twice", group.Title)
		}
		places[group.Title] = true
		for _, line := range group.Shortcuts {
			for _, keys := range line.Keys {
				got[line.Title+": "+keys] = true
			}
		}
	}
	for _, c := range b.Commands.All() {
		for _, key := range c.Keys {
			if want := c.Title + ": " + b.Commands.Shown(key); !got[want] {
				t.Errorf("the sheet lacks %q", want)
			}
		}
	}
}
