package viewmodel

import (
	"context"
	"errors"
	"strings"
	"time"

	"hookglass/capture"
)

// ResendResult is what became of a resend.
type ResendResult struct {
	ID   int64 // the callback that it is kept as; 0: nothing was sent
	Text string
	Tone Tone
	Note string // "84 ms"; the sentence why there is no answer

	Verdict     string // "Fixed: 200 in place of 503"
	VerdictTone Tone
	Sender      string // "KornitX would have tried again: up to 5 times, every 2h"
	SenderTone  Tone
	Forged      string // why the receiver saw it as forged
	Timings     []ResendTiming
	Redirects   []string // those that were followed, then the one that was not
}

// ResendTiming is one part of the time that a sending took.
type ResendTiming struct {
	Name string // "Connect"
	Text string // "1.2 ms"
	Sum  bool   // it is all of it
}

// newResendResult lays out what the engine says of a resend.
func newResendResult(sent *capture.Resent, _ style) *ResendResult {
	result := &ResendResult{ID: sent.ID, Forged: capital(capture.Visible(sent.Note)), Timings: newResendTimings(&sent.Timings)}
	result.Text, result.Tone = resentWords(sent)
	result.Note = capture.Visible(sent.Error)
	if sent.Status != 0 {
		result.Note = strings.TrimSuffix(duration(sent.Timings.Total)+". "+result.Note, ". ")
	}
	result.Verdict, result.VerdictTone = capital(sent.Verdict.Words), outcomeTone(sent.Verdict.Outcome)
	if sent.Verdict.Outcome == "" { // it says nothing beside the status
		result.Verdict = ""
	}
	result.Sender, result.SenderTone = capital(capture.Visible(sent.Acceptance.Words)), Warn
	if sent.Acceptance.Accepted {
		result.SenderTone = Good
	}
	for _, hop := range sent.Hops {
		result.Redirects = append(result.Redirects, groupDigits(int64(hop.Status))+" to "+shorten(capture.Visible(capture.MaskTarget(hop.Location)), 200)+", followed")
	}
	if sent.Location != "" {
		result.Redirects = append(result.Redirects, groupDigits(int64(sent.Status))+" to "+shorten(capture.Visible(capture.MaskTarget(sent.Location)), 200)+", not followed")
	}
	return result
}

// resentWords say in a word or two how a resend was answered.
func resentWords(sent *capture.Resent) (string, Tone) {
	if !sent.Sent() {
		return "Not sent", Bad
	}
	if sent.Status == 0 {
		return capital(noAnswer(sent.State, sent.Error)), Bad
	}
	return statusLine(sent.Status), statusTone(sent.Status)
}

// unsentResult says why nothing was sent, or that it was given up.
func unsentResult(err error, cancelled bool) *ResendResult {
	if cancelled || errors.Is(err, context.Canceled) {
		return &ResendResult{Text: "Cancelled", Tone: Warn, Note: "What was sent before cannot be taken back."}
	}
	return &ResendResult{Text: "Not sent", Tone: Bad, Note: sentence(err)}
}

func outcomeTone(o capture.Outcome) Tone {
	switch o {
	case capture.Fixed, capture.Same:
		return Good
	case capture.Regressed, capture.StillFailing, capture.Unanswered:
		return Bad
	}
	return Secondary
}

// outcomeWords name the outcomes.
var outcomeWords = map[capture.Outcome]string{
	capture.Same: "same", capture.Fixed: "fixed", capture.Regressed: "regressed",
	capture.StillFailing: "still failing", capture.Unanswered: "no answer",
}

// newResendTimings leaves out what did not happen.
func newResendTimings(t *capture.Timings) []ResendTiming {
	var all []ResendTiming
	for _, part := range []struct {
		name string
		took time.Duration
	}{{"DNS", t.DNS}, {"Connect", t.Connect}, {"TLS", t.TLS}, {"First byte", t.FirstByte}, {"Total", t.Total}} {
		if part.took > 0 {
			all = append(all, ResendTiming{Name: part.name, Text: shortTime(part.took), Sum: part.name == "Total"})
		}
	}
	return all
}

// shortTime is duration with parts of a millisecond: a receiver on this computer
// takes no longer.
func shortTime(d time.Duration) string {
	if d < 10*time.Millisecond {
		return strings.Replace(strings.Replace(d.Round(10*time.Microsecond).String(), "ms", " ms", 1), "µs", " µs", 1)
	}
	return duration(d)
}

// resendLinks are the resends of a callback, oldest first.
func resendLinks(m *material, s style) (title string, links []ResendLink) {
	if len(m.resends) == 0 {
		return "", nil
	}
	const most = 8
	shown := m.resends[max(0, len(m.resends)-most):]
	for i := range shown {
		x := &shown[i]
		link := ResendLink{
			ID: x.ID, Text: noAnswer(x.State, x.Error), Tone: Bad,
			Tip: x.Request.Received.In(s.zone).Format("15:04:05") + " to " + capture.Visible(capture.MaskTarget(resendTarget(&x.Request))),
		}
		if x.Response != nil {
			link.Text, link.Tone = groupDigits(int64(x.Response.Status)), statusTone(x.Response.Status)
		}
		if verdict := capture.Judge(m.exchange, x); verdict.Outcome != "" {
			link.Tip += ": " + verdict.Words
		}
		links = append(links, link)
	}
	title = "Resent " + times(len(m.resends)) + ":"
	if len(shown) < len(m.resends) {
		title = "Resent " + times(len(m.resends)) + ", last:"
	}
	return title, links
}

// noAnswer says in a word why a resend has no answer.
func noAnswer(state capture.State, why string) string {
	switch {
	case strings.HasPrefix(why, "Nothing listens"):
		return "refused"
	case strings.Contains(why, "did not answer within"):
		return "timed out"
	case strings.Contains(why, "cancelled"):
		return "cancelled"
	case state == capture.StateReceived:
		return "under way"
	}
	return "no answer"
}
