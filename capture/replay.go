package capture

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// The limits of the zero Replayer.
const (
	replayTimeout = 30 * time.Second
	replayLimit   = 32 << 20
)

// dialTimeout bounds how long a connection may take to come about.
const dialTimeout = 10 * time.Second

// Replayer sends stored requests again. The zero Replayer works; it is safe for
// concurrent use once its fields are set.
type Replayer struct {
	Timeout time.Duration // for all of it, from dialling to the answer's end; 0: 30 s
	Limit   int64         // bytes kept of the answer's body; 0: 32 MiB
	TLS     *tls.Config   // nil: the system's roots

	// Dial connects; nil: a net.Dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// ErrReplay is wrapped by the errors of Replay, which say in a sentence why
// nothing was sent.
var ErrReplay = errors.New("this cannot be resent")

// Replay sends a request to a URL as it was: its method, the header fields in
// their order, case and repeats, and the body's bytes. The URL is the whole
// target, with path and query. What differs is Host, Content-Length, and what
// belongs to one connection or was added by the tunnel; a chunked body is sent
// in one piece, without trailers.
//
// It returns a new exchange, which is not stored anywhere, with the answer or
// the sentence why there is none. Redirects are not followed, nor is a proxy
// asked. An error wraps ErrReplay and means that nothing was sent.
func (p *Replayer) Replay(ctx context.Context, x *Exchange, url string) (*Exchange, error) {
	to, err := parseReplayURL(url)
	if err != nil {
		return nil, err
	}
	switch {
	case x.Request.Method == "" || x.State == StateRefused:
		return nil, fmt.Errorf("%w: it never was a whole request", ErrReplay)
	case x.Request.Method == http.MethodConnect:
		return nil, fmt.Errorf("%w: CONNECT asks for a tunnel, not for an answer", ErrReplay)
	case x.Request.Truncated:
		return nil, fmt.Errorf("%w: only a part of its body was kept", ErrReplay)
	}
	timeout := p.Timeout
	if timeout <= 0 {
		timeout = replayTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	now := time.Now()
	sent := &Exchange{
		UID: NewUID(now), State: StateFailed, Via: ViaReplay, Origin: x.ID, Endpoint: x.Endpoint,
		Request: replayedRequest(x, to),
	}
	sent.Request.Received = now
	response, err := p.send(ctx, &sent.Request, to)
	sent.Response = response
	if response != nil {
		response.Timing.Answered = time.Now()
		response.Timing.Took = response.Timing.Answered.Sub(now)
	}
	switch {
	case err == nil:
		sent.State = StateAnswered
	case errors.Is(err, errLongAnswer):
		sent.State, sent.Error = StateAnswered, err.Error()
	default:
		sent.Error = replayFailure(err, to, timeout)
	}
	return sent, nil
}

// replayedRequest is what is sent.
func replayedRequest(x *Exchange, to replayURL) Request {
	r := Request{
		Method: x.Request.Method, Target: to.target, Proto: "HTTP/1.1", Host: to.host,
		Header: replayedHeader(x, to.host),
		Body:   x.Request.Body, Size: int64(len(x.Request.Body)), Exact: true,
	}
	r.Head = appendHead(nil, r.Method, r.Target, r.Proto, r.Header)
	return r
}

// send sends r and reads the answer. With an error it returns what came of it,
// or nil.
func (p *Replayer) send(ctx context.Context, r *Request, to replayURL) (*Response, error) {
	conn, err := p.connect(ctx, to)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	r.Remote = conn.RemoteAddr().String()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // long past
	defer stop()
	written := make(chan error, 1)
	go func() {
		// Apart, as a server may answer before it has read all, or nothing.
		_, err := conn.Write(append(bytes.Clone(r.Head), r.Body...))
		written <- err
	}()
	response, _, err := readAnswer(bufio.NewReader(conn), r.Method, p.limit())
	if response != nil {
		response.By = ByTarget
	}
	_ = conn.Close() // ends the writing too
	if failed := <-written; response == nil && err != nil && failed != nil && ctx.Err() == nil {
		err = errors.Join(err, failed)
	}
	if cause := ctx.Err(); err != nil && cause != nil && !errors.Is(err, errLongAnswer) {
		err = cause
	}
	return response, err
}

func (p *Replayer) limit() int64 {
	if p.Limit <= 0 {
		return replayLimit
	}
	return p.Limit
}

func (p *Replayer) connect(ctx context.Context, to replayURL) (net.Conn, error) {
	dial := p.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: dialTimeout}).DialContext
	}
	return connect(ctx, to, dial, p.TLS)
}

// connect dials, and secures the connection where the address wants that. config
// may be nil.
func connect(ctx context.Context, to replayURL, dial func(ctx context.Context, network, addr string) (net.Conn, error), config *tls.Config) (net.Conn, error) {
	conn, err := dial(ctx, "tcp", to.addr)
	if err != nil || !to.secure {
		return conn, err
	}
	if config = config.Clone(); config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if config.ServerName == "" {
		config.ServerName = to.name
	}
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secured, nil
}
