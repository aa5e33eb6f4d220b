package viewmodel

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

// listBench is a bench whose timers fire when the test says so.
type listBench struct {
	*bench
	mu     sync.Mutex
	timers []func()
	count  int
}

func newListBench(t *testing.T) *listBench {
	t.Helper()
	b := &listBench{bench: newBench(t)}
	b.List.after = func(_ time.Duration, f func()) { b.later(f) }
	b.attach(t)
	b.tick()
	return b
}

// later sets a timer.
func (b *listBench) later(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.timers = append(b.timers, f)
}

// tick has every timer fire that is set by now, and lets all come to rest.
func (b *listBench) tick() {
	b.settle()
	b.mu.Lock()
	timers := b.timers
	b.timers = nil
	b.mu.Unlock()
	for _, f := range timers {
		f()
	}
	b.settle()
}

// come keeps a callback, answered unless change says otherwise.
func (b *listBench) come(t *testing.T, change func(*capture.Exchange)) int64 {
	t.Helper()
	b.count++
	x := &capture.Exchange{
		Via: capture.ViaLocal, State: capture.StateReceived, Endpoint: "/x",
		Request: capture.Request{
			Received: b.now, Method: "POST", Target: fmt.Sprintf("/x/%d", b.count), Proto: "HTTP/1.1",
			Head: []byte("POST /x HTTP/1.1\r\nHost: a\r\n\r\n"), Size: 496,
		},
	}
	pending := *x
	if err := b.engine.Store.Create(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	id := x.ID
	x.State = capture.StateAnswered
	x.Response = &capture.Response{Status: 200, By: capture.ByDefault, Timing: capture.Timing{Answered: b.now, Took: 4 * time.Millisecond}}
	if change != nil {
		change(x)
	}
	if x.State != pending.State || x.Response != nil {
		if err := b.engine.Store.Update(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		if err := b.engine.Store.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

// comes keeps n callbacks and shows them.
func (b *listBench) comes(t *testing.T, n int) []int64 {
	t.Helper()
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = b.come(t, nil)
	}
	b.tick()
	return ids
}

// rows are the rows as text: "#3 /x/3 200", a selected one with *, the current
// one with >.
func (b *listBench) rows() string {
	for i := range b.List.Len() { // asks for what is not there yet
		b.List.Row(i)
		b.settle()
	}
	var lines []string
	for i := range b.List.Len() {
		row := b.List.Row(i)
		line := fmt.Sprintf("%s %s", row.Path, row.Answer)
		switch {
		case row.Kind == RowWaiting:
			line = "waiting"
		case row.Title != "":
			line = row.Title
		}
		if row.Current {
			line = ">" + line
		} else if row.Selected {
			line = "*" + line
		}
		if row.Day != "" {
			line = "[" + row.Day + "] " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

func (b *listBench) wantRows(t *testing.T, want string) {
	t.Helper()
	if got := b.rows(); got != want {
		t.Errorf("rows\n got %s\nwant %s", got, want)
	}
}

func provider(id string) func(*capture.Exchange) {
	return func(x *capture.Exchange) {
		x.Annotation.Provider, x.Annotation.Verification.Status = id, capture.Unsigned
	}
}

// foundPart is a part of what a search finds.
func foundPart(ids []int64, scanned, total int64, done bool) store.Found {
	return store.Found{IDs: ids, Scanned: scanned, Total: total, Done: done}
}
