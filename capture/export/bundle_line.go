package export

import (
	"bytes"
	"encoding/base64"
	"reflect"
	"time"
	"unicode/utf8"

	"hookglass/capture"
)

// bundleLine is an exchange as it stands in a bundle, on one line of JSON. What is
// of one database alone is not in it: ids, and which rule of that id answered.
type bundleLine struct {
	UID      string `json:"uid"`
	Latin1   bool   `json:"latin1,omitempty"` // each character of each text is a byte
	Session  int64  `json:"session,omitempty"`
	Via      string `json:"via"`
	State    string `json:"state"`
	Endpoint string `json:"endpoint,omitempty"`
	Base     string `json:"base,omitempty"`
	Origin   string `json:"origin,omitempty"`
	Pinned   bool   `json:"pinned,omitempty"`
	Mark     string `json:"mark,omitempty"`
	Note     string `json:"note,omitempty"`
	Redacted bool   `json:"redacted,omitempty"`
	Mac      string `json:"mac,omitempty"`
	Error    string `json:"error,omitempty"`

	Request    lineRequest    `json:"request"`
	Response   *lineResponse  `json:"response,omitempty"`
	Annotation lineAnnotation `json:"annotation,omitzero"`
	Sent       *lineSending   `json:"sent,omitempty"`
}

// lineBody is a body in one of three forms; none is an empty body.
type lineBody struct {
	Text   string `json:"body,omitempty"`
	Base64 string `json:"body_base64,omitempty"`
	File   string `json:"body_file,omitempty"` // its SHA-256 in hex
}

type lineRequest struct {
	Received  time.Time   `json:"received,omitzero"`
	Remote    string      `json:"remote,omitempty"`
	Source    string      `json:"source,omitempty"`
	Method    string      `json:"method"`
	Target    string      `json:"target"`
	Proto     string      `json:"proto"`
	Host      string      `json:"host,omitempty"`
	Exact     bool        `json:"exact,omitempty"`
	Header    [][2]string `json:"header,omitempty"`
	Head      *string     `json:"head,omitempty"`        // where it is not what the parts above make
	HeadBytes string      `json:"head_base64,omitempty"` // where it is no text either
	Trailers  [][2]string `json:"trailers,omitempty"`
	Truncated bool        `json:"truncated,omitempty"`
	lineBody
}

type lineResponse struct {
	Status   int         `json:"status"`
	Header   [][2]string `json:"header,omitempty"`
	By       string      `json:"by,omitempty"`
	Preset   string      `json:"preset,omitempty"`
	RuleName string      `json:"rule,omitempty"`
	Answered time.Time   `json:"answered,omitzero"`
	Took     int64       `json:"took_ns,omitempty"`
	lineBody
}

type lineAnnotation struct {
	Provider  string           `json:"provider,omitempty"`
	Event     string           `json:"event,omitempty"`
	Summary   string           `json:"summary,omitempty"`
	Order     string           `json:"order,omitempty"`
	Delivery  string           `json:"delivery,omitempty"`
	Attempt   int              `json:"attempt,omitempty"`
	AtArrival string           `json:"at_arrival,omitempty"`
	Proof     lineVerification `json:"verification,omitzero"`
}

type lineVerification struct {
	Status   string      `json:"status,omitempty"`
	Scheme   string      `json:"scheme,omitempty"`
	Header   string      `json:"header,omitempty"`
	Signed   string      `json:"signed,omitempty"`
	Key      string      `json:"key,omitempty"`
	Expected string      `json:"expected,omitempty"`
	Received string      `json:"received,omitempty"`
	Reason   string      `json:"reason,omitempty"`
	Checks   []lineCheck `json:"checks,omitempty"`
}

func (v lineVerification) IsZero() bool { return reflect.ValueOf(v).IsZero() }

type lineCheck struct {
	Proof  string `json:"proof,omitempty"`
	Status string `json:"status,omitempty"`
	Reason string `json:"reason,omitempty"`
}

type lineSending struct {
	Base        string               `json:"base,omitempty"`
	DNS         int64                `json:"dns_ns,omitempty"`
	Connect     int64                `json:"connect_ns,omitempty"`
	TLS         int64                `json:"tls_ns,omitempty"`
	FirstByte   int64                `json:"first_byte_ns,omitempty"`
	Total       int64                `json:"total_ns,omitempty"`
	Differences []capture.Difference `json:"differences,omitempty"`
	Hops        []capture.Hop        `json:"hops,omitempty"`
}

// lineOf is the line of an exchange. file returns the name of a body that is to be
// a file, and whether it is.
func lineOf(s *Shared, file func(body []byte) (name string, ok bool, err error)) (*bundleLine, error) {
	x, r := s.Exchange, &s.Request
	l := &bundleLine{
		UID: x.UID, Session: x.Session, Via: string(x.Via), State: string(x.State), Endpoint: x.Endpoint, Base: s.Base,
		Origin: s.OriginUID, Pinned: x.Pinned, Mark: string(x.Mark), Note: x.Note, Error: x.Error,
		Request: lineRequest{
			Received: r.Received.UTC(), Remote: r.Remote, Source: r.Source, Method: r.Method, Target: r.Target, Proto: r.Proto,
			Host: r.Host, Exact: r.Exact, Header: pairs(r.Header), Trailers: pairs(r.Trailers), Truncated: r.Truncated,
		},
		Annotation: annotationLine(&x.Annotation),
	}
	if x.Import != nil {
		l.Redacted, l.Mac = x.Import.Redacted, x.Import.Mac
		if x.Import.Via != "" {
			l.Via = string(x.Import.Via)
		}
		if l.Origin == "" {
			l.Origin = x.Import.Origin
		}
	}
	if l.Via == "" { // nobody knows how it came to whoever made the file that it is from
		l.Via = string(capture.ViaImport)
	}
	if !bytes.Equal(r.Head, usualHead(r.Method, r.Target, r.Proto, r.Header)) {
		if head := string(r.Head); utf8.ValidString(head) {
			l.Request.Head = &head
		} else {
			l.Request.HeadBytes = base64.StdEncoding.EncodeToString(r.Head)
		}
	}
	var err error
	if l.Request.lineBody, err = bodyLine(r.Body, file); err != nil {
		return nil, err
	}
	if a := x.Response; a != nil {
		l.Response = &lineResponse{
			Status: a.Status, Header: pairs(a.Header), By: string(a.By), Preset: a.Preset, RuleName: a.RuleName,
			Answered: a.Timing.Answered.UTC(), Took: int64(a.Timing.Took),
		}
		if l.Response.lineBody, err = bodyLine(a.Body, file); err != nil {
			return nil, err
		}
	}
	if sent := x.Sent; sent != nil {
		t := &sent.Timings
		l.Sent = &lineSending{
			Base: sent.Base, DNS: int64(t.DNS), Connect: int64(t.Connect), TLS: int64(t.TLS), FirstByte: int64(t.FirstByte),
			Total: int64(t.Total), Differences: sent.Differences, Hops: sent.Hops,
		}
	}
	return l, nil
}

func annotationLine(a *capture.Annotation) lineAnnotation {
	v := &a.Verification
	l := lineAnnotation{
		Provider: a.Provider, Event: a.Event, Summary: a.Summary, Order: a.Order, Delivery: a.Delivery, Attempt: a.Attempt,
		AtArrival: string(a.AtArrival),
		Proof: lineVerification{
			Status: string(v.Status), Scheme: v.Scheme, Header: v.Header, Signed: v.Signed, Key: v.Key,
			Expected: v.Expected, Received: v.Received, Reason: v.Reason,
		},
	}
	for _, c := range v.Checks {
		l.Proof.Checks = append(l.Proof.Checks, lineCheck{c.Proof, string(c.Status), c.Reason})
	}
	return l
}

// bodyLine is a body as text, as base64, or as the name of a file.
func bodyLine(body []byte, file func(body []byte) (string, bool, error)) (lineBody, error) {
	if name, ok, err := file(body); ok || err != nil {
		return lineBody{File: name}, err
	}
	if utf8.Valid(body) {
		return lineBody{Text: string(body)}, nil
	}
	return lineBody{Base64: base64.StdEncoding.EncodeToString(body)}, nil
}

// usualHead is the head that most senders write for these parts.
func usualHead(method, target, proto string, header capture.Fields) []byte {
	n := len(method) + len(target) + len(proto) + 6
	for i := range header {
		n += len(header[i].Name) + len(header[i].Value) + 4
	}
	b := make([]byte, 0, n)
	b = append(append(append(append(append(b, method...), ' '), target...), ' '), proto...)
	b = append(b, "\r\n"...)
	for i := range header {
		b = append(append(append(append(b, header[i].Name...), ": "...), header[i].Value...), "\r\n"...)
	}
	return append(b, "\r\n"...)
}

func pairs(fields capture.Fields) [][2]string {
	if len(fields) == 0 {
		return nil
	}
	list := make([][2]string, len(fields))
	for i, f := range fields {
		list[i] = [2]string{f.Name, f.Value}
	}
	return list
}

func fieldsOf(list [][2]string) capture.Fields {
	if len(list) == 0 {
		return nil
	}
	fields := make(capture.Fields, len(list))
	for i, p := range list {
		fields[i] = capture.Field{Name: p[0], Value: p[1]}
	}
	return fields
}
