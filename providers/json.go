package providers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tidwall/gjson"
)

// maxDepth bounds how deep JSON may nest: far beyond any callback. A reader of
// nested values reads each level again, so that its work grows with the depth.
const maxDepth = 64

var utf8BOM = []byte("\xef\xbb\xbf")

func trimBOM(body []byte) []byte { return bytes.TrimPrefix(body, utf8BOM) }

// ErrEmpty says that there is no body to decode.
var ErrEmpty = errors.New("the body is empty")

// CheckJSON says why a body is not JSON, with line, column and offset, or
// returns nil. A byte order mark at the start is allowed.
func CheckJSON(body []byte) error {
	body = trimBOM(body)
	if len(bytes.TrimSpace(body)) == 0 {
		return ErrEmpty
	}
	if at := tooDeep(body); at >= 0 {
		return positioned(body, at, fmt.Sprintf("nested deeper than %d", maxDepth))
	}
	if gjson.ValidBytes(body) {
		return nil
	}
	var v json.RawMessage
	err := json.Unmarshal(body, &v)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return positioned(body, int(syntax.Offset)-1, syntax.Error())
	}
	return errors.New("not JSON")
}

// tooDeep returns the offset at which brackets nest deeper than maxDepth, or -1.
func tooDeep(body []byte) int {
	if bytes.Count(body, []byte{'{'})+bytes.Count(body, []byte{'['}) <= maxDepth {
		return -1 // as nearly always
	}
	depth, inString := 0, false
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			inString = !inString
		case '\\':
			if inString {
				i++
			}
		case '{', '[':
			if inString {
				continue
			}
			if depth++; depth > maxDepth {
				return i
			}
		case '}', ']':
			if !inString {
				depth--
			}
		}
	}
	return -1
}

func positioned(body []byte, at int, what string) error {
	at = min(max(at, 0), len(body))
	line := 1 + bytes.Count(body[:at], []byte("\n"))
	column := at - bytes.LastIndexByte(body[:at], '\n')
	return fmt.Errorf("not JSON at line %d, column %d (byte %d): %s", line, column, at, what)
}
