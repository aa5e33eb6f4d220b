package store

import (
	"errors"
	"slices"
	"testing"
	"time"

	"hookglass/capture"
)

// keepOnly sets what a session is to keep, and waits until that has been done.
func keepOnly(t *testing.T, db *DB, id int64, keep capture.Keep) {
	t.Helper()
	all, err := db.Sessions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(s capture.Session) bool { return s.ID == id })
	all[i].Keep = keep
	if err := db.PutSession(t.Context(), &all[i]); err != nil {
		t.Fatal(err)
	}
	settled(t, db)
}

// kinds makes three exchanges of each class in a session, and returns their ids:
// of unknown senders, of others that are not proven, of those that are.
func kinds(t *testing.T, db *DB, id int64, at time.Time) (unknown, unproven, proven []int64) {
	t.Helper()
	activate(t, db, id)
	for range 3 {
		for i, status := range []capture.Status{capture.Unsigned, capture.Invalid, capture.Valid} {
			x := arrival("body")
			x.Request.Received = at
			annotate(x, []string{"", "klix", "klix"}[i], "", status)
			create(t, db, x)
			list := []*[]int64{&unknown, &unproven, &proven}[i]
			*list = append(*list, x.ID)
		}
	}
	return unknown, unproven, proven
}

func TestKeepOfASession(t *testing.T) {
	old := time.Date(2024, 3, 1, 10, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name string
		keep capture.Keep
		want func(unknown, unproven, proven []int64) []int64 // that are kept
	}{
		{"exchanges", capture.Keep{Exchanges: 5}, func(_, u, p []int64) []int64 { return append(u[1:], p...) }},
		{"bytes", capture.Keep{Bytes: 5 * (rowOverhead + 4)}, func(_, u, p []int64) []int64 { return append(u[2:], p...) }}, // 1 % less
		{"age", capture.Keep{Age: time.Hour}, func(_, _, _ []int64) []int64 { return nil }},
		{"more than there is", capture.Keep{Exchanges: 9, Bytes: 1 << 30, Age: 100 * 365 * 24 * time.Hour}, func(n, u, p []int64) []int64 {
			return append(append(n, u...), p...)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := open(t, file(t), Options{})
			other := session(t, db, "Other", "")
			kinds(t, db, 1, old)
			unknown, unproven, proven := kinds(t, db, other.ID, old)
			want := test.want(slices.Clone(unknown), slices.Clone(unproven), slices.Clone(proven))
			slices.Sort(want)
			n, bytes, through, err := db.WouldDrop(t.Context(), other.ID, test.keep)
			if err != nil || int(n) != 9-len(want) || bytes != n*(rowOverhead+4) || n > 0 && !through.Equal(old) {
				t.Errorf("would drop %d with %d bytes through %v, %v; want %d", n, bytes, through, err, 9-len(want))
			}
			keepOnly(t, db, other.ID, test.keep)
			got, err := db.IDsOf(t.Context(), Query{Session: other.ID, Ascending: true})
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("kept %v, %v, want %v", got, err, want)
			}
			if got, err := db.IDsOf(t.Context(), Query{Session: 1}); err != nil || len(got) != 9 {
				t.Errorf("the other session has %v, %v, want all of it", got, err)
			}
			path := db.Path()
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			// The limit is in force in the next process too, and what is pinned stays.
			db = open(t, path, Options{})
			x := annotate(arrival("body"), "klix", "", capture.Valid)
			x.Pinned = true
			create(t, db, x)
			settled(t, db)
			if got, err := db.IDsOf(t.Context(), Query{Session: other.ID, Filter: filter(t, "pinned")}); err != nil || !slices.Equal(got, []int64{x.ID}) {
				t.Errorf("pinned %v, %v", got, err)
			}
			if counts, err := db.Counts(t.Context(), other.ID); err != nil || test.keep.Exchanges == 5 && counts.Total != 5 {
				t.Errorf("%d, %v, want 5", counts.Total, err)
			}
		})
	}
}

// Nobody can have what was captured dropped by a large file, nor a file by captures.
func TestRetentionLeavesImports(t *testing.T) {
	db := open(t, file(t), Options{Retention: Retention{MaxExchanges: 100}})
	s := session(t, db, "File", capture.SessionStaged)
	var xs []*capture.Exchange
	for range 300 {
		xs = append(xs, imported("x", s.ID))
	}
	for range 50 {
		create(t, db, arrival("a"))
	}
	if err := db.CreateAll(t.Context(), xs); err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.CommitSession(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	settled(t, db)
	for id, want := range map[int64]int64{1: 50, s.ID: 300} {
		if counts, err := db.Counts(t.Context(), id); err != nil || counts.Total != want {
			t.Errorf("session %d has %d, %v, want %d", id, counts.Total, err, want)
		}
	}
	for range 200 {
		create(t, db, annotate(arrival("a"), "", "", capture.Unsigned))
	}
	settled(t, db)
	if counts, err := db.Counts(t.Context(), 1); err != nil || counts.Total > 100 {
		t.Errorf("session 1 has %d, %v, want at most 100", counts.Total, err)
	}
	if counts, err := db.Counts(t.Context(), s.ID); err != nil || counts.Total != 300 {
		t.Errorf("the file's has %d, %v, want 300", counts.Total, err)
	}
}

// The answers of a file take no room from what was captured, and what a file says of
// sizes gives it none.
func TestRetentionBesideLargeAnswers(t *testing.T) {
	path := file(t)
	limit := Retention{MaxBytes: 3 << 20}
	db := open(t, path, Options{Retention: limit})
	for range 1100 {
		create(t, db, annotate(arrival("a"), "", "", capture.Unsigned))
	}
	s := session(t, db, "File", capture.SessionStaged)
	x := imported("x", s.ID)
	x.Response.Body = make([]byte, 8<<20)
	x.Request.Size = 1 << 50
	if err := db.CreateAll(t.Context(), []*capture.Exchange{x}); err != nil {
		t.Fatal(err)
	}
	want := int64(8<<20+1+len(x.Request.Head)) + rowOverhead
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if got := db.writer.creator.imports.bytes; got != want {
		t.Errorf("imports take %d, want %d", got, want)
	}
	again := open(t, path, Options{Retention: limit, Brief: true})
	settled(t, again)
	create(t, again, arrival("b"))
	settled(t, again)
	if counts, err := again.Counts(t.Context(), 1); err != nil || counts.Total != 1101 {
		t.Errorf("%d are left, %v, want 1101", counts.Total, err)
	}
	if err := again.RemoveSession(t.Context(), s.ID); err != nil && !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if got := again.writer.creator.imports; got.bytes != 0 || got.count != 0 {
		t.Errorf("%d imports take %d after they are gone", got.count, got.bytes)
	}
}
