package store

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"hookglass/capture"
)

// imported is an exchange of a file.
func imported(body string, session int64) *capture.Exchange {
	x := annotate(arrival(body), "klix", "d-1", capture.Valid)
	x.Via, x.Session = capture.ViaImport, session
	x.Request.Header = capture.Fields{{Name: "host", Value: "h.test"}, {Name: "X-B", Value: "1"}, {Name: "x-b", Value: "2"}}
	return x
}

// All that a file says of an exchange comes back.
func TestImportRoundTrip(t *testing.T) {
	db := open(t, file(t), Options{})
	s := session(t, db, "File", capture.SessionStaged)
	x := imported("body", s.ID)
	x.State, x.Pinned, x.Mark, x.Note, x.Error = capture.StateFailed, true, "amber", "a note", "No answer."
	x.Import = &capture.Imported{Via: capture.ViaReplay, Redacted: true, Mac: "mac", Origin: "018df974-d57b-721f-90fe-a594623a49e8"}
	a := &x.Annotation
	a.Attempt, a.Notes = 7, []string{"odd"}
	a.AtArrival = capture.KeyMissing
	a.Verification.Signed, a.Verification.Expected, a.Verification.Received = "raw body", "e", "r"
	a.Verification.Checks = []capture.Check{{Proof: "?APIKEY", Status: capture.Valid, Reason: "It is equal."}}
	x.Response.By, x.Response.Rule, x.Response.RuleName = capture.ByRule, 3, "a rule"
	x.Response.Trailers = capture.Fields{{Name: "T", Value: "v"}}
	x.Sent = &capture.Sending{Base: "http://localhost", Differences: []capture.Difference{}}
	x.Sent.Differences = nil
	bare := imported("", s.ID)
	bare.State, bare.Response, bare.Annotation = capture.StateReceived, nil, capture.Annotation{}
	bare.Request.Body, bare.Request.Size = nil, 0
	bare.Import = &capture.Imported{Via: capture.ViaTunnel}
	if err := db.CreateAll(t.Context(), []*capture.Exchange{x, bare}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []*capture.Exchange{x, bare} {
		if got := load(t, db, want.ID); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v, %+v\nwant %+v, %+v", got, got.Import, want, want.Import)
		}
	}
	// An imported one is no attempt, waits for no answer, and is not annotated at a start.
	live := create(t, db, annotate(arrival("l"), "klix", "d-1", capture.Valid))
	if got := load(t, db, live.ID); got.Annotation.Attempt != 1 {
		t.Errorf("the live one is attempt %d, want 1", got.Annotation.Attempt)
	}
	path := db.Path()
	if _, _, err := db.CommitSession(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, Options{})
	if ids, err := db.Recover(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("to annotate: %v, %v, want none", ids, err)
	}
	if got := load(t, db, bare.ID); got.State != capture.StateReceived {
		t.Errorf("state %s, want it as it was", got.State)
	}
	if counts, err := db.Counts(t.Context(), s.ID); err != nil || counts.Total != 2 || counts.Held != 0 {
		t.Errorf("counts %+v, %v", counts, err)
	}
	again := load(t, db, x.ID) // verified with a key of one's own
	again.Annotation.Verification = capture.Verification{Status: capture.Invalid}
	if err := db.Reannotate(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	flush(t, db)
	if got := load(t, db, x.ID); got.Annotation.Attempt != 7 || got.Annotation.Verification.Status != capture.Invalid || got.Annotation.AtArrival != capture.KeyMissing {
		t.Errorf("verified again: %+v", got.Annotation)
	}
}

// A second import of the same adds nothing, wherever the first one is.
func TestImportTwice(t *testing.T) {
	db := open(t, file(t), Options{})
	mine := create(t, db, arrival("mine"))
	gone := create(t, db, arrival("gone"))
	hide(t, db, 1, gone.ID)
	uids := []string{mine.UID, gone.UID, capture.NewUID(time.Now()), capture.NewUID(time.Now())}
	staged := func() *capture.Session {
		s := session(t, db, "File", capture.SessionStaged)
		var xs []*capture.Exchange
		for _, uid := range append(uids, uids[3]) { // the last twice
			x := imported("x", s.ID)
			x.UID = uid
			xs = append(xs, x)
		}
		if err := db.CreateAll(t.Context(), xs); err != nil {
			t.Fatal(err)
		}
		for i, x := range xs {
			if got := load(t, db, x.ID); got.UID != append(uids, uids[3])[i] {
				t.Errorf("exchange %d has UID %s, want its own", x.ID, got.UID)
			}
		}
		return s
	}
	commit := func(s *capture.Session, wantKept, wantDropped int64) {
		t.Helper()
		if n, err := db.Duplicates(t.Context(), s.ID); err != nil || n != wantDropped {
			t.Errorf("%d duplicates before, %v, want %d", n, err, wantDropped)
		}
		kept, dropped, err := db.CommitSession(t.Context(), s.ID)
		if err != nil || kept != wantKept || dropped != wantDropped {
			t.Errorf("kept %d, dropped %d, %v, want %d and %d", kept, dropped, err, wantKept, wantDropped)
		}
	}
	first, second := staged(), staged()
	commit(second, 3, 2)
	commit(first, 0, 5)
	commit(staged(), 0, 5)
	second.State = capture.SessionDeleted
	if err := db.PutSession(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	third := staged()
	commit(third, 3, 2)
	if x, err := db.ByUID(t.Context(), uids[3]); err != nil || x.UID != uids[3] {
		t.Errorf("by UID: %v, %v", x, err)
	}
	if _, _, err := db.CommitSession(t.Context(), 1); err == nil {
		t.Error("a session that is not staged was made open")
	}
}

// Captures go between the commits of an import, and neither loses any.
func TestImportBesideCaptures(t *testing.T) {
	db := open(t, file(t), Options{Retention: Retention{MaxExchanges: 5000}})
	s := session(t, db, "File", capture.SessionStaged)
	const files, captures = 6000, 300
	var wait sync.WaitGroup
	wait.Go(func() {
		for at := 0; at < files; at += 1000 {
			var xs []*capture.Exchange
			for i := range 1000 {
				xs = append(xs, imported(fmt.Sprint(at+i), s.ID))
			}
			if err := db.CreateAll(t.Context(), xs); err != nil {
				t.Error(err)
			}
		}
	})
	wait.Go(func() {
		for range captures {
			create(t, db, arrival("live"))
		}
	})
	wait.Wait()
	if kept, dropped, err := db.CommitSession(t.Context(), s.ID); err != nil || kept != files || dropped != 0 {
		t.Errorf("kept %d, dropped %d, %v", kept, dropped, err)
	}
	settled(t, db)
	counts, err := db.Counts(t.Context(), 0)
	if err != nil || counts.Total != files+captures {
		t.Errorf("%d, %v, want %d: imports are beyond the limits", counts.Total, err, files+captures)
	}
	n := 0
	last := int64(0)
	if err := db.Each(t.Context(), Query{Session: s.ID}, 0, func(x *capture.Exchange) error {
		if string(x.Request.Body) != fmt.Sprint(n) || x.ID <= last || x.Import == nil {
			return fmt.Errorf("exchange %d has body %q, want %d", x.ID, x.Request.Body, n)
		}
		n, last = n+1, x.ID
		return nil
	}); err != nil || n != files {
		t.Errorf("each of %d, %v", n, err)
	}
}

// Pages end with their bytes too, and Each with the error of its function.
func TestEach(t *testing.T) {
	db := open(t, file(t), Options{})
	body := make([]byte, eachBytes/2)
	for i := range 7 {
		x := arrival("")
		if i != 4 {
			x.Request.Body, x.Request.Size = body, int64(len(body))
		}
		create(t, db, x)
	}
	var got []int64
	each := func(x *capture.Exchange) error { got = append(got, x.ID); return nil }
	if err := db.Each(t.Context(), Query{}, 0, each); err != nil || !reflect.DeepEqual(got, []int64{1, 2, 3, 4, 5, 6, 7}) {
		t.Errorf("got %v, %v", got, err)
	}
	got = nil
	if err := db.Each(t.Context(), Query{Limit: 3}, 0, each); err != nil || !reflect.DeepEqual(got, []int64{1, 2, 3}) {
		t.Errorf("got %v, %v", got, err)
	}
	got = nil
	if err := db.Each(t.Context(), Query{}, 10, each); err != nil || !reflect.DeepEqual(got, []int64{5}) {
		t.Errorf("with small bodies: %v, %v", got, err)
	}
	stop := errors.New("enough")
	if err := db.Each(t.Context(), Query{}, 0, func(*capture.Exchange) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want the function's error", err)
	}
}

// A file cannot have an exchange share the body of one that is here, whatever it
// says of where it came from.
func TestImportKeepsItsOwnBody(t *testing.T) {
	db := open(t, file(t), Options{})
	here := create(t, db, arrival("mine"))
	x := imported("file", 1)
	x.Origin, x.Sent = here.ID, &capture.Sending{SameBody: true}
	if err := db.CreateAll(t.Context(), []*capture.Exchange{x}); err != nil {
		t.Fatal(err)
	}
	if got := load(t, db, x.ID); string(got.Request.Body) != "file" {
		t.Errorf("its body is %q", got.Request.Body)
	}
	all, err := db.Exchanges(t.Context(), []int64{x.ID}, 100)
	if err != nil || len(all) != 1 || all[0].Import == nil {
		t.Errorf("%v, %v: nothing of the file", all, err)
	}
}

// A page of Each has a bound, whatever takes the room.
func TestPagesOfLargeAnswers(t *testing.T) {
	db := open(t, file(t), Options{})
	xs := fileOf(1, 20)
	var want []int64
	for _, x := range xs {
		x.Response.Body = make([]byte, eachBytes/4)
	}
	if err := db.CreateAll(t.Context(), xs); err != nil {
		t.Fatal(err)
	}
	for _, x := range xs {
		want = append(want, x.ID)
	}
	page, read, err := db.page(t.Context(), want, 1<<20)
	if err != nil || len(page) != 4 || read != 4 {
		t.Errorf("a page has %d of %d, %v, want 4", len(page), read, err)
	}
	var got []int64
	if err := db.Each(t.Context(), Query{}, 0, func(x *capture.Exchange) error { got = append(got, x.ID); return nil }); err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}
