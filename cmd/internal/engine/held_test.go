package engine

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

// holdRule keeps senders at a path waiting for a person.
func holdRule(endpoint string) capture.Rule {
	return capture.Rule{
		Name: "wait", Enabled: true, Endpoint: endpoint, Kind: capture.RuleHold,
		Params: capture.RuleParams{For: 9 * time.Minute, Answer: capture.RuleAnswer{Status: 504}},
	}
}

// sendOff sends a callback apart, and returns where the status of its answer
// comes.
func (r *ruled) sendOff(t *testing.T, path string) <-chan int {
	t.Helper()
	status := make(chan int, 1)
	go func() {
		got, _ := request(t, http.MethodPost, r.url+path, `{"orderId":7}`)
		status <- got
	}()
	return status
}

// waitHeld waits until so many callbacks are held, and returns them.
func (r *ruled) waitHeld(t *testing.T, n int) []capture.Held {
	t.Helper()
	end := time.After(failAfter)
	for {
		if held := r.Held(); len(held) == n {
			return held
		}
		select {
		case <-r.held:
		case <-end:
			t.Fatalf("%d callbacks are held, want %d", len(r.Held()), n)
		}
	}
}

func wantStatus(t *testing.T, status <-chan int, want int) {
	t.Helper()
	select {
	case got := <-status:
		if got != want {
			t.Errorf("answered %d, want %d", got, want)
		}
	case <-time.After(failAfter):
		t.Errorf("there is no answer, want %d", want)
	}
}

// counted returns what the sidebar counts as held, and the state and sender of
// the newest callback.
func (r *ruled) counted(t *testing.T) (held int64, newest capture.Exchange) {
	t.Helper()
	if err := r.Store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	counts, err := r.Store.Counts(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := r.Store.List(t.Context(), store.Query{Limit: 1})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return counts.Held, rows[0]
}

func TestHeldCallbacks(t *testing.T) {
	r := startRuled(t, t.TempDir())
	r.put(t, holdRule("/komet/confirm"), false)
	status := r.sendOff(t, "/komet/confirm")
	held := r.waitHeld(t, 1)
	if h := held[0]; h.RuleName != "wait" || h.Provider != "komet" || h.Path != "/komet/confirm" || h.Exchange == 0 {
		t.Errorf("held is %+v", h)
	}
	n, x := r.counted(t)
	if n != 1 || x.State != capture.StateHeld || x.Annotation.Provider != "komet" || x.Response != nil {
		t.Errorf("while it waits %d are held, the newest %s of %q", n, x.State, x.Annotation.Provider)
	}
	if err := r.AnswerHeld(t.Context(), held[0].Exchange, capture.RuleAnswer{Status: 42}); err == nil || errors.Is(err, capture.ErrNotHeld) {
		t.Errorf("the status 42 gave %v", err)
	}
	if err := r.AnswerHeld(t.Context(), held[0].Exchange, capture.RuleAnswer{Status: 409, Body: "no"}); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, status, 409)
	r.waitHeld(t, 0)
	if err := r.ReleaseHeld(t.Context(), held[0].Exchange); !errors.Is(err, capture.ErrNotHeld) {
		t.Errorf("answered twice: %v", err)
	}

	second := r.sendOff(t, "/komet/confirm")
	if err := r.ReleaseHeld(t.Context(), r.waitHeld(t, 1)[0].Exchange); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, second, 504)

	// Every sender is answered before the store closes.
	third := r.sendOff(t, "/komet/confirm")
	id := r.waitHeld(t, 1)[0].Exchange
	if err := r.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, third, 504)
	db, err := store.OpenReader(t.Context(), r.Store.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	want := map[int64]struct {
		by     capture.By
		status int
	}{held[0].Exchange: {capture.ByHand, 409}, held[0].Exchange + 1: {capture.ByRule, 504}, id: {capture.ByRule, 504}}
	for id, want := range want {
		x, err := db.Exchange(t.Context(), id)
		if err != nil || x.State != capture.StateAnswered || x.Response == nil {
			t.Fatalf("callback %d: %+v, %v", id, x, err)
		}
		if x.Response.By != want.by || x.Response.Status != want.status || x.Response.RuleName != "wait" || x.Annotation.Attempt != 0 && x.Annotation.AtArrival == "" {
			t.Errorf("callback %d is kept as %+v, want %d by %s", id, x.Response, want.status, want.by)
		}
	}
	if counts, err := db.Counts(t.Context(), 0); err != nil || counts.Held != 0 {
		t.Errorf("%d are held after the end, %v", counts.Held, err)
	}
}

// A killed process leaves no callback held.
func TestHeldByAKilledProcess(t *testing.T) {
	folder := t.TempDir()
	r := startRuled(t, folder)
	x := &capture.Exchange{UID: capture.NewUID(time.Now()), State: capture.StateReceived, Via: capture.ViaLocal, Request: capture.Request{Received: time.Now(), Method: "POST", Target: "/x"}}
	if err := r.Store.Create(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	id := x.ID
	x.State = capture.StateHeld
	r.heldBegan(x)
	if n, _ := r.counted(t); n != 1 {
		t.Errorf("%d are held, want 1", n)
	}
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	r = startRuled(t, folder)
	left, err := r.Store.Exchange(t.Context(), id)
	if err != nil || left.State != capture.StateUnknown || left.Error == "" {
		t.Errorf("it is %+v after the next start, %v", left, err)
	}
}

// What one process holds another one sees and answers.
func TestHeldByAnotherProcess(t *testing.T) {
	r := startRuled(t, t.TempDir())
	r.put(t, holdRule(""), false)
	status := r.sendOff(t, "/x")
	r.waitHeld(t, 1)
	folder := r.config.Folder
	held, err := Waiting(t.Context(), folder)
	if err != nil || len(held) != 1 || held[0].Path != "/x" || held[0].Fallback == "" || held[0].Until.IsZero() {
		t.Fatalf("held is %+v, %v", held, err)
	}
	ids := []int64{held[0].Exchange}
	config := Config{Folder: folder, Getenv: environment(nil)}
	if _, err := Apply(t.Context(), config, Change{Action: AnswerHeld, IDs: ids, Answer: capture.RuleAnswer{Preset: "nonsense"}}); err == nil {
		t.Error("a preset that nobody has was an answer")
	}
	if _, err := Apply(t.Context(), config, Change{Action: AnswerHeld, IDs: ids, Answer: capture.RuleAnswer{Status: 418}}); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, status, 418)
	if _, err := Apply(t.Context(), config, Change{Action: ReleaseHeld, IDs: ids}); !errors.Is(err, capture.ErrNotHeld) {
		t.Errorf("answered again: %v, want ErrNotHeld", err)
	}
	if held, err := Waiting(t.Context(), t.TempDir()); err != nil || len(held) != 0 {
		t.Errorf("where nobody captures: %v, %v", held, err)
	}
}

// A rule that holds is no choice, however it is named.
func TestAHoldNamedAsItsEndpoint(t *testing.T) {
	r := startRuled(t, t.TempDir())
	hold := holdRule("/komet/confirm")
	hold.Name, hold.Params.Answer = hold.Endpoint, capture.RuleAnswer{Preset: "komet-0"}
	r.put(t, hold, false)
	status := r.sendOff(t, "/komet/confirm")
	id := r.waitHeld(t, 1)[0].Exchange
	if err := r.ReleaseHeld(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, status, 200)
	if x := r.waitStored(t, id); x.Response.By != capture.ByRule || x.Response.Preset != "komet-0" {
		t.Errorf("kept as %+v, want komet-0 by the rule", x.Response)
	}
}

// Quitting answers everybody who waits.
func TestQuittingAnswersAllThatAreHeld(t *testing.T) {
	r := startRuled(t, t.TempDir())
	r.put(t, holdRule(""), false)
	const many = 200
	var statuses []<-chan int
	for range many {
		statuses = append(statuses, r.sendOff(t, "/x"))
	}
	r.waitHeld(t, many)
	if n, _ := r.counted(t); n != many {
		t.Errorf("%d are counted as held, want %d", n, many)
	}
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, status := range statuses {
		wantStatus(t, status, 504)
	}
	db, err := store.OpenReader(t.Context(), r.Store.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.List(t.Context(), store.Query{State: capture.StateAnswered, Limit: many + 1})
	if err != nil || len(rows) != many {
		t.Errorf("%d are kept as answered, %v, want %d", len(rows), err, many)
	}
}
