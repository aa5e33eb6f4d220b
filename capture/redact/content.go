package redact

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"hookglass/capture"
)

// redactedBody is a body as it may leave.
type redactedBody struct {
	bytes   []byte
	was     int // bytes that there were
	changed bool
	decoded bool // its Content-Encoding is off
}

// decodeLimit bounds what a body decodes to.
const decodeLimit = 32 << 20

// body looks at the body that comes with a header.
func (w *exchangeWalk) body(where string, body []byte, header capture.Fields) (b redactedBody) {
	b = redactedBody{bytes: body, was: len(body)}
	if len(body) == 0 {
		return b
	}
	plain := body
	encodings := header.All("Content-Encoding")
	encoded := slices.ContainsFunc(encodings, func(v string) bool {
		v = strings.TrimSpace(v)
		return v != "" && !strings.EqualFold(v, "identity")
	})
	media := w.r.media(header)
	key := uint64(0)
	if !encoded {
		if key = w.bodyKey(body, media); w.spared(body, key) {
			return b
		}
	}
	found, budget := w.r.found, w.budget
	var edits []edit
	var err error
	if encoded {
		plain, err = capture.DecodeBody(encodings, body, decodeLimit)
	}
	switch {
	case err != nil && w.r.profile.headersOnly():
		edits = w.flat(body)
		plain, encoded = body, false
	case err != nil:
		plain = body
		edits = w.remove(body, "a body whose encoding could not be read")
	default:
		edits = w.content(plain, media)
	}
	if w.learning && !encoded {
		w.learnedBody(key, found, budget)
	}
	if b.bytes, b.changed = w.take(where, plain, edits); !b.changed {
		b.bytes = body
	}
	b.decoded = b.changed && encoded
	return b
}

// anyMedia is of bytes that nothing is told of.
var anyMedia = &mediaType{}

func parseMedia(text string) *mediaType {
	kind, parameters, _ := mime.ParseMediaType(text)
	return &mediaType{kind: kind, parameters: parameters}
}

// content looks at bytes of a media type.
func (w *walk) content(data []byte, media *mediaType) []edit {
	if len(data) == 0 {
		return nil
	}
	if w.depth >= maxNested {
		if packed(data) != "" || wide(data) != codingPlain || opaque(data) {
			return w.remove(data, tooDeep)
		}
		return w.scan(data)
	}
	w.depth++
	defer func() { w.depth-- }()
	switch packed(data) {
	case "gzip", "zlib":
		if edits, ok := w.unpack(data, packed(data)); ok {
			return edits
		}
	case "zip":
		return w.zip(data)
	}
	if c := wide(data); c != codingPlain {
		return w.through(data, c, func(plain []byte) []edit { return w.typed(plain, media) })
	}
	if opaque(data) {
		if w.r.profile.Personal {
			return w.remove(data, "a file that could not be read")
		}
		return w.settle(append(w.scan(data), w.through(data, codingLatin1, w.scan)...))
	}
	edits := w.typed(data, media)
	if !utf8.Valid(data) {
		edits = w.settle(append(edits, w.through(data, codingLatin1, w.structured)...))
	}
	return edits
}

// typed looks at text of a media type.
func (w *walk) typed(text []byte, media *mediaType) []edit {
	switch {
	case strings.HasPrefix(media.kind, "multipart/") && media.parameters["boundary"] != "":
		return w.multipart(text, media.parameters["boundary"])
	case media.kind == "application/x-www-form-urlencoded" && !startsJSON(text):
		if bytes.Contains(text, []byte("&#")) { // it is none, but a text with entities
			return w.settle(append(w.form(text, false), w.structured(text)...))
		}
		return w.settle(append(w.form(text, false), w.flat(text)...))
	case media.kind == "" && isForm(text): // or base64 that is filled up
		return w.settle(append(w.form(text, false), w.structured(text)...))
	}
	if edits, ok := w.signed(text); ok {
		return edits
	}
	return w.structured(text)
}

func startsJSON(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n\uFEFF")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// signed looks at a text that is one signed token and nothing else: it is a callback
// and no credential. Its signature goes when what it says changes.
func (w *walk) signed(text []byte) ([]edit, bool) {
	token := bytes.TrimSpace(text)
	if !bytes.HasPrefix(token, []byte("eyJ")) || jwtEnd(token, 0) != len(token) {
		return nil, false
	}
	from := bytes.Index(text, token)
	var edits []edit
	parts := bytes.Split(token, []byte("."))
	at := from
	for i, part := range parts {
		if i < 2 {
			if b := base64Of(part); b != nil && w.spend(len(b.decoded)) {
				if inner := w.structured(b.decoded); len(inner) > 0 {
					edits = append(edits, edit{
						from: at, to: at + len(part), text: b.encode(apply(b.decoded, inner)), told: w.toldBy(inner),
					})
				}
			}
		} else if len(edits) > 0 {
			edits = append(edits, edit{
				from: at, to: at + len(part), text: base64.RawURLEncoding.EncodeToString([]byte(signatureRemoved)),
				told: w.tell(kindSignature, part, signatureRemoved),
			})
		}
		at += len(part) + 1
	}
	m := w.marksOf(text) // somebody may have sent it as a credential too
	return w.settle(append(edits, w.known(text, &m)...)), true
}

// packed says how bytes are compressed, by their first ones: "gzip", "zlib", "zip",
// "" for not.
func packed(data []byte) string {
	switch {
	case len(data) > 10 && data[0] == 0x1f && data[1] == 0x8b && data[2] == 8:
		return "gzip"
	case len(data) > 30 && bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "zip"
	case len(data) > 6 && data[0] == 0x78 && (data[1] == 1 || data[1] == 0x5e || data[1] == 0x9c || data[1] == 0xda):
		return "zlib"
	}
	return ""
}

var errTooMuch = errors.New("there is too much in it")

// inflate reads what a reader gives, within the budget.
func (w *walk) inflate(r io.Reader) ([]byte, error) {
	limit := min(decodeLimit, max(w.budget, 0))
	data, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if len(data) > limit || !w.spend(len(data)) {
		w.over = false // what was not read is removed
		w.cut = true
		return nil, errTooMuch
	}
	return data, err
}

// unpack looks into compressed bytes. It is not ok where they are none: a text can
// begin as zlib's do.
func (w *walk) unpack(data []byte, how string) (edits []edit, ok bool) {
	w.r.found++ // what is in it, and its name, stand nowhere as they are
	var r io.Reader
	var err error
	in := bytes.NewReader(data)
	var told []edit // in what stands beside the compressed bytes
	if how == "gzip" {
		var z *gzip.Reader
		if z, err = gzip.NewReader(in); err == nil {
			told = append(w.leaf([]byte(z.Name), ""), w.leaf([]byte(z.Comment), "")...)
		}
		r = z
	} else {
		r, err = zlib.NewReader(in)
	}
	var plain []byte
	if err == nil {
		plain, err = w.inflate(r)
	}
	if err != nil {
		if how == "zlib" && !errors.Is(err, errTooMuch) && utf8.Valid(data) {
			return nil, false
		}
		return w.remove(data, "a compressed part that could not be read"), true
	}
	inner := w.content(plain, anyMedia)
	behind := w.flat(data[len(data)-in.Len():])
	if len(inner)+len(told)+len(behind) == 0 {
		return nil, true
	}
	var out bytes.Buffer // without a name, and without what stood behind
	var z io.WriteCloser = gzip.NewWriter(&out)
	if how == "zlib" {
		z = zlib.NewWriter(&out)
	}
	_, _ = z.Write(apply(plain, inner)) // a buffer takes all
	_ = z.Close()
	changes := w.join(w.join(w.toldBy(inner), w.toldBy(w.under(told, "file name"))), w.toldBy(behind))
	return []edit{{to: len(data), text: out.String(), told: changes}}, true
}

// maxEntries bounds the files of an archive.
const maxEntries = 1000

// zip looks into an archive, and writes it anew where something in it changes.
func (w *walk) zip(data []byte) []edit {
	w.r.found++ // what is in it stands nowhere as it is
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(archive.File) > maxEntries {
		return w.remove(data, "an archive that could not be read")
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	var told span
	look := func(place string, text []byte, edits []edit) []byte {
		if len(edits) == 0 {
			return text
		}
		edits = w.settle(edits)
		told = w.join(told, w.toldBy(w.under(edits, place)))
		return apply(text, edits)
	}
	for _, f := range archive.File {
		plain, err := w.entry(f)
		if err != nil {
			return w.remove(data, "an archive that could not be read")
		}
		name := look("file name", []byte(f.Name), w.leaf([]byte(f.Name), ""))
		plain = look(string(name), plain, w.content(plain, anyMedia))
		comment := look("comment", []byte(f.Comment), w.leaf([]byte(f.Comment), ""))
		entry, err := z.CreateHeader(&zip.FileHeader{Name: string(name), Comment: string(comment), Method: zip.Deflate, Modified: f.Modified})
		if err != nil {
			return w.remove(data, "an archive that could not be read")
		}
		_, _ = entry.Write(plain)
	}
	comment := look("comment", []byte(archive.Comment), w.leaf([]byte(archive.Comment), ""))
	if z.SetComment(string(comment)) != nil || z.Close() != nil {
		return w.remove(data, "an archive that could not be read")
	}
	if told.n == 0 {
		return nil
	}
	return []edit{{to: len(data), text: out.String(), told: told}}
}

// entry reads a file of an archive.
func (w *walk) entry(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	data, err := w.inflate(r)
	return data, errors.Join(err, r.Close())
}

// wide says in which of the two orders a text is UTF-16; codingPlain for neither.
func wide(data []byte) coding {
	if len(data) < 4 || len(data)%2 != 0 {
		return codingPlain
	}
	switch {
	case data[0] == 0xff && data[1] == 0xfe:
		return codingUTF16LE
	case data[0] == 0xfe && data[1] == 0xff:
		return codingUTF16BE
	}
	var zeros [2]int
	head := data[:min(len(data), 64)]
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch most := len(head) / 2; {
	case zeros[0] == 0 && zeros[1] > most*3/4:
		return codingUTF16LE
	case zeros[1] == 0 && zeros[0] > most*3/4:
		return codingUTF16BE
	}
	return codingPlain
}

// opaque reports whether bytes are no text: an image, a PDF.
func opaque(data []byte) bool {
	head := data[:min(len(data), 4096)]
	if bytes.IndexByte(head, 0) >= 0 || bytes.HasPrefix(head, []byte("%PDF-")) {
		return true
	}
	odd, i := 0, 0
	for ; i+8 <= len(head); i += 8 {
		// None of eight bytes is below a space, as in most texts.
		if v := binary.LittleEndian.Uint64(head[i:]); (v-0x2020202020202020)&^v&0x8080808080808080 == 0 {
			continue
		}
		for _, b := range head[i : i+8] {
			odd += int(oddBytes[b])
		}
	}
	for _, b := range head[i:] {
		odd += int(oddBytes[b])
	}
	return odd*16 > len(head)
}

// oddBytes are those that texts have few of.
var oddBytes = func() (all [256]byte) {
	for b := range byte(' ') {
		if !isSpace(b) && b != '\f' && b != 0x1b {
			all[b] = 1
		}
	}
	return all
}()
