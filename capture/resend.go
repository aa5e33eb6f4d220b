package capture

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// ResendMarker is the header field that says of a resend what it was made from.
const ResendMarker = "X-Hookglass-Resend"

// Preparation says how a callback is to be resent. With To alone it is sent
// exactly as it came.
type Preparation struct {
	// To is the address: with a path, that takes the place of the callback's; with
	// a query too, that of its query. KeepPath takes scheme and host alone of it,
	// and Whole takes it as it stands, also where it has neither.
	To       string
	KeepPath bool
	Whole    bool

	Edit *Edit    // nil: none
	Drop []string // secrets to leave out: "header Authorization", "?APIKEY"

	// Sign signs the edited request again; nil leaves its signature as it is.
	Sign func(r *Request) error

	Marker bool // add ResendMarker
	Keep   bool // the connection is kept for the next one
}

// Outgoing is a request that is ready to be sent. Prepare makes one; it is never
// changed, and may be sent often and at the same time.
type Outgoing struct {
	Request Request // as it goes over the wire, in whole
	Sending Sending // but for what only the sending knows

	origin   int64
	endpoint string
	to       replayURL
	keep     bool
}

// URL is where it goes, as a whole.
func (o *Outgoing) URL() string { return o.Sending.Base + o.Request.Target }

// Host is the host and port that it goes to.
func (o *Outgoing) Host() string { return o.to.host }

// Prepare makes the request that a callback is resent as: its method, the header
// fields in their order, case, repeats and spacing, and the body's bytes, but for
// what p changes. What differs besides is Host, Content-Length, and what belongs
// to one connection or was added by the tunnel; a chunked body goes in one piece,
// without trailers. Differences says so of each. An error wraps ErrReplay or
// ErrEdit, or is Sign's.
func Prepare(x *Exchange, p Preparation) (*Outgoing, error) {
	if err := resendable(x); err != nil {
		return nil, err
	}
	r := x.Request
	if err := p.Edit.Apply(&r); err != nil {
		return nil, err
	}
	for _, place := range p.Drop {
		drop(&r, place)
	}
	if p.Marker {
		r.Header = append(slices.Clip(r.Header), Field{ResendMarker, x.UID})
	}
	edited := r
	if p.Sign != nil {
		if err := p.Sign(&r); err != nil {
			return nil, err
		}
	}
	to, err := p.address(&r)
	if err != nil {
		return nil, err
	}
	o := &Outgoing{origin: x.ID, endpoint: x.Endpoint, to: to, keep: p.Keep}
	o.Request = replayedRequest(&Exchange{Via: x.Via, Request: r}, to)
	if p.Keep { // replayedHeader ends with Connection: close
		o.Request.Header = o.Request.Header[:len(o.Request.Header)-1]
	}
	o.Request.Head = spacedHead(&o.Request, x)
	o.Sending.Base = to.base()
	o.Sending.SameBody = len(r.Body) > 0 && (!p.Edit.HasBody() && p.Sign == nil || bytes.Equal(r.Body, x.Request.Body))
	o.Sending.Differences = differences(x, &edited, &r, o, &p)
	return o, nil
}

// resendable says why there is nothing to be sent.
func resendable(x *Exchange) error {
	switch {
	case x.Request.Method == "" || x.State == StateRefused:
		return fmt.Errorf("%w: it never was a whole request", ErrReplay)
	case x.Request.Method == http.MethodConnect:
		return fmt.Errorf("%w: CONNECT asks for a tunnel, not for an answer", ErrReplay)
	case x.Request.Truncated:
		return fmt.Errorf("%w: only a part of its body was kept", ErrReplay)
	}
	return nil
}

// address says where r goes.
func (p *Preparation) address(r *Request) (replayURL, error) {
	text, _, _ := strings.Cut(strings.TrimSpace(p.To), "#")
	to, err := parseReplayURL(text)
	if err != nil || p.Whole {
		return to, err
	}
	_, rest, _ := strings.Cut(text, "://")
	at := strings.IndexAny(rest, "/?")
	path, query := "", ""
	if at >= 0 {
		path, query, _ = strings.Cut(rest[at:], "?")
	}
	own, ownQuery := SplitTarget(r.Target)
	asked := strings.Contains(r.Target, "?")
	if p.KeepPath || path == "" || path == "/" && query == "" {
		path = own
	}
	if p.KeepPath || !strings.Contains(rest, "?") {
		query = ownQuery
	} else {
		asked = true
	}
	if path == "*" {
		to.target = path
		return to, nil
	}
	if asked {
		path += "?" + query
	}
	to.target = encodeTarget(path)
	return to, nil
}

// drop leaves out what stands at a place: "header Authorization", "?APIKEY".
func drop(r *Request, place string) {
	if name, ok := strings.CutPrefix(place, "header "); ok {
		if _, has := r.Header.First(name); has {
			r.Header = without(r.Header, name)
		}
		return
	}
	name, ok := strings.CutPrefix(place, "?")
	path, query, asked := strings.Cut(r.Target, "?")
	if !ok || !asked {
		return
	}
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		if n, _, _ := strings.Cut(pair, "="); !strings.EqualFold(n, name) {
			kept = append(kept, pair)
		}
	}
	if r.Target = path; len(kept) > 0 {
		r.Target += "?" + strings.Join(kept, "&")
	}
}

// spacedHead is the head of r with the lines of x that are still in it as they
// came: "X-A:1" has no space, and some receivers care.
func spacedHead(r *Request, x *Exchange) []byte {
	odd := oddLines(x)
	if len(odd) == 0 {
		return appendHead(nil, r.Method, r.Target, r.Proto, r.Header)
	}
	head := make([]byte, 0, len(r.Head)+64)
	head = append(append(append(append(append(append(head, r.Method...), ' '), r.Target...), ' '), r.Proto...), "\r\n"...)
	for _, f := range r.Header {
		if line, ok := odd[f]; ok {
			head = append(append(head, line...), "\r\n"...)
		} else {
			head = appendFields(head, Fields{f})
		}
	}
	return append(head, "\r\n"...)
}

// oddLines are the lines of a head that are not "Name: value". One that is folded
// is sent in one line.
func oddLines(x *Exchange) map[Field]string {
	if !x.Request.Exact || len(x.Request.Head) == 0 {
		return nil
	}
	raw := x.Request.Head
	_, _, start := lineAt(raw, leadingNewlines(raw, buggyPrefix))
	var odd map[Field]string
	for at := start; ; {
		f, next, err := fieldAt(raw, at, at == start)
		if err != nil || f.none {
			return odd
		}
		_, to, _ := lineAt(raw, at)
		if !f.folded && (f.value-f.nameEnd != len(": ") || f.valueEnd != to || raw[f.value-1] != ' ') {
			if odd == nil {
				odd = map[Field]string{}
			}
			field := Field{string(raw[f.name:f.nameEnd]), string(raw[f.value:f.valueEnd])}
			odd[field] = string(raw[at:to])
		}
		at = next
	}
}
