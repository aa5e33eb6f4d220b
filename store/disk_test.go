package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"hookglass/capture"
)

// fill lets the file grow no more; release lets it again.
func fill(t testing.TB, db *DB) {
	t.Helper()
	limitPages(t, db, "PRAGMA max_page_count = 1") // SQLite takes the present size
}

func release(t testing.TB, db *DB) {
	t.Helper()
	limitPages(t, db, "PRAGMA max_page_count = 1000000000")
}

// limitPages works outside a transaction: a call would be refused by the full
// disk that it is to end.
func limitPages(t testing.TB, db *DB, pragma string) {
	t.Helper()
	if err := db.call(context.Background(), func(w *writer) error {
		_, err := queryInt(w.conn, pragma)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

const big = 100 << 10

func TestFullDisk(t *testing.T) {
	path := file(t)
	db := open(t, path, Options{})
	kept := create(t, db, arrival("first"))
	fill(t, db)

	large := make([]byte, big)
	for range 3 {
		x := arrival(string(large))
		err := db.Create(t.Context(), x)
		if !errors.Is(err, capture.ErrFull) || x.ID != 0 {
			t.Fatalf("Create on a full disk: %v, id %d, want ErrFull and 0", err, x.ID)
		}
	}
	// An update that needs room waits for it.
	annotate(kept, "klix", "d", capture.Valid).Response.Body = large
	if err := db.Update(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	if err := db.Create(t.Context(), arrival(string(large))); !errors.Is(err, capture.ErrFull) {
		t.Fatalf("Create beside an update: %v, want ErrFull", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	if err := db.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Flush on a full disk: %v, want it to wait", err)
	}
	cancel()
	if got := load(t, db, 1); got.State != capture.StateReceived {
		t.Errorf("state %s, want received", got.State)
	}

	release(t, db)
	flush(t, db) // by itself, after the pause
	if got := load(t, db, 1); len(got.Response.Body) != big || got.Annotation.Attempt != 1 {
		t.Errorf("answer of %d bytes, attempt %d, want the update kept", len(got.Response.Body), got.Annotation.Attempt)
	}
	if x := create(t, db, arrival("second")); x.ID != 2 {
		t.Errorf("id %d after failures, want 2", x.ID)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, Options{})
	if s, err := db.Stats(t.Context()); err != nil || s.Exchanges != 2 || s.Newest != 2 {
		t.Errorf("%+v, %v, want two exchanges", s, err)
	}
	if err := db.IntegrityCheck(t.Context()); err != nil {
		t.Error(err)
	}
}

// A Create right after the failures takes the waiting updates with it, and the
// numbers of attempts are right although a batch was rolled back.
func TestUpdatesOutliveFailures(t *testing.T) {
	db := open(t, file(t), Options{})
	var xs []*capture.Exchange
	for range 20 {
		xs = append(xs, create(t, db, arrival("b")))
	}
	fill(t, db)
	for i, x := range xs {
		annotate(x, "klix", "d", capture.Valid).Response.Body = []byte(fmt.Sprint(i, string(make([]byte, big))))
		if err := db.Update(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Create(t.Context(), arrival(string(make([]byte, big)))); !errors.Is(err, capture.ErrFull) {
		t.Fatalf("Create: %v, want ErrFull", err)
	}
	release(t, db)
	create(t, db, arrival("b"))
	flush(t, db)
	wantAttempts(t, db, "klix", "d", upTo(20))
}

func TestUpdateBlocksWhenFull(t *testing.T) {
	db := open(t, file(t), Options{})
	x := create(t, db, arrival("b"))
	annotate(x, "klix", "d", capture.Valid).Response.Body = make([]byte, big)
	fill(t, db)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for range 2 * maxChanges {
		if err := db.Update(ctx, clone(x)); err != nil {
			t.Fatal(err)
		}
	}
	blocked, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	if err := db.Update(blocked, clone(x)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Update with a full queue: %v, want it to block", err)
	}
	// One that blocks when the store closes is told so; what is queued is lost,
	// and Close says it.
	told := make(chan error, 1)
	go func() { told <- db.Update(t.Context(), clone(x)) }()
	if err := db.Close(); !errors.Is(err, capture.ErrFull) {
		t.Errorf("Close = %v, want ErrFull", err)
	}
	if err := <-told; !errors.Is(err, ErrClosed) {
		t.Errorf("Update = %v, want ErrClosed", err)
	}
}

// A failed Create with nothing else queued starts a pause too: what comes in it
// is tried at its end.
func TestUpdateAfterFailedCreate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		updated := make(chan int64, 1)
		db := open(t, file(t), Options{Changed: func(x *capture.Exchange, kept Kept) {
			if kept == Outcome {
				updated <- x.ID
			}
		}})
		x := create(t, db, arrival("b"))
		fill(t, db)
		if err := db.Create(t.Context(), arrival(string(make([]byte, big)))); !errors.Is(err, capture.ErrFull) {
			t.Fatalf("Create: %v, want ErrFull", err)
		}
		if err := db.Flush(t.Context()); err != nil {
			t.Errorf("Flush of nothing on a full disk: %v, want nil", err)
		}
		release(t, db)
		start := time.Now()
		if err := db.Update(t.Context(), annotate(x, "klix", "d", capture.Valid)); err != nil {
			t.Fatal(err)
		}
		select {
		case <-updated:
			if took := time.Since(start); took > retryWait {
				t.Errorf("the update waited %v, want at most %v", took, retryWait)
			}
		case <-time.After(time.Hour):
			t.Error("the update waits for ever")
		}
	})
}
