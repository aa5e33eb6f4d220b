package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"hookglass/capture"
)

const (
	socketFile = "control.sock"

	// socketPathLimit is what fits into a Unix socket address everywhere (104
	// bytes on macOS, 108 on Linux, with the closing zero).
	socketPathLimit = 100

	// hearTimeout bounds how long a change takes to arrive, and a reply to be
	// taken; replyTimeout how long who asks waits for the reply, for what is
	// asked may take a while; controlLimit bounds the bytes of either.
	hearTimeout  = 5 * time.Second
	replyTimeout = 30 * time.Second
	controlLimit = 16 << 20

	// conversations is how many may go on at once.
	conversations = 16
)

// The pauses before the control socket accepts again after a failure.
const (
	firstAcceptPause = 5 * time.Millisecond
	lastAcceptPause  = time.Second
)

// startControl opens the control socket of the folder, with mu held. What a killed process
// left behind is removed: the lock says that nobody serves it.
func (e *Engine) startControl(ctx context.Context) error {
	path := filepath.Join(e.config.Folder, socketFile)
	if len(path) > socketPathLimit {
		folder, err := os.MkdirTemp("", socketFolders) // 0700
		if err != nil {
			return fmt.Errorf("make a folder for the control socket: %w", err)
		}
		e.controlFolder = folder
		path = filepath.Join(folder, socketFile)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove an old control socket: %w", err)
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "unix", path)
	if err != nil {
		return fmt.Errorf("open the control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(fmt.Errorf("close the control socket to others: %w", err), l.Close())
	}
	e.control = l
	e.running.Go(func() { e.acceptControl(l) })
	return nil
}

// stopControl closes the control socket, and takes back the word that this
// process captures. Neither need be there.
func (e *Engine) stopControl() error {
	errs := []error{removeOwner(e.config.Folder)}
	if e.control != nil {
		errs = append(errs, e.control.Close()) // removes the socket's file
	}
	if e.controlFolder != "" {
		errs = append(errs, os.Remove(e.controlFolder))
	}
	e.control, e.controlFolder = nil, ""
	return errors.Join(errs...)
}

// acceptControl serves the conversations, until the listener is closed. Any
// other failure passes (a process runs out of file descriptors for a while).
func (e *Engine) acceptControl(l net.Listener) {
	slots := make(chan struct{}, conversations)
	for next := firstAcceptPause; ; {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			e.config.Log.Warn("the control socket failed; it is tried again", "err", err)
			if pause(e.ctx, next) != nil {
				return
			}
			next = min(2*next, lastAcceptPause)
			continue
		}
		next = firstAcceptPause
		slots <- struct{}{} // every conversation ends
		e.running.Go(func() {
			defer func() { <-slots }()
			if err := e.converse(conn); err != nil {
				e.config.Log.Warn("a conversation on the control socket failed", "err", err)
			}
		})
	}
}

// converse hears a change, makes it and replies. One that was heard is made and
// replied to even where the engine closes meanwhile, so that who asked knows.
func (e *Engine) converse(conn net.Conn) error {
	defer func() { _ = conn.Close() }() // the reply is written or it is not
	var reply Reply
	change, err := e.hear(conn)
	if err == nil && change.Action == ResendMany {
		return e.converseResend(conn, change.Resend)
	}
	if err == nil && change.Action == ImportFile {
		return e.converseImport(conn, change.Import)
	}
	switch {
	case err == nil && change.Action == SendSample: // it waits for its answer, and no other change waits for it
		reply.Sent, err = e.sendSample(change.Sample)
	case err == nil && change.Action == OwnAddress:
		if change.Sample != nil && e.leadsHere(e.ctx, change.Sample.URL) {
			reply.Done = 1
		}
	case err == nil:
		reply.Done, err = e.apply(context.WithoutCancel(e.ctx), change)
	default:
		reply.Closing = e.ctx.Err() != nil
	}
	if err == nil && change.Action == ListRules {
		reply.Rules = e.Rules()
	}
	if err == nil && change.Action == ListHeld {
		reply.Held = e.Held()
	}
	if err == nil && change.Action == ListSecrets {
		reply.Secrets = e.environmentSecrets()
	}
	if err != nil {
		reply.Error = err.Error()
		var live *capture.LiveError
		if errors.As(err, &live) {
			reply.Live = live.Path
		}
		var remote *capture.RemoteError
		if errors.As(err, &remote) {
			reply.Remote = remote.Host
		}
		var among *RulesError
		if errors.As(err, &among) {
			reply.At, reply.Error = among.At+1, among.Err.Error()
		}
		reply.NotFound, reply.NoWindow = errors.Is(err, ErrNotFound), errors.Is(err, ErrNoWindow)
		reply.NotHeld = errors.Is(err, capture.ErrNotHeld)
	}
	if err := conn.SetWriteDeadline(time.Now().Add(hearTimeout)); err != nil {
		return err
	}
	return json.NewEncoder(conn).Encode(reply)
}

// hear reads a change. The end of the engine ends it: who says nothing must not
// hold that up.
func (e *Engine) hear(conn net.Conn) (change Change, err error) {
	if err := conn.SetReadDeadline(time.Now().Add(hearTimeout)); err != nil {
		return change, err
	}
	stop := context.AfterFunc(e.ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) }) // long past
	defer stop()
	if err := json.NewDecoder(io.LimitReader(conn, controlLimit)).Decode(&change); err != nil {
		return change, fmt.Errorf("read a change: %w", err)
	}
	return change, nil
}

// errUnanswered says that the process that says to capture gave no reply: it is
// about to end or has ended. One that hears a change makes it and replies, so
// asking again repeats at most what a killed process had made.
var errUnanswered = errors.New("the process that captures does not answer")

// ask sends a change to the process that captures.
func ask(ctx context.Context, socket string, change Change) (int, error) {
	reply, err := converseWith(ctx, socket, change)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%w: %w", errUnanswered, err)
	case reply.Closing:
		return 0, fmt.Errorf("%w: it is closing", errUnanswered)
	}
	if err := reply.err(); err != nil && reply.At > 0 {
		return reply.Done, &RulesError{At: reply.At - 1, Err: err}
	} else if err != nil {
		return reply.Done, err
	}
	return reply.Done, nil
}

// err is why the change was not made, as who made it knows it.
func (reply *Reply) err() error {
	switch {
	case reply.NotFound:
		return ErrNotFound
	case reply.Live != "":
		return &capture.LiveError{Path: reply.Live}
	case reply.Remote != "":
		return &capture.RemoteError{Host: reply.Remote}
	case reply.NotHeld:
		return capture.ErrNotHeld
	case reply.NoWindow:
		return ErrNoWindow
	case reply.Error != "":
		return errors.New(reply.Error)
	}
	return nil
}

func converseWith(ctx context.Context, socket string, change Change) (reply Reply, err error) {
	conn, err := dialControl(ctx, socket)
	if err != nil {
		return reply, err
	}
	return converseOn(ctx, conn, change)
}

// dialControl reaches the process that captures.
func dialControl(ctx context.Context, socket string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: patience}
	return dialer.DialContext(ctx, "unix", socket)
}

// converseOn sends a change and closes the connection when the reply is there.
func converseOn(ctx context.Context, conn net.Conn, change Change) (reply Reply, err error) {
	defer func() { _ = conn.Close() }() // nothing is left to flush
	if err := conn.SetDeadline(time.Now().Add(replyTimeout)); err != nil {
		return reply, err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })() // long past
	if err := json.NewEncoder(conn).Encode(change); err != nil {
		return reply, fmt.Errorf("send the change: %w", err)
	}
	if err := json.NewDecoder(io.LimitReader(conn, controlLimit)).Decode(&reply); err != nil {
		return reply, fmt.Errorf("read the reply: %w", err)
	}
	return reply, nil
}
