package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/capture/export"
	"hookglass/providers"
)

// row is an exchange as --json prints it. The names are a contract with the
// scripts that read them.
type row struct {
	ID           int64        `json:"id"`
	UID          string       `json:"uid"`
	ReceivedAt   string       `json:"received_at"`
	Via          capture.Via  `json:"via"`
	Origin       int64        `json:"origin"`
	Endpoint     string       `json:"endpoint"`
	Remote       string       `json:"remote"`
	Method       string       `json:"method"`
	Target       string       `json:"target"`
	Provider     string       `json:"provider"`
	Event        string       `json:"event"`
	Summary      string       `json:"summary"`
	Order        string       `json:"order"`
	Delivery     string       `json:"delivery"`
	Attempt      int          `json:"attempt"`
	Verification verification `json:"verification"`
	Size         int64        `json:"size"`
	Truncated    bool         `json:"truncated"`
	State        string       `json:"state"`
	Error        string       `json:"error"`
	Session      int64        `json:"session"`
	Answer       *answer      `json:"answer"`
	Sent         *sent        `json:"sent,omitempty"` // only of a resend
	remarks
	*whole
}

// remarks are only there where there is something to say.
type remarks struct {
	Pinned   bool         `json:"pinned,omitempty"`
	Mark     capture.Mark `json:"mark,omitempty"`
	Note     string       `json:"note,omitempty"`
	Imported *imported    `json:"imported,omitempty"`
}

// imported is what is known of a callback because it came from a file.
type imported struct {
	Via      capture.Via `json:"via"`
	Redacted bool        `json:"redacted"`
}

func remarksOf(x *capture.Exchange) remarks {
	r := remarks{Pinned: x.Pinned, Mark: x.Mark, Note: x.Note}
	if x.Import != nil {
		r.Imported = &imported{x.Import.Via, x.Import.Redacted}
	}
	return r
}

// words are the remarks for a person, in parts of a line.
func (r *remarks) words() []string {
	var parts []string
	if r.Imported != nil {
		text := "imported"
		if r.Imported.Redacted {
			text += ", redacted"
		}
		parts = append(parts, text)
	}
	if r.Pinned {
		parts = append(parts, "pinned")
	}
	if r.Mark != "" {
		parts = append(parts, "marked "+string(r.Mark))
	}
	if r.Note != "" {
		parts = append(parts, "note: "+capture.Visible(short(r.Note)))
	}
	return parts
}

type verification struct {
	Status    capture.Status `json:"status"`
	AtArrival capture.Status `json:"at_arrival"`
	Scheme    string         `json:"scheme"`
	Reason    string         `json:"reason"`
	Tried     *[]try         `json:"tried,omitempty"`
}

// sent is what is known of a resend because we sent it. The last three are those
// of show.
type sent struct {
	To          string               `json:"to"`
	Timings     timings              `json:"timings"`
	Differences []capture.Difference `json:"differences,omitempty"`
	Hops        []capture.Hop        `json:"hops,omitempty"`
	SameBody    bool                 `json:"same_body,omitempty"`
}

type try struct {
	Reading string `json:"reading"`
	Matches bool   `json:"matches"`
	Meaning string `json:"meaning"`
}

type answer struct {
	Status   int        `json:"status"`
	By       capture.By `json:"by"`
	Rule     int64      `json:"rule,omitempty"` // only where a rule had a part in it
	RuleName string     `json:"rule_name,omitempty"`
	Duration float64    `json:"duration_ms"`
	*wholeAnswer
}

// whole is what show adds to a row.
type whole struct {
	Proto    string           `json:"proto"`
	Host     string           `json:"host"`
	Headers  pairs            `json:"headers"`
	Trailers pairs            `json:"trailers"`
	Body     string           `json:"body_base64"`
	Decoded  capture.Decoding `json:"decoded"`
}

type wholeAnswer struct {
	Headers pairs  `json:"headers"`
	Body    string `json:"body_base64"`
}

// pairs are header fields as [[name, value], …]; never null.
type pairs [][2]string

func pairsOf(fields capture.Fields) pairs {
	p := make(pairs, len(fields))
	for i, f := range fields {
		p[i] = [2]string{f.Name, f.Value}
	}
	return p
}

// rowOf lays out the columns of a list, with what mask masks.
func rowOf(x *capture.Exchange, mask func(string) string) row {
	a := &x.Annotation
	r := row{
		ID: x.ID, UID: x.UID,
		ReceivedAt: x.Request.Received.UTC().Format("2006-01-02T15:04:05.000000000Z"),
		Via:        x.Via, Origin: x.Origin, Endpoint: mask(x.Endpoint), Remote: x.Request.Remote,
		Method: x.Request.Method, Target: mask(x.Request.Target),
		Provider: a.Provider, Event: a.Event, Summary: a.Summary, Order: a.Order,
		Delivery: a.Delivery, Attempt: a.Attempt,
		Verification: verification{
			Status: a.Verification.Status, AtArrival: a.AtArrival,
			Scheme: a.Verification.Scheme, Reason: a.Verification.Reason,
		},
		Size: x.Request.Size, Truncated: x.Request.Truncated,
		State: string(x.State), Error: x.Error,
		Session: x.Session, remarks: remarksOf(x),
	}
	if x.Response != nil {
		took := float64(x.Response.Timing.Took) / float64(time.Millisecond)
		r.Answer = &answer{Status: x.Response.Status, By: x.Response.By, Rule: x.Response.Rule, RuleName: x.Response.RuleName, Duration: took}
	}
	if s := x.Sent; s != nil {
		r.Sent = &sent{s.Base, timingsOf(&s.Timings), s.Differences, s.Hops, s.SameBody}
	}
	return r
}

// wholeRowOf lays out everything, with nothing masked.
func wholeRowOf(x *capture.Exchange, look *providers.Look) row {
	r := rowOf(x, func(text string) string { return text })
	tried := make([]try, len(look.Ladder))
	for i, t := range look.Ladder {
		tried[i] = try(t)
	}
	r.Verification.Tried = &tried
	r.whole = &whole{
		Proto: x.Request.Proto, Host: x.Request.Host,
		Headers: pairsOf(x.Request.Header), Trailers: pairsOf(x.Request.Trailers),
		Body:    base64.StdEncoding.EncodeToString(x.Request.Body),
		Decoded: look.Decoding,
	}
	if r.Answer != nil {
		r.Answer.wholeAnswer = &wholeAnswer{
			Headers: pairsOf(x.Response.Header),
			Body:    base64.StdEncoding.EncodeToString(x.Response.Body),
		}
	}
	return r
}

// writeJSON prints one object on one line. What a terminal would obey, and JSON
// leaves as it is, is escaped.
func writeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(export.EscapeHidden(b.Bytes()))
	return err
}

// line is an exchange on one line for a person.
func line(x *capture.Exchange, target string) string {
	a := &x.Annotation
	parts := []string{fmt.Sprintf("%s  %5d  %-4s %s",
		clock(x.Request.Received, time.Now()), x.ID, capture.Visible(x.Request.Method), capture.Visible(short(target)))}
	who := a.Provider
	if who == "" {
		who = "unknown sender"
	}
	if a.Event != "" {
		who += " " + a.Event
	}
	verdict := strings.ReplaceAll(string(a.Verification.Status), "_", " ")
	if verdict == "" {
		who, verdict = "…", "…" // captured this moment
	}
	parts = append(parts, capture.Visible(who), verdict, outcome(x), sizeText(x))
	if a.Attempt > 1 {
		parts = append(parts, fmt.Sprintf("attempt %d", a.Attempt))
	}
	if a.Summary != "" {
		parts = append(parts, capture.Visible(a.Summary))
	}
	said := remarksOf(x)
	parts = append(parts, said.words()...)
	return strings.Join(parts, "  ")
}

// clock is a time in this machine's zone, with the date where it is not today's.
func clock(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04:05.000")
	}
	return t.Format("2006-01-02 15:04:05.000")
}

// lineTarget is how much of a target fits into a line.
const lineTarget = 200

func short(target string) string {
	if len(target) <= lineTarget {
		return target
	}
	return fmt.Sprintf("%s… (%s)", strings.ToValidUTF8(target[:lineTarget], ""), bytesText(int64(len(target))))
}

func outcome(x *capture.Exchange) string {
	if x.Response == nil || x.Response.Status == 0 { // cut off before there was one
		return strings.ReplaceAll(string(x.State), "_", " ")
	}
	text := fmt.Sprintf("→ %d", x.Response.Status)
	if x.State != capture.StateAnswered {
		text += " " + strings.ReplaceAll(string(x.State), "_", " ")
	}
	return text
}

func sizeText(x *capture.Exchange) string {
	text := bytesText(x.Request.Size)
	if x.Request.Truncated {
		text += " (truncated)"
	}
	return text
}

// bytesText is a size for a person, in the units of 1024.
func bytesText(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}
