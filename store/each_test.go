package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hookglass/capture"
)

// Several go through the file at once, and ask it more while they do, with callbacks
// coming and exchanges being hidden, marked and deleted: none waits for ever for a
// connection, and what nobody touches is there once and in its order.
func TestEachBesideEverything(t *testing.T) {
	db := open(t, file(t), Options{Search: true})
	const n = 2400
	ofAFile(t, db, 1, n)
	staged := session(t, db, "Staged", capture.SessionStaged)
	ofAFile(t, db, staged.ID, 10)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	working, stop := context.WithCancel(ctx)
	var changing sync.WaitGroup
	for _, change := range []func() error{
		func() error {
			x := arrival("new")
			if err := db.Create(ctx, x); err != nil {
				return err
			}
			return db.Update(ctx, annotate(clone(x), "klix", "", capture.Invalid))
		},
		func() error {
			_, err := db.Hide(ctx, among(n, 0)...)
			return errors.Join(err, db.Unhide(ctx, among(n, 0)...))
		},
		func() error {
			_, err := db.PinAll(ctx, true, among(n, 1)...)
			return errors.Join(err, db.MarkAll(ctx, "red", among(n, 1)...), db.MarkAll(ctx, "", among(n, 1)...))
		},
		func() error {
			s := &capture.Session{Name: "File", State: capture.SessionStaged}
			if err := db.PutSession(ctx, s); err != nil {
				return err
			}
			if err := db.CreateAll(ctx, []*capture.Exchange{imported("x", s.ID), imported("x", s.ID)}); err != nil {
				return err
			}
			return db.RemoveSession(ctx, s.ID)
		},
	} {
		changing.Go(func() {
			for working.Err() == nil {
				if err := change(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	var steady []int64
	for id := int64(1); id <= n; id++ {
		if id%4 > 1 {
			steady = append(steady, id)
		}
	}
	filters := []string{"", "path:*", "provider:klix", "verified:valid", "-note:nothing", "order:o-1"}
	var reading sync.WaitGroup
	for i, words := range filters {
		reading.Go(func() {
			for range 3 {
				var got []int64
				last := int64(0)
				err := db.Each(ctx, Query{Filter: filter(t, words)}, 0, func(x *capture.Exchange) error {
					if x.ID <= last {
						return fmt.Errorf("exchange %d comes behind %d", x.ID, last)
					}
					if last = x.ID; x.ID <= n && x.ID%4 > 1 {
						got = append(got, x.ID)
					}
					if x.ID%100 == int64(i) {
						return ask(ctx, db, x.ID)
					}
					return nil
				})
				if err != nil || !slices.Equal(got, steady) {
					t.Errorf("%q gives %d of %d, %v", words, len(got), len(steady), err)
					return
				}
			}
		})
	}
	reading.Wait()
	stop()
	changing.Wait()
}

// among are those ids up to n that leave a rest when divided by 4.
func among(n, rest int64) (ids []int64) {
	for id := int64(1); id <= n; id++ {
		if id%4 == rest {
			ids = append(ids, id)
		}
	}
	return ids
}

// ask reads in every way that a window does.
func ask(ctx context.Context, db *DB, id int64) error {
	_, err := db.Counts(ctx, 0)
	_, stats := db.SessionStats(ctx, 1)
	_, list := db.List(ctx, Query{Limit: 10, Filter: capture.Filter{}})
	_, whole := db.Exchange(ctx, id)
	_, bars := db.Histogram(ctx, Query{}, 10)
	_, sessions := db.Sessions(ctx)
	if errors.Is(whole, ErrNotFound) {
		whole = nil
	}
	return errors.Join(err, stats, list, whole, bars, sessions)
}

// Who ends Each, by its context or by an error, waits for all that it has begun.
func TestEachEnds(t *testing.T) {
	db := open(t, file(t), Options{})
	ofAFile(t, db, 1, 5*eachRows)
	enough := errors.New("enough")
	for at := int64(1); at < 5*eachRows; at += 37 {
		ctx, cancel := context.WithCancel(t.Context())
		var running atomic.Int64
		err := db.Each(ctx, Query{}, 0, func(x *capture.Exchange) error {
			running.Add(1)
			defer running.Add(-1)
			if x.ID == at && at%2 == 0 {
				return enough
			}
			if x.ID == at {
				cancel()
			}
			return nil
		})
		cancel()
		if at%2 == 0 && !errors.Is(err, enough) || at%2 == 1 && at < 2*eachRows && !errors.Is(err, context.Canceled) {
			t.Errorf("ended at %d with %v", at, err)
		}
		if in := db.read.Stats().InUse; in != 0 || running.Load() != 0 {
			t.Errorf("ended at %d with %d connections in use", at, in)
		}
	}
}

// What is pinned stays in every list while what is around it is cleared and that is
// taken back: it is neither missed nor there twice.
func TestPinnedWhileCleared(t *testing.T) {
	db := several(t, 20)
	pin(t, db, 5, true)
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			if err := errors.Join(db.HideThrough(context.Background(), 10), db.SetCleared(context.Background(), 0)); err != nil {
				stopped <- err
				return
			}
		}
	}()
	for i := range 2000 {
		ids, err := db.IDsOf(t.Context(), Query{Ascending: i%2 == 0})
		if n := len(ids) - len(slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return id == 5 })); err != nil || n != 1 || (len(ids) != 11 && len(ids) != 20) {
			t.Errorf("listed %v, %v", ids, err)
			break
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}
