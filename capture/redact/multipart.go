package redact

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
)

// multipart looks at the parts between boundaries, where they stand.
func (w *walk) multipart(text []byte, boundary string) []edit {
	w.r.found++ // a part begins behind a letter, as far as one looks at the whole
	mark := []byte("--" + boundary)
	var edits []edit
	at := bytes.Index(text, mark)
	if at < 0 {
		return w.structured(text)
	}
	edits = append(edits, w.flat(text[:at])...)
	for at < len(text) {
		from := at + len(mark)
		end := len(text)
		if n := bytes.Index(text[from:], mark); n >= 0 {
			end = from + n
		}
		edits = append(edits, shifted(w.part(text[from:end]), from)...)
		at = end
	}
	return w.settle(append(edits, w.flat(text)...))
}

// part looks at one part: the rest of the boundary's line, a header, a body.
func (w *walk) part(text []byte) []edit {
	end, next := len(text), len(text)
	for _, empty := range [...]string{"\r\n\r\n", "\n\n"} {
		if n := bytes.Index(text, []byte(empty)); n >= 0 && n < end {
			end, next = n, n+len(empty)
		}
	}
	var edits []edit
	var disposition, media, transfer string
	at := 0
	for line := range bytes.SplitSeq(text[:end], []byte("\n")) {
		name, value, ok := bytes.Cut(line, []byte(":"))
		if ok {
			switch strings.ToLower(string(name)) {
			case "content-disposition":
				disposition = strings.TrimSpace(string(value))
			case "content-type":
				media = strings.TrimSpace(string(value))
			case "content-transfer-encoding":
				transfer = strings.ToLower(strings.TrimSpace(string(value)))
			}
			edits = append(edits, w.under(shifted(w.leaf(value, ""), at+len(name)+1), "part header "+string(name))...)
		}
		at += len(line) + 1
	}
	body := text[next:]
	body = bytes.TrimSuffix(bytes.TrimSuffix(body, []byte("\n")), []byte("\r"))
	_, parameters, _ := mime.ParseMediaType(disposition)
	name := parameters["name"]
	where := "part"
	if name != "" {
		where += " " + name[:min(len(name), longestName)]
	}
	found := w.transferred(body, transfer, func(plain []byte) []edit {
		inherited := frame{}
		if kind := w.kindOf(&inherited, w.places.root.member([]byte(name)), w.r.named([]byte(name))); kind != "" && parameters["filename"] == "" {
			return w.leaf(plain, kind)
		}
		return w.content(plain, parseMedia(media))
	})
	return append(edits, w.under(shifted(found, next), where)...)
}

// transferred looks at a body that is written for a mail's way.
func (w *walk) transferred(body []byte, how string, look func([]byte) []edit) []edit {
	var plain []byte
	var err error
	switch how {
	case "base64":
		plain, err = base64.StdEncoding.DecodeString(string(bytes.Join(bytes.Fields(body), nil)))
	case "quoted-printable":
		plain, err = io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
	default:
		return look(body)
	}
	if err != nil || !w.spend(len(plain)) {
		return look(body)
	}
	inner := look(plain)
	if len(inner) == 0 {
		return nil
	}
	var out bytes.Buffer
	if how == "base64" {
		text := base64.StdEncoding.EncodeToString(apply(plain, inner))
		for len(text) > 76 {
			out.WriteString(text[:76] + "\r\n")
			text = text[76:]
		}
		out.WriteString(text)
	} else {
		q := quotedprintable.NewWriter(&out)
		_, _ = q.Write(apply(plain, inner)) // a buffer takes all
		_ = q.Close()
	}
	return []edit{{to: len(body), text: out.String(), told: w.toldBy(inner)}}
}
