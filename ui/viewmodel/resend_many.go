package viewmodel

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"hookglass/capture"
)

// ManyFields are what a person chooses for the resend of several callbacks.
type ManyFields struct {
	URL      string
	KeepPath bool
	Newest   bool   // the newest first
	Times    string // how often each
	AtOnce   string // how many at the same time
	Rate     string // how many a second at the most; "" for any number
	Stop     bool   // at the first that is not accepted

	Drop, Follow, Marker bool

	Schedule string // "", capture.OwnSchedule or a provider: sent again until it is accepted
	Speed    string // of a schedule: "1", "60", "3600"; "0" for without any pause
}

// ResendMany sends several callbacks, or one on the schedule of its sender. It goes
// on when its dialog is closed.
type ResendMany struct {
	Title     string // "12 callbacks"
	Fields    ManyFields
	Schedules []Choosable // what can be chosen as a schedule
	Suggested []string
	Problem   string
	First     string // the exact first request, secrets hidden
	Count     string // "12 resends to localhost:3000"
	Written   int    // counts how often Fields were changed by something else than typing

	Running  bool
	Paused   bool
	Progress string  // "120 of 1 000 · 84 a second · 10 s left"
	Part     float32 // of it that is done
	Report   []ManySaid
	Rows     []ManyRow // those that Filter lets through
	Filter   string    // one of ManyFilters
	More     string    // that not all are listed

	Changed Signal

	app     *App
	ids     []int64 // ascending
	secrets bool    // they carry secrets

	scheduled bool // what runs goes on a schedule
	all       []*capture.Resent
	run       *ResendRun
	cancel    context.CancelFunc
	asked     map[string]bool

	previewing, again bool
	after             func(time.Duration, func()) (stop func() bool)

	mu    sync.Mutex
	fresh []*capture.Resent // not shown yet
}

// Choosable is a line of a choice.
type Choosable struct{ ID, Title string }

// ManySaid is a sentence about how the whole went.
type ManySaid struct {
	Tone Tone
	Text string
}

// ManySpeeds are how fast a schedule can go.
var ManySpeeds = []Choosable{{"1", "In real time"}, {"60", "An hour in a minute (×60)"}, {"3600", "An hour in a second (×3600)"}, {"0", "All at once"}}

// maxResults bounds the results that are kept for the table.
const maxResults = 20_000

func newResendMany(a *App) *ResendMany {
	m := &ResendMany{app: a, asked: map[string]bool{}, cancel: func() {}}
	m.after = func(t time.Duration, f func()) func() bool {
		return time.AfterFunc(t, func() { a.config.Do(f) }).Stop
	}
	return m
}

// Ready reports whether there is something to send.
func (m *ResendMany) Ready() bool {
	b := m.app.backend
	return m.Running || b != nil && b.StartResend != nil && len(m.app.List.Chosen()) > 0
}

// Open opens the dialog for what is selected, or for what is being sent.
func (m *ResendMany) Open() { m.open(m.app.List.Chosen(), "") }

// OpenSchedule is Open with the schedule of the sender chosen.
func (m *ResendMany) OpenSchedule() { m.open(m.app.List.Chosen(), capture.OwnSchedule) }

func (m *ResendMany) open(ids []int64, schedule string) {
	if !m.Running && (len(ids) == 0 || m.app.backend == nil || m.app.backend.StartResend == nil) {
		return
	}
	if !m.Running {
		m.prepare(ids)
		m.Fields.Schedule = schedule
	}
	m.app.Open(DialogResendMany)
	m.Changed.Emit()
	m.suggest()
	m.preview()
}

func (m *ResendMany) prepare(ids []int64) {
	b := m.app.backend
	m.ids, m.all, m.Rows, m.Report, m.Problem, m.First, m.Progress, m.More, m.Part = ids, nil, nil, nil, "", "", "", "", 0
	m.Title = counted(len(ids), "callback")
	if m.Fields.URL == "" {
		m.Fields = ManyFields{URL: "http://localhost:3000", Times: "1", AtOnce: "1", Speed: "3600"}
	}
	m.Schedules = []Choosable{{"", "Once, without a schedule"}, {capture.OwnSchedule, "As its sender would"}}
	for _, p := range b.Set.All() {
		if p.Retry.Schedule() != nil {
			m.Schedules = append(m.Schedules, Choosable{p.ID, "As " + p.Name + " would"})
		}
	}
	m.Filter = ""
	m.Written++
}

// suggest finds where callbacks like the first were sent to.
func (m *ResendMany) suggest() {
	b, id := m.app.backend, m.ids[0]
	if m.Running {
		return
	}
	ids := m.ids
	m.app.run(func(ctx context.Context) func() {
		var found []string
		secrets := false
		x, err := b.Store.Exchange(ctx, id)
		if err == nil {
			found, _ = b.Store.Targets(ctx, x.Annotation.Provider, x.Endpoint) // none is no harm
			secrets = len(b.Set.SecretsIn(&x.Annotation, &x.Request)) > 0
		}
		return func() {
			if !slices.Equal(ids, m.ids) {
				return
			}
			m.Suggested, m.secrets = found, secrets
			if len(found) > 0 && m.Fields.URL == "http://localhost:3000" {
				m.Fields.URL = found[0]
			}
			m.Written++
			m.preview()
			m.Changed.Emit()
		}
	})
}

// Change is told what a person typed or chose.
func (m *ResendMany) Change(f func(f *ManyFields)) {
	before := m.Fields
	f(&m.Fields)
	if m.Fields == before {
		return
	}
	m.Problem = ""
	if !m.Running { // the results are those of another job
		m.all, m.Rows, m.Report, m.More = nil, nil, nil, ""
	}
	m.preview()
	m.Changed.Emit()
}

// job is what is chosen, as the engine takes it; or what of it cannot be.
func (m *ResendMany) job() (job capture.ResendJob, host, problem string) {
	f := &m.Fields
	job.KeepPath, job.DropSecrets, job.Follow, job.Marker = f.KeepPath, f.Drop, f.Follow, f.Marker
	if job.To, host = addressOf(f.URL); host == "" {
		return job, "", "This is no address: it should look like http://localhost:3000/path, without a user name."
	}
	job.Consent.Remote = m.asked[host]
	job.IDs = slices.Clone(m.ids)
	if f.Newest {
		slices.Reverse(job.IDs)
	}
	var err error
	if job.Schedule = f.Schedule; job.Schedule != "" {
		if job.Speed, err = strconv.ParseFloat(f.Speed, 64); err != nil {
			return job, host, "Choose how fast the schedule goes."
		}
		return job, host, ""
	}
	if job.Times, err = strconv.Atoi(strings.TrimSpace(f.Times)); err != nil || job.Times < 1 {
		return job, host, "How often each is sent is a whole number from 1."
	}
	if job.Concurrency, err = strconv.Atoi(strings.TrimSpace(f.AtOnce)); err != nil || job.Concurrency < 1 || job.Concurrency > capture.MostConcurrent {
		return job, host, "How many are sent at the same time is a number from 1 to " + strconv.Itoa(capture.MostConcurrent) + "."
	}
	if rate := strings.TrimSpace(f.Rate); rate != "" {
		if job.Rate, err = strconv.ParseFloat(strings.Replace(rate, ",", ".", 1), 64); err != nil || job.Rate <= 0 {
			return job, host, "How many a second is a number above 0, or nothing for any number."
		}
	}
	job.StopAtFailure = f.Stop
	return job, host, errorWords(job.Check())
}

func errorWords(err error) string {
	if err != nil {
		return sentence(err)
	}
	return ""
}

// Send begins; to another machine after a question.
func (m *ResendMany) Send() {
	if m.Running || len(m.ids) == 0 || m.app.backend == nil {
		return
	}
	job, host, problem := m.job()
	if m.Problem = problem; problem != "" {
		m.Changed.Emit()
		return
	}
	m.start(job, host)
}

func (m *ResendMany) start(job capture.ResendJob, host string) {
	b := m.app.backend
	m.all, m.Rows, m.Report, m.More, m.Part = nil, nil, nil, "", 0
	m.Running, m.Paused, m.Progress, m.run = true, false, "Beginning …", nil
	m.scheduled = job.Schedule != ""
	m.Changed.Emit()
	ctx, cancel := context.WithCancel(m.app.ctx)
	m.cancel = cancel
	m.app.run(func(context.Context) func() {
		run, err := b.StartResend(ctx, job, m.told)
		if err != nil {
			cancel()
		}
		return func() { m.started(run, err, job, host, cancel) }
	})
}

func (m *ResendMany) started(run *ResendRun, err error, job capture.ResendJob, host string, cancel context.CancelFunc) {
	var ask *capture.AskError
	switch {
	case errors.As(err, &ask):
		m.Running, m.Progress = false, ""
		m.ask(ask, job, host)
	case err != nil:
		m.Running, m.Progress, m.Problem = false, "", sentence(err)
	default:
		m.run = run
		m.tick()
		m.app.run(func(context.Context) func() {
			defer cancel()
			report, err := run.Wait()
			return func() { m.ended(&report, err) }
		})
		return
	}
	m.Changed.Emit()
}

func (m *ResendMany) ask(ask *capture.AskError, job capture.ResendJob, host string) {
	var secrets []string
	if m.secrets {
		secrets = []string{"those that the callbacks have"}
	}
	question, detail := askWords(ask, &job.Resending, secrets)
	m.app.Detail.confirm(question, detail, "Send them", true, func() {
		if m.Running {
			return
		}
		if job.Consent.Remote {
			job.Consent.Provider = true
		} else {
			m.asked[host] = true
			job.Consent.Remote = true
		}
		m.start(job, host)
	})
}

// Pause holds up what is not begun yet, or goes on.
func (m *ResendMany) Pause() {
	if m.run == nil || !m.Running {
		return
	}
	m.Paused = !m.Paused
	if m.Paused {
		m.run.Pause()
	} else {
		m.run.Resume()
	}
	m.progress()
	m.Changed.Emit()
}

// Cancel ends it: what is under way is given up at once.
func (m *ResendMany) Cancel() { m.cancel() }
