package viewmodel

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// ManyRow is one result of many.
type ManyRow struct {
	ID      int64  // what it is kept as; 0 where nothing was sent
	Origin  string // "#12", "#12 try 3"
	Target  string // "PUT localhost:3000/x", secrets masked
	Status  string
	Tone    Tone
	Verdict string // "fixed"
	Judged  Tone
	Word    string // what its sender would have done, or why there is no answer
	Took    string
}

// ManyFilters are what of the results can be listed.
var ManyFilters = []Choosable{
	{"", "All results"},
	{"refused", "Not accepted"},
	{string(capture.Fixed), "Fixed"},
	{string(capture.Regressed), "Regressed"},
	{string(capture.StillFailing), "Still failing"},
	{string(capture.Unanswered), "No answer"},
	{"unsent", "Not sent"},
}

// told is told of every result, off the screen's goroutine.
func (m *ResendMany) told(sent *capture.Resent) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fresh = append(m.fresh, sent)
}

// glimpse is how often what runs is looked at.
const glimpse = 200 * time.Millisecond

// tick looks at what runs, and comes back for as long as it does.
func (m *ResendMany) tick() {
	if !m.Running || m.run == nil {
		return
	}
	m.gather()
	m.progress()
	m.Changed.Emit()
	m.after(glimpse, m.tick)
}

// gather lists what was told since.
func (m *ResendMany) gather() {
	m.mu.Lock()
	fresh := m.fresh
	m.fresh = nil
	m.mu.Unlock()
	for _, sent := range fresh {
		if len(m.all) >= maxResults {
			m.More = "The first " + groupDigits(maxResults) + " results are listed; each resend is in the list of callbacks."
			return
		}
		m.all = append(m.all, sent)
		if m.lets(sent) {
			m.Rows = append(m.Rows, m.newRow(sent))
		}
	}
}

func (m *ResendMany) progress() {
	if m.run == nil {
		return
	}
	p := m.run.Progress()
	if p.Total > 0 {
		m.Part = float32(p.Done) / float32(p.Total)
	}
	words := []string{groupDigits(int64(p.Done)) + " of " + groupDigits(int64(p.Total))}
	if m.scheduled {
		words[0] = groupDigits(int64(p.Done)) + " of at most " + groupDigits(int64(p.Total)) + " tries"
	}
	if p.PerSecond >= 0.1 {
		words = append(words, strconv.FormatFloat(p.PerSecond, 'f', 1, 64)+" a second")
	}
	if p.Left > 0 {
		words = append(words, providers.Span(max(p.Left.Round(time.Second), time.Second))+" left")
	}
	if p.Paused {
		words = append(words, "paused")
	}
	m.Progress = strings.Join(words, " · ")
}

// ended says how it went.
func (m *ResendMany) ended(report *capture.ResendReport, err error) {
	m.gather()
	m.Running, m.Paused, m.run, m.Progress, m.Part = false, false, nil, "", 1
	m.Report = reportWords(report, err)
	if m.app.Dialog != DialogResendMany && len(m.Report) > 0 {
		m.app.Notices.Say(m.Report[0].Tone, m.Report[0].Text, "Show", func() {
			m.app.Open(DialogResendMany)
			m.Changed.Emit()
		})
	}
	m.app.Detail.Refresh()
	m.Changed.Emit()
}

func reportWords(r *capture.ResendReport, err error) []ManySaid {
	var said []ManySaid
	say := func(t Tone, text string) { said = append(said, ManySaid{t, text}) }
	text := fmt.Sprintf("Sent %s of %s in %s: %s accepted", groupDigits(int64(r.Sent)), groupDigits(int64(r.Total)), providers.Span(r.Took), groupDigits(int64(r.Accepted)))
	if r.Unsent > 0 {
		text += ", " + groupDigits(int64(r.Unsent)) + " could not be sent"
	}
	tone := Good
	if !r.OK() {
		tone = Warn
	}
	var parts []string
	for _, o := range []capture.Outcome{capture.Fixed, capture.Same, capture.Regressed, capture.StillFailing, capture.Unanswered} {
		if n := r.Outcomes[o]; n > 0 {
			parts = append(parts, groupDigits(int64(n))+" "+outcomeWords[o])
		}
	}
	if len(parts) > 0 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	say(tone, text+".")
	switch {
	case err != nil:
		say(Bad, sentence(err))
	case r.Cancelled:
		say(Warn, "It was cancelled: what is not listed was not sent.")
	case r.Stopped:
		say(Warn, "It stopped at the first that was not accepted.")
	}
	const most = 50
	for i := range r.Schedules[:min(len(r.Schedules), most)] {
		s := &r.Schedules[i]
		tone := Good
		if !s.Recovered {
			tone = Bad
		}
		say(tone, capital(s.String())+".")
	}
	if more := len(r.Schedules) - most; more > 0 {
		say(Muted, "And "+counted(more, "more callback")+".")
	}
	return said
}

// SetFilter lists other results.
func (m *ResendMany) SetFilter(id string) {
	m.Filter = id
	m.Rows = nil
	for _, sent := range m.all {
		if m.lets(sent) {
			m.Rows = append(m.Rows, m.newRow(sent))
		}
	}
	m.Changed.Emit()
}

func (m *ResendMany) lets(sent *capture.Resent) bool {
	switch m.Filter {
	case "":
		return true
	case "refused":
		return !sent.Acceptance.Accepted
	case "unsent":
		return !sent.Sent()
	}
	return sent.Sent() && string(sent.Verdict.Outcome) == m.Filter
}

// maskedURL is where a resend went, without secrets.
func (m *ResendMany) maskedURL(sent *capture.Resent) string {
	scheme, rest, ok := strings.Cut(sent.URL, "://")
	at := strings.IndexAny(rest, "/?")
	if !ok || at < 0 {
		return sent.URL
	}
	mask := func(target string) string { return capture.MaskTarget(target) }
	if b := m.app.backend; b != nil && b.Mask != nil {
		mask = b.Mask
	}
	return scheme + "://" + rest[:at] + mask(rest[at:])
}

func (m *ResendMany) newRow(sent *capture.Resent) ManyRow {
	row := ManyRow{ID: sent.ID, Origin: "#" + strconv.FormatInt(sent.Origin, 10)}
	if sent.Try > 0 {
		row.Origin += " try " + strconv.Itoa(sent.Try)
		if sent.After > 0 {
			row.Origin += ", " + providers.Span(sent.After)
		}
	}
	_, where, _ := strings.Cut(m.maskedURL(sent), "://")
	row.Target = strings.TrimSpace(sent.Method + " " + capture.Visible(where))
	row.Status, row.Tone = resentWords(sent)
	if sent.Status != 0 {
		row.Status = strconv.Itoa(sent.Status)
	}
	row.Verdict, row.Judged = outcomeWords[sent.Verdict.Outcome], outcomeTone(sent.Verdict.Outcome)
	row.Word = capital(capture.Visible(orElse(sent.Error, sent.Acceptance.Words)))
	if sent.Timings.Total > 0 {
		row.Took = shortTime(sent.Timings.Total)
	}
	return row
}

// listed are the results that the filter lets through.
func (m *ResendMany) listed() []*capture.Resent {
	var all []*capture.Resent
	for _, sent := range m.all {
		if m.lets(sent) {
			all = append(all, sent)
		}
	}
	return all
}

// CopyCSV copies the listed results as a table.
func (m *ResendMany) CopyCSV() {
	var text strings.Builder
	w := csv.NewWriter(&text)
	rows := [][]string{{"callback", "resend", "try", "method", "url", "status", "verdict", "accepted", "milliseconds", "error"}}
	for _, s := range m.listed() {
		rows = append(rows, []string{
			strconv.FormatInt(s.Origin, 10), strconv.FormatInt(s.ID, 10), strconv.Itoa(s.Try), s.Method, m.maskedURL(s),
			strconv.Itoa(s.Status), string(s.Verdict.Outcome), strconv.FormatBool(s.Acceptance.Accepted),
			strconv.FormatFloat(float64(s.Timings.Total)/float64(time.Millisecond), 'f', 3, 64), s.Error,
		})
	}
	_ = w.WriteAll(rows) // to memory
	m.app.copy(text.String(), "Copied "+counted(len(rows)-1, "result")+" as CSV.")
}

// CopyJSON copies the listed results as JSON, a line each.
func (m *ResendMany) CopyJSON() {
	var text strings.Builder
	out := json.NewEncoder(&text)
	all := m.listed()
	for _, s := range all {
		masked := *s
		masked.URL = m.maskedURL(s)
		_ = out.Encode(&masked) // plain data, to memory
	}
	m.app.copy(text.String(), "Copied "+counted(len(all), "result")+" as JSON lines.")
}

// preview makes the first request that would be sent. One is made at a time.
func (m *ResendMany) preview() {
	b := m.app.backend
	if b == nil || b.PreviewResend == nil || m.Running || len(m.ids) == 0 {
		return
	}
	if m.previewing {
		m.again = true
		return
	}
	job, host, problem := m.job()
	if problem != "" {
		m.First, m.Count = "", ""
		return
	}
	m.previewing = true
	plain := m.app.Detail.Secrets
	m.app.run(func(ctx context.Context) func() {
		first, err := b.PreviewResend(ctx, job.IDs[0], job.Resending, job.Keeps())
		text := ""
		if err == nil {
			x, found := b.Store.Exchange(ctx, job.IDs[0])
			var places []string
			if found == nil && !plain {
				places = b.Set.SecretsIn(&x.Annotation, &x.Request)
			}
			text = requestText(&first.Out.Request, places)
		}
		return func() {
			m.previewing = false
			if m.again {
				m.again = false
				m.preview()
				return
			}
			m.First, m.Problem = text, errorWords(err)
			m.Count = counted(len(job.IDs)*max(job.Times, 1), "resend") + " to " + capture.Visible(host)
			if job.Schedule != "" {
				m.Count = counted(len(job.IDs), "callback") + " to " + capture.Visible(host) + ", each until it is accepted"
			}
			m.Changed.Emit()
		}
	})
}

// requestText writes a request as it goes over the wire, secrets hidden and a long
// body cut.
func requestText(r *capture.Request, secrets []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s\n", capture.Visible(r.Method), capture.Visible(hiddenTarget(r.Target, secrets)), r.Proto)
	for _, f := range r.Header {
		fmt.Fprintf(&b, "%s: %s\n", capture.Visible(f.Name), capture.Visible(hidden(f, secrets)))
	}
	b.WriteString("\n")
	const most = 2000
	body := r.Body[:min(len(r.Body), most)]
	for i, line := range strings.Split(string(body), "\n") {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(capture.Visible(strings.TrimSuffix(line, "\r")))
	}
	if len(r.Body) > most {
		fmt.Fprintf(&b, "\n… %s in all", byteCount(int64(len(r.Body))))
	}
	return b.String()
}
