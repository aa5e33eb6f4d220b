package store

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"hookglass/capture"
)

// mixed makes a file with ten exchanges, a minute apart, each of its own kind.
func mixed(t *testing.T) (*DB, time.Time) {
	t.Helper()
	db := open(t, file(t), Options{})
	start := time.Date(2024, 3, 1, 10, 0, 0, 0, time.UTC)
	kinds := []func(x *capture.Exchange){
		func(*capture.Exchange) {}, // 1
		func(x *capture.Exchange) { x.Annotation.Verification.Status = capture.Invalid },
		func(x *capture.Exchange) { x.Annotation.Verification.Status = capture.Malformed },
		func(x *capture.Exchange) { x.State, x.Response = capture.StateHeld, nil },
		func(x *capture.Exchange) { x.Via = capture.ViaReplay }, // 5
		func(x *capture.Exchange) { x.Pinned = true },
		func(x *capture.Exchange) { x.Annotation.Provider = "" },
		func(x *capture.Exchange) { x.Annotation.Summary = `100 % of Größe_1 \ done` },
		func(x *capture.Exchange) { x.Annotation.Provider, x.Request.Method = "kornitx", "PUT" },
		func(x *capture.Exchange) { x.Annotation.Order, x.Request.Target = "PSTEST4", "/KornitX/Status?key=1" }, // 10
	}
	for i, kind := range kinds {
		x := arrival("body")
		x.Request.Target = "/klix/x"
		x.Request.Received = start.Add(time.Duration(i) * time.Minute)
		annotate(x, "klix", "d", capture.Valid)
		kind(x)
		create(t, db, x)
	}
	return db, start
}

func TestQueries(t *testing.T) {
	db, start := mixed(t)
	tests := []struct {
		name  string
		query Query
		want  []int64
	}{
		{"all", Query{}, []int64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
		{"limit", Query{Limit: 2}, []int64{10, 9}},
		{"between", Query{Before: 6, After: 3}, []int64{5, 4}},
		{"failed proof", Query{Verdicts: []capture.Status{capture.Invalid, capture.Malformed}}, []int64{3, 2}},
		{"both", Query{Verdict: capture.Invalid, Verdicts: []capture.Status{capture.Invalid, capture.Malformed}}, []int64{2}},
		{"held", Query{State: capture.StateHeld}, []int64{4}},
		{"resent", Query{Via: capture.ViaReplay}, []int64{5}},
		{"pinned", Query{Pinned: true}, []int64{6}},
		{"unknown", Query{Provider: pointer("")}, []int64{7}},
		{"since", Query{Since: start.Add(8 * time.Minute)}, []int64{10, 9}},
		{"until", Query{Until: start.Add(time.Minute)}, []int64{2, 1}},
		{"a minute", Query{Since: start.Add(4 * time.Minute), Until: start.Add(4 * time.Minute)}, []int64{5}},
		{"text in the provider", Query{Filter: filter(t, "KORNITX put")}, []int64{9}},
		{"text in the target", Query{Filter: filter(t, "kornitx/status")}, []int64{10}},
		{"text in the order", Query{Filter: filter(t, "  pstest4\t")}, []int64{10}},
		{"text in the event", Query{Filter: filter(t, "purchase.PAID pstest4")}, []int64{10}},
		{"text in the summary", Query{Filter: filter(t, "GRößE_1 done")}, []int64{8}},
		{"capitals beyond ASCII", Query{Filter: filter(t, "GRÖSSE")}, nil},
		{"a wildcard", Query{Filter: filter(t, "%")}, []int64{8}},
		{"another", Query{Filter: filter(t, "Größe_")}, []int64{8}},
		{"a wildcard in a word", Query{Filter: filter(t, "p%id")}, nil},
		{"the escape", Query{Filter: filter(t, `\`)}, []int64{8}},
		{"a quote", Query{Filter: filter(t, `'`)}, nil},
		{"not every word", Query{Filter: filter(t, "kornitx pstest4 absent")}, nil},
		{"only white space", Query{Filter: filter(t, " \n ")}, []int64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
		{"text and more", Query{Filter: filter(t, "klix"), Verdict: capture.Invalid, Limit: 9}, []int64{2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := db.IDsOf(t.Context(), tt.query)
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("IDsOf = %v, %v, want %v", got, err, tt.want)
			}
			list, err := db.List(t.Context(), tt.query)
			if err != nil || !slices.Equal(ids(list), tt.want) {
				t.Errorf("List = %v, %v, want %v", ids(list), err, tt.want)
			}
			if tt.query.Limit > 0 {
				return
			}
			some := []int64{3, 99, 10, 2, 5, 8, 10, 7}
			var want []int64
			for _, id := range some {
				if slices.Contains(tt.want, id) {
					want = append(want, id)
				}
			}
			if got, err := db.Matching(t.Context(), tt.query, some); err != nil || !slices.Equal(got, want) {
				t.Errorf("Matching = %v, %v, want %v", got, err, want)
			}
		})
	}
}

func TestIDAt(t *testing.T) {
	db, start := mixed(t)
	hideThrough(t, db, 8) // but 6, which is pinned
	tests := []struct {
		name  string
		query Query
		at    time.Duration
		want  int64
	}{
		{"now", Query{}, time.Hour, 10},
		{"exactly", Query{}, 8 * time.Minute, 9},
		{"a pinned one among cleared ones", Query{}, 7 * time.Minute, 6},
		{"before the first", Query{}, -time.Minute, 0},
		{"with a provider", Query{Provider: pointer("klix")}, 8 * time.Minute, 6},
		{"with an earlier bound", Query{Until: start}, time.Hour, 0},
		{"with a later bound", Query{Until: start.Add(time.Hour), Ascending: true}, 9 * time.Minute, 10},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := db.IDAt(t.Context(), tt.query, start.Add(tt.at)); err != nil || got != tt.want {
				t.Errorf("got %d, %v, want %d", got, err, tt.want)
			}
		})
	}
}

func TestRows(t *testing.T) {
	db, _ := mixed(t)
	tests := []struct{ ask, want []int64 }{
		{nil, nil},
		{[]int64{99}, nil},
		{[]int64{10, 9, 8}, []int64{10, 9, 8}},
		{[]int64{1, 99, 10, 5}, []int64{1, 10, 5}},
		{[]int64{3, 2, 3}, []int64{3, 2, 3}},
	}
	for _, tt := range tests {
		rows, err := db.Rows(t.Context(), tt.ask)
		if err != nil || !slices.Equal(ids(rows), tt.want) {
			t.Errorf("Rows(%v) = %v, %v, want %v", tt.ask, ids(rows), err, tt.want)
		}
	}
	rows, err := db.Rows(t.Context(), []int64{9})
	list, listErr := db.List(t.Context(), Query{Before: 10, Limit: 1})
	if err := errors.Join(err, listErr); err != nil || !reflect.DeepEqual(rows, list) {
		t.Errorf("a row is\n%+v\nin List\n%+v, %v", rows, list, err)
	}
}

func TestResends(t *testing.T) {
	db := several(t, 2)
	for _, origin := range []int64{1, 2, 1, 1} { // 3, 4, 5, 6
		x := arrival("b")
		x.Via, x.Origin, x.State = capture.ViaReplay, origin, capture.StateFailed
		create(t, db, x)
	}
	hide(t, db, 1, 5)
	for origin, want := range map[int64][]int64{1: {3, 6}, 2: {4}, 3: nil, 0: nil} {
		if got, err := db.Resends(t.Context(), origin); err != nil || !slices.Equal(ids(got), want) {
			t.Errorf("Resends(%d) = %v, %v, want %v", origin, ids(got), err, want)
		}
	}
	if _, err := db.Delete(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if got, err := db.IDsOf(t.Context(), Query{Via: capture.ViaReplay}); err != nil || !slices.Equal(got, []int64{6, 4}) {
		t.Errorf("resent %v, %v, want 6 and 4", got, err)
	}
}

func TestCounts(t *testing.T) {
	db, _ := mixed(t)
	check := func(of *DB, want Counts) {
		t.Helper()
		got, err := of.Counts(t.Context(), 0)
		got.Verdicts, got.Answers, got.kinds = nil, nil, nil // see TestCountsBySession
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
	want := Counts{Total: 10, Pinned: 1, Failed: 2, Held: 1, Resent: 1, Providers: map[string]int64{"klix": 8, "kornitx": 1, "": 1}}
	check(db, want)
	r, err := OpenReader(context.Background(), db.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	check(r, want)

	// So many that most are settled, and a new provider among them.
	for range 2 * maxUncounted {
		x := arrival("")
		annotate(x, "probo", "", capture.Unprovable)
		create(t, db, x)
	}
	want.Total += 2 * maxUncounted
	want.Providers["probo"] = 2 * maxUncounted
	check(db, want)
	if through := db.counter.through.Load(); through < 10 {
		t.Fatalf("settled through %d, want the first ten in it", through)
	}
	check(db, want)

	// What changes of settled rows is counted.
	x := load(t, db, 4)
	x.State, x.Annotation.Provider = capture.StateAnswered, "komet"
	update(t, db, x)
	want.Held, want.Providers["klix"], want.Providers["komet"] = 0, 7, 1
	check(db, want)
	settled := db.counter.changes.Load()
	pin(t, db, 1, true)
	want.Pinned = 2
	check(db, want)
	hide(t, db, 1, 7)
	want.Total--
	delete(want.Providers, "")
	check(db, want)
	if _, err := db.Delete(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	want.Total, want.Failed, want.Providers["klix"] = want.Total-1, 1, 6
	check(db, want)
	unhide(t, db, 7)
	want.Total, want.Providers[""] = want.Total+1, 1
	check(db, want)
	hide(t, db, 1, 7)
	want.Total--
	delete(want.Providers, "")
	check(db, want)
	if n := db.counter.changes.Load(); n != settled {
		t.Errorf("%d of these had every row counted again, want none", n-settled)
	}
	check(r, want)
	hideThrough(t, db, 12)
	want = Counts{Total: 2*maxUncounted - 2 + 2, Pinned: 2, Providers: map[string]int64{"klix": 2, "probo": 2*maxUncounted - 2}}
	check(db, want)
	check(r, want)
}
