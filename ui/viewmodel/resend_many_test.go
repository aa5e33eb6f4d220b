package viewmodel

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// jobs stands for the engine: it keeps the jobs that it is asked to do and answers
// each callback as statuses says, in turn.
type jobs struct {
	all      []capture.ResendJob
	statuses []int
	hold     chan struct{} // a job waits for it; nil: for nothing
	paused   int
	resumed  int
}

func (b *bench) runs(t *testing.T, statuses ...int) *jobs {
	t.Helper()
	b.resends(t)
	j := &jobs{statuses: statuses}
	b.Detail.Resend.Many.after = func(time.Duration, func()) func() bool { return func() bool { return true } }
	b.engine.StartResend = func(ctx context.Context, job capture.ResendJob, each func(*capture.Resent)) (*ResendRun, error) {
		if !capture.Loopback(job.To) && !job.Consent.Remote {
			return nil, &capture.AskError{ResendTarget: capture.ResendTarget{Host: "staging.example"}}
		}
		j.all = append(j.all, job)
		report := capture.ResendReport{Total: len(job.IDs), Outcomes: map[capture.Outcome]int{}, Took: 2 * time.Second}
		for i, id := range job.IDs {
			status := j.statuses[i%len(j.statuses)]
			sent := &capture.Resent{
				Origin: id, ID: id + 1000, UID: fmt.Sprint(id), Method: "PUT", URL: job.To + "/x?APIKEY=hush-hush", State: capture.StateAnswered, Status: status,
				Verdict: capture.Verdict{Outcome: capture.Same}, Acceptance: capture.Acceptance{Accepted: status == 200, Words: "KornitX would have tried again"},
				Timings: capture.Timings{Total: 1500 * time.Microsecond},
			}
			if status != 200 {
				sent.Verdict.Outcome = capture.Regressed
			} else {
				report.Accepted++
			}
			report.Sent++
			report.Outcomes[sent.Verdict.Outcome]++
			each(sent)
		}
		if job.Schedule != "" {
			report.Schedules = []capture.ScheduleReport{{Origin: job.IDs[0], Answers: []string{"503", "200"}, Recovered: true, After: 2 * time.Hour}}
		}
		return &ResendRun{
			Pause: func() { j.paused++ }, Resume: func() { j.resumed++ }, Cancel: func() {},
			Progress: func() capture.ResendProgress {
				return capture.ResendProgress{Done: 1, Total: 4, PerSecond: 2, Left: 90 * time.Second, Paused: j.paused > j.resumed}
			},
			Wait: func() (capture.ResendReport, error) {
				if j.hold != nil {
					select {
					case <-j.hold:
					case <-ctx.Done():
						report.Cancelled = true
					}
				}
				return report, nil
			},
		}, nil
	}
	return j
}

// several records callbacks and selects them.
func (b *bench) several(t *testing.T, n int) []int64 {
	t.Helper()
	var ids []int64
	for range n {
		ids = append(ids, b.record(t, b.sentBy(t, "kornitx/dispatched").request, nil))
	}
	b.until(t, func() bool { // the list gathers what comes
		b.List.SelectAll()
		return len(b.List.Chosen()) == n
	})
	b.settle()
	if got := b.List.Chosen(); !slices.Equal(got, ids) {
		t.Fatalf("selected %v, want %v", got, ids)
	}
	return ids
}

func TestResendMany(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	j := b.runs(t, 200, 503)
	ids := b.several(t, 3)
	m := b.Detail.Resend.Many
	if !b.Commands.Press("Mod+R") || b.Dialog != DialogResendMany {
		t.Fatalf("dialog %d", b.Dialog)
	}
	b.settle()
	if m.Title != "3 callbacks" || m.Count != "3 resends to localhost:3000" || !strings.HasPrefix(m.First, "PUT /kornitx/") || !strings.Contains(m.First, "Host: localhost:3000\n") {
		t.Errorf("title %q, count %q, first %q", m.Title, m.Count, m.First)
	}
	m.Change(func(f *ManyFields) { f.Newest, f.Times, f.AtOnce, f.Rate, f.Stop = true, "2", "4", "2,5", true })
	b.settle()
	if m.Count != "6 resends to localhost:3000" {
		t.Errorf("count %q", m.Count)
	}
	m.Send()
	if !m.Running {
		t.Error("nothing says that it is under way")
	}
	b.settle()
	reversed := slices.Clone(ids)
	slices.Reverse(reversed)
	if got := j.all[0]; !slices.Equal(got.IDs, reversed) || got.Times != 2 || got.Concurrency != 4 || got.Rate != 2.5 || !got.StopAtFailure || got.To != "http://localhost:3000" {
		t.Errorf("job %+v", got)
	}
	if m.Running || len(m.Rows) != 3 || m.Report[0].Text != "Sent 3 of 3 in 2s: 2 accepted (2 same, 1 regressed)." || m.Report[0].Tone != Warn {
		t.Errorf("running %t, %d rows, report %+v", m.Running, len(m.Rows), m.Report)
	}
	if got := m.Rows[1]; got.Status != "503" || got.Verdict != "regressed" || got.Judged != Bad || got.Took != "1.5 ms" || strings.Contains(got.Target, "hush") || got.ID != ids[1]+1000 {
		t.Errorf("row %+v", got)
	}
	m.SetFilter("refused")
	if len(m.Rows) != 1 {
		t.Errorf("%d are not accepted", len(m.Rows))
	}
	m.CopyCSV()
	if lines := strings.Split(strings.TrimSpace(b.copied), "\n"); len(lines) != 2 || !strings.HasPrefix(lines[1], fmt.Sprintf("%d,%d,0,PUT,", ids[1], ids[1]+1000)) || !strings.Contains(lines[1], ",503,regressed,false,1.500,") {
		t.Errorf("copied %q", b.copied)
	}
	m.CopyJSON()
	if !strings.HasPrefix(b.copied, `{"origin":`) || strings.Count(b.copied, "\n") != 1 || strings.Contains(b.copied, "hush") {
		t.Errorf("copied %q", b.copied)
	}
}

func TestResendManyIsPausedAndCancelled(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	j := b.runs(t, 200)
	j.hold = make(chan struct{})
	b.several(t, 2)
	m := b.Detail.Resend.Many
	started := make(chan struct{})
	start := b.engine.StartResend
	b.engine.StartResend = func(ctx context.Context, job capture.ResendJob, each func(*capture.Resent)) (*ResendRun, error) {
		defer close(started)
		return start(ctx, job, each)
	}
	m.Open()
	b.settle()
	m.Send()
	<-started
	b.until(t, func() bool { return m.run != nil })
	if m.Progress != "1 of 4 · 2.0 a second · 1m 30s left" || m.Part != 0.25 || len(m.Rows) != 2 {
		t.Errorf("progress %q, part %v, %d rows", m.Progress, m.Part, len(m.Rows))
	}
	m.Pause()
	if !m.Paused || j.paused != 1 || !strings.HasSuffix(m.Progress, "paused") {
		t.Errorf("paused %t, %d times: %q", m.Paused, j.paused, m.Progress)
	}
	m.Pause()
	if m.Paused || j.resumed != 1 {
		t.Errorf("it does not go on")
	}
	m.Send()
	b.Open(NoDialog)
	m.Cancel()
	b.settle()
	if len(j.all) != 1 || m.Running || len(m.Report) != 2 || !strings.Contains(m.Report[1].Text, "cancelled") {
		t.Errorf("%d jobs, report %+v", len(j.all), m.Report)
	}
	if !strings.HasPrefix(b.Notices.Toast.Text, "Sent 2 of 2") {
		t.Error("nothing says that it has ended")
	}
	if b.Notices.Toast.Run(); b.Dialog != DialogResendMany || len(m.Rows) != 2 {
		t.Errorf("dialog %d with %d rows", b.Dialog, len(m.Rows))
	}
}

func TestResendOnASchedule(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	j := b.runs(t, 200)
	id := b.several(t, 1)[0]
	m := b.Detail.Resend.Many
	b.Commands.Do("callback.schedule")
	b.settle()
	if b.Dialog != DialogResendMany || m.Fields.Schedule != capture.OwnSchedule || m.Fields.Speed != "3600" {
		t.Fatalf("dialog %d, fields %+v", b.Dialog, m.Fields)
	}
	if !slices.Contains(m.Schedules, Choosable{"kornitx", "As KornitX would"}) {
		t.Errorf("schedules %+v", m.Schedules)
	}
	m.Change(func(f *ManyFields) { f.Schedule, f.Speed, f.Times = "kornitx", "60", "x" })
	m.Send()
	b.settle()
	if got := j.all[0]; got.Schedule != "kornitx" || got.Speed != 60 || got.Times != 0 || !slices.Equal(got.IDs, []int64{id}) {
		t.Errorf("job %+v", got)
	}
	if want := fmt.Sprintf("Callback %d was accepted at try 2, 2h after the first: 503, then 200.", id); len(m.Report) != 2 || m.Report[1] != (ManySaid{Good, want}) {
		t.Errorf("report %+v", m.Report)
	}
}

func TestResendManyAsksAndRefuses(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	j := b.runs(t, 200)
	b.several(t, 2)
	m := b.Detail.Resend.Many
	m.Open()
	b.settle()
	for _, change := range []func(f *ManyFields){
		func(f *ManyFields) { f.URL = "ftp://x" },
		func(f *ManyFields) { f.Times = "0" },
		func(f *ManyFields) { f.AtOnce = "65" },
		func(f *ManyFields) { f.Rate = "-1" },
		func(f *ManyFields) { f.Rate = "fast" },
		func(f *ManyFields) { f.Schedule, f.Speed = "own", "fast" },
	} {
		before := m.Fields
		m.Change(change)
		m.Send()
		if m.Problem == "" || m.Running {
			t.Errorf("%+v: problem %q", m.Fields, m.Problem)
		}
		m.Fields = before
	}
	asked := 0
	b.Detail.confirm = func(_, _, _ string, _ bool, run func()) { asked++; run() }
	m.Change(func(f *ManyFields) { f.URL = "https://staging.example" })
	m.Send()
	b.settle()
	m.Send()
	b.settle()
	if asked != 1 || len(j.all) != 2 || !j.all[0].Consent.Remote {
		t.Errorf("asked %d times, jobs %+v", asked, j.all)
	}
}

// until drains until something is so.
func (b *bench) until(t *testing.T, met func() bool) {
	t.Helper()
	bound := time.NewTimer(10 * time.Second)
	defer bound.Stop()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for b.pump.drain(); !met(); b.pump.drain() {
		select {
		case <-bound.C:
			t.Fatal("waited in vain")
		case <-look.C:
		}
	}
}
