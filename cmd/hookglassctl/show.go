package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/providers"
	"hookglass/store"
)

type showCommand struct {
	ID   string `arg:"" help:"The callback's id or uid."`
	JSON bool   `help:"One JSON object." xor:"form"`
	Body bool   `help:"The raw bytes of the body, and nothing else." xor:"form"`
}

func (c *showCommand) Run(ctx context.Context, t *terminal) (err error) {
	engine.Settle(ctx, t.folder)
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	x, err := find(ctx, reader, c.ID)
	if err != nil {
		return err
	}
	if c.Body {
		_, err := t.out.Write(x.Request.Body)
		return err
	}
	look := reader.Look(x)
	current(x, &look)
	if c.JSON {
		return writeJSON(t.out, wholeRowOf(x, &look))
	}
	var before int64
	if x.Annotation.Attempt > 1 {
		if before, err = reader.Store.Previous(ctx, x); err != nil {
			return err
		}
	}
	return writeWhole(t.out, x, &look, before)
}

// current completes what is stored of a callback with what is known now that
// someone looks.
func current(x *capture.Exchange, look *providers.Look) {
	stored, now := &x.Annotation, look.Annotation
	switch {
	case stored.Verification.Status == "": // captured this moment
		*stored = now
		stored.AtArrival = now.Verification.Status
	case stored.Summary == providers.LargeBody:
		attempt, arrival, verdict := stored.Attempt, stored.AtArrival, stored.Verification
		*stored = now
		stored.Attempt, stored.AtArrival = attempt, arrival
		if verdict.Status.Proven() {
			stored.Verification = verdict
		}
	}
	if stored.Verification.Status.Proven() && !now.Verification.Status.Proven() {
		// Today's keys do not prove it any more; what they say of it would
		// contradict the verdict that is kept.
		look.Annotation.Verification = stored.Verification
		look.Ladder = nil
	}
}

// find reads the callback with an id or a uid.
func find(ctx context.Context, reader *engine.Reader, name string) (*capture.Exchange, error) {
	err := store.ErrNotFound
	var x *capture.Exchange
	if reader.Store != nil {
		if id, numErr := strconv.ParseInt(name, 10, 64); numErr == nil {
			x, err = reader.Store.Exchange(ctx, id)
		} else {
			x, err = reader.Store.ByUID(ctx, name)
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("there is no callback %s; hookglassctl list shows those there are", name)
	}
	return x, err
}

type verifyCommand struct {
	File string `arg:"" help:"A raw HTTP request: head, empty line, body. - reads standard input. Whatever expires is judged as of now."`
	JSON bool   `help:"One JSON object."`
}

// verifyLimit bounds what verify reads.
const verifyLimit = 64 << 20

func (c *verifyCommand) Run(ctx context.Context, t *terminal) (err error) {
	raw, err := readFile(c.File, t.in)
	if err != nil {
		return err
	}
	request, err := capture.ReadRequest(raw)
	if err != nil {
		return fmt.Errorf("%s is not a raw HTTP request: %w", c.File, err)
	}
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	request.Received = time.Now() // what expires is judged as of now
	x := &capture.Exchange{State: capture.StateReceived, Via: capture.ViaImport, Request: request}
	if endpoint := reader.Endpoints.Find(request.Path()); endpoint != nil {
		x.Endpoint = endpoint.Path
	}
	look := reader.Look(x)
	x.Annotation = look.Annotation
	x.Annotation.AtArrival = look.Annotation.Verification.Status
	if c.JSON {
		err = writeJSON(t.out, wholeRowOf(x, &look))
	} else {
		err = writeWhole(t.out, x, &look, 0)
	}
	if err == nil && !look.Annotation.Verification.Status.Proven() {
		return errNo
	}
	return err
}

func readFile(name string, stdin io.Reader) ([]byte, error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }() // only read
		in = file
	}
	raw, err := io.ReadAll(io.LimitReader(in, verifyLimit+1))
	if err == nil && len(raw) > verifyLimit {
		return nil, fmt.Errorf("%s is larger than %s", name, bytesText(verifyLimit))
	}
	return raw, err
}

// page writes a callback for a person; the first error ends it.
type page struct {
	out *bufio.Writer
}

// writeWhole lays an exchange out for a person. before is the attempt before
// this one, or 0.
func writeWhole(w io.Writer, x *capture.Exchange, look *providers.Look, before int64) error {
	p := page{bufio.NewWriter(w)}
	p.head(x, look, before)
	p.proof(x, look)
	p.content(&look.Decoding)
	p.request(x)
	p.answer(x)
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
	for _, note := range look.Annotation.Notes {
		p.row("note", note)
	}
}

func (p page) proof(x *capture.Exchange, look *providers.Look) {
	v := x.Annotation.Verification
	p.title("Proof: " + strings.ReplaceAll(string(v.Status), "_", " "))
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
	by := strings.TrimSpace(string(x.Response.By) + " " + x.Response.Preset)
	p.title(fmt.Sprintf("Answer: %d by %s in %s", x.Response.Status, by, x.Response.Timing.Took.Round(10*time.Microsecond)))
	p.fields(x.Response.Header)
	if len(x.Response.Body) > 0 {
		p.line(string(x.Response.Body))
	}
}

func (p page) fields(fields capture.Fields) {
	for _, f := range fields {
		p.line(f.Name + ": " + f.Value)
	}
}

func (p page) line(text string) {
	_, _ = fmt.Fprintf(p.out, "  %s\n", capture.Visible(text))
}
