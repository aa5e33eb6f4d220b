package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// page writes a callback for a person; the first error ends it.
type page struct {
	out *bufio.Writer
}

// writeWhole lays an exchange out for a person. before is the attempt before
// this one, or 0; why are sentences on its answer.
func writeWhole(w io.Writer, x *capture.Exchange, look *providers.Look, before int64, why ...string) error {
	p := page{bufio.NewWriter(w)}
	p.head(x, look, before)
	p.proof(x, look)
	p.content(&look.Decoding)
	p.request(x)
	p.sending(x)
	p.answer(x)
	for _, text := range why {
		p.line("(" + text + ")")
	}
	return p.out.Flush()
}

// row writes a name and a value; an empty value writes nothing. Errors stay in
// the writer until Flush.
func (p page) row(name, value string) {
	if value != "" {
		_, _ = fmt.Fprintf(p.out, "  %-12s %s\n", name, capture.Visible(value))
	}
}

func (p page) title(text string) {
	_, _ = fmt.Fprintf(p.out, "\n%s\n", capture.Visible(text))
}

func (p page) head(x *capture.Exchange, look *providers.Look, before int64) {
	a := &x.Annotation
	name := "callback"
	if x.ID != 0 {
		name = fmt.Sprintf("callback %d", x.ID)
	}
	_, _ = fmt.Fprintln(p.out, strings.TrimSpace(name+"  "+capture.Visible(a.Summary)))
	p.row("uid", x.UID)
	if x.Request.Remote != "" {
		p.row("received", x.Request.Received.Local().Format("2006-01-02 15:04:05.000000000 -07:00")+" via "+string(x.Via)+" from "+x.Request.Remote)
	}
	p.row("provider", strings.TrimSpace(a.Provider+" "+a.Event))
	p.row("told by", look.Detection.Why)
	p.row("endpoint", x.Endpoint)
	p.row("order", a.Order)
	p.row("delivery", a.Delivery)
	if a.Attempt > 0 {
		text := strconv.Itoa(a.Attempt)
		if before != 0 {
			text += fmt.Sprintf(" (the one before is callback %d)", before)
		}
		p.row("attempt", text)
	}
	p.row("state", strings.ReplaceAll(string(x.State), "_", " "))
	p.row("error", x.Error)
	said := remarksOf(x)
	p.row("said of it", strings.Join(said.words(), ", "))
	for _, note := range look.Annotation.Notes {
		p.row("note", note)
	}
}

func (p page) proof(x *capture.Exchange, look *providers.Look) {
	v := x.Annotation.Verification
	verdict := strings.ReplaceAll(string(v.Status), "_", " ")
	if x.Import != nil && x.Import.Redacted {
		verdict += ", says the file"
	}
	p.title("Proof: " + verdict)
	p.row("", v.Reason)
	if x.Annotation.AtArrival != v.Status {
		p.row("at arrival", strings.ReplaceAll(string(x.Annotation.AtArrival), "_", " "))
	}
	now := look.Annotation.Verification
	p.row("scheme", now.Scheme)
	p.row("found in", now.Header)
	p.row("signed", now.Signed)
	p.row("key", now.Key)
	p.row("expected", now.Expected)
	p.row("received", now.Received)
	for _, check := range now.Checks {
		p.row("check", fmt.Sprintf("%s: %s. %s", check.Proof, strings.ReplaceAll(string(check.Status), "_", " "), check.Reason))
	}
	var others []string
	for _, t := range look.Ladder {
		if !t.Matches {
			others = append(others, t.Reading)
			continue
		}
		name := "it matches"
		if t.Reading == providers.SignatureAlone {
			name = "genuine" // and over other content: nothing here would match
		}
		p.row(name, t.Reading+": "+t.Meaning)
	}
	if len(others) > 0 {
		p.row("tried too", strings.Join(others, "; ")+": none matches")
	}
}

func (p page) content(d *capture.Decoding) {
	if d.Title == "" && d.Error == "" && len(d.Sections) == 0 && d.Text == "" {
		return
	}
	p.title(strings.TrimSuffix("Content: "+d.Title, ": "))
	p.row("not decoded", d.Error)
	for _, note := range d.Notes {
		p.row("note", note)
	}
	for _, s := range d.Sections {
		_, _ = fmt.Fprintf(p.out, "  %s\n", capture.Visible(s.Title))
		p.facts("    ", s.Facts)
		for i, facts := range s.Rows {
			_, _ = fmt.Fprintf(p.out, "    %d.\n", i+1)
			p.facts("      ", facts)
		}
	}
	if len(d.Unknown) > 0 {
		_, _ = fmt.Fprintln(p.out, "  Fields that the documentation does not know")
		p.facts("    ", d.Unknown)
	}
	for text := range strings.Lines(d.Text) {
		_, _ = fmt.Fprintf(p.out, "    %s\n", capture.Visible(strings.TrimRight(text, "\r\n")))
	}
}

func (p page) facts(indent string, facts []capture.Fact) {
	for _, f := range facts {
		text := f.Value
		if f.Unit != "" {
			text += " " + f.Unit
		}
		if f.Note != "" {
			text += "  (" + f.Note + ")"
		}
		_, _ = fmt.Fprintf(p.out, "%s%-24s %s\n", indent, capture.Visible(f.Label), capture.Visible(text))
	}
}

func (p page) request(x *capture.Exchange) {
	r := &x.Request
	p.title("Request")
	if x.State == capture.StateRefused { // what was refused may be no head at all
		for text := range strings.Lines(string(r.Head)) {
			p.line(strings.TrimRight(text, "\r\n"))
		}
		return
	}
	p.line(r.Method + " " + r.Target + " " + r.Proto)
	p.fields(r.Header)
	if !r.Exact {
		p.line("(order and case of these headers are net/http's, not the sender's)")
	}
	if r.Size == 0 {
		p.line("(no body)")
		return
	}
	body := fmt.Sprintf("(body of %s", bytesText(r.Size))
	if r.Truncated {
		body += ", truncated"
	}
	if x.ID != 0 {
		body += fmt.Sprintf("; hookglassctl show %d --body writes it", x.ID)
	}
	p.line(body + ")")
	if len(r.Trailers) > 0 {
		p.line("Trailers:")
		p.fields(r.Trailers)
	}
}

func (p page) answer(x *capture.Exchange) {
	if x.Response == nil {
		return
	}
	took := x.Response.Timing.Took.Round(10 * time.Microsecond)
	if x.Response.Status == 0 {
		p.title(fmt.Sprintf("Answer: none, by %s after %s", decided(x.Response), took))
		return
	}
	p.title(fmt.Sprintf("Answer: %d by %s in %s", x.Response.Status, decided(x.Response), took))
	p.fields(x.Response.Header)
	if len(x.Response.Body) > 0 {
		p.line(string(x.Response.Body))
	}
}

// decided says who decided an answer.
func decided(r *capture.Response) string {
	rule := strings.TrimSpace(fmt.Sprintf("rule %d %s", r.Rule, r.RuleName))
	if r.By == capture.ByRule {
		return rule
	}
	if r.By == capture.ByHand {
		return strings.TrimSpace("hand "+r.Preset) + ", held by " + rule
	}
	if r.By == capture.ByApp {
		return "your app, through " + rule
	}
	return strings.TrimSpace(string(r.By) + " " + r.Preset)
}

func (p page) fields(fields capture.Fields) {
	for _, f := range fields {
		p.line(f.Name + ": " + f.Value)
	}
}

func (p page) line(text string) {
	_, _ = fmt.Fprintf(p.out, "  %s\n", capture.Visible(text))
}
