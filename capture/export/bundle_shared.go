package export

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"hookglass/capture"
)

var (
	states = []capture.State{
		capture.StateReceived, capture.StateHeld, capture.StateAnswered, capture.StateGone, capture.StateFailed,
		capture.StateDropped, capture.StateRefused, capture.StateUnknown,
	}
	vias = []capture.Via{
		capture.ViaLocal, capture.ViaTunnel, capture.ViaPublic, capture.ViaReplay, capture.ViaImport, capture.ViaSample,
	}
	publicStates = []capture.PublicState{
		capture.PublicOff, capture.PublicConnecting, capture.PublicOnline, capture.PublicUnreachable, capture.PublicReconnecting,
		capture.PublicFailed,
	}
	bys = []capture.By{
		"", capture.ByPreset, capture.ByChoice, capture.ByRule, capture.ByHand, capture.ByApp, capture.ByDefault,
		capture.ByLimit, capture.ByServer, capture.ByTarget,
	}
)

// shared makes an exchange of a line. What Hookglass does not know is an error: a
// word of a stranger's must not pass for a verdict. Bodies that are files are left
// to the caller.
func (l *bundleLine) shared() (*Shared, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	r := &l.Request
	x := &capture.Exchange{
		UID: l.UID, State: capture.State(l.State), Via: capture.ViaImport, Pinned: l.Pinned, Session: l.Session,
		Mark: capture.Mark(l.Mark), Note: l.Note, Endpoint: l.Endpoint, Error: l.Error,
		Import: &capture.Imported{Redacted: l.Redacted, Mac: l.Mac},
		Request: capture.Request{
			Received: moment(r.Received), Remote: r.Remote, Source: r.Source, Method: r.Method, Target: r.Target, Proto: r.Proto,
			Host: r.Host, Exact: r.Exact, Header: fieldsOf(r.Header), Trailers: fieldsOf(r.Trailers), Truncated: r.Truncated,
		},
		Annotation: l.Annotation.annotation(),
	}
	if via := capture.Via(l.Via); via != capture.ViaImport {
		x.Import.Via = via
	}
	if !isUID(x.UID) {
		x.UID = ""
	}
	var err error
	if x.Request.Head, err = r.head(x.Request.Header); err != nil {
		return nil, err
	}
	if x.Request.Body, err = r.bytes(); err != nil {
		return nil, err
	}
	x.Request.Size = int64(len(x.Request.Body))
	if x.Response, err = l.Response.response(); err != nil {
		return nil, err
	}
	if t := l.Sent; t != nil {
		x.Sent = &capture.Sending{Base: t.Base, Differences: t.Differences, Hops: t.Hops, Timings: capture.Timings{
			DNS: time.Duration(t.DNS), Connect: time.Duration(t.Connect), TLS: time.Duration(t.TLS),
			FirstByte: time.Duration(t.FirstByte), Total: time.Duration(t.Total),
		}}
	}
	s := &Shared{Exchange: x, Base: l.Base}
	if isUID(l.Origin) {
		s.OriginUID, x.Import.Origin = l.Origin, l.Origin
	}
	return s, nil
}

// check refuses words and numbers that mean nothing.
func (l *bundleLine) check() error {
	switch {
	case !slices.Contains(states, capture.State(l.State)):
		return fmt.Errorf("%q is no state of an exchange", short(l.State))
	case !slices.Contains(vias, capture.Via(l.Via)):
		return fmt.Errorf("%q is no way in", short(l.Via))
	case l.Mark != "" && !slices.Contains(capture.Marks, capture.Mark(l.Mark)):
		return fmt.Errorf("%q is no mark", short(l.Mark))
	case l.Session < 0 || l.Annotation.Attempt < 0:
		return errors.New("a number in it is negative")
	}
	if err := l.checkTimes(); err != nil {
		return err
	}
	proof := &l.Annotation.Proof
	verdicts := []string{proof.Status, l.Annotation.AtArrival}
	for i := range proof.Checks {
		verdicts = append(verdicts, proof.Checks[i].Status)
	}
	for _, v := range verdicts {
		if v != "" && !slices.Contains(capture.Statuses, capture.Status(v)) {
			return fmt.Errorf("%q is no verdict", short(v))
		}
	}
	if a := l.Response; a != nil {
		switch {
		case !slices.Contains(bys, capture.By(a.By)):
			return fmt.Errorf("%q is nobody who answers", short(a.By))
		case a.Status < 0 || a.Status > 999 || a.Took < 0:
			return errors.New("its answer has a status or a time that cannot be")
		}
	}
	return nil
}

// checkTimes refuses times that a database cannot hold, as nanoseconds of 64 bits.
func (l *bundleLine) checkTimes() error {
	if !possible(l.Request.Received) || l.Response != nil && !possible(l.Response.Answered) {
		return errors.New("a time in it cannot be")
	}
	if t := l.Sent; t != nil && min(t.DNS, t.Connect, t.TLS, t.FirstByte, t.Total) < 0 {
		return errors.New("a time in it is negative")
	}
	return nil
}

// possible reports whether a time is none, or one of these centuries.
func possible(t time.Time) bool {
	const first, last = 1900, 2200
	return t.IsZero() || t.Year() >= first && t.Year() <= last
}

func (r *lineRequest) head(header capture.Fields) ([]byte, error) {
	switch {
	case r.HeadBytes != "":
		head, err := base64.StdEncoding.DecodeString(r.HeadBytes)
		if err != nil {
			return nil, errors.New("its head is not base64")
		}
		return head, nil
	case r.Head == nil:
		return usualHead(r.Method, r.Target, r.Proto, header), nil
	case *r.Head == "":
		return nil, nil
	}
	return []byte(*r.Head), nil
}

func (b *lineBody) bytes() ([]byte, error) {
	given := 0
	for _, form := range []string{b.Text, b.Base64, b.File} {
		if form != "" {
			given++
		}
	}
	switch {
	case given > 1:
		return nil, errors.New("it has two bodies")
	case b.Base64 != "":
		body, err := base64.StdEncoding.DecodeString(b.Base64)
		if err != nil {
			return nil, errors.New("its body is not base64")
		}
		return body, nil
	case b.File != "" && !isDigest(b.File):
		return nil, errors.New("its body's file has no digest for a name")
	case b.Text != "":
		return []byte(b.Text), nil
	}
	return nil, nil
}

func (a *lineResponse) response() (*capture.Response, error) {
	if a == nil {
		return nil, nil
	}
	body, err := a.bytes()
	if err != nil {
		return nil, fmt.Errorf("in its answer, %w", err)
	}
	return &capture.Response{
		Status: a.Status, Header: fieldsOf(a.Header), Body: body, By: capture.By(a.By), Preset: a.Preset, RuleName: a.RuleName,
		Timing: capture.Timing{Answered: moment(a.Answered), Took: time.Duration(a.Took)},
	}, nil
}

func (l *lineAnnotation) annotation() capture.Annotation {
	p := &l.Proof
	a := capture.Annotation{
		Provider: l.Provider, Event: l.Event, Summary: l.Summary, Order: l.Order, Delivery: l.Delivery, Attempt: l.Attempt,
		AtArrival: capture.Status(l.AtArrival),
		Verification: capture.Verification{
			Status: capture.Status(p.Status), Scheme: p.Scheme, Header: p.Header, Signed: p.Signed, Key: p.Key,
			Expected: p.Expected, Received: p.Received, Reason: p.Reason,
		},
	}
	for _, c := range p.Checks {
		a.Verification.Checks = append(a.Verification.Checks, capture.Check{Proof: c.Proof, Status: capture.Status(c.Status), Reason: c.Reason})
	}
	return a
}

// moment is a time as the store has it.
func moment(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}
