package capture

import (
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// outgoing is a callback as it is sent to an app.
type outgoing struct {
	to      replayURL
	request Request // with the head as it is sent
	timeout time.Duration
	conn    net.Addr // where it was sent to; nil before
}

// newPseudonym makes a name by which a process knows its own Via field again.
func newPseudonym() string {
	var random [8]byte
	rand.Read(random[:]) // never fails (crypto/rand since Go 1.24)
	return "hookglass-" + hex.EncodeToString(random[:])
}

// looped reports whether a request has come through this process before.
func (f *Forwarder) looped(header Fields) bool {
	for i := range header {
		if len(header[i].Name) == len("Via") && strings.EqualFold(header[i].Name, "Via") && strings.Contains(header[i].Value, f.pseudonym) {
			return true
		}
	}
	return false
}

// outgoing makes a callback into what is sent to an app under a target: the method,
// the fields in their order, case and repeats, and the body's bytes. What differs
// is Host, what belongs to a connection, how the body is delimited, and a Via
// field at the end. The X-Forwarded fields of the tunnel stay: the app sees from
// them who called, and under which host.
func (f *Forwarder) outgoing(x *Exchange, to replayURL, target string, timeout time.Duration) *outgoing {
	trailers := sentTrailers(x.Request.Trailers)
	r := Request{
		Method: x.Request.Method, Target: target, Proto: "HTTP/1.1", Host: to.host,
		Header:   carrying{host: to.host, trailers: len(trailers) > 0, te: takesTrailers(x.Request.Header)}.header(x),
		Trailers: trailers,
		Body:     x.Request.Body, Size: int64(len(x.Request.Body)), Exact: true,
	}
	version := strings.TrimPrefix(x.Request.Proto, "HTTP/")
	if version == "" {
		version = "1.1"
	}
	r.Header = append(r.Header, Field{"Via", version + " " + f.pseudonym})
	room := headSize(&r)
	if room+len(r.Body) <= writtenAtOnce {
		room += len(r.Body) // is written behind it
	}
	r.Head = appendHead(make([]byte, 0, room), r.Method, r.Target, r.Proto, r.Header)
	return &outgoing{to: to, request: r, timeout: timeout}
}

func headSize(r *Request) int {
	size := len(r.Method) + len(r.Target) + len("  HTTP/1.1\r\n\r\n")
	for i := range r.Header {
		size += len(r.Header[i].Name) + len(r.Header[i].Value) + len(": \r\n")
	}
	return size
}

// takesTrailers reports whether a sender says that it reads trailers.
func takesTrailers(header Fields) bool {
	for i := range header {
		if len(header[i].Name) != len("TE") || !strings.EqualFold(header[i].Name, "TE") {
			continue
		}
		for coding := range strings.SplitSeq(header[i].Value, ",") {
			if coding, _, _ = strings.Cut(coding, ";"); strings.EqualFold(strings.Trim(coding, blanks), "trailers") {
				return true
			}
		}
	}
	return false
}

// framingFields may not stand in trailers, but for those of a connection.
var framingFields = []string{"Host", "Content-Length", "Content-Encoding", "Content-Type", "Content-Range", "Via"}

// sentTrailers are the trailers that can be sent on (RFC 9110, section 6.5.1).
func sentTrailers(trailers Fields) Fields {
	var sent Fields
	for _, f := range trailers {
		is := func(name string) bool { return strings.EqualFold(f.Name, name) }
		if !badField(f) && !connectionField(f.Name, nil) && !slices.ContainsFunc(framingFields, is) {
			sent = append(sent, f)
		}
	}
	return sent
}

// wire returns the bytes to send: before the body, and behind it.
func (o *outgoing) wire() (before, behind []byte) {
	r := &o.request
	if len(r.Trailers) == 0 {
		return r.Head, nil
	}
	before = slices.Clip(r.Head)
	if len(r.Body) > 0 {
		before = append(strconv.AppendInt(before, int64(len(r.Body)), 16), "\r\n"...)
		behind = append(behind, "\r\n"...)
	}
	behind = append(behind, "0\r\n"...)
	return before, append(appendFields(behind, r.Trailers), "\r\n"...)
}

// passedOn makes an app's answer into ours: without what belongs to its
// connection, and without a length where ours is written.
func passedOn(a *Response, method string) {
	options := connectionOptions(a.Header)
	sized := method == http.MethodHead || a.Status == http.StatusNotModified
	a.Header = slices.DeleteFunc(a.Header, func(f Field) bool {
		return connectionField(f.Name, options) || !sized && strings.EqualFold(f.Name, "Content-Length")
	})
	a.Trailers = sentTrailers(a.Trailers)
	a.By = ByApp
}
