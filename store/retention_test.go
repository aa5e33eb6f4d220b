package store

import (
	"fmt"
	"slices"
	"testing"

	"hookglass/capture"
)

// settled waits until the writer has nothing left to delete.
func settled(t testing.TB, db *DB) {
	t.Helper()
	for over := true; over; {
		if err := db.call(t.Context(), func(w *writer) error {
			over = w.pruner.over || w.keepers.over
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func kept(t testing.TB, db *DB) []int64 {
	t.Helper()
	settled(t, db)
	list, err := db.List(t.Context(), Query{Ascending: true, Limit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	ids := []int64{}
	for _, x := range list {
		ids = append(ids, x.ID)
	}
	return ids
}

func TestRetentionClasses(t *testing.T) {
	const unanswered = ""
	tests := []struct {
		name   string
		kinds  []string // provider and verdict of each exchange, in order
		pinned []int64
		limit  int
		want   []int64
	}{
		{"under the limit", []string{"klix valid", "klix valid"}, nil, 2, []int64{1, 2}},
		{"oldest first", []string{"klix valid", "klix valid", "klix valid"}, nil, 2, []int64{2, 3}},
		{
			"unknown senders first",
			[]string{"klix valid", "klix invalid", " unprovable", "klix valid", " unprovable"},
			nil, 4,
			[]int64{1, 2, 4, 5},
		},
		{
			"then unproven ones",
			[]string{"klix valid", "klix weak_key", "klix key_missing", "probo unprovable", "klix valid"},
			nil, 3,
			[]int64{1, 2, 5},
		},
		{"pinned ones stay", []string{" unprovable", "klix invalid", "klix valid"}, []int64{1, 2}, 2, []int64{1, 2}},
		{"all pinned", []string{"klix valid", "klix valid", "klix valid"}, []int64{1, 2, 3}, 2, []int64{1, 2, 3}},
		{"unanswered ones stay", []string{unanswered, unanswered, "klix valid", unanswered}, nil, 2, []int64{1, 2, 4}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t, file(t), Options{Retention: Retention{MaxExchanges: tt.limit}})
			for i, kind := range tt.kinds {
				x := arrival("b")
				x.Pinned = slices.Contains(tt.pinned, int64(i+1))
				if kind != unanswered {
					provider, verdict := kind, ""
					for j := range kind {
						if kind[j] == ' ' {
							provider, verdict = kind[:j], kind[j+1:]
							break
						}
					}
					annotate(x, provider, "d", capture.Status(verdict))
				}
				create(t, db, x)
			}
			if got := kept(t, db); !slices.Equal(got, tt.want) {
				t.Errorf("kept %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRetentionKeepsTheNewest(t *testing.T) {
	const limit, proven, unproven = 1100, 100, 1001
	db := open(t, file(t), Options{Retention: Retention{MaxExchanges: limit}})
	for range proven {
		create(t, db, annotate(arrival("b"), "klix", "", capture.Valid))
	}
	for range unproven {
		create(t, db, annotate(arrival("b"), "", "", capture.Unprovable))
	}
	got := kept(t, db)
	// Down to 1 % under the limit: the one unproven that is not among the newest
	// 1,000, then the oldest proven ones.
	want := limit - limit/100
	if len(got) != want || got[0] != int64(proven-(want-keptNewest)+1) || got[len(got)-1] != proven+unproven || slices.Contains(got, proven+1) {
		t.Errorf("kept %d: %d to %d, want %d, the newest 1,000 among them", len(got), got[0], got[len(got)-1], want)
	}
	var messages int
	if err := db.read.QueryRowContext(t.Context(), "SELECT count(*) FROM message").Scan(&messages); err != nil || messages != want {
		t.Errorf("%d messages left, %v, want %d", messages, err, want)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, db.Path(), Options{Retention: Retention{MaxExchanges: 10}})
	if x := create(t, db, annotate(arrival("b"), "", "", capture.Unprovable)); x.ID != proven+unproven+1 {
		t.Errorf("id %d, want %d", x.ID, proven+unproven+1)
	}
	if got := kept(t, db); len(got) != 10 {
		t.Errorf("%d kept under a lower limit, want 10", len(got))
	}
}

func TestRetentionOfBytes(t *testing.T) {
	const limit = 4 << 20
	db := open(t, file(t), Options{Retention: Retention{MaxBytes: limit}})
	body := string(make([]byte, 64<<10))
	for i := range 200 {
		create(t, db, annotate(arrival(fmt.Sprint(i, body)), "klix", "", capture.Valid))
	}
	got := kept(t, db)
	s, err := db.Stats(t.Context())
	if err != nil || s.Bytes > limit+limit/128 || s.Bytes < limit/2 {
		t.Errorf("%+v, %v, want about %d bytes", s, err, limit)
	}
	if got[len(got)-1] != 200 || int64(len(got)) != s.Exchanges || s.Oldest != got[0] || s.Newest != 200 {
		t.Errorf("kept %d to %d, stats %+v, want the newest", got[0], got[len(got)-1], s)
	}
}

func TestAnswersAreSwept(t *testing.T) {
	db := open(t, file(t), Options{Retention: Retention{MaxExchanges: 10}})
	if err := db.call(t.Context(), func(w *writer) error {
		w.updater.answers.made = maxForgotten
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i := range 11 {
		x := annotate(arrival("b"), "klix", "", capture.Valid)
		x.Response.Body = []byte(fmt.Sprint(i))
		create(t, db, x)
	}
	got := kept(t, db)
	var n int
	if err := db.read.QueryRowContext(t.Context(), "SELECT count(*) FROM answer").Scan(&n); err != nil || n != len(got) {
		t.Errorf("%d answers for %d exchanges, %v", n, len(got), err)
	}
	for _, id := range got {
		if want := fmt.Sprint(id - 1); string(load(t, db, id).Response.Body) != want {
			t.Errorf("the answer of %d is %q, want %q", id, load(t, db, id).Response.Body, want)
		}
	}
}

func TestRetentionAfterDelete(t *testing.T) {
	const limit, deleted = 100, 80
	db := open(t, file(t), Options{Retention: Retention{MaxExchanges: limit}})
	var some []int64
	for range limit {
		some = append(some, create(t, db, annotate(arrival("b"), "klix", "", capture.Valid)).ID)
	}
	if n, err := db.Delete(t.Context(), some[:deleted]...); n != deleted || err != nil {
		t.Fatalf("Delete = %d, %v, want %d", n, err, deleted)
	}
	for range deleted {
		create(t, db, annotate(arrival("b"), "klix", "", capture.Valid))
	}
	if got := kept(t, db); len(got) != limit {
		t.Errorf("%d kept after some were deleted, want all %d", len(got), limit)
	}
	create(t, db, annotate(arrival("b"), "klix", "", capture.Valid))
	if got := kept(t, db); len(got) != limit-limit/100 {
		t.Errorf("%d kept beyond the limit, want %d", len(got), limit-limit/100)
	}
}

// Callbacks and calls go between the steps of a long deletion.
func TestCreateWhileDeleting(t *testing.T) {
	const rows = keptNewest + pruneRows
	path := file(t)
	db := open(t, path, Options{})
	for range rows {
		create(t, db, annotate(arrival("b"), "klix", "", capture.Valid))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	// Changed is called by the writer, so that it can queue the second one before
	// the first step, and see what is left when that one is kept.
	second := &creation{x: arrival("second"), done: make(chan error, 1)}
	second.x.UID = capture.NewUID(second.x.Request.Received)
	var left int64
	ready := make(chan struct{})
	db = open(t, path, Options{Retention: Retention{MaxExchanges: 10}, Changed: func(x *capture.Exchange, _ Kept) {
		<-ready
		if x == second.x {
			left = db.writer.pruner.count
		} else {
			db.writer.creations <- second
		}
	}})
	close(ready)
	create(t, db, arrival("first"))
	if err := <-second.done; err != nil {
		t.Fatal(err)
	}
	if want := int64(rows - pruneRows + 2); left != want {
		t.Errorf("%d left when the second was kept, want %d: one step before it", left, want)
	}
	if got := kept(t, db); len(got) != 10 {
		t.Errorf("%d kept in the end, want 10", len(got))
	}
}
