package viewmodel

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"strings"

	"hookglass/capture"
	"hookglass/providers"
)

// maxParts bounds how many parts of a multipart body are listed.
const maxParts = 200

// composed is a text of sections with titles of ours over them.
type composed struct {
	bytes.Buffer
	sections []BodySection
}

// title writes a line that is ours.
func (c *composed) title(text string) {
	if c.Len() > 0 {
		c.WriteString("\n\n")
	}
	c.sections = append(c.sections, BodySection{c.Len(), "title"})
	c.WriteString(text + "\n")
}

// section writes text of a syntax.
func (c *composed) section(text []byte, syntax string) {
	c.sections = append(c.sections, BodySection{c.Len(), syntax})
	c.Write(text)
}

// content writes a part of a body as its kind is best read, and returns what is
// wrong with it.
func (c *composed) content(m media, body []byte, stop func() bool) (problem string, err error) {
	kind, _, _ := kindOf(m, body)
	var pretty []byte
	switch kind {
	case kindJSON:
		pretty, _, err = readJSON(bytes.TrimPrefix(body, byteOrderMark), stop)
	case kindXML:
		pretty, err = indentXML(body, stop)
	case kindForm:
		pretty, _ = formTable(body)
		c.section(pretty, "table")
		return "", nil
	case kindBinary:
		c.section([]byte(dump(body)), "")
		return "", nil
	case kindPlain, kindMultipart, kindJWS:
		c.section(body, "")
		return "", nil
	}
	if errors.Is(err, errStopped) {
		return "", err
	}
	var wrong *textError
	if errors.As(err, &wrong) {
		c.section(body, kind.syntax())
		return "no valid " + kind.word() + ": " + place(body, wrong.Offset) + ": " + wrong.Reason, nil
	}
	c.section(pretty, kind.syntax())
	return "", nil
}

// maxDump is how much of a binary part is shown.
const maxDump = 256

// dump shows the first bytes of what is binary.
func dump(body []byte) string {
	text := strings.TrimSuffix(hex.Dump(body[:min(len(body), maxDump)]), "\n")
	if len(body) > maxDump {
		text += "\n… " + byteCount(int64(len(body)-maxDump)) + " more"
	}
	return text
}

// showParts lists the parts of a multipart body, each with its fields and its
// own content.
func showParts(m media, body []byte, stop func() bool) (*composed, error) {
	c := &composed{}
	reader := multipart.NewReader(bytes.NewReader(body), m.boundary)
	for n := 1; ; n++ {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return c, fmt.Errorf("part %d: %w", n, err)
		}
		if n > maxParts {
			c.title("… more parts, which are not listed")
			break
		}
		content, err := io.ReadAll(part)
		title := fmt.Sprintf("Part %d", n)
		if name := part.FormName(); name != "" {
			title += ` · "` + capture.Visible(name) + `"`
		}
		if name := part.FileName(); name != "" {
			title += ` · file "` + capture.Visible(name) + `"`
		}
		own := readMedia(part.Header.Get("Content-Type"))
		if own.name != "" {
			title += " · " + capture.Visible(own.name)
		}
		if encoding := part.Header.Get("Content-Transfer-Encoding"); encoding != "" {
			title += " · " + capture.Visible(encoding)
		}
		c.title(title + " · " + byteCount(int64(len(content))))
		problem, stopped := c.content(own, content, stop)
		if stopped != nil {
			return nil, stopped
		}
		if problem != "" {
			c.title(problem)
		}
		if err != nil {
			return c, fmt.Errorf("part %d: %w", n, err)
		}
	}
	if c.Len() == 0 {
		return c, errors.New("there is no part in it")
	}
	return c, nil
}

// showJWS lays out a signed token: header, payload and signature.
func showJWS(text string, stop func() bool) (*composed, error) {
	j, err := providers.ParseJWS(text)
	if err != nil {
		return nil, err
	}
	c := &composed{}
	json := media{name: "application/json"}
	c.title("Header")
	if _, err := c.content(json, []byte(j.Header.Raw), stop); err != nil {
		return nil, err
	}
	c.title("Payload · " + byteCount(int64(len(j.Payload))))
	if _, err := c.content(media{}, j.Payload, stop); err != nil {
		return nil, err
	}
	c.title("Signature · " + byteCount(int64(len(j.Signature))))
	c.section([]byte(strings.TrimSuffix(hexLines(j.Signature), "\n")), "")
	return c, nil
}

// hexLines writes bytes as hexadecimal, 32 to a line.
func hexLines(b []byte) string {
	var s strings.Builder
	for i := 0; i < len(b); i += 32 {
		s.WriteString(hex.EncodeToString(b[i:min(i+32, len(b))]) + "\n")
	}
	return s.String()
}
