package engine

import (
	"context"
	"fmt"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/store"
)

// Resending says how a callback is resent.
type Resending = capture.Resending

// Resent is what became of a resend.
type Resent = capture.Resent

// Preview is what would be sent, and what a person should know of it.
type Preview struct {
	Out     *capture.Outgoing
	Secrets []string // where the callback carries secrets: "header Authorization"
	Note    string   // why the receiver will see it as forged; "" where it will not

	origin     *capture.Exchange // without its body, where that is shared
	annotation capture.Annotation
	keys       int // flights.changes when annotation was made
}

// material is what resends are prepared from.
type material struct {
	store     *store.DB
	set       *providers.Set
	endpoints capture.Endpoints
}

// prepare makes what a callback is resent as, over a connection that is kept or
// not.
func (m *material) prepare(ctx context.Context, id int64, how *Resending, keep bool) (*Preview, error) {
	x, err := m.store.Exchange(ctx, id)
	if err != nil {
		return nil, err
	}
	return m.prepareFrom(x, how, keep)
}

// prepareFrom is prepare for a callback that was read whole.
func (m *material) prepareFrom(x *capture.Exchange, how *Resending, keep bool) (v *Preview, err error) {
	p := capture.Preparation{
		To: how.To, KeepPath: how.KeepPath, Whole: how.Whole, Edit: how.Edit, Marker: how.Marker, Keep: keep,
	}
	v = &Preview{origin: x, Secrets: m.set.SecretsIn(&x.Annotation, &x.Request)}
	if how.DropSecrets {
		p.Drop = v.Secrets
	}
	if how.Resign {
		p.Sign = func(r *capture.Request) error { return m.set.Resign(x.Annotation.Provider, r) }
	}
	if v.Out, err = capture.Prepare(x, p); err != nil {
		return nil, err
	}
	v.annotation = m.set.Annotate(&v.Out.Request, EndpointOf(x, m.endpoints))
	v.Note = m.set.Forged(&x.Annotation, &v.annotation.Verification, how.Edit.HasBody() && !how.Resign)
	return v, nil
}

// Preview makes what a callback would be resent as, over a connection that is kept
// for others (ResendJob.Keeps) or not. Nothing is sent.
func (e *Engine) Preview(ctx context.Context, id int64, how Resending, keep bool) (*Preview, error) {
	return e.prepare(ctx, id, &how, keep)
}

// Preview makes what a callback would be resent as.
func (r *Reader) Preview(ctx context.Context, id int64, how Resending, keep bool) (*Preview, error) {
	if r.Store == nil {
		return nil, fmt.Errorf("exchange %d: %w", id, ErrNotFound)
	}
	return (&material{r.Store, r.Set, r.Endpoints}).prepare(ctx, id, &how, keep)
}

func (e *Engine) prepare(ctx context.Context, id int64, how *Resending, keep bool) (*Preview, error) {
	x, err := e.Store.Exchange(ctx, id)
	if err != nil {
		return nil, err
	}
	return e.prepareFrom(x, how, keep)
}

func (e *Engine) prepareFrom(x *capture.Exchange, how *Resending, keep bool) (*Preview, error) {
	keys := e.flights.changes()
	v, err := (&material{e.Store, e.Set, *e.endpoints.Load()}).prepareFrom(x, how, keep)
	if err == nil {
		v.keys = keys
	}
	return v, err
}

// ResendAs sends a callback once more, and keeps the attempt as an exchange of its
// own: also where there was no answer, or ctx ended before it. An error means that
// nothing was sent, or that it could not be kept; it is an *AskError where a
// person has to say yes first.
func (e *Engine) ResendAs(ctx context.Context, id int64, how Resending) (*Resent, error) {
	if _, err := e.CheckTarget(ctx, how.To, how.Consent); err != nil {
		return nil, err
	}
	v, err := e.Preview(ctx, id, how, false)
	if err != nil {
		return nil, err
	}
	replayer := e.replayer
	replayer.Timeout = how.Timeout
	s := &capture.Sender{Replayer: &replayer}
	defer s.Close()
	sending, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(e.ctx, cancel)()
	resent, err := e.send(sending, s, v, how.Follow)
	if err == nil && resent.Sent() {
		e.remember(ctx, v.origin, how.To)
	}
	return resent, err
}

// send sends what was prepared, keeps it and judges the answer.
func (e *Engine) send(ctx context.Context, s *capture.Sender, v *Preview, follow bool) (*Resent, error) {
	resent, sent := e.transmit(ctx, s, v, follow)
	return resent, e.keep(ctx, v, resent, sent)
}

// transmit sends what was prepared and judges the answer.
func (e *Engine) transmit(ctx context.Context, s *capture.Sender, v *Preview, follow bool) (*Resent, *capture.Exchange) {
	var sent *capture.Exchange
	if follow {
		sent = s.SendFollowing(ctx, v.Out)
	} else {
		sent = s.Send(ctx, v.Out)
	}
	sent.Annotation = v.annotation
	return e.judge(v, sent), sent
}

// keep keeps what was sent, whatever ctx says.
func (e *Engine) keep(ctx context.Context, v *Preview, resent *Resent, sent *capture.Exchange) error {
	if err := e.flights.Keep(context.WithoutCancel(ctx), sent, v.keys); err != nil {
		return fmt.Errorf("it was sent, but that could not be kept: %w", err)
	}
	resent.ID = sent.ID
	return nil
}

// judge says what became of a resend.
func (e *Engine) judge(v *Preview, sent *capture.Exchange) *Resent {
	answer := sent.Response
	if sent.State != capture.StateAnswered {
		answer = nil
	}
	r := &Resent{
		Origin: v.origin.ID, UID: sent.UID, Method: sent.Request.Method, URL: v.Out.URL(),
		State: sent.State, Error: sent.Error, Location: capture.Redirect(sent.Response),
		Hops: sent.Sent.Hops, Timings: sent.Sent.Timings, Note: v.Note,
		Verdict:    capture.Judge(v.origin, sent),
		Acceptance: e.Set.Accepts(v.origin.Annotation.Provider, answer, &sent.Request),
	}
	if sent.Response != nil {
		r.Status = sent.Response.Status
	}
	return r
}
