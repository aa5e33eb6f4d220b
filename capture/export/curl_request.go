package export

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hookglass/capture"
)

// request is what a command would send, in curl's own order.
func (c *curlCommand) request() (capture.Request, error) {
	if c.url == "" {
		return capture.Request{}, errors.New("it has no URL")
	}
	host, target, user := splitURL(c.url)
	if host == "" {
		return capture.Request{}, errors.New("its URL has no host")
	}
	if c.user == "" {
		c.user = user
	}
	r := capture.Request{Method: c.method, Proto: c.proto, Body: c.data}
	if r.Proto == "" {
		r.Proto = "HTTP/1.1"
	}
	form := ""
	if len(c.form) > 0 {
		r.Body, form = c.multipart()
	}
	if c.get && c.hasData {
		mark := "?"
		if strings.Contains(target, "?") {
			mark = "&"
		}
		target, r.Body, c.hasData = target+mark+string(c.data), nil, false
	}
	if r.Method == "" {
		switch {
		case c.head:
			r.Method = "HEAD"
		case c.hasData || form != "":
			r.Method = "POST"
		default:
			r.Method = "GET"
		}
	}
	r.Target = target
	c.writeHeader(&r, host, form)
	if err := plainRequest(&r); err != nil {
		return capture.Request{}, err
	}
	if len(r.Body) == 0 {
		r.Body = nil
	}
	r.Host = r.Header.Value("Host")
	r.Head = usualHead(r.Method, r.Target, r.Proto, r.Header)
	r.Size = int64(len(r.Body))
	return r, nil
}

// splitURL takes a URL apart without changing a byte of its target.
func splitURL(text string) (host, target, user string) {
	if _, rest, ok := strings.Cut(text, "://"); ok {
		text = rest
	}
	text, _, _ = strings.Cut(text, "#")
	host, target = text, "/"
	if i := strings.IndexAny(text, "/?"); i >= 0 {
		host, target = text[:i], text[i:]
	}
	if target[0] == '?' {
		target = "/" + target
	}
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		user, host = host[:i], host[i+1:]
	}
	return host, target, user
}

// writeHeader gathers the fields: curl's own first, then those that are given,
// which take the place of its own.
func (c *curlCommand) writeHeader(r *capture.Request, host, form string) {
	given := map[string]bool{}
	var own capture.Fields
	for _, text := range c.header {
		name, value, colon := strings.Cut(text, ":")
		if !colon {
			if name, _, colon = strings.Cut(text, ";"); !colon {
				continue // curl leaves it out as well
			}
			own = append(own, capture.Field{Name: strings.TrimSpace(name)})
		} else if value = strings.Trim(value, " \t"); value != "" {
			own = append(own, capture.Field{Name: strings.TrimSpace(name), Value: value})
		}
		given[strings.ToLower(strings.TrimSpace(name))] = true // also one that is taken away: "Accept:"
	}
	add := func(name, value string) {
		if value != "" && !given[strings.ToLower(name)] {
			r.Header = append(r.Header, capture.Field{Name: name, Value: value})
		}
	}
	if at := hostField(own); at >= 0 { // it takes the place of the URL's
		host = own[at].Value
		own = append(own[:at:at], own[at+1:]...)
	}
	r.Header = append(r.Header, capture.Field{Name: "Host", Value: host})
	switch {
	case c.user != "":
		add("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(c.user)))
	case c.bearer != "":
		add("Authorization", "Bearer "+c.bearer)
	}
	add("Range", rangeOf(c.length))
	if c.agent != nil {
		add("User-Agent", *c.agent)
	}
	if c.json {
		add("Accept", "application/json")
	} else {
		add("Accept", "*/*")
	}
	if c.compressed {
		add("Accept-Encoding", "deflate, gzip")
	}
	if c.referer != nil {
		add("Referer", *c.referer)
	}
	add("Cookie", strings.Join(c.cookies, "; "))
	r.Header = append(r.Header, own...)
	if !c.hasData && form == "" {
		return
	}
	add("Content-Length", strconv.Itoa(len(r.Body)))
	switch {
	case form != "":
		add("Content-Type", form)
	case c.json:
		add("Content-Type", "application/json")
	default:
		add("Content-Type", "application/x-www-form-urlencoded")
	}
}

func hostField(fields capture.Fields) int {
	for i, f := range fields {
		if strings.EqualFold(f.Name, "Host") {
			return i
		}
	}
	return -1
}

func rangeOf(text string) string {
	if text == "" {
		return ""
	}
	return "bytes=" + text
}

// plainRequest refuses what would be more than one request on the wire.
func plainRequest(r *capture.Request) error {
	if strings.ContainsAny(r.Method+r.Target, " \t\r\n\x00") || r.Method == "" {
		return errors.New("its method or its URL holds a space or a line break")
	}
	for _, f := range r.Header {
		if f.Name == "" || strings.ContainsAny(f.Name, " \t\r\n\x00:") || strings.ContainsAny(f.Value, "\r\n\x00") {
			return fmt.Errorf("its header field %s cannot be sent", short(f.Name))
		}
	}
	return nil
}

// multipart makes the body of -F. No file is read. The boundary follows from the
// parts, so that the same command makes the same bytes.
func (c *curlCommand) multipart() (body []byte, contentType string) {
	sum := sha256.Sum256([]byte(strings.Join(c.form, "\x00\x00")))
	boundary := "------------------------" + hex.EncodeToString(sum[:8])
	for _, part := range c.form {
		name, value, _ := strings.Cut(part, "=")
		value, literal := strings.CutPrefix(value, "\x00")
		file, kind := "", ""
		if !literal {
			value, kind = formKind(value)
			if value != "" && (value[0] == '@' || value[0] == '<') {
				c.skip("The file %s was not read: that part of the form is empty.", short(value[1:]))
				if value[0] == '@' {
					file = baseName(value[1:])
				}
				value = ""
			}
		}
		body = fmt.Appendf(body, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, formName(name))
		if file != "" {
			body = fmt.Appendf(body, "; filename=\"%s\"", formName(file))
		}
		if kind != "" {
			body = fmt.Appendf(body, "\r\nContent-Type: %s", formName(kind))
		}
		body = fmt.Appendf(body, "\r\n\r\n%s\r\n", value)
	}
	return fmt.Appendf(body, "--%s--\r\n", boundary), "multipart/form-data; boundary=" + boundary
}

// formKind cuts ";type=…" off a part of a form.
func formKind(value string) (text, kind string) {
	if text, kind, ok := strings.Cut(value, ";type="); ok {
		return text, kind
	}
	return value, ""
}

var formEscapes = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")

func formName(text string) string { return formEscapes.Replace(text) }
