package ngroktest

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"slices"
	"strings"
	"time"
)

const (
	codeOffline = "ERR_NGROK_3200"
	codeBad     = "ERR_NGROK_3004"
	codeDenied  = "ERR_NGROK_3205"
	codeHeader  = "Ngrok-Error-Code"
)

// startEdge opens the address that callers reach, with TLS and without.
func (s *Service) startEdge() error {
	proxy := &httputil.ReverseProxy{
		Rewrite:      rewrite,
		Transport:    s.transport,
		ErrorHandler: failed,
		ErrorLog:     log.New(io.Discard, "", 0),
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.begin() {
			defer s.running.Done()
			s.route(w, r, proxy)
		}
	})
	open := func(address string, secure bool) (*http.Server, string, error) {
		l, err := (&net.ListenConfig{}).Listen(s.ctx, "tcp", address)
		if err != nil {
			return nil, "", err
		}
		at := l.Addr().String()
		if secure {
			l = tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: s.ca.certificate})
		}
		server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
		s.running.Go(func() { _ = server.Serve(l) }) // until Close
		return server, at, nil
	}
	var err error
	if s.edge, s.edgeAddr, err = open(orLoopback(s.options.Edge), true); err != nil {
		return err
	}
	s.plain, s.plainAddr, err = open("127.0.0.1:0", false)
	return err
}

// route sends a request where its Host says, or answers as the edge does.
func (s *Service) route(w http.ResponseWriter, r *http.Request, proxy http.Handler) {
	t := s.tunnelOf(r.Host)
	if t == nil {
		refuse(w, http.StatusNotFound, codeOffline, "The endpoint "+r.Host+" is offline.")
		return
	}
	caller, err := netip.ParseAddrPort(r.RemoteAddr)
	if err == nil && t.policy.denies(caller.Addr()) {
		refuse(w, http.StatusForbidden, codeDenied, "The request was denied.")
		return
	}
	proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, r.RemoteAddr)))
}

func refuse(w http.ResponseWriter, status int, code, text string) {
	w.Header().Set(codeHeader, code)
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\r\n\r\n"+code+"\r\n")
}

// failed is for an agent that is there and does not answer, or went just now.
func failed(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, errOffline) {
		refuse(w, http.StatusNotFound, codeOffline, "The endpoint "+r.Host+" is offline.")
		return
	}
	refuse(w, http.StatusBadGateway, codeBad, "The agent gave no valid answer: "+err.Error())
}

// tunnelOf finds the endpoint of a URL or host; nil where nobody serves it.
func (s *Service) tunnelOf(url string) *tunnel {
	host := strings.TrimPrefix(url, "https://")
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tunnels[strings.ToLower(host)]
}

// rewrite adds what the edge adds, and leaves the rest as it was sent.
func rewrite(p *httputil.ProxyRequest) {
	p.Out.URL.Scheme, p.Out.URL.Host = "http", p.In.Host
	p.Out.Host = p.In.Host
	if target, query, _ := strings.Cut(p.In.RequestURI, "?"); strings.HasPrefix(target, "/") {
		p.Out.URL.RawQuery = query
		if !strings.HasPrefix(target, "//") {
			p.Out.URL.Opaque = target
		}
	}
	caller, _, _ := net.SplitHostPort(p.In.RemoteAddr)
	appendTo(p, "X-Forwarded-For", caller)
	appendTo(p, "X-Forwarded-Proto", "https")
	p.Out.Header["X-Forwarded-Host"] = []string{p.In.Host}
	if given := p.In.Header.Get("X-Forwarded-Host"); given != "" {
		p.Out.Header["X-Forwarded-Host"] = []string{given}
	}
}

// appendTo appends a value to what the caller sent under a name.
func appendTo(p *httputil.ProxyRequest, name, value string) {
	p.Out.Header[name] = []string{strings.Join(append(slices.Clone(p.In.Header[name]), value), ", ")}
}

// callerKey finds the caller's address in a request's context.
type callerKey struct{}

// dialEdge is for the edge's transport.
func (s *Service) dialEdge(ctx context.Context, _, host string) (net.Conn, error) {
	caller, _ := ctx.Value(callerKey{}).(string)
	return s.dialHost(host, caller)
}
