package capture

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// via says how a request came.
func (h *Handler) via(r *http.Request) Via {
	via := ViaLocal
	if conn, ok := r.Context().Value(connKey{}).(*followed); ok {
		via = conn.via
	}
	return h.orPublic(via, r.Host, r.Header.Get("X-Forwarded-Host"))
}

// orPublic makes ViaPublic of ViaLocal where a request is for the person's own
// public address. Of several forwarded hosts the first is the one that was asked
// for; the others are of proxies behind it.
func (h *Handler) orPublic(via Via, host, forwarded string) Via {
	if via != ViaLocal || h.Public == nil {
		return via
	}
	forwarded, _, _ = strings.Cut(forwarded, ",")
	if h.Public(host) || h.Public(strings.TrimSpace(forwarded)) {
		return ViaPublic
	}
	return via
}

// receive makes a request of what the connection recorded of its head.
func receive(r *http.Request, via Via) Request {
	request := Request{
		Remote: r.RemoteAddr,
		Method: r.Method, Target: r.RequestURI, Proto: r.Proto, Host: r.Host,
	}
	conn, ok := r.Context().Value(connKey{}).(*followed)
	if ok {
		request.Head, request.Received, request.Exact = conn.claim(r)
	}
	if request.Received.IsZero() {
		request.Received = time.Now()
	}
	if request.Exact {
		// claim has compared this head with net/http's view, so it parses.
		if head, err := parseHead(request.Head); err == nil {
			request.Header = head.Header
		}
	} else {
		request.Head, request.Header = headOf(r)
	}
	request.Source = hostOf(r.RemoteAddr)
	if via.Public() {
		request.Source = forwardedFor(request.Header, request.Source)
	}
	return request
}

// forwardedFor returns the last address of the last X-Forwarded-For: the one
// that the tunnel's edge, or the person's own proxy, has added, and the only one
// that a caller cannot forge.
func forwardedFor(header Fields, otherwise string) string {
	all := header.All("X-Forwarded-For")
	if len(all) == 0 {
		return otherwise
	}
	last := all[len(all)-1]
	if i := strings.LastIndexByte(last, ','); i >= 0 {
		last = last[i+1:]
	}
	if last = strings.TrimSpace(last); last == "" {
		return otherwise
	}
	return last
}

func hostOf(addr string) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	return host
}

func (h *Handler) exchange(r *http.Request, request Request, via Via, body *bodyRead) *Exchange {
	request.Body = body.bytes
	request.Size = int64(len(body.bytes))
	request.Truncated = body.over || body.err != nil
	x := &Exchange{
		UID:     NewUID(request.Received),
		State:   StateReceived,
		Via:     via,
		Request: request,
	}
	if conn, ok := r.Context().Value(connKey{}).(*followed); ok {
		x.Request.Trailers = conn.trailers()
	}
	switch {
	case body.over:
		x.Error = fmt.Sprintf("the body is larger than the limit of %d bytes; the rest was not read", h.Limits.Body)
	case body.err != nil:
		x.Error = body.incomplete(r.ContentLength, h.Limits.BodyTimeout)
	}
	return x
}
