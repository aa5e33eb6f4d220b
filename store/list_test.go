package store

import (
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

func ids(list []capture.Exchange) []int64 {
	var all []int64
	for _, x := range list {
		all = append(all, x.ID)
	}
	return all
}

func pointer(s string) *string { return &s }

func TestList(t *testing.T) {
	db := open(t, file(t), Options{})
	start := arrival("").Request.Received
	for i := range 10 {
		x := arrival("body")
		x.Request.Received = start.Add(time.Duration(i) * time.Minute)
		switch {
		case i%2 == 0:
			annotate(x, "klix", "d", capture.Valid)
		case i%3 == 0:
			annotate(x, "", "", capture.Unprovable)
			x.Annotation.Order, x.Annotation.Event = "o-2", ""
		}
		create(t, db, x)
	}
	tests := []struct {
		name  string
		query Query
		want  []int64
	}{
		{"all", Query{}, []int64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
		{"page", Query{Limit: 3}, []int64{10, 9, 8}},
		{"next page", Query{Limit: 3, Before: 8}, []int64{7, 6, 5}},
		{"last page", Query{Before: 1}, nil},
		{"ascending", Query{Ascending: true, After: 7}, []int64{8, 9, 10}},
		{"between", Query{After: 3, Before: 6}, []int64{5, 4}},
		{"provider", Query{Provider: pointer("klix")}, []int64{9, 7, 5, 3, 1}},
		{"unknown", Query{Provider: pointer("")}, []int64{10, 8, 6, 4, 2}},
		{"verdict", Query{Verdict: capture.Unprovable}, []int64{10, 4}},
		{"event", Query{Event: "purchase.paid", Limit: 2}, []int64{9, 7}},
		{"order", Query{Order: "o-2"}, []int64{10, 4}},
		{"since", Query{Since: start.Add(8 * time.Minute)}, []int64{10, 9}},
		{"many", Query{Provider: pointer("klix"), Order: "o-1", Before: 6, Verdict: capture.Valid}, []int64{5, 3, 1}},
		{"none", Query{Order: "o'; DROP TABLE exchange"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list, err := db.List(t.Context(), tt.query)
			if err != nil || !slices.Equal(ids(list), tt.want) {
				t.Errorf("got %v, %v, want %v", ids(list), err, tt.want)
			}
		})
	}

	list, err := db.List(t.Context(), Query{Before: 2})
	if err != nil {
		t.Fatal(err)
	}
	want := load(t, db, 1)
	r := &want.Request
	r.Head, r.Header, r.Trailers, r.Body, r.Exact = nil, nil, nil, nil, false
	want.Response.Header, want.Response.Body = nil, nil
	if !reflect.DeepEqual(&list[0], want) || list[0].Request.Size != 4 {
		t.Errorf("listed\n%+v\nwant\n%+v", &list[0], want)
	}
	got, err := db.IDs(t.Context(), "klix", 7, 2)
	if err != nil || !slices.Equal(got, []int64{5, 3}) {
		t.Errorf("IDs = %v, %v, want 5 and 3", got, err)
	}
	got, err = db.IDs(t.Context(), "klix", 0, 1)
	if err != nil || !slices.Equal(got, []int64{9}) {
		t.Errorf("IDs = %v, %v, want 9", got, err)
	}
}

func plan(t *testing.T, db *DB, query string, args ...any) string {
	t.Helper()
	rows, err := db.read.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(detail + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}

// Lists go by the primary key, and never sort; nor do they look at what is pinned
// elsewhere, however much that is.
func TestListPlans(t *testing.T) {
	db := open(t, file(t), Options{})
	const ofRange = "spared USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
	for _, q := range []Query{
		{},
		{Ascending: true},
		{Provider: pointer("klix")},
		{Order: "o"},
		{Pinned: true},
		{Filter: filter(t, `a -b (provider:klix or status:5xx) after:-2h`)},
		{Filter: filter(t, `body:x header:y via:replay pinned`)},
		{Via: capture.ViaReplay},
		{Verdicts: []capture.Status{capture.Invalid}},
	} {
		for _, part := range []string{rangeAbove, rangeBelow} {
			where, args := q.where(part)
			got := plan(t, db, "SELECT e.id FROM exchange e"+where+q.order()+" LIMIT 9", append([]any{1, 9}, args...)...)
			if strings.Contains(got, "TEMP B-TREE") || strings.Contains(got, "SCAN e") || (part == rangeBelow) != strings.Contains(got, ofRange) {
				t.Errorf("plan for %+v:\n%s", q, got)
			}
		}
	}
}

func TestEndpoints(t *testing.T) {
	db := open(t, file(t), Options{})
	check := func(want ...capture.Endpoint) {
		t.Helper()
		if got, err := db.Endpoints(t.Context()); err != nil || !slices.Equal(got, want) {
			t.Errorf("endpoints %v, %v, want %v", got, err, want)
		}
	}
	seed := func(es ...capture.Endpoint) {
		t.Helper()
		if err := db.SeedEndpoints(t.Context(), es); err != nil {
			t.Fatal(err)
		}
	}
	klix := capture.Endpoint{Path: "/klix/*", Provider: "klix"}
	komet := capture.Endpoint{Path: "/komet/confirm", Provider: "komet", Event: "order.confirmation"}
	probo := capture.Endpoint{Path: "/probo/*", Provider: "probo"}
	seed(klix, komet)
	check(klix, komet)
	changed := capture.Endpoint{Path: "/klix/*", Name: "mine"}
	if err := db.PutEndpoint(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	if err := db.RemoveEndpoint(t.Context(), komet.Path); err != nil {
		t.Fatal(err)
	}
	seed(klix, komet, probo) // a later version brings one more
	check(changed, probo)
	if err := db.RemoveEndpoint(t.Context(), komet.Path); !errors.Is(err, ErrNotFound) {
		t.Errorf("RemoveEndpoint again = %v, want ErrNotFound", err)
	}
	bad := capture.Endpoint{Path: "x"}
	if err := db.PutEndpoint(t.Context(), bad); !errors.Is(err, capture.ErrEndpointPath) {
		t.Errorf("PutEndpoint = %v, want ErrEndpointPath", err)
	}
	// A seed with a bad one adds nothing.
	if err := db.SeedEndpoints(t.Context(), capture.Endpoints{{Path: "/new"}, bad}); !errors.Is(err, capture.ErrEndpointPath) {
		t.Errorf("SeedEndpoints = %v, want ErrEndpointPath", err)
	}
	check(changed, probo)
}

func TestPublicValues(t *testing.T) {
	db := open(t, file(t), Options{})
	values := []PublicValue{
		{"klix.certificate", "", "one"}, {"klix.certificate", "test", "two"}, {"kornitx.issuer", "", "three"},
	}
	for _, v := range slices.Backward(values) {
		for _, value := range []string{"old", v.Value} {
			if err := db.PutPublicValue(t.Context(), PublicValue{v.Name, v.Label, value}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got, err := db.PublicValues(t.Context()); err != nil || !slices.Equal(got, values) {
		t.Errorf("values %v, %v, want %v", got, err, values)
	}
	if err := db.RemovePublicValue(t.Context(), "klix.certificate", "test"); err != nil {
		t.Fatal(err)
	}
	if err := db.RemovePublicValue(t.Context(), "klix.certificate", "test"); !errors.Is(err, ErrNotFound) {
		t.Errorf("RemovePublicValue again = %v, want ErrNotFound", err)
	}
	if got, err := db.PublicValues(t.Context()); err != nil || len(got) != 2 {
		t.Errorf("values %v, %v, want two", got, err)
	}
}

func TestRecover(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	recovered := func(db *DB) []int64 {
		t.Helper()
		ids, err := db.Recover(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	db := open(t, path, Options{})
	if got := recovered(db); got != nil {
		t.Errorf("a new file: %v", got)
	}
	create(t, db, annotate(arrival("1"), "klix", "d", capture.Valid))
	held := annotate(arrival("2"), "klix", "d", capture.Valid)
	held.State, held.Response, held.Error = capture.StateHeld, nil, "Cut."
	create(t, db, held)
	create(t, db, arrival("3"))
	refused := arrival("4")
	refused.State = capture.StateRefused
	create(t, db, refused)
	for range recoverRows {
		create(t, db, arrival("5"))
	}
	if err := db.Close(); err != nil { // nothing is written at Close that a crash would not have written
		t.Fatal(err)
	}

	db = open(t, path, Options{})
	fresh := create(t, db, arrival("of this process"))
	first := recovered(db)
	if len(first) != recoverRows || first[0] != 3 || first[1] != 5 {
		t.Fatalf("%d ids from %v, want %d: 3, 5 …", len(first), first[:2], recoverRows)
	}
	for id, want := range map[int64]capture.State{
		1: capture.StateAnswered, 2: capture.StateUnknown, 3: capture.StateUnknown, 4: capture.StateRefused, fresh.ID: capture.StateReceived,
	} {
		if got := load(t, db, id); got.State != want {
			t.Errorf("state of %d is %s, want %s", id, got.State, want)
		}
	}
	if got, want := load(t, db, 2).Error, "Cut. "+interrupted; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
	if got := load(t, db, 3).Error; got != interrupted {
		t.Errorf("error %q, want %q", got, interrupted)
	}
	x := load(t, db, 3)
	state := x.State
	annotate(x, "klix", "d", capture.Valid)
	if err := db.Reannotate(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if second := recovered(db); len(second) != 1 || second[0] != 4+recoverRows {
		t.Errorf("second batch %v, want the last", second)
	}
	if third := recovered(db); third != nil {
		t.Errorf("third batch %v, want none", third)
	}
	if got := load(t, db, 3); got.State != state || got.Response != nil || got.Annotation.Attempt != 3 || got.Annotation.AtArrival != capture.Valid {
		t.Errorf("%+v, want an annotation and no answer", got)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	// What the caller did not annotate comes again; what is settled does not.
	db = open(t, path, Options{})
	if got := recovered(db); len(got) != recoverRows || got[0] != 5 {
		t.Errorf("%d ids, want %d from 5", len(got), recoverRows)
	}
}
