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
)

const (
	socketFile = "control.sock"

	// socketPathLimit is what fits into a Unix socket address everywhere (104
	// bytes on macOS, 108 on Linux, with the closing zero).
	socketPathLimit = 100

	// controlTimeout bounds one conversation, controlLimit its length.
	controlTimeout = 30 * time.Second
	controlLimit   = 4 << 20
)

// startControl opens the control socket of the folder. What a killed process
// left behind is removed: the lock says that nobody serves it.
func (e *Engine) startControl(ctx context.Context) error {
	path := filepath.Join(e.config.Folder, socketFile)
	if len(path) > socketPathLimit {
		folder, err := os.MkdirTemp("", "hookglass-") // 0700
		if err != nil {
			return fmt.Errorf("make a folder for the control socket: %w", err)
		}
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

// acceptControl serves one conversation after the other: changes are rare, and
// one at a time needs no more order.
func (e *Engine) acceptControl(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			if !errors.Is(err, net.ErrClosed) {
				e.config.Log.Error("the control socket failed", "err", err)
			}
			return
		}
		if err := e.converse(conn); err != nil {
			e.config.Log.Warn("a conversation on the control socket failed", "err", err)
		}
	}
}

func (e *Engine) converse(conn net.Conn) error {
	defer func() { _ = conn.Close() }() // the reply is written or it is not
	if err := conn.SetDeadline(time.Now().Add(controlTimeout)); err != nil {
		return err
	}
	var change Change
	if err := json.NewDecoder(io.LimitReader(conn, controlLimit)).Decode(&change); err != nil {
		return fmt.Errorf("read a change: %w", err)
	}
	var reply Reply
	done, err := e.apply(e.ctx, change)
	if reply.Done = done; err != nil {
		reply.Error = err.Error()
		reply.NotFound = errors.Is(err, ErrNotFound)
	}
	return json.NewEncoder(conn).Encode(reply)
}

// ask sends a change to the process that captures.
func ask(ctx context.Context, socket string, change Change) (int, error) {
	dialer := net.Dialer{Timeout: patience}
	conn, err := dialer.DialContext(ctx, "unix", socket)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }() // nothing is left to flush
	if err := conn.SetDeadline(time.Now().Add(controlTimeout)); err != nil {
		return 0, err
	}
	if err := json.NewEncoder(conn).Encode(change); err != nil {
		return 0, fmt.Errorf("send the change: %w", err)
	}
	var reply Reply
	if err := json.NewDecoder(io.LimitReader(conn, controlLimit)).Decode(&reply); err != nil {
		return 0, fmt.Errorf("read the reply: %w", err)
	}
	switch {
	case reply.NotFound:
		return reply.Done, ErrNotFound
	case reply.Error != "":
		return reply.Done, errors.New(reply.Error)
	}
	return reply.Done, nil
}
