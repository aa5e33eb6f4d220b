package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"hookglass/capture"
)

// attemptsOf returns the attempts of a delivery in the order of ids.
func attemptsOf(t testing.TB, db *DB, provider, delivery string) []int {
	t.Helper()
	rows, err := db.read.QueryContext(context.Background(), "SELECT attempt"+ofDelivery+"ORDER BY id", provider, delivery)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []int
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		all = append(all, n)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i + 1
	}
	return all
}

func wantAttempts(t testing.TB, db *DB, provider, delivery string, want []int) {
	t.Helper()
	if got := attemptsOf(t, db, provider, delivery); !slices.Equal(got, want) {
		t.Errorf("attempts of %s %s: %v, want %v", provider, delivery, got, want)
	}
}

func TestAttemptsInAnyOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	orders := map[string]func([]*capture.Exchange){
		"in order": func([]*capture.Exchange) {},
		"backward": func(xs []*capture.Exchange) { slices.Reverse(xs) },
		"shuffled": func(xs []*capture.Exchange) {
			random.Shuffle(len(xs), func(i, j int) { xs[i], xs[j] = xs[j], xs[i] })
		},
	}
	const keys, each = 3, 40
	for name, order := range orders {
		for _, batch := range []int{1, 7, keys * each} {
			t.Run(fmt.Sprint(name, batch), func(t *testing.T) {
				var xs []*capture.Exchange
				numbers := map[int64]int{}
				db := open(t, file(t), Options{Changed: func(x *capture.Exchange, _ Kept) { numbers[x.ID] = x.Annotation.Attempt }})
				for i := range keys * each {
					x := arrival("b")
					if i%5 == 0 {
						x.Via = capture.ViaReplay // does not count
					}
					create(t, db, x)
					xs = append(xs, annotate(x, "klix", fmt.Sprint("d", i%keys), capture.Valid))
				}
				order(xs)
				for some := range slices.Chunk(xs, batch) {
					update(t, db, some...)
				}
				live := 0
				for k := range keys {
					wantAttempts(t, db, "klix", fmt.Sprint("d", k), upTo(each*4/5))
					live += each * 4 / 5
				}
				wantAttempts(t, db, "mintsoft", "d0", nil)
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				if name != "in order" && batch != len(xs) {
					return // later renumbering is not reported
				}
				reopened := open(t, db.Path(), Options{})
				counted := 0
				for id, number := range numbers {
					x := load(t, reopened, id)
					if x.Annotation.Attempt != number {
						t.Errorf("Changed said attempt %d of %d, the file %d", number, id, x.Annotation.Attempt)
					}
					if number > 0 {
						counted++
					}
				}
				if counted != live {
					t.Errorf("%d exchanges with a number, want %d", counted, live)
				}
			})
		}
	}
}

func TestAttemptsInAFlood(t *testing.T) {
	db := open(t, file(t), Options{})
	const senders, each = 64, 40
	var wg sync.WaitGroup
	for range senders {
		wg.Go(func() {
			for range each {
				x := arrival("the same")
				if err := db.Create(t.Context(), x); err != nil {
					t.Error(err)
				}
				if err := db.Update(t.Context(), annotate(x, "probo", "d", capture.Unprovable)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	flush(t, db)
	wantAttempts(t, db, "probo", "d", upTo(senders*each))
}

func TestAttemptsOfManyKeys(t *testing.T) {
	db := open(t, file(t), Options{})
	const keys = 2*maxRemembered + 10 // more than are remembered
	for round := range 2 {
		var xs []*capture.Exchange
		for i := range keys {
			xs = append(xs, annotate(arrival(""), "klix", fmt.Sprint(i), capture.Valid))
		}
		var wg sync.WaitGroup
		for chunk := range slices.Chunk(xs, keys/64) {
			wg.Go(func() {
				for _, x := range chunk {
					if err := db.Create(t.Context(), x); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		for _, x := range xs {
			if x.Annotation.Attempt != round+1 {
				t.Fatalf("attempt %d, want %d", x.Annotation.Attempt, round+1)
			}
		}
	}
	if err := db.call(t.Context(), func(w *writer) error {
		a := &w.updater.attempts
		if len(a.young) > maxRemembered || len(a.old) > maxRemembered {
			t.Errorf("%d and %d deliveries are remembered, want at most %d", len(a.young), len(a.old), maxRemembered)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestReannotate(t *testing.T) {
	db := open(t, file(t), Options{})
	var xs []*capture.Exchange
	for range 5 {
		x := create(t, db, arrival("b"))
		update(t, db, annotate(x, "klix", "d", capture.KeyMissing))
		xs = append(xs, x)
	}
	again := func(id int64, delivery string, status capture.Status) {
		t.Helper()
		x := annotate(load(t, db, id), "klix", delivery, status)
		if err := db.Reannotate(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		flush(t, db)
	}
	again(2, "d", capture.Valid)
	wantAttempts(t, db, "klix", "d", upTo(5))
	got := load(t, db, 2)
	if got.Annotation.Verification.Status != capture.Valid || got.Annotation.AtArrival != capture.KeyMissing {
		t.Errorf("verdict %s, at arrival %s, want valid and key_missing", got.Annotation.Verification.Status, got.Annotation.AtArrival)
	}
	// Moved to another delivery, newest first, as a new reading of old callbacks does.
	again(4, "e", capture.Valid)
	again(2, "e", capture.Valid)
	again(3, "e", capture.Valid)
	wantAttempts(t, db, "klix", "d", upTo(2))
	wantAttempts(t, db, "klix", "e", upTo(3))
	// Updated again with the same and with another delivery.
	update(t, db, annotate(clone(xs[0]), "klix", "d", capture.Valid))
	wantAttempts(t, db, "klix", "d", upTo(2))
	update(t, db, annotate(clone(xs[0]), "klix", "e", capture.Valid))
	wantAttempts(t, db, "klix", "d", upTo(1))
	wantAttempts(t, db, "klix", "e", upTo(4))
	// A first answer without an annotation, and the annotation later.
	x := create(t, db, arrival("b"))
	bare := clone(annotate(clone(x), "", "", ""))
	update(t, db, bare)
	if got := load(t, db, x.ID); got.State != capture.StateAnswered || got.Annotation.AtArrival != "" {
		t.Errorf("state %s, at arrival %q, want answered and none", got.State, got.Annotation.AtArrival)
	}
	update(t, db, annotate(x, "klix", "e", capture.Invalid))
	if got := load(t, db, x.ID); got.Annotation.Attempt != 5 || got.Annotation.AtArrival != capture.Invalid {
		t.Errorf("attempt %d, at arrival %q, want 5 and invalid", got.Annotation.Attempt, got.Annotation.AtArrival)
	}
}

func TestAttemptsAfterDelete(t *testing.T) {
	db := open(t, file(t), Options{})
	var xs []*capture.Exchange
	for range 6 {
		xs = append(xs, annotate(create(t, db, arrival("b")), "klix", "d", capture.Valid))
	}
	update(t, db, xs[0], xs[1], xs[3], xs[4]) // the third comes late
	if _, err := db.Delete(t.Context(), 1, 4); err != nil {
		t.Fatal(err)
	}
	wantAttempts(t, db, "klix", "d", []int{2, 4})
	update(t, db, xs[5])
	wantAttempts(t, db, "klix", "d", []int{2, 4, 5})
	update(t, db, xs[2])
	wantAttempts(t, db, "klix", "d", []int{2, 3, 4, 5})

	x := load(t, db, 5)
	for _, want := range []int64{3, 2, 0} {
		id, err := db.Previous(t.Context(), x)
		if err != nil || id != want {
			t.Fatalf("Previous(%d) = %d, %v, want %d", x.ID, id, err, want)
		}
		if id > 0 {
			x = load(t, db, id)
		}
	}
	if id, err := db.Previous(t.Context(), arrival("b")); id != 0 || err != nil {
		t.Errorf("Previous of no delivery = %d, %v, want 0", id, err)
	}
}

// An update that fails takes the number of no other with it that came late in the
// same commit.
func TestLateAttemptBesideAFailure(t *testing.T) {
	db := open(t, file(t), Options{})
	late, first, bad := create(t, db, arrival("b")), create(t, db, arrival("b")), create(t, db, arrival("b"))
	update(t, db, annotate(first, "klix", "d", capture.Valid))
	annotate(late, "klix", "d", capture.Valid)
	annotate(bad, "klix", "e", capture.Valid).Annotation.Event = "bad"
	if err := db.call(t.Context(), func(w *writer) error {
		_, err := execute(w.conn, `CREATE TEMP TRIGGER refuse BEFORE UPDATE ON exchange WHEN NEW.event = 'bad'
			BEGIN SELECT RAISE(ABORT, 'refused'); END`)
		w.changes <- change{x: late}
		w.changes <- change{x: bad}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	flush(t, db)
	if got := load(t, db, bad.ID); got.State != capture.StateReceived {
		t.Errorf("state %s, want the update refused", got.State)
	}
	wantAttempts(t, db, "klix", "d", upTo(2))
}
