package store

import (
	"testing"

	"hookglass/capture"
)

// What is noted of a callback while its sender waits is overruled by what becomes
// of it, in the same commit or a later one. Its attempt stays.
func TestHeld(t *testing.T) {
	var states []capture.State
	db := open(t, file(t), Options{Changed: func(x *capture.Exchange, kept Kept) {
		if kept == Outcome {
			states = append(states, x.State)
		}
	}})
	held := func(x *capture.Exchange) *capture.Exchange {
		noted := clone(annotate(x, "kornitx", "d", capture.Valid))
		noted.State, noted.Response = capture.StateHeld, nil
		return noted
	}
	answered := func(x *capture.Exchange) *capture.Exchange {
		x.State = capture.StateAnswered
		x.Response = &capture.Response{Status: 503, By: capture.ByHand, Rule: 7, RuleName: "wait"}
		return x
	}
	count := func() int64 {
		t.Helper()
		counts, err := db.Counts(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		return counts.Held
	}
	first, second := create(t, db, arrival("1")), create(t, db, arrival("2"))
	one, two := first.ID, second.ID
	update(t, db, held(first))
	flush(t, db)
	if n := count(); n != 1 {
		t.Errorf("%d are held, want 1", n)
	}
	if rows, err := db.List(t.Context(), Query{State: capture.StateHeld}); err != nil || len(rows) != 1 || rows[0].ID != one || rows[0].Annotation.Provider != "kornitx" || rows[0].Response != nil {
		t.Errorf("held are %+v, %v", rows, err)
	}
	update(t, db, held(second), answered(second), answered(first))
	flush(t, db)
	if n := count(); n != 0 {
		t.Errorf("%d are held after the answers, want none", n)
	}
	for i, id := range []int64{one, two} {
		x := load(t, db, id)
		if x.State != capture.StateAnswered || x.Response == nil || x.Response.By != capture.ByHand || x.Annotation.Attempt != i+1 {
			t.Errorf("callback %d is %s %+v, attempt %d, want answered by hand, attempt %d", id, x.State, x.Response, x.Annotation.Attempt, i+1)
		}
	}
	want := []capture.State{capture.StateHeld, capture.StateAnswered, capture.StateHeld, capture.StateAnswered}
	if len(states) != len(want) || states[0] != want[0] {
		t.Errorf("told are %v, want %d of them and that it is held first", states, len(want))
	}
}

// Who was cut off got no status; which rule did it is kept all the same.
func TestDropped(t *testing.T) {
	db := open(t, file(t), Options{})
	x := create(t, db, arrival("1"))
	id := x.ID
	x.State, x.Response = capture.StateDropped, &capture.Response{By: capture.ByRule, Rule: 7, RuleName: "cut"}
	update(t, db, x)
	flush(t, db)
	for _, query := range []string{"state:dropped", "by:rule", "status:none"} {
		filter, err := capture.ParseFilter(query)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := db.List(t.Context(), Query{Filter: filter})
		if err != nil || len(rows) != 1 || !filter.Match(&rows[0], rows[0].Request.Received) {
			t.Errorf("%s: %+v, %v, want the one that is there", query, rows, err)
		}
	}
	if r := load(t, db, id).Response; r == nil || r.Status != 0 || r.Rule != 7 || r.RuleName != "cut" {
		t.Errorf("kept is %+v", r)
	}
}
