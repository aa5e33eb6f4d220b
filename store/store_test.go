package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hookglass/capture"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB, path string, o Options) *DB {
	t.Helper()
	db, err := Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func file(t testing.TB) string { return filepath.Join(t.TempDir(), "data", "hookglass.db") }

// arrival is a request as the handler passes it on.
func arrival(body string) *capture.Exchange {
	return &capture.Exchange{
		State: capture.StateReceived, Via: capture.ViaLocal, Endpoint: "/klix/*",
		Request: capture.Request{
			Received: time.Date(2024, 3, 1, 10, 0, 0, 123456789, time.UTC),
			Remote:   "127.0.0.1:50000", Source: "127.0.0.1", Method: "POST", Target: "/klix/x?a=\xff\x00b", Proto: "HTTP/1.1", Host: "h.test",
			Head: []byte("POST /klix/x HTTP/1.1\r\nhost: h.test\r\nX-B: 1\r\nx-b: 2\r\n\r\n"), Exact: true,
			Header:   capture.Fields{{Name: "host", Value: "h.test"}, {Name: "X-B", Value: "1"}, {Name: "x-b", Value: "2"}},
			Trailers: capture.Fields{{Name: "X-T", Value: "\xe9\"\\"}, {Name: "X-T", Value: "ü"}},
			Body:     []byte(body), Size: int64(len(body)),
		},
	}
}

// annotate makes of an arrival what the handler passes to Update.
func annotate(x *capture.Exchange, provider, delivery string, status capture.Status) *capture.Exchange {
	x.State = capture.StateAnswered
	x.Annotation = capture.Annotation{
		Provider: provider, Event: "purchase.paid", Summary: "Paid", Order: "o-1", Delivery: delivery, AtArrival: status,
		Verification: capture.Verification{Status: status, Scheme: "s", Header: "X-Sig", Key: "live", Reason: "It matches."},
	}
	x.Response = &capture.Response{
		Status: 200, Header: capture.Fields{{Name: "Content-Type", Value: "text/plain"}}, Body: []byte("{}"),
		By: capture.ByPreset, Preset: "accepted",
		Timing: capture.Timing{Answered: x.Request.Received.Add(time.Second), Took: time.Second},
	}
	return x
}

func create(t testing.TB, db *DB, x *capture.Exchange) *capture.Exchange {
	t.Helper()
	if err := db.Create(context.Background(), x); err != nil {
		t.Fatal(err)
	}
	return x
}

func update(t testing.TB, db *DB, xs ...*capture.Exchange) {
	t.Helper()
	for _, x := range xs {
		if err := db.Update(context.Background(), x); err != nil {
			t.Fatal(err)
		}
	}
	flush(t, db)
}

func flush(t testing.TB, db *DB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := db.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

func load(t testing.TB, db *DB, id int64) *capture.Exchange {
	t.Helper()
	x, err := db.Exchange(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// clone copies an exchange deeply enough to outlive Update.
func clone(x *capture.Exchange) *capture.Exchange {
	c := *x
	return &c
}

func TestRoundTrip(t *testing.T) {
	path := file(t)
	db := open(t, path, Options{})
	x := create(t, db, arrival("body \x00\xff"))
	if x.ID != 1 || x.UID == "" {
		t.Fatalf("id %d, uid %q, want 1 and a uid", x.ID, x.UID)
	}
	check := func(db *DB, want *capture.Exchange) {
		t.Helper()
		if got := load(t, db, want.ID); !reflect.DeepEqual(got, want) {
			t.Errorf("got\n%+v\nwant\n%+v", got, want)
		}
	}
	check(db, x)
	want := clone(annotate(x, "klix", "d", capture.Valid))
	update(t, db, x)
	want.Annotation.Attempt = 1
	check(db, want)
	if x.Request.Body != nil {
		t.Error("Update keeps the body in memory")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Create(t.Context(), arrival("")); !errors.Is(err, ErrClosed) {
		t.Errorf("Create after Close: %v, want ErrClosed", err)
	}
	if err := db.Update(t.Context(), x); !errors.Is(err, ErrClosed) {
		t.Errorf("Update after Close: %v, want ErrClosed", err)
	}

	db = open(t, path, Options{})
	check(db, want)
	byUID, err := db.ByUID(t.Context(), want.UID)
	if err != nil || byUID.ID != want.ID {
		t.Errorf("ByUID = %v, %v", byUID, err)
	}
	for _, uid := range []string{capture.NewUID(time.Now()), "", "0123", "018f0000-0000-7000-8000-00000000000g"} {
		if _, err := db.ByUID(t.Context(), uid); !errors.Is(err, ErrNotFound) {
			t.Errorf("ByUID(%q): %v, want ErrNotFound", uid, err)
		}
	}
	if _, err := db.Exchange(t.Context(), 99); !errors.Is(err, ErrNotFound) {
		t.Errorf("Exchange(99): %v, want ErrNotFound", err)
	}
}

func TestFinishedCreate(t *testing.T) {
	db := open(t, file(t), Options{})
	x := annotate(arrival("b"), "klix", "d", capture.Invalid)
	x.State, x.Error = capture.StateRefused, "No Host."
	create(t, db, x)
	if got := load(t, db, x.ID); !reflect.DeepEqual(got, x) || got.Annotation.Attempt != 1 {
		t.Errorf("got\n%+v\nwant\n%+v", got, x)
	}
}

func TestLargeBodyAndAnswer(t *testing.T) {
	db := open(t, file(t), Options{})
	x := arrival("")
	x.Request.Body = bytes.Repeat([]byte("0123456789abcdef"), 2<<20) // 32 MiB
	x.Request.Size = int64(len(x.Request.Body))
	body := x.Request.Body
	create(t, db, x)
	answer := bytes.Repeat([]byte("answer"), 10_000)
	annotate(x, "klix", "", capture.Valid).Response.Body = answer
	update(t, db, x)
	got := load(t, db, x.ID)
	if !bytes.Equal(got.Request.Body, body) || !bytes.Equal(got.Response.Body, answer) {
		t.Error("a large body or answer came back changed")
	}
	if n, err := db.Delete(t.Context(), x.ID); n != 1 || err != nil {
		t.Fatalf("Delete = %d, %v", n, err)
	}
	for _, table := range []string{"exchange", "message", "answer"} {
		var n int
		if err := db.read.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s holds %d rows, %v, want none", table, n, err)
		}
	}
}

func TestSharedAnswers(t *testing.T) {
	path := file(t)
	for range 2 { // what an earlier process kept must not be mistaken for new
		db := open(t, path, Options{})
		for i := range 2 * maxKnownAnswers {
			x := create(t, db, arrival("b"))
			answer := fmt.Sprint(i % 2)
			annotate(x, "klix", "", capture.Valid).Response.Body = []byte(answer)
			update(t, db, x)
			if got := string(load(t, db, x.ID).Response.Body); got != answer {
				t.Fatalf("answer %q, want %q", got, answer)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t, path, Options{})
	var n int
	if err := db.read.QueryRowContext(t.Context(), "SELECT count(*) FROM answer").Scan(&n); err != nil || n != 4 {
		t.Errorf("%d answers kept, %v, want 4: two of each process", n, err)
	}
}

func TestGroupCommit(t *testing.T) {
	var mu sync.Mutex
	seen := map[int64]int{}
	path := file(t)
	db := open(t, path, Options{Changed: func(x *capture.Exchange, _ Kept) {
		mu.Lock()
		defer mu.Unlock()
		seen[x.ID]++
	}})
	const creators, each = 64, 20
	uids := make([][]string, creators)
	var wg sync.WaitGroup
	for i := range creators {
		wg.Go(func() {
			for j := range each {
				x := arrival(fmt.Sprint(i, j))
				if err := db.Create(t.Context(), x); err != nil {
					t.Error(err)
					return
				}
				uids[i] = append(uids[i], x.UID)
				if err := db.Update(t.Context(), annotate(x, "klix", x.UID, capture.Valid)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, Options{})
	ids := map[int64]bool{}
	for i := range creators {
		for j, uid := range uids[i] {
			x, err := db.ByUID(t.Context(), uid)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := string(x.Request.Body), fmt.Sprint(i, j); got != want || x.State != capture.StateAnswered || x.Annotation.Attempt != 1 {
				t.Fatalf("body %q, state %s, attempt %d, want %q, answered, 1", got, x.State, x.Annotation.Attempt, want)
			}
			if seen[x.ID] != 2 {
				t.Errorf("Changed was called %d times for %d, want 2", seen[x.ID], x.ID)
			}
			ids[x.ID] = true
		}
	}
	if len(ids) != creators*each || !ids[1] || !ids[creators*each] {
		t.Errorf("%d ids, want 1 to %d", len(ids), creators*each)
	}
	if err := db.IntegrityCheck(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestIDsNeverReused(t *testing.T) {
	path := file(t)
	db := open(t, path, Options{})
	for range 3 {
		create(t, db, arrival("b"))
	}
	if n, err := db.Delete(t.Context(), 2, 3, 3, 77); n != 2 || err != nil {
		t.Fatalf("Delete = %d, %v, want 2", n, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, Options{})
	if x := create(t, db, arrival("b")); x.ID != 4 {
		t.Errorf("id %d, want 4", x.ID)
	}
	update(t, db, annotate(&capture.Exchange{ID: 3, Via: capture.ViaLocal}, "klix", "d", capture.Valid)) // of a deleted one
	if x := create(t, db, annotate(arrival("b"), "klix", "d", capture.Valid)); x.Annotation.Attempt != 1 {
		t.Errorf("attempt %d, want 1: the update before was of a deleted exchange", x.Annotation.Attempt)
	}
}

func TestCreateGivenUp(t *testing.T) {
	db := open(t, file(t), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	// The writer is busy with a call while the Create is given up.
	started, proceed := make(chan struct{}), make(chan struct{})
	called := make(chan error, 1)
	go func() {
		called <- db.call(t.Context(), func(*writer) error { close(started); <-proceed; return nil })
	}()
	<-started
	x := arrival("b")
	cancel()
	if err := db.Create(ctx, x); !errors.Is(err, context.Canceled) || x.ID != 0 {
		t.Errorf("Create = %v, id %d, want context.Canceled and 0", err, x.ID)
	}
	close(proceed)
	if err := <-called; err != nil {
		t.Fatal(err)
	}
	create(t, db, arrival("c"))
	if s, err := db.Stats(t.Context()); err != nil || s.Exchanges != 1 {
		t.Errorf("%+v, %v, want one exchange", s, err)
	}
}

func TestBadExchangeHarmsNoOther(t *testing.T) {
	db := open(t, file(t), Options{})
	first := create(t, db, arrival("a"))
	waiting := clone(first)
	bad := arrival("bad")
	bad.UID = first.UID
	good := []*capture.Exchange{arrival("b"), arrival("c")}
	// All of them in one batch.
	var wg sync.WaitGroup
	errs := make([]error, 3)
	if err := db.call(t.Context(), func(w *writer) error {
		for i, x := range []*capture.Exchange{good[0], bad, good[1]} {
			wg.Go(func() { errs[i] = db.Create(t.Context(), x) })
		}
		for len(w.creations) < 3 {
			runtime.Gosched()
		}
		w.changes <- change{x: annotate(waiting, "klix", "d", capture.Valid)}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	flush(t, db)
	if errs[0] != nil || errs[1] == nil || errs[2] != nil {
		t.Errorf("errors %v, want only the second", errs)
	}
	if ids := []int64{good[0].ID + good[1].ID, bad.ID}; ids[0] != 2+3 || ids[1] != 0 {
		t.Errorf("ids %d, %d and %d, want 2, 3 and 0", good[0].ID, good[1].ID, bad.ID)
	}
	if got := load(t, db, first.ID); got.State != capture.StateAnswered || got.Annotation.Attempt != 1 {
		t.Errorf("state %s, attempt %d, want the update kept", got.State, got.Annotation.Attempt)
	}
	bad.UID = "no uid"
	if err := db.Create(t.Context(), bad); !errors.Is(err, errUID) {
		t.Errorf("Create = %v, want errUID", err)
	}
}

// A Flush waits for the update before it also where the commit that both were to
// be part of had to be tried again without a bad exchange.
func TestFlushBesideABadExchange(t *testing.T) {
	db := open(t, file(t), Options{})
	x := create(t, db, arrival("a"))
	bad := &creation{x: arrival("bad"), done: make(chan error, 1)}
	bad.x.UID = x.UID
	flushed := make(chan error, 1)
	if err := db.call(t.Context(), func(w *writer) error {
		w.creations <- bad
		w.changes <- change{x: annotate(x, "klix", "d", capture.Valid)}
		w.changes <- change{flushed: flushed}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := <-bad.done; err == nil {
		t.Error("two exchanges have one UID")
	}
	if err := <-flushed; err != nil {
		t.Error(err)
	}
	if got := load(t, db, x.ID); got.State != capture.StateAnswered {
		t.Errorf("state %s after Flush, want answered", got.State)
	}
}

func TestModesAndPragmas(t *testing.T) {
	path := file(t)
	db := open(t, path, Options{})
	create(t, db, arrival("b"))
	mode, synchronous, err := db.Pragmas(t.Context())
	if err != nil || mode != "wal" || synchronous != 2 {
		t.Errorf("journal mode %q, synchronous %d, %v, want wal and 2", mode, synchronous, err)
	}
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	for name, want := range map[string]os.FileMode{filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, %v, want %v", name, info.Mode(), err, want)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, path, Options{})
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of an existing file %v, %v, want 0600", info.Mode(), err)
	}
}

// A build without the tag says so: see fts5_missing_test.go.
func TestFTS5(t *testing.T) {
	db := open(t, file(t), Options{})
	if err := db.call(t.Context(), func(w *writer) error {
		_, err := execute(w.conn, "CREATE VIRTUAL TABLE temp.proof USING fts5(text)")
		return err
	}); err != nil {
		t.Error(err)
	}
}
