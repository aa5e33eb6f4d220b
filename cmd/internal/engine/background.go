package engine

import (
	"context"
	"errors"

	"hookglass/capture"
	"hookglass/store"
)

// page is how many exchanges background work takes at a time.
const page = 200

// startBackground annotates what a crash left without annotation, verifies
// again what lacked a key that is there now, and then waits for keys that
// change.
func (e *Engine) startBackground(ctx context.Context) error {
	unannotated, err := e.Store.Recover(ctx)
	if err != nil {
		return err
	}
	e.running.Go(func() {
		e.logged("annotate after a crash", e.recover(e.ctx, unannotated))
		e.logged("verify with keys that were missing", e.verifyMissing(e.ctx))
		for {
			select {
			case <-e.ctx.Done():
				return
			case provider := <-e.work:
				e.logged("verify again", e.reverify(e.ctx, provider))
			case <-e.flights.landed:
				e.logged("verify again what was on its way", e.reverifyLate(e.ctx))
			}
		}
	})
	return nil
}

func (e *Engine) logged(what string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		e.config.Log.Error("background work failed", "work", what, "err", err)
	}
}

// recover annotates the exchanges of an earlier process that died before it
// could.
func (e *Engine) recover(ctx context.Context, ids []int64) error {
	for len(ids) > 0 {
		for _, id := range ids {
			err := e.annotateAgain(ctx, id, func(x *capture.Exchange, endpoint *capture.Endpoint) capture.Annotation {
				return e.Set.Annotate(&x.Request, endpoint)
			})
			if err != nil {
				return err
			}
		}
		if err := e.Store.Flush(ctx); err != nil {
			return err
		}
		var err error
		if ids, err = e.Store.Recover(ctx); err != nil {
			return err
		}
	}
	return nil
}

// verifyMissing verifies again every exchange that lacked a key, where its
// provider has keys now: they may have come from the environment, or while
// nobody captured.
func (e *Engine) verifyMissing(ctx context.Context) error {
	for _, p := range e.Set.All() {
		var configured bool
		for _, c := range p.Credentials {
			configured = configured || len(e.Set.Keys().Of(c.Name)) > 0
		}
		if !configured {
			continue
		}
		query := store.Query{Provider: &p.ID, Verdict: capture.KeyMissing, Limit: page}
		for {
			rows, err := e.Store.List(ctx, query)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			for i := range rows {
				if err := e.annotateAgain(ctx, rows[i].ID, e.Set.Reverify); err != nil {
					return err
				}
			}
			query.Before = rows[len(rows)-1].ID
		}
	}
	return nil
}

// reverify verifies every stored exchange of a provider again, newest first,
// because one of its keys has changed. What was on its way meanwhile is left to
// reverifyLate.
func (e *Engine) reverify(ctx context.Context, provider string) error {
	if err := e.Store.Flush(ctx); err != nil { // see flights
		return err
	}
	for before := int64(0); ; {
		ids, err := e.Store.IDs(ctx, provider, before, page)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return e.Store.Flush(ctx)
		}
		for _, id := range ids {
			if err := e.annotateAgain(ctx, id, e.Set.Reverify); err != nil {
				return err
			}
		}
		before = ids[len(ids)-1]
	}
}

// reverifyLate verifies again what landed with a verdict that may be of old keys.
func (e *Engine) reverifyLate(ctx context.Context) error {
	ids := e.flights.takeLate()
	if err := e.Store.Flush(ctx); err != nil {
		return err
	}
	for _, id := range ids {
		if err := e.annotateAgain(ctx, id, e.Set.Reverify); err != nil {
			return err
		}
	}
	return e.Store.Flush(ctx)
}

// annotateAgain computes the annotation of a stored exchange again and keeps it
// where the verdict changed or there was none.
func (e *Engine) annotateAgain(ctx context.Context, id int64, annotate func(*capture.Exchange, *capture.Endpoint) capture.Annotation) error {
	x, err := e.Store.Exchange(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil // dropped meanwhile
	}
	if err != nil {
		return err
	}
	if x.Import != nil && x.Import.Redacted {
		return nil // nothing proves it any more
	}
	old := x.Annotation
	x.Annotation = annotate(x, EndpointOf(x, *e.endpoints.Load()))
	if old.AtArrival != "" && x.Annotation.Verification.Status == old.Verification.Status &&
		x.Annotation.Verification.Reason == old.Verification.Reason {
		return nil
	}
	x.Request.Body, x.Request.Head = nil, nil
	return e.Store.Reannotate(ctx, x)
}

// EndpointOf returns the endpoint that took an exchange, as it is now; where it
// was removed since, one for its path that is pinned to nothing.
func EndpointOf(x *capture.Exchange, endpoints capture.Endpoints) *capture.Endpoint {
	if x.Endpoint == "" {
		return nil
	}
	for i := range endpoints {
		if endpoints[i].Path == x.Endpoint {
			return &endpoints[i]
		}
	}
	return &capture.Endpoint{Path: x.Endpoint}
}
