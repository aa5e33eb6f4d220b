package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/providers"
)

// tell says what differs from the callback before it is sent. Of a dry run it
// prints the first request, byte for byte, and how many there would be.
func (c *replayCommand) tell(t *terminal, job *engine.ResendJob, v *engine.Preview) error {
	if !c.JSON || c.DryRun {
		first := ""
		if len(job.IDs) > 1 {
			first = fmt.Sprintf("callback %d ", job.IDs[0])
		}
		for _, d := range v.Out.Sending.Differences {
			t.say("%sdiffers in %s", first, d)
		}
		if len(v.Secrets) > 0 && !c.DropSecrets {
			t.say("%scarries secrets as they came: %s; --drop-secrets leaves them out", first, strings.Join(v.Secrets, ", "))
		}
	}
	if v.Note != "" {
		t.say("%s", strings.TrimRight(v.Note, ". "))
	}
	if !c.DryRun {
		return nil
	}
	count := fmt.Sprintf("%d requests", len(job.IDs)*job.Times)
	switch {
	case job.Schedule != "":
		count = fmt.Sprintf("%d callbacks, each until it is accepted", len(job.IDs))
	case len(job.IDs)*job.Times == 1:
		count = "1 request"
	}
	t.say("nothing is sent: it would be %s; this is the first, to %s", count, capture.Visible(v.Out.Sending.Base))
	if _, err := t.out.Write(v.Out.Request.Head); err != nil {
		return err
	}
	_, err := t.out.Write(v.Out.Request.Body)
	return err
}

// resentRow is a resend as --json prints it. The names are a contract with the
// scripts that read them.
type resentRow struct {
	Origin   int64           `json:"origin"`
	ID       int64           `json:"id"` // 0: nothing was sent
	UID      string          `json:"uid"`
	Try      int             `json:"try,omitempty"`
	After    float64         `json:"after_s,omitempty"`
	Method   string          `json:"method"`
	URL      string          `json:"url"`
	State    string          `json:"state"`
	Status   int             `json:"status"` // 0: no answer
	Error    string          `json:"error"`
	Location string          `json:"location,omitempty"`
	Hops     []capture.Hop   `json:"hops,omitempty"`
	Duration float64         `json:"duration_ms"`
	Timings  timings         `json:"timings"`
	Verdict  capture.Outcome `json:"verdict"`
	Accepted bool            `json:"accepted"`
	Again    bool            `json:"would_try_again"`
	Words    string          `json:"words"`
	Note     string          `json:"note,omitempty"`
}

// timings are capture.Timings in milliseconds.
type timings struct {
	DNS       float64 `json:"dns_ms"`
	Connect   float64 `json:"connect_ms"`
	TLS       float64 `json:"tls_ms"`
	FirstByte float64 `json:"first_byte_ms"`
	Total     float64 `json:"total_ms"`
}

func timingsOf(t *capture.Timings) timings {
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	return timings{ms(t.DNS), ms(t.Connect), ms(t.TLS), ms(t.FirstByte), ms(t.Total)}
}

// print writes what became of one. Errors stay in the writer until Flush.
func (c *replayCommand) print(out *bufio.Writer, r *engine.Resent, mask func(string) string) {
	base, target := splitBase(r.URL)
	url := base + mask(target)
	if c.JSON {
		_ = writeJSON(out, resentRow{
			Origin: r.Origin, ID: r.ID, UID: r.UID, Try: r.Try, After: r.After.Seconds(), Method: r.Method, URL: url,
			State: string(r.State), Status: r.Status, Error: r.Error, Location: mask(r.Location), Hops: r.Hops,
			Duration: timingsOf(&r.Timings).Total, Timings: timingsOf(&r.Timings),
			Verdict: r.Verdict.Outcome, Accepted: r.Acceptance.Accepted, Again: r.Acceptance.Again,
			Words: r.Acceptance.Words, Note: r.Note,
		})
		_ = out.Flush()
		return
	}
	var text strings.Builder
	fmt.Fprintf(&text, "callback %d", r.Origin)
	if !r.Sent() {
		fmt.Fprintf(&text, " was not sent: %s", r.Error)
	} else {
		fmt.Fprintf(&text, " resent as %d", r.ID)
		if r.Try > 0 {
			fmt.Fprintf(&text, " (try %d, after %s)", r.Try, providers.Span(r.After))
		}
		if r.Status != 0 {
			fmt.Fprintf(&text, ": %d in %s", r.Status, providers.Span(r.Timings.Total))
		}
		fmt.Fprintf(&text, ", %s; %s", r.Verdict.Words, r.Acceptance.Words)
		if r.Location != "" {
			fmt.Fprintf(&text, "; it redirects to %s", mask(r.Location))
		}
		if r.Error != "" {
			text.WriteString(". " + r.Error)
		}
	}
	_, _ = fmt.Fprintln(out, capture.Visible(text.String()))
	_ = out.Flush()
}

// splitBase splits an address into what masking leaves alone and the target.
func splitBase(url string) (base, target string) {
	_, rest, ok := strings.Cut(url, "://")
	i := strings.IndexByte(rest, '/')
	if !ok || i < 0 {
		return url, ""
	}
	at := len(url) - len(rest) + i
	return url[:at], url[at:]
}

// sum says how it went, where there was more than one.
func (c *replayCommand) sum(t *terminal, r *engine.ResendReport) {
	for i := range r.Schedules {
		t.say("%s", r.Schedules[i].String())
	}
	if r.Total == 1 && !r.Cancelled {
		return
	}
	text := fmt.Sprintf("%d sent, %d accepted", r.Sent, r.Accepted)
	if len(r.Schedules) == 0 || r.Cancelled {
		text = fmt.Sprintf("%d of %d sent, %d accepted", r.Sent, r.Total, r.Accepted)
	}
	for _, outcome := range []capture.Outcome{capture.Fixed, capture.Regressed, capture.StillFailing, capture.Unanswered} {
		if n := r.Outcomes[outcome]; n > 0 {
			text += fmt.Sprintf(", %d %s", n, strings.ReplaceAll(string(outcome), "_", " "))
		}
	}
	if r.Unsent > 0 {
		text += fmt.Sprintf(", %d could not be sent", r.Unsent)
	}
	switch {
	case r.Cancelled:
		text += "; cancelled"
	case r.Stopped:
		text += "; stopped at the first failure"
	}
	text += " in " + providers.Span(r.Took)
	if seconds := r.Took.Seconds(); seconds >= 1 {
		text += fmt.Sprintf(", %.0f a second", float64(r.Sent)/seconds)
	}
	t.say("%s", text)
}

// resendWatch shows on a terminal how far it has come.
type resendWatch struct {
	out         io.Writer // nil: nobody looks
	begun, last time.Time
	done, total int
	shown       bool
}

// watchEvery is how often it is shown.
const watchEvery = 200 * time.Millisecond

func newResendWatch(out io.Writer, total int) *resendWatch {
	w := &resendWatch{begun: time.Now(), total: total}
	if file, ok := out.(*os.File); ok && total > 1 {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			w.out = file
		}
	}
	return w
}

// show counts one and shows how far it has come.
func (w *resendWatch) show(*engine.Resent) {
	w.done++
	now := time.Now()
	if w.out == nil || now.Sub(w.last) < watchEvery {
		return
	}
	w.last, w.shown = now, true
	rate := float64(w.done) / max(now.Sub(w.begun).Seconds(), 0.001)
	left := time.Duration(float64(max(w.total-w.done, 0)) / rate * float64(time.Second))
	_, _ = fmt.Fprintf(w.out, "%d of %d, %.0f a second, %s left", w.done, w.total, rate, providers.Span(left))
}

// clear takes the line away.
func (w *resendWatch) clear() {
	if w.shown {
		_, _ = fmt.Fprint(w.out, "\r\x1b[K")
		w.shown = false
	}
}

// sending says of a resend what it was made from, in what it differs, and how long
// its parts took.
func (p page) sending(x *capture.Exchange) {
	if x.Sent == nil {
		return
	}
	p.title(fmt.Sprintf("Resend of callback %d", x.Origin))
	p.row("to", x.Sent.Base)
	for _, d := range x.Sent.Differences {
		p.row("differs", d.String())
	}
	for _, hop := range x.Sent.Hops {
		p.row("redirected", fmt.Sprintf("%d to %s", hop.Status, capture.MaskTarget(hop.Location)))
	}
	t := &x.Sent.Timings
	var parts []string
	for _, part := range []struct {
		name string
		took time.Duration
	}{{"DNS", t.DNS}, {"connect", t.Connect}, {"TLS", t.TLS}, {"first byte after", t.FirstByte}, {"total", t.Total}} {
		if part.took > 0 {
			parts = append(parts, part.name+" "+part.took.Round(10*time.Microsecond).String())
		}
	}
	p.row("took", strings.Join(parts, ", "))
}
