package engine

import (
	"context"
	"time"

	"hookglass/capture"
	"hookglass/capture/export"
)

// importing keeps the exchanges of a file in small transactions: one goroutine
// reads, another one writes.
type importing struct {
	engine   *Engine
	session  int64
	total    int64
	progress capture.Progress // may be nil

	batches chan []*capture.Exchange
	waiting []*capture.Exchange
	bytes   int64
	done    int64
}

// run keeps all that each gives. It has stopped working when it returns.
func (in *importing) run(ctx context.Context, each func(context.Context, func(*export.Shared) error) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	in.batches = make(chan []*capture.Exchange)
	written := make(chan error, 1)
	go func() {
		err := in.write(ctx)
		if err != nil {
			stop()
		}
		written <- err
	}()
	err := each(ctx, func(s *export.Shared) error { return in.take(ctx, s) })
	if err == nil && len(in.waiting) > 0 {
		err = in.hand(ctx)
	}
	close(in.batches)
	if failed := <-written; failed != nil {
		return failed
	}
	return err
}

// take lets an exchange of a file wait for more, or hands them on.
func (in *importing) take(ctx context.Context, s *export.Shared) error {
	x := in.ours(s)
	in.waiting = append(in.waiting, x)
	in.bytes += sizeOf(x)
	rows, bytes := in.engine.courtesy.step()
	if len(in.waiting) < rows && in.bytes < bytes {
		return ctx.Err()
	}
	return in.hand(ctx)
}

func (in *importing) hand(ctx context.Context) error {
	select {
	case in.batches <- in.waiting:
		in.waiting, in.bytes = nil, 0
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write keeps what it is handed, until there is no more of it.
func (in *importing) write(ctx context.Context) error {
	for batch := range in.batches {
		began := time.Now()
		if err := in.engine.Store.CreateAll(ctx, batch); err != nil {
			return err
		}
		in.done += int64(len(batch))
		if in.progress != nil {
			in.progress(in.done, in.total)
		}
		if err := in.engine.courtesy.rest(ctx, time.Since(began)); err != nil {
			return err
		}
	}
	return nil
}

// sizeOf is about how many bytes an exchange takes in a transaction.
func sizeOf(x *capture.Exchange) int64 {
	n := int64(len(x.Request.Head) + len(x.Request.Body) + 512)
	if x.Response != nil {
		n += int64(len(x.Response.Body))
	}
	return n
}

// ours makes of a stranger's exchange one of the staged session, which is never
// mistaken for one that came here.
func (in *importing) ours(s *export.Shared) *capture.Exchange {
	x := s.Exchange
	if x.Import == nil {
		x.Import = &capture.Imported{Via: x.Via}
	}
	x.Import.Origin = s.OriginUID
	x.ID, x.Origin, x.Session, x.Via = 0, 0, in.session, capture.ViaImport
	x.Note = cut(x.Note, maxNote)
	if x.State == "" || x.State == capture.StateReceived || x.State == capture.StateHeld { // nobody here will answer it
		x.State = capture.StateUnknown
	}
	if x.Request.Received.IsZero() {
		x.Request.Received = time.Now()
	}
	if x.Annotation.Verification.Status == "" && x.State != capture.StateRefused {
		x.Annotation = in.engine.Set.Annotate(&x.Request, in.engine.endpoint(x.Request.Path()))
	}
	return x
}
