package capture

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"time"
)

const (
	// forwardLimit bounds the body of an app's answer.
	forwardLimit = 32 << 20

	// writtenAtOnce is how large a request may be that is written before the answer
	// is read: it fits into what the system holds, even of an app that answers
	// without reading it.
	writtenAtOnce = 16 << 10

	// closingGrace is how long an app has for its answer when we close. Who closes
	// the server waits a little longer, so that the sender gets the 502 after it.
	closingGrace = 3 * time.Second
)

var (
	// errCutOff is the cause of the end of what is under way to an app.
	errCutOff = errors.New("cut off, as Hookglass quit")

	// errNothingSent says that a kept connection was dead before a byte of the
	// request was written, so that it can be sent on another one.
	errNothingSent = errors.New("the connection was closed already")
)

// appConn is a connection to an app.
type appConn struct {
	net.Conn
	key    appKey
	in     *bufio.Reader
	reused bool
	first  chan error // of a reused one: what came of the wait for the first byte
}

// send sends a request to its app and returns the answer, or an error; then the
// answer may be the begin of one. It is never sent twice: only where a kept
// connection was dead before a byte was written, the next one is taken. It returns
// errHungUp where ctx ended before anything was sent. After that, only ErrClosing
// and errCutOff as its cause hurry it.
func (f *Forwarder) send(ctx context.Context, o *outgoing) (*Response, error) {
	deadline := time.Now().Add(o.timeout)
	for {
		if ctx.Err() != nil && !closes(ctx) {
			return nil, leftBefore(ctx)
		}
		c, err := f.connection(ctx, o.to, deadline)
		if err != nil {
			return nil, err
		}
		response, err := f.roundTrip(ctx, c, o, deadline)
		if errors.Is(err, errNothingSent) {
			continue // fresh ones do not end so
		}
		return response, err
	}
}

// closes reports whether ctx ended because we close, which leaves a moment.
func closes(ctx context.Context) bool { return errors.Is(context.Cause(ctx), ErrClosing) }

// leftBefore says why nothing was sent.
func leftBefore(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), errCutOff) {
		return errCutOff
	}
	return errHungUp
}

// connection returns a kept connection or a new one.
func (f *Forwarder) connection(ctx context.Context, to replayURL, deadline time.Time) (*appConn, error) {
	key := appKey{to.addr, to.secure}
	if c := f.pool.take(key); c != nil {
		return c, nil
	}
	dialing, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		if closes(ctx) {
			grace := time.NewTimer(closingGrace)
			defer grace.Stop()
			select {
			case <-dialing.Done():
			case <-grace.C:
			}
		}
		cancel()
	})
	defer stop()
	conn, err := f.dial(dialing, to)
	switch {
	case err == nil:
		return &appConn{Conn: conn, key: key, in: bufio.NewReader(conn), first: make(chan error, 1)}, nil
	case !errors.Is(dialing.Err(), context.Canceled):
		return nil, err
	case closes(ctx):
		return nil, errCutOff
	}
	return nil, leftBefore(ctx)
}

// roundTrip sends a request on a connection, reads the answer, and keeps the
// connection or closes it.
func (f *Forwarder) roundTrip(ctx context.Context, c *appConn, o *outgoing, deadline time.Time) (*Response, error) {
	_ = c.SetDeadline(deadline) // where it fails, so does the writing
	if c.reused {
		select {
		case ended := <-c.first: // nil is an answer to nothing
			_ = c.Close()
			return nil, errors.Join(errNothingSent, ended)
		default:
		}
	}
	o.conn = c.RemoteAddr()
	hurried := c.hurry(ctx, deadline)
	written := c.write(o)
	response, open, err := c.answer(o, deadline)
	if hurried() {
		open = false // its deadline is changing still
		if err != nil && timedOut(err) && time.Now().Before(deadline) {
			err = errCutOff
		}
	}
	wrote := sending{done: true}
	if open {
		// An app that has answered may leave the rest of the body unread.
		wrote = written.soon()
	}
	if err == nil && open && wrote.done && wrote.err == nil && c.in.Buffered() == 0 {
		f.pool.put(c, idleSpan(response.Header))
		return response, nil
	}
	_ = c.Close() // ends the writing too
	if wrote = written.wait(); response == nil && c.reused && wrote.err != nil && wrote.bytes == 0 {
		return nil, errNothingSent
	}
	return response, err // where the writing failed too, it is for the same reason
}

// hurry shortens the deadline of what is under way where ctx ends with a cause for
// that. The function that it returns ends this, and reports whether ctx has ended.
func (c *appConn) hurry(ctx context.Context, deadline time.Time) (ended func() bool) {
	stop := context.AfterFunc(ctx, func() {
		switch now := time.Now(); {
		case closes(ctx) && now.Add(closingGrace).Before(deadline):
			_ = c.SetDeadline(now.Add(closingGrace))
		case errors.Is(context.Cause(ctx), errCutOff):
			_ = c.SetDeadline(now)
		}
	})
	return func() bool { return !stop() }
}

func timedOut(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}

// answer reads the answer. On a kept connection, somebody waits for its first byte
// already.
func (c *appConn) answer(o *outgoing, deadline time.Time) (*Response, bool, error) {
	if c.reused {
		// The time that it might be kept may have been over just when it was taken;
		// that says nothing of this request.
		if err := <-c.first; err != nil && (!timedOut(err) || !time.Now().Before(deadline)) {
			return nil, false, firstError(err)
		}
	}
	return readAnswer(c.in, o.request.Method, forwardLimit)
}
