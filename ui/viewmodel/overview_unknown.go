package viewmodel

import (
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

// maxFields bounds how many fields of an unknown sender's body are laid out.
const maxFields = 60

// unknownSender gives a title to what nobody claims.
func (o *Overview) unknownSender(m *material) {
	r := &m.exchange.Request
	o.Title = "Callback of an unknown sender"
	o.Summary = capture.Visible(r.Method) + " with " + bodyWords(m.exchange)
	if e := m.endpoint; e != nil && e.Provider != "" {
		return
	}
	if m.look.Detection.Confidence > providers.None && m.look.Detection.Why != "" {
		o.Summary += " · a little like a known provider: " + capture.Visible(m.look.Detection.Why)
	}
}

// bodyWords is "application/json, 496 B".
func bodyWords(x *capture.Exchange) string {
	if x.Request.Size == 0 {
		return "no body"
	}
	return capture.Visible(orElse(contentType(x), "a body without a Content-Type")) + ", " + byteCount(x.Request.Size)
}

// contentType is the media type of a body, without its parameters.
func contentType(x *capture.Exchange) string {
	sent := x.Request.Header.Value("Content-Type")
	if media, _, err := mime.ParseMediaType(sent); err == nil {
		return media
	}
	return strings.TrimSpace(sent)
}

// requestGroups say of a callback that nobody decodes what can be said: how it
// came, and what its body holds at the top.
func requestGroups(m *material) []Group {
	x := m.exchange
	r := &x.Request
	g := Group{Title: "Request"}
	add := func(label, value, note string, mono bool) {
		if value != "" {
			g.Facts = append(g.Facts, DetailFact{Label: label, Value: capture.Visible(value), Copy: value, Note: note, Mono: mono})
		}
	}
	add("Method", r.Method, "", true)
	path, _ := capture.SplitTarget(m.mask(r.Target))
	add("Path", path, "", true)
	add("Content type", orElse(r.Header.Value("Content-Type"), "none"), "", r.Header.Value("Content-Type") != "")
	add("Content encoding", strings.Join(r.Header.All("Content-Encoding"), ", "), "", true)
	add("Size", bytesText(r.Size), "", false)
	add("Sent by", r.Header.Value("User-Agent"), "as the header User-Agent says", false)
	if m.endpoint != nil {
		add("Endpoint", m.endpoint.Name, m.endpoint.Path, false)
	} else {
		add("Endpoint", "none takes this path", "Settings › Endpoints can pin the path to a provider.", false)
	}
	groups := []Group{g}
	if fields := topFields(m); len(fields.Facts) > 0 {
		groups = append(groups, fields)
	}
	return groups
}

// topFields are the fields at the top of a JSON or form body.
func topFields(m *material) Group {
	c := providers.NewCallback(&m.exchange.Request, nil, providers.LookLimit)
	g := Group{Title: "Fields of the body"}
	if strings.HasPrefix(contentType(m.exchange), "application/x-www-form-urlencoded") {
		body, err := c.Body()
		if err != nil {
			return g
		}
		for _, p := range parameters(string(body)) {
			if len(g.Facts) == maxFields {
				break
			}
			g.Facts = append(g.Facts, DetailFact{Label: p.Name, Value: p.Value, Copy: p.Copy, Mono: true})
		}
		return g
	}
	root, err := c.JSON()
	if err != nil {
		return g
	}
	more := 0
	root.ForEach(func(key, v gjson.Result) bool {
		if !root.IsObject() {
			return false
		}
		if len(g.Facts) == maxFields {
			more++
			return true
		}
		g.Facts = append(g.Facts, topField(key.Str, v))
		return true
	})
	if root.IsArray() {
		g.Facts = append(g.Facts, topField("Body", root))
	}
	if more > 0 {
		g.Hint = fmt.Sprintf("The first %d; %d more are in the Body tab.", maxFields, more)
	}
	return g
}

func topField(name string, v gjson.Result) DetailFact {
	fact := DetailFact{Label: capture.Visible(orElse(name, `""`)), Copy: providers.Text(v), Mono: true}
	switch {
	case v.IsObject():
		fact.Value, fact.Tone = "{ "+counted(children(v), "field")+" }", Muted
	case v.IsArray():
		fact.Value, fact.Tone = "[ "+counted(children(v), "element")+" ]", Muted
	default:
		fact.Value = capture.Visible(providers.Text(v))
	}
	if fact.Value == "" {
		fact.Value, fact.Tone = "empty", Muted
	}
	return fact
}

func children(v gjson.Result) int {
	n := 0
	v.ForEach(func(_, _ gjson.Result) bool {
		n++
		return true
	})
	return n
}

// beginning is the first lines of a text, safe to show.
func beginning(text string) string {
	const maxLines, maxLine = 14, 400
	if strings.TrimSpace(text) == "" {
		return ""
	}
	lines := strings.SplitN(text, "\n", maxLines+1)
	more := len(lines) > maxLines
	lines = lines[:min(len(lines), maxLines)]
	for i, line := range lines {
		line = strings.TrimSuffix(line, "\r")
		if len(line) > maxLine {
			end := maxLine
			for end > 0 && !utf8.RuneStart(line[end]) {
				end--
			}
			line = line[:end] + "…"
		}
		lines[i] = capture.Visible(strings.ReplaceAll(line, "\t", "    "))
	}
	if more {
		lines = append(lines, "…")
	}
	return strings.Join(lines, "\n")
}

// bytesText writes an exact size: "1 byte", "12 304 bytes".
func bytesText(n int64) string {
	if n == 1 {
		return "1 byte"
	}
	return groupDigits(n) + " bytes"
}
