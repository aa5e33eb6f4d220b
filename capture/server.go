package capture

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// ErrClosing is the cause of the end of a callback's context where we close.
var ErrClosing = errors.New("the server is closing")

// connKey finds the followed connection in a request's context.
type connKey struct{}

// refusalsAtOnce bounds how many refused heads wait for the disk at once; a
// flood of rubbish beyond that is only counted.
const refusalsAtOnce = 256

// Server serves one handler on any number of listeners. NewServer makes one;
// its methods are safe for concurrent use.
type Server struct {
	handler *Handler
	http    *http.Server
	waiting gauge // refused heads on their way to the disk

	// Every request's context is below this one, which ends as soon as we begin
	// to close, so that who waits for an answer of ours gets it.
	open  context.Context
	close context.CancelCauseFunc

	// busy is read-locked by everything that may write to the recorder, so that
	// Shutdown, which locks it, leaves nobody behind.
	busy   sync.RWMutex
	closed bool
	ended  sync.Once
}

// NewServer makes a server, which listens nowhere yet. It starts goroutines that
// Shutdown ends.
func NewServer(h *Handler) *Server {
	s := &Server{handler: h}
	h.startAnnotating()
	s.open, s.close = context.WithCancelCause(context.Background())
	s.http = &http.Server{
		Handler:                      http.HandlerFunc(s.serve),
		DisableGeneralOptionsHandler: true, // "OPTIONS *" is a callback like any other
		ReadHeaderTimeout:            h.Limits.HeaderTimeout,
		IdleTimeout:                  h.Limits.IdleTimeout,
		MaxHeaderBytes:               h.Limits.Head,
		ErrorLog:                     log.New(serverLog{h.Log}, "", 0),
		BaseContext:                  func(net.Listener) context.Context { return s.open },
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c)
		},
	}
	return s
}

// Serve accepts connections until the listener fails or the server is shut
// down, which returns nil. It closes the listener.
func (s *Server) Serve(l net.Listener, via Via) error {
	err := s.http.Serve(follow(l, via, s.handler.Limits.Head, s.refused))
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Shutdown stops accepting, ends what rules wait for, waits until every request
// in progress is answered or cut off or ctx ends, and closes what is left:
// connections without a request, and those whose request is still arriving. When
// it returns, nothing of the server uses the recorder any more.
func (s *Server) Shutdown(ctx context.Context) error {
	s.close(ErrClosing)
	quiet := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		// Not waited for at first: a connection that has never sent anything
		// holds it up for five seconds.
		_ = s.http.Shutdown(ctx)
		close(stopped)
	}()
	go func() {
		s.busy.Lock()
		s.closed = true
		s.busy.Unlock()
		close(quiet)
	}()
	select {
	case <-quiet:
	case <-ctx.Done():
	}
	err := s.http.Close()
	<-stopped
	<-quiet
	s.ended.Do(func() { close(s.handler.lagging) })
	s.handler.annotating.Wait()
	return err
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.busy.RLock()
	defer s.busy.RUnlock()
	if s.closed {
		s.handler.turnAway(w, r, "Hookglass is closing")
		return
	}
	s.handler.ServeHTTP(w, r)
}

// refused keeps a head that net/http answered without asking the handler. It
// does not block: the connection's end is not the place to wait for a disk.
func (s *Server) refused(f refusal) {
	if !s.waiting.take(1, refusalsAtOnce) {
		s.handler.Log.Warn("too many refused requests at once; one is not kept", "remote", f.Remote, "status", f.Status)
		return
	}
	go func() {
		defer s.waiting.give(1)
		s.busy.RLock()
		defer s.busy.RUnlock()
		if !s.closed {
			s.handler.refuse(f)
		}
	}()
}

// refuse records a refused head as an exchange.
func (h *Handler) refuse(f refusal) {
	head, _ := parseHead(f.Head) // of a broken one what could be understood
	request := Request{
		Received: f.Received, Remote: f.Remote, Source: hostOf(f.Remote),
		Method: head.Method, Target: head.Target, Proto: head.Proto, Host: head.Header.Value("Host"),
		Head: f.Head, Exact: true, Header: head.Header,
	}
	via := h.orPublic(f.Via, request.Host, head.Header.Value("X-Forwarded-Host"))
	if via.Public() {
		request.Source = forwardedFor(request.Header, request.Source)
	}
	x := &Exchange{UID: NewUID(f.Received), State: StateRefused, Via: via, Request: request, Error: f.Reason}
	endpoint := h.Endpoint(x.Request.Path())
	if endpoint != nil {
		x.Endpoint = endpoint.Path
	}
	if err := h.Recorder.Create(context.Background(), x); err != nil {
		h.cannotKeep(err)
		return
	}
	x.Response = &Response{Status: f.Status, By: ByServer, Timing: Timing{Answered: time.Now()}}
	x.Response.Timing.Took = x.Response.Timing.Answered.Sub(f.Received)
	x.Annotation = h.annotate(&x.Request, endpoint)
	h.conclude(x)
}

// serverLog passes what net/http logs on as warnings.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Write(line []byte) (int, error) {
	l.log.Warn("net/http: " + string(line[:max(len(line)-1, 0)]))
	return len(line), nil
}
