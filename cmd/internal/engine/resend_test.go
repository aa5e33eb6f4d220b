package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hookglass/capture"
)

// receiver is an app under test: it answers with the statuses that it is given,
// the last one for all others, and notes what came.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	statuses []int
	got      []string
	arrived  chan struct{}
	hold     chan struct{} // where not nil: answer when it is closed
}

func newReceiver(t *testing.T, statuses ...int) *receiver {
	t.Helper()
	r := &receiver{statuses: statuses, arrived: make(chan struct{}, 10_000)}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	r.got = append(r.got, q.Method+" "+q.RequestURI+" "+string(body))
	status := r.statuses[0]
	if len(r.statuses) > 1 {
		r.statuses = r.statuses[1:]
	}
	hold := r.hold
	r.mu.Unlock()
	r.arrived <- struct{}{}
	if hold != nil {
		select {
		case <-hold:
		case <-q.Context().Done():
		}
	}
	w.WriteHeader(status)
}

func (r *receiver) received() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

// doJob does a job to its end.
func doJob(t *testing.T, s *started, job ResendJob) (ResendReport, []*Resent) {
	t.Helper()
	var all []*Resent
	run, err := s.StartResend(t.Context(), job, func(r *Resent) { all = append(all, r) })
	if err != nil {
		t.Fatal(err)
	}
	report, err := run.Wait()
	if err != nil {
		t.Fatal(err)
	}
	return report, all
}

func to(url string) Resending { return Resending{To: url} }

func TestResendAs(t *testing.T) {
	app := newReceiver(t, 503, 200)
	s := start(t, t.TempDir(), map[string]string{"HOOKGLASS_KORNITX_API_KEY": "key"})
	x := s.put(t, "/kornitx/a?b=1", `{"id":1}`, "X-Mine", "yes")
	for i, want := range []struct {
		outcome  capture.Outcome
		accepted bool
		again    bool
	}{{capture.Regressed, false, true}, {capture.Same, true, false}} {
		got, err := s.ResendAs(t.Context(), x.ID, to(app.URL))
		if err != nil {
			t.Fatal(err)
		}
		if got.Verdict.Outcome != want.outcome || got.Acceptance.Accepted != want.accepted || got.Acceptance.Again != want.again ||
			got.ID == 0 || got.Origin != x.ID || got.URL != app.URL+"/kornitx/a?b=1" || got.Timings.Total <= 0 {
			t.Errorf("%d: got %+v", i, got)
		}
		kept, err := s.Store.Exchange(t.Context(), got.ID)
		if err != nil || kept.Origin != x.ID || kept.Via != capture.ViaReplay || !kept.Sent.SameBody || kept.Sent.Timings != got.Timings ||
			kept.Response == nil || kept.Response.Status != got.Status || string(kept.Request.Body) != `{"id":1}` || len(kept.Sent.Differences) == 0 {
			t.Errorf("%d: kept %+v, %+v, %v", i, kept, kept.Sent, err)
		}
	}
	if got := app.received(); len(got) != 2 || got[0] != `PUT /kornitx/a?b=1 {"id":1}` {
		t.Errorf("received %q", got)
	}
	if targets, err := s.Store.Targets(t.Context(), "kornitx", "/kornitx/*"); err != nil || !slices.Equal(targets, []string{app.URL}) {
		t.Errorf("remembered %q, %v", targets, err)
	}
}

func TestResendEditedAndSigned(t *testing.T) {
	app := newReceiver(t, 200)
	s := start(t, t.TempDir(), map[string]string{"HOOKGLASS_KORNITX_API_KEY": "key"})
	nobody := s.put(t, "/nobody", "x")
	const body = `{"id":46140204,"external_ref":"A","status":8,"status_name":"Dispatched","new_shipments":[],"new_cancellations":[]}`
	signed := capture.Request{Method: "PUT", Target: "/kornitx/a", Header: capture.Fields{{Name: "Host", Value: "h"}}, Body: []byte(body)}
	if err := s.Set.Resign("kornitx", &signed); err != nil {
		t.Fatal(err)
	}
	const name = "X-CustomGateway-Hmac"
	x := s.put(t, "/kornitx/a", body, name, signed.Header.Value(name), "Authorization", "Basic c2VjcmV0")
	changed := strings.Replace(body, "Dispatched", "Cancelled", 1)
	edit := &capture.Edit{Text: &changed, Set: capture.Fields{{Name: "x-new", Value: "1"}}}
	for _, tt := range []struct {
		how    Resending
		status capture.Status // of the HMAC
		has    []string       // parts of the differences
	}{
		{Resending{Edit: edit, DropSecrets: true}, capture.Invalid, []string{"body: ", "(edited)", "header Authorization: not sent (a secret, left out)", "header x-new"}},
		{Resending{Edit: edit, DropSecrets: true, Resign: true, Marker: true}, capture.Valid, []string{"header " + capture.ResendMarker, "header X-Customgateway-Hmac (signed again)"}},
	} {
		tt.how.To = app.URL
		got, err := s.ResendAs(t.Context(), x.ID, tt.how)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := s.Store.Exchange(t.Context(), got.ID)
		if err != nil || string(kept.Request.Body) != changed || kept.Sent.SameBody || kept.Request.Header.Value("Content-Length") != fmt.Sprint(len(changed)) ||
			kept.Annotation.Verification.Status != tt.status {
			t.Errorf("kept %+v, %v", kept, err)
		}
		text := fmt.Sprint(kept.Sent.Differences)
		for _, part := range tt.has {
			if !strings.Contains(strings.ToLower(text), strings.ToLower(part)) {
				t.Errorf("differences %s do not say %q", text, part)
			}
		}
	}
	_, err := s.ResendAs(t.Context(), nobody.ID, Resending{To: app.URL, Resign: true})
	if err == nil || !strings.Contains(err.Error(), "cannot be signed again") {
		t.Errorf("of nobody we know: %v", err)
	}
}

func TestResendAsks(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	x := s.put(t, "/klix/x", "{}")
	for _, tt := range []struct {
		to       string
		consent  Consent
		provider string
	}{
		{"http://192.0.2.1:1/x", Consent{}, ""},
		{"http://klix.app/x", Consent{}, "Klix"},
		{"http://klix.app/x", Consent{Remote: true}, "Klix"},
		{"http://klix.app/x", Consent{Provider: true}, "Klix"},
	} {
		_, err := s.ResendAs(t.Context(), x.ID, Resending{To: tt.to, Consent: tt.consent})
		var ask *AskError
		if !errors.As(err, &ask) || ask.Provider != tt.provider || ask.Loopback {
			t.Errorf("%s with %+v: %v", tt.to, tt.consent, err)
		}
		if tt.provider == "" && (len(ask.Addresses) != 1 || !strings.Contains(err.Error(), "192.0.2.1")) {
			t.Errorf("%s: addresses %v", tt.to, ask.Addresses)
		}
	}
	for _, to := range []string{"", "localhost", "http://"} {
		if _, err := s.ResendAs(t.Context(), x.ID, Resending{To: to}); !errors.Is(err, capture.ErrReplay) {
			t.Errorf("to %q: %v", to, err)
		}
	}
}

func TestResendMany(t *testing.T) {
	app := newReceiver(t, 200)
	s := start(t, t.TempDir(), nil)
	var ids []int64
	for i := range 3 {
		ids = append(ids, s.put(t, fmt.Sprintf("/klix/%d", i), strings.Repeat("x", i)).ID)
	}
	ids = append(ids, 999)
	report, all := doJob(t, s, ResendJob{Resending: to(app.URL), IDs: ids, Times: 5, Concurrency: 4})
	if report.Sent != 15 || report.Accepted != 15 || report.Unsent != 5 || report.Total != 20 || report.Outcomes[capture.Same] != 15 || report.OK() {
		t.Errorf("report %+v", report)
	}
	kept := map[int64]int{}
	for _, r := range all {
		if r.Sent() != (r.Origin != 999) || r.Sent() == (r.ID == 0) {
			t.Errorf("got %+v", r)
		}
		kept[r.Origin]++
	}
	for _, id := range ids {
		if kept[id] != 5 {
			t.Errorf("callback %d: told of %d", id, kept[id])
		}
	}
	if got := app.received(); len(got) != 15 {
		t.Errorf("%d arrived", len(got))
	}
}

func TestResendInOrderAndStops(t *testing.T) {
	app := newReceiver(t, 200, 200, 500)
	s := start(t, t.TempDir(), nil)
	var ids []int64
	for i := range 5 {
		ids = append(ids, s.put(t, fmt.Sprintf("/klix/%d", i), "{}").ID)
	}
	slices.Reverse(ids)
	report, all := doJob(t, s, ResendJob{Resending: to(app.URL), IDs: ids, StopAtFailure: true})
	if report.Sent != 3 || report.Accepted != 2 || !report.Stopped || report.Cancelled || report.OK() {
		t.Errorf("report %+v", report)
	}
	for i, r := range all {
		if r.Origin != ids[i] {
			t.Errorf("number %d is of %d, want %d", i, r.Origin, ids[i])
		}
	}
	if got := app.received(); len(got) != 3 || !strings.HasPrefix(got[0], "PUT /klix/4 ") {
		t.Errorf("received %q", got)
	}
}

// After a cancel nothing more is sent, and what was under way is kept.
func TestResendIsCancelled(t *testing.T) {
	app := newReceiver(t, 200)
	app.hold = make(chan struct{})
	defer close(app.hold)
	s := start(t, t.TempDir(), nil)
	x := s.put(t, "/klix/x", "{}")
	run, err := s.StartResend(t.Context(), ResendJob{Resending: to(app.URL), IDs: []int64{x.ID}, Times: 1000, Concurrency: 8}, func(*Resent) {})
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		<-app.arrived
	}
	if p := run.Progress(); p.Done != 0 || p.Total != 1000 {
		t.Errorf("progress %+v", p)
	}
	run.Cancel()
	report, err := run.Wait()
	if err != nil || !report.Cancelled || report.Sent != 8 || report.Accepted != 0 || report.Outcomes[capture.Unanswered] != 8 {
		t.Errorf("report %+v, %v", report, err)
	}
	if got := len(app.received()); got != 8 {
		t.Errorf("%d were sent, want the 8 before the cancel", got)
	}
	kept, err := s.Store.Resends(t.Context(), x.ID)
	if err != nil || len(kept) != 8 || kept[0].Error != "The sending was cancelled." {
		t.Errorf("%d kept, %v", len(kept), err)
	}
}

func TestResendPauses(t *testing.T) {
	app := newReceiver(t, 200)
	s := start(t, t.TempDir(), nil)
	x := s.put(t, "/klix/x", "{}")
	var run *ResendRun
	var told atomic.Int32
	ready, paused := make(chan struct{}), make(chan struct{})
	run, err := s.StartResend(t.Context(), ResendJob{Resending: to(app.URL), IDs: []int64{x.ID}, Times: 10}, func(*Resent) {
		<-ready
		if told.Add(1) == 3 {
			run.Pause()
			close(paused)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	close(ready)
	select {
	case <-paused:
	case <-run.Done():
		t.Fatal("it went on to its end")
	}
	if p := run.Progress(); !p.Paused || p.Done != 3 || p.Total != 10 || p.Left != 0 {
		t.Errorf("progress %+v", p)
	}
	run.Resume()
	if report, err := run.Wait(); err != nil || report.Sent != 10 || !report.OK() {
		t.Errorf("report %+v, %v", report, err)
	}
}

func TestResendOnASchedule(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	x, nobody := s.put(t, "/kornitx/x", "{}"), s.put(t, "/nobody", "{}")
	for _, tt := range []struct {
		name      string
		statuses  []int
		schedule  string
		tries     int
		recovered bool
		after     time.Duration
		says      string
	}{
		{"recovers", []int{500, 503, 200}, "kornitx", 3, true, 4 * time.Hour, "accepted at try 3, 4h after the first: 500, then 503, then 200"},
		{"at once", []int{200}, OwnSchedule, 1, true, 0, "accepted at once"},
		{"never", []int{500}, "kornitx", 6, false, 10 * time.Hour, "not accepted in 6 tries over 10h: 500 6 times"},
		{"as another", []int{500}, "klix", 9, false, 36 * time.Hour, "not accepted in 9 tries over 36h"},
	} {
		app := newReceiver(t, tt.statuses...)
		report, all := doJob(t, s, ResendJob{Resending: to(app.URL), IDs: []int64{x.ID}, Schedule: tt.schedule})
		if len(report.Schedules) != 1 || report.OK() != tt.recovered || report.Sent != tt.tries || report.Total != tt.tries || len(all) != tt.tries {
			t.Errorf("%s: report %+v", tt.name, report)
			continue
		}
		got := report.Schedules[0]
		if got.Recovered != tt.recovered || got.After.Round(time.Minute) != tt.after || !strings.Contains(got.String(), tt.says) {
			t.Errorf("%s: got %+v: %s", tt.name, got, got.String())
		}
		if last := all[len(all)-1]; last.Try != tt.tries || last.After != got.After {
			t.Errorf("%s: the last was %+v", tt.name, last)
		}
	}
	app := newReceiver(t, 200)
	if report, all := doJob(t, s, ResendJob{Resending: to(app.URL), IDs: []int64{nobody.ID}, Schedule: OwnSchedule}); report.OK() || report.Unsent != 1 || all[0].Error == "" {
		t.Errorf("of nobody we know: %+v", report)
	}
}

func TestJobsThatCannotBe(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	for _, tt := range []struct {
		job  ResendJob
		says string
	}{
		{ResendJob{}, "no callback"},
		{ResendJob{IDs: []int64{1}, Concurrency: 65}, "from 1 to 64"},
		{ResendJob{IDs: []int64{1}, Rate: -1}, "rate"},
		{ResendJob{IDs: []int64{1}, Speed: -1, Schedule: "klix"}, "speed"},
		{ResendJob{IDs: []int64{1}, Times: 2, Schedule: "klix"}, "schedule"},
		{ResendJob{IDs: []int64{1}, Schedule: "mintsoft"}, "Mintsoft has no schedule"},
		{ResendJob{IDs: []int64{1}, Schedule: "nobody"}, "nobody"},
	} {
		tt.job.To = "http://127.0.0.1:1"
		if _, err := s.StartResend(t.Context(), tt.job, nil); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%+v: %v, want %q", tt.job, err, tt.says)
		}
	}
}

// A job in a folder goes through the process that captures there, and else by
// itself.
func TestResendIn(t *testing.T) {
	app := newReceiver(t, 200)
	folder := t.TempDir()
	s := start(t, folder, nil)
	x := s.put(t, "/klix/x", "{}")
	config := Config{Folder: folder, Getenv: environment(nil)}
	job := ResendJob{Resending: to(app.URL), IDs: []int64{x.ID}, Times: 20, Concurrency: 4}
	check := func(what string) {
		t.Helper()
		told := 0
		report, err := ResendIn(t.Context(), config, job, func(r *Resent) {
			if r.ID != 0 && r.Verdict.Outcome == capture.Same && r.Timings.Total > 0 {
				told++
			}
		})
		if err != nil || told != 20 || report.Sent != 20 || !report.OK() {
			t.Errorf("%s: told of %d, report %+v, %v", what, told, report, err)
		}
		var ask *AskError
		far := ResendJob{Resending: to("http://192.0.2.1"), IDs: job.IDs}
		if _, err := ResendIn(t.Context(), config, far, nil); !errors.As(err, &ask) || ask.Host != "192.0.2.1" || len(ask.Addresses) != 1 {
			t.Errorf("%s: to another machine: %v", what, err)
		}
		if _, err := ResendIn(t.Context(), config, ResendJob{Resending: to(app.URL)}, nil); err == nil || !strings.Contains(err.Error(), "no callback") {
			t.Errorf("%s: of nothing: %v", what, err)
		}
	}
	check("captured")

	// Who asked gives up: the process that captures sends no more.
	app.mu.Lock()
	app.hold = make(chan struct{})
	app.mu.Unlock()
	before := len(app.received())
	for range before {
		<-app.arrived
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan ResendReport, 1)
	go func() {
		report, _ := ResendIn(ctx, config, job, func(*Resent) {})
		ended <- report
	}()
	for range 4 {
		<-app.arrived
	}
	cancel()
	if report := <-ended; !report.Cancelled || report.Sent != 4 || len(app.received()) != before+4 {
		t.Errorf("cancelled: %+v, %d arrived", report, len(app.received())-before)
	}
	close(app.hold)
	app.mu.Lock()
	app.hold = nil
	app.mu.Unlock()
	if err := s.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	check("alone")
}

// Callbacks are read a few at once; large ones and those that are gone are no less
// resent, or told of.
func TestResendReadsAhead(t *testing.T) {
	app := newReceiver(t, 200)
	s := start(t, t.TempDir(), nil)
	var ids []int64
	want := map[int64]string{}
	for i := range 70 {
		body := fmt.Sprintf("body %d", i)
		if i == 40 {
			body = strings.Repeat("x", aheadBody+1)
		}
		r, err := capture.ReadRequest(fmt.Appendf(nil, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
		if err != nil {
			t.Fatal(err)
		}
		x := &capture.Exchange{State: capture.StateAnswered, Via: capture.ViaLocal, Request: r}
		if err := s.Store.Create(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, x.ID)
		want[x.ID] = body
	}
	ids = slices.Insert(ids, 35, 999)
	ids = append(ids, ids[0]) // once more
	for _, concurrency := range []int{1, 8} {
		report, all := doJob(t, s, ResendJob{Resending: to(app.URL), IDs: ids, Concurrency: concurrency})
		if report.Sent != 71 || report.Unsent != 1 {
			t.Errorf("at %d: %+v", concurrency, report)
		}
		for _, r := range all {
			if !r.Sent() {
				continue
			}
			kept, err := s.Store.Exchange(t.Context(), r.ID)
			if err != nil || string(kept.Request.Body) != want[r.Origin] || !kept.Sent.SameBody {
				t.Errorf("at %d: %d was sent as %.20q, %v", concurrency, r.Origin, kept.Request.Body, err)
			}
		}
	}
}
