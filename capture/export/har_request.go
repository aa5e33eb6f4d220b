package export

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"hookglass/capture"
)

// read makes a request of what another tool says of it.
func (h *harRequest) read(r *capture.Request) (trouble []string, err error) {
	r.Method = strings.TrimSpace(string(h.Method))
	if !isToken(r.Method) {
		return nil, errors.New("its method is none")
	}
	target := string(h.URL)
	scheme := urlScheme.FindString(target)
	if scheme != "" && !webScheme.MatchString(scheme) || notSent.MatchString(target) {
		return nil, errors.New("its URL is not one that a request is sent to")
	}
	if rest := target[len(scheme):]; scheme != "" {
		at := strings.IndexAny(rest, "/?#")
		if at < 0 {
			at = len(rest)
		}
		r.Host, target = rest[strings.LastIndexByte(rest[:at], '@')+1:at], rest[at:]
	}
	target, _, _ = strings.Cut(target, "#")
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	r.Target = strings.ReplaceAll(encodeLine(target), "\t", "%09")
	r.Header, trouble = wireFields(h.Header)
	for _, f := range h.Header {
		if strings.EqualFold(f.Name, ":authority") {
			r.Host = f.Value
		}
	}
	if host, ok := r.Header.First("Host"); ok {
		r.Host = host
	}
	r.Host = encodeLine(r.Host)
	if _, ok := r.Header.First("Host"); !ok && r.Host != "" {
		r.Header = append(capture.Fields{{Name: "Host", Value: r.Host}}, r.Header...)
	}
	r.Proto = harProto(string(h.Version))
	line := *r
	if line.Proto != "HTTP/1.0" {
		line.Proto = "HTTP/1.1" // a head in lines is of this version
	}
	r.Head = usualHead(line.Method, line.Target, line.Proto, line.Header)
	return trouble, nil
}

var (
	urlScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.:-]*://`)
	webScheme = regexp.MustCompile(`^(?i:https?|wss?)://`)

	// notSent finds what browsers list besides: data and what a page has made itself.
	notSent = regexp.MustCompile(`^(?i:data|blob|about|javascript):`)
)

// harProto reads "h2", "http/2.0" and "HTTP/1.1".
func harProto(version string) string {
	switch version = strings.ToUpper(strings.TrimSpace(version)); version {
	case "HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/3.0":
		return version
	case "H2", "HTTP/2":
		return "HTTP/2.0"
	case "H3", "HTTP/3":
		return "HTTP/3.0"
	}
	return "HTTP/1.1"
}

// encodeLine percent-encodes what would end a word of a request line.
func encodeLine(text string) string {
	if printable(text) {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isToken(text string) bool {
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"(),/:;<=>?@[\\]{}", c) >= 0 {
			return false
		}
	}
	return text != ""
}

// wireFields are those that can stand in a head: the pseudo fields of HTTP/2 are
// left out, and so is what would break a line.
func wireFields(fields harFields) (kept capture.Fields, trouble []string) {
	left := 0
	for _, f := range fields {
		switch {
		case strings.HasPrefix(f.Name, ":"):
		case !isToken(f.Name) || strings.ContainsAny(f.Value, "\r\n\x00"):
			left++
		default:
			kept = append(kept, f)
		}
	}
	if left > 0 {
		trouble = append(trouble, fmt.Sprintf("%d header fields that cannot stand in a head were left out", left))
	}
	return kept, trouble
}

// body is a request's body, and why it is not the one that was sent.
func (h *harRequest) body(header capture.Fields) (body []byte, why string) {
	if h.Content != nil {
		if body, ok := h.Content.bytes(); ok {
			return body, ""
		}
		return nil, "its body cannot be read"
	}
	p := h.Post
	switch {
	case p == nil && h.BodyBytes > 0:
		return nil, "its body is not in the file"
	case p == nil:
		return nil, ""
	case p.Text != nil && (*p.Text != "" || len(p.Params) == 0):
		body, ok := decodeHARText(p.Text, p.Encoding)
		switch {
		case !ok:
			return nil, "its body cannot be read"
		case header.Value("Content-Encoding") != "":
			return body, "its body is the decoded one; the bytes that were sent are not in the file"
		}
		return body, ""
	case len(p.Params) > 0 && isForm(orElse(string(p.Type), header.Value("Content-Type"))):
		return formBody(p.Params), ""
	case len(p.Params) > 0:
		return nil, "its body is not in the file: only the names and values of its parts are"
	}
	return nil, ""
}

func formBody(params harFields) []byte {
	var b bytes.Buffer
	for i, p := range params {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value))
	}
	return b.Bytes()
}
