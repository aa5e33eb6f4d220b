package providers

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"iter"

	"hookglass/capture"
)

// Variant is another reading of a body: what it may have been when it was
// signed.
type Variant struct {
	Name    string // "body minified"
	Meaning string // what it tells when it matches
	Body    []byte
	Digest  [32]byte // SHA-256 of Body
}

// variantLimit is the size of a body up to which it is rewritten as JSON, and
// sortLimit up to which it is parsed into Go values, which take fifty times its
// size.
const (
	variantLimit = 4 << 20
	sortLimit    = 256 << 10
)

// alteration is a way in which a body is changed on its way. Where two come to
// the same bytes the earlier one is named, so the smallest stand first.
type alteration struct {
	name    string
	meaning string
	limit   int                      // the size of a body up to which it is tried; 0: any
	json    bool                     // wants JSON
	make    func(body []byte) []byte // nil when it cannot
}

const reformats = ": something between the sender and here reformats JSON."

var alterations = []alteration{
	{"CRLF turned into LF", "It would match with LF line ends: something made CRLF of them, such as a text editor or a mail.", 0, false, toLF},
	{"LF turned into CRLF", "It would match with CRLF line ends: something made LF of them, such as a text editor or a checkout.", 0, false, toCRLF},
	{"white space at the end removed", "It would match without the line end at its end: something added one, such as a text editor or curl with a file.", 0, false, func(b []byte) []byte { return bytes.TrimRight(b, " \t\r\n") }},
	{"newline added at the end", "It would match with a newline at its end: something dropped it, such as curl -d with a file.", 0, false, func(b []byte) []byte { return append(bytes.Clone(b), '\n') }},
	{"CRLF added at the end", "It would match with a CRLF at its end: something dropped it.", 0, false, func(b []byte) []byte { return append(bytes.Clone(b), "\r\n"...) }},
	{"byte order mark removed", "It would match without the byte order mark: something added one, such as an editor on Windows.", 0, false, trimBOM},
	{"byte order mark added", "It would match with a byte order mark in front: something dropped it.", 0, false, func(b []byte) []byte { return append(bytes.Clone(utf8BOM), trimBOM(b)...) }},
	{"body minified", "It would match if the body were minified" + reformats, variantLimit, false, Minify},
	{"body without any white space", "It would match if all white space were removed, also inside strings: the sender signs another text than it sends.", variantLimit, false, StripSpaces},
	{"body pretty-printed with 2 spaces", "It would match if the body were indented by 2 spaces" + reformats, variantLimit, true, indented("  ")},
	{"body pretty-printed with 4 spaces", "It would match if the body were indented by 4 spaces" + reformats, variantLimit, true, indented("    ")},
	{"body pretty-printed with tabs", "It would match if the body were indented by tabs" + reformats, variantLimit, true, indented("\t")},
	{"body on one line with \", \" and \": \"", "It would match if the body had a blank behind each comma and colon, as Python writes it" + reformats, variantLimit, true, styled(jsonStyle{comma: ", ", colon: ": "})},
	{"slashes written as \\/", "It would match with / written as \\/, as PHP does: something rewrites the JSON.", variantLimit, true, styled(jsonStyle{comma: ",", colon: ":", text: writeText(slashEscaped)})},
	{"letters written as \\uXXXX", "It would match with letters beyond ASCII written as \\uXXXX: something rewrites the JSON.", variantLimit, true, styled(jsonStyle{comma: ",", colon: ":", text: writeText(unicodeEscaped)})},
	{"JSON as PHP writes it", "It would match as PHP's json_encode writes it, with \\/ and \\uXXXX: something parses the JSON and writes it again.", variantLimit, true, PHPEncode},
	{"JSON with nothing escaped", "It would match with \\/ and \\uXXXX written plainly: something escapes them on the way.", variantLimit, true, Reencode},
	{"JSON as JavaScript writes it", "It would match as JSON.stringify writes it, where 88.00 becomes 88: something parses the JSON and writes it again.", variantLimit, true, styled(jsonStyle{comma: ",", colon: ":", text: writeText(0), number: jsNumber})},
	{"JSON as Python writes it", "It would match as Python's json.dumps writes it, with \\uXXXX and 88.0 for 88.00: something parses the JSON and writes it again.", variantLimit, true, styled(jsonStyle{comma: ", ", colon: ": ", text: writeText(unicodeEscaped), number: pythonNumber})},
	{"JSON as Go writes it, keys sorted", "It would match as Go's encoding/json writes a map, with sorted keys: something parses the JSON and writes it again.", sortLimit, true, sorted},
}

func indented(indent string) func([]byte) []byte {
	return styled(jsonStyle{comma: ",", colon: ": ", indent: indent})
}

func styled(s jsonStyle) func([]byte) []byte { return s.rewrite }

func toLF(body []byte) []byte { return bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")) }

func toCRLF(body []byte) []byte { return bytes.ReplaceAll(toLF(body), []byte("\n"), []byte("\r\n")) }

func sorted(body []byte) []byte {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return nil
	}
	out, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return out
}

// Variants yields the other readings of a body, first the bytes as they came,
// named "body as received". Equal bytes are yielded once. Where the body has a
// Content-Encoding, the readings are those of the decoded body. Bodies over
// 4 MiB are not rewritten as JSON.
func Variants(body []byte, encodings []string) iter.Seq[Variant] {
	return func(yield func(Variant) bool) {
		seen := map[[32]byte]bool{}
		offer := func(name, meaning string, b []byte) bool {
			v := Variant{name, meaning, b, sha256.Sum256(b)}
			if seen[v.Digest] {
				return true
			}
			seen[v.Digest] = true
			return yield(v)
		}
		if !offer(AsReceived, "", body) {
			return
		}
		prefix := ""
		if len(encodings) > 0 {
			decoded, err := capture.DecodeBody(encodings, body, LookLimit)
			if err != nil {
				return
			}
			if !offer("body decompressed", "It would match without the Content-Encoding: the sender signs first and compresses then, or something between compresses.", decoded) {
				return
			}
			if !bytes.Equal(decoded, body) {
				prefix = "body decompressed, then "
			}
			body = decoded
		}
		isJSON := len(body) <= variantLimit && CheckJSON(body) == nil
		for i := range alterations {
			a := &alterations[i]
			if a.json && !isJSON || a.limit > 0 && len(body) > a.limit {
				continue
			}
			in := body
			if a.json {
				in = trimBOM(body)
			}
			if out := a.make(in); out != nil && !offer(prefix+a.name, a.meaning, out) {
				return
			}
		}
	}
}

// AsReceived is the name of the variant that is the body itself.
const AsReceived = "body as received"
