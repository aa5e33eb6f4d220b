package export

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"hookglass/capture"
)

// maxDecoded bounds the text that a compressed body is given beside its bytes.
const maxDecoded = 8 << 20

// WriteHAR writes a share as HAR 1.2: requests are what providers sent, responses
// what they were answered. Text is as HAR has it; what would be lost, such as
// bytes that are no text, verdicts and who answered, stands in fields that begin
// with an underscore, so that Hookglass reads back nearly all of it. Memory is that
// of one exchange.
func WriteHAR(ctx context.Context, w io.Writer, s *Share) error {
	out := bufio.NewWriterSize(w, 64<<10)
	entries := newJSONWriter(out)
	tool, version := splitTool(s.Tool)
	m := manifestOf(s)
	head := harHead{m.Title, m.Note, m.Sharer, m.Created, m.Redaction, m.Sessions}
	head.Redaction.Replaced = nil // it is complete at the end
	rules, err := ruleLines(s.Rules)
	if err != nil {
		return err
	}
	if _, err := out.WriteString(`{"log":{"version":"1.2","creator":`); err != nil {
		return err
	}
	if err := entries.write(map[string]string{"name": tool, "version": version}); err != nil {
		return err
	}
	entries.before = `,"_hookglass":`
	if err := entries.write(head); err != nil {
		return err
	}
	if len(rules) > 0 {
		entries.before = `,"_rules":`
		if err := entries.write(rules); err != nil {
			return err
		}
	}
	if _, err := out.WriteString(`,"entries":[` + "\n"); err != nil {
		return err
	}
	entries.before = ""
	sessions := sessionNumbers(s)
	err = s.each(ctx, func(x *Shared) error {
		e, err := newHAREntry(x)
		if err != nil {
			return err
		}
		e.Own.Session = sessions.of(x)
		err = entries.write(e)
		entries.before = ","
		return err
	})
	if err != nil {
		return err
	}
	entries.before = `],"_replaced":`
	if err := entries.write(maps.Clone(s.Redaction.Replaced)); err != nil {
		return err
	}
	if _, err := out.WriteString("}}\n"); err != nil {
		return err
	}
	return out.Flush()
}

// noVersion is the version of a tool that does not tell its own: HAR wants one.
const noVersion = "unknown"

// splitTool splits "Hookglass 0.2.0".
func splitTool(tool string) (name, version string) {
	if name, version, ok := strings.Cut(tool, " "); ok {
		return name, version
	}
	if tool == "" {
		tool = "Hookglass"
	}
	return tool, noVersion
}

func newHAREntry(x *Shared) (*harEntry, error) {
	own, err := lineOf(x, func([]byte) (string, bool, error) { return "", true, nil }) // bodies are in HAR's places
	if err != nil {
		return nil, err
	}
	if own.isText() {
		own.Request.Header = nil // HAR has them
		if own.Response != nil {
			own.Response.Header = nil
		}
	} else {
		own.toLatin1()
	}
	e := &harEntry{
		Started: harText(x.Request.Received.UTC().Format("2006-01-02T15:04:05.000000000Z")),
		Request: newHARRequest(x), Response: newHARResponse(x),
		Timings: newHARTimings(x.Exchange), Comment: harText(x.Note), Own: own,
	}
	t := &e.Timings
	for _, part := range [...]harNumber{t.Blocked, t.DNS, t.Connect, t.Send, t.Wait, t.Receive} { // ssl is part of connect
		e.Time += max(part, 0)
	}
	return e, nil
}

func newHARTimings(x *capture.Exchange) harTimings {
	t := harTimings{Blocked: -1, DNS: -1, Connect: -1, TLS: -1}
	switch s := x.Sent; {
	case s != nil:
		did := func(d time.Duration) harNumber {
			if d <= 0 {
				return -1
			}
			return milliseconds(d)
		}
		t.DNS, t.Connect, t.TLS = did(s.Timings.DNS), did(s.Timings.Connect+s.Timings.TLS), did(s.Timings.TLS)
		before := s.Timings.DNS + s.Timings.Connect + s.Timings.TLS
		t.Wait = milliseconds(max(0, s.Timings.FirstByte-before))
		t.Receive = milliseconds(max(0, s.Timings.Total-max(s.Timings.FirstByte, before)))
	case x.Response != nil:
		t.Wait = milliseconds(max(0, x.Response.Timing.Took))
	}
	return t
}

func milliseconds(d time.Duration) harNumber {
	return harNumber(math.Round(float64(d)/1e3) / 1e3)
}

func newHARRequest(x *Shared) *harRequest {
	r := &x.Request
	base := x.Base
	if x.Sent != nil {
		base = x.Sent.Base
	}
	h := &harRequest{
		Method: harText(r.Method), URL: harText(absoluteURL(base, r)), Version: harText(r.Proto),
		Cookies: []harEmpty{}, Header: append(harFields{}, r.Header...), Query: parameters(r.Query()),
		HeaderBytes: -1, BodyBytes: harNumber(r.Size),
	}
	if len(r.Head) > 0 {
		h.HeaderBytes = harNumber(len(r.Head))
	}
	h.Post, h.Content = newHARPost(r)
	return h
}

// maxParams is how many parameters stand beside the text of a form: with more the
// entry would have more values than are read.
const maxParams = maxEntryValues / 8

// newHARPost lays a body out as HAR has it, and as it is where HAR cannot hold it.
func newHARPost(r *capture.Request) (*harPost, *harContent) {
	if len(r.Body) == 0 {
		return nil, nil
	}
	media := r.Header.Value("Content-Type")
	text, lossless := harBody(r.Header, r.Body)
	post := &harPost{Type: harText(media), Text: &text}
	if isForm(media) && lossless && bytes.Count(r.Body, []byte("&")) < maxParams {
		post.Params = parameters(string(r.Body))
	}
	if lossless {
		return post, nil
	}
	post.Comment = "text is the decoded body; its bytes are in request._content"
	if text == "" {
		post.Comment = "the body is binary: its bytes are in request._content"
	}
	content := newContent(r.Body, media)
	return post, &content
}

// harBody is the text of a body, without its Content-Encoding, and whether the
// body can be told from it.
func harBody(header capture.Fields, body []byte) (text harText, lossless bool) {
	encodings := header.All("Content-Encoding")
	decoded, err := capture.DecodeBody(encodings, body, maxDecoded)
	encoded := err == nil && !bytes.Equal(decoded, body)
	switch {
	case !encoded && utf8.Valid(body):
		return harText(body), true
	case encoded && utf8.Valid(decoded):
		return harText(decoded), false
	}
	return "", false
}

func isForm(media string) bool {
	kind, _, _ := strings.Cut(media, ";")
	return strings.EqualFold(strings.TrimSpace(kind), "application/x-www-form-urlencoded")
}

func newHARResponse(x *Shared) harResponse {
	h := harResponse{Cookies: []harEmpty{}, Header: harFields{}, HeaderBytes: -1, BodyBytes: -1}
	r := x.Response
	if r == nil {
		return h
	}
	media := r.Header.Value("Content-Type")
	h.Status, h.StatusText, h.Version = harNumber(r.Status), harText(http.StatusText(r.Status)), "HTTP/1.1"
	h.Header = append(h.Header, r.Header...)
	h.Redirect = harText(r.Header.Value("Location"))
	h.BodyBytes = harNumber(len(r.Body))
	text, lossless := harBody(r.Header, r.Body)
	if lossless || text == "" {
		h.Content = newContent(r.Body, media)
		return h
	}
	h.Content = newContent([]byte(text), media)
	wire := newContent(r.Body, media)
	h.Wire = &wire
	return h
}

// parameters are those of a query or a form, decoded; what cannot be decoded
// stays as it is.
func parameters(query string) harFields {
	fields := harFields{}
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		fields = append(fields, capture.Field{Name: unescape(name), Value: unescape(value)})
	}
	return fields
}

func unescape(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil && utf8.ValidString(decoded) {
		return decoded
	}
	return text
}

// noHost stands in for a host that is not known, or is none.
const noHost = "http://unknown.invalid"

// absoluteURL is where a request came in, as a URL that every reader takes. What
// may not stand in one is percent-encoded.
func absoluteURL(base string, r *capture.Request) string {
	if _, rest, ok := strings.Cut(r.Target, "://"); ok && !strings.HasPrefix(r.Target, "/") {
		authority, _, _ := strings.Cut(rest, "/")
		base = "http://" + authority[strings.LastIndexByte(authority, '@')+1:]
	}
	if base == "" {
		base = "http://" + r.Host
	}
	if u, err := url.Parse(base); err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(u.Host, "%<>\"'\\^`{|} ") || !printable(u.Host) {
		base = noHost
	} else {
		base = u.Scheme + "://" + u.Host
	}
	path, query := r.Path(), r.Query()
	if !strings.HasPrefix(path, "/") {
		path = "/"
	}
	target := encodeURL(path)
	if query != "" {
		target += "?" + encodeURL(query)
	}
	return base + target
}

func printable(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] >= 0x7f {
			return false
		}
	}
	return true
}

// encodeURL percent-encodes what RFC 3986 has no place for in a path or a query.
func encodeURL(text string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}#[]", c) >= 0,
			c == '%' && (i+2 >= len(text) || !isHex(text[i+1]) || !isHex(text[i+2])):
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}
