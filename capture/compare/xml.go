package compare

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

const maxXML = 256 << 20 // bytes of indented XML

var errLongXML = errors.New("indented it would be too large")

// indentXML writes XML with one tag or text a line, attributes sorted by name and
// the space between tags left out, so that what says the same reads the same.
func indentXML(ctx context.Context, src []byte) ([]byte, error) {
	d := xml.NewDecoder(bytes.NewReader(src))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // only shown
	out := make([]byte, 0, len(src)+len(src)/2)
	var open []string
	for steps := 0; ; steps++ {
		if steps&0xffff == 0xffff && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if len(open) > 0 {
				return nil, errors.New("it ends inside <" + open[len(open)-1] + ">")
			}
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		depth := len(open)
		var text string
		switch token := token.(type) {
		case xml.StartElement:
			text = startTag(token)
			open = append(open, fullName(token.Name))
		case xml.EndElement:
			name := fullName(token.Name)
			if depth == 0 || open[depth-1] != name {
				return nil, errors.New("</" + name + "> closes nothing")
			}
			open = open[:depth-1]
			depth--
			text = "</" + name + ">"
		case xml.CharData:
			text = escapeXML(strings.TrimSpace(string(token)))
		case xml.Comment:
			text = "<!--" + string(token) + "-->"
		case xml.ProcInst:
			text = "<?" + token.Target + " " + string(token.Inst) + "?>"
		case xml.Directive:
			text = "<!" + string(token) + ">"
		}
		for line := range strings.Lines(text) {
			out = append(out, strings.Repeat(indent, min(depth, maxIndent))...)
			out = append(append(out, strings.TrimRight(line, "\r\n")...), '\n')
		}
		if len(out) > maxXML {
			return nil, errLongXML
		}
	}
}

func fullName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

func startTag(e xml.StartElement) string {
	slices.SortStableFunc(e.Attr, func(a, b xml.Attr) int { return strings.Compare(fullName(a.Name), fullName(b.Name)) })
	var b strings.Builder
	b.WriteString("<" + fullName(e.Name))
	for _, a := range e.Attr {
		b.WriteString(" " + fullName(a.Name) + `="` + escapeXML(strings.ReplaceAll(a.Value, "\n", " ")) + `"`)
	}
	b.WriteString(">")
	return b.String()
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func escapeXML(text string) string { return xmlEscaper.Replace(text) }
