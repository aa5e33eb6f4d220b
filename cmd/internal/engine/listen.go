package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"

	"hookglass/capture"
)

// DefaultListen is where Hookglass listens on this machine.
const DefaultListen = "127.0.0.1:4480"

// windowsAddrInUse is WSAEADDRINUSE; syscall.EADDRINUSE is not it.
const windowsAddrInUse = syscall.Errno(10048)

// portsToTry bounds the search for a free port.
const portsToTry = 100

// PortError says that the address to listen on is taken.
type PortError struct {
	Addr string
	By   string // the process that holds it; "" where it cannot be told
	Err  error
}

func (e *PortError) Error() string {
	by := "another program"
	if e.By != "" {
		by = e.By
	}
	return fmt.Sprintf("%s is in use by %s; stop it, name another address with --listen, or take the next free port with --any-port", e.Addr, by)
}

func (e *PortError) Unwrap() error { return e.Err }

// Listen starts to capture on an address, and starts the control socket and the
// background work with the first one. It returns the URL, and fails with
// *PortError where the port is taken; anyPort takes the next free one instead.
func (e *Engine) Listen(ctx context.Context, addr string, anyPort bool) (string, error) {
	l, err := listen(ctx, addr, anyPort)
	if err != nil {
		return "", err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return "", errors.Join(errors.New("listen: the engine is closed"), l.Close())
	}
	url := "http://" + l.Addr().String()
	if err := e.start(ctx, url); err != nil {
		return "", errors.Join(err, l.Close())
	}
	e.url = url
	e.listeners = append(e.listeners, l)
	e.running.Go(func() {
		if err := e.server.Serve(l, capture.ViaLocal); err != nil && !errors.Is(err, net.ErrClosed) { // see Relisten
			e.config.Log.Error("the listener failed", "url", url, "err", err)
		}
	})
	return url, nil
}

// start says where this process captures, and the first time starts the control
// socket and the background work. It is called with mu held, and so is
// stopControl, which takes back what it has done.
func (e *Engine) start(ctx context.Context, url string) error {
	if e.control != nil {
		return e.tell(url)
	}
	err := e.startControl(ctx)
	if err == nil {
		err = e.tell(url)
	}
	if err == nil {
		err = e.startBackground(ctx)
	}
	if err != nil {
		return errors.Join(err, e.stopControl())
	}
	return nil
}

func (e *Engine) tell(url string) error {
	owner := Owner{PID: os.Getpid(), URL: url, Since: e.since, Socket: e.control.Addr().String()}
	if err := writeOwner(e.config.Folder, owner); err != nil {
		return fmt.Errorf("say who captures: %w", err)
	}
	return nil
}

func listen(ctx context.Context, addr string, anyPort bool) (net.Listener, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", addr)
	if err == nil || !errors.Is(err, syscall.EADDRINUSE) && !errors.Is(err, windowsAddrInUse) {
		return l, err
	}
	host, portText, splitErr := net.SplitHostPort(addr)
	port, numErr := strconv.Atoi(portText)
	if splitErr != nil || numErr != nil || !anyPort {
		return nil, &PortError{Addr: addr, By: portOwner(addr), Err: err}
	}
	for next := port + 1; next < port+portsToTry && next < 1<<16; next++ {
		if l, nextErr := config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(next))); nextErr == nil {
			return l, nil
		}
	}
	return nil, &PortError{Addr: addr, By: portOwner(addr), Err: err}
}
