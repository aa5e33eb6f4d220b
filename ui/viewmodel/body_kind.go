package viewmodel

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"hookglass/providers"
)

// bodyKind is what a body is taken for.
type bodyKind int

const (
	kindPlain bodyKind = iota
	kindJSON
	kindXML
	kindForm
	kindMultipart
	kindJWS
	kindBinary
)

// syntax is how the bytes of a kind are coloured as they came.
func (k bodyKind) syntax() string {
	switch k {
	case kindJSON:
		return "json"
	case kindXML:
		return "xml"
	case kindForm:
		return "form"
	default:
		return ""
	}
}

// word is how a kind is called.
func (k bodyKind) word() string {
	return map[bodyKind]string{
		kindPlain: "text", kindJSON: "JSON", kindXML: "XML", kindForm: "a form",
		kindMultipart: "a multipart body", kindJWS: "a JWS", kindBinary: "binary",
	}[k]
}

// media is a Content-Type in its parts.
type media struct {
	name     string // "application/json"; "" where there is none
	boundary string
	charset  string
}

func readMedia(value string) media {
	name, parameters, err := mime.ParseMediaType(value)
	if err != nil {
		name, _, _ = strings.Cut(value, ";")
		name = strings.ToLower(strings.TrimSpace(name))
	}
	return media{name, parameters["boundary"], strings.ToLower(parameters["charset"])}
}

// kindOf says what a body is: what its type says where it also looks like that,
// else what it looks like. said is what the type says; seen is true where the
// look decided.
func kindOf(m media, body []byte) (kind, said bodyKind, seen bool) {
	said = m.kind()
	looks := lookOf(body)
	switch {
	case looks == kindBinary && said != kindMultipart:
		return kindBinary, said, said != kindBinary
	case said == kindJSON && looks != kindXML && looks != kindJWS,
		said == kindXML && looks != kindJSON,
		said == kindForm && looks != kindJSON && looks != kindXML,
		said == kindMultipart && m.boundary != "",
		said == kindJWS && looks == kindJWS:
		return said, said, false
	}
	return looks, said, looks != kindPlain
}

// kind is what a type says.
func (m media) kind() bodyKind {
	switch n := m.name; {
	case n == "application/json" || strings.HasSuffix(n, "+json") || n == "text/json":
		return kindJSON
	case n == "application/xml" || n == "text/xml" || n == "text/html" || strings.HasSuffix(n, "+xml"):
		return kindXML
	case n == "application/x-www-form-urlencoded":
		return kindForm
	case strings.HasPrefix(n, "multipart/"):
		return kindMultipart
	case n == "application/jose" || n == "application/jwt":
		return kindJWS
	case strings.HasPrefix(n, "image/") || strings.HasPrefix(n, "audio/") || strings.HasPrefix(n, "video/") ||
		n == "application/pdf" || n == "application/zip":
		return kindBinary
	}
	return kindPlain
}

// lookAt is how much of a body decides what it looks like.
const lookAt = 64 << 10

// lookOf guesses what a body is.
func lookOf(body []byte) bodyKind {
	head := body[:min(len(body), lookAt)]
	if isBinary(head) {
		return kindBinary
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, byteOrderMark), " \t\r\n")
	switch {
	case len(text) == 0:
		return kindPlain
	case text[0] == '{' || text[0] == '[':
		return kindJSON
	case text[0] == '<' && len(text) > 1 && (text[1] == '?' || text[1] == '!' || text[1] == '/' || isNameByte(text[1])):
		return kindXML
	case providers.LooksLikeJWS(bytes.TrimSpace(body)):
		return kindJWS
	case looksLikeForm(text):
		return kindForm
	}
	return kindPlain
}

// byteOrderMark is the byte order mark of UTF-8.
var byteOrderMark = []byte("\ufeff")

func isNameByte(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

// isBinary reports whether bytes are no text of any kind: a zero byte, or many
// that no text has.
func isBinary(head []byte) bool {
	odd := 0
	for _, c := range head {
		switch {
		case c == 0:
			return true
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != 0x1b && c != '\f':
			odd++
		}
	}
	return odd*10 > len(head)
}

// looksLikeForm is strict: names without white space, and an equals sign.
func looksLikeForm(text []byte) bool {
	name, _, found := bytes.Cut(text, []byte("="))
	return found && len(name) > 0 && len(name) < 200 && !bytes.ContainsAny(text, " \t\r\n<>\"{}") &&
		!bytes.ContainsAny(name, ":/,;")
}

// invalidAt is the first byte that is no UTF-8, or -1.
func invalidAt(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return -1
}
