package providers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/tidwall/gjson"

	"hookglass/capture"
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

// Known is a field that a provider documents.
type Known struct {
	Path  string // inside the object it is read from: "payment.method"
	Label string
	Kind  capture.Kind
	Unit  string // for money
	Note  func(v gjson.Result) string
}

// Text is a JSON value as people read it: a string without quotes, a number
// with its own digits, null as "null", objects and arrays as their JSON.
func Text(v gjson.Result) string {
	if v.Type == gjson.String {
		return v.Str
	}
	return v.Raw
}

// Facts reads known fields of an object. base is the path of the object in the
// body, "" for the body itself. Fields that are absent are left out.
func Facts(obj gjson.Result, base string, fields []Known) []capture.Fact {
	var facts []capture.Fact
	for i := range fields {
		f := &fields[i]
		v := obj.Get(f.Path)
		if !v.Exists() {
			continue
		}
		fact := capture.Fact{Label: f.Label, Path: join(base, f.Path), Value: Text(v), Kind: f.Kind, Unit: f.Unit}
		if f.Note != nil {
			fact.Note = f.Note(v)
		}
		facts = append(facts, fact)
	}
	return facts
}

// maxRows bounds how many rows of a table are laid out.
const maxRows = 1000

// Rows reads known fields of every element of an array, one row for each. base
// is the path of the array. Beyond 1000 rows the last one says how many are left
// out.
func Rows(array gjson.Result, base string, fields []Known) [][]capture.Fact {
	if !array.IsArray() {
		return nil
	}
	var rows [][]capture.Fact
	n := 0
	array.ForEach(func(_, element gjson.Result) bool {
		if n < maxRows {
			rows = append(rows, Facts(element, base+"["+strconv.Itoa(n)+"]", fields))
		}
		n++
		return true
	})
	if n > maxRows {
		rows = append(rows, []capture.Fact{{Label: "…", Path: base, Value: strconv.Itoa(n-maxRows) + " more are not listed"}})
	}
	return rows
}

func join(base, path string) string {
	if base == "" || path == "" {
		return base + path
	}
	return base + "." + path
}

// maxUnknown bounds how many undocumented fields are listed.
const maxUnknown = 1000

// Unknown lists the leaves of a JSON value that known does not know. It is asked
// with patterns, in which "[]" stands for any element: "items[].label". Where a
// pattern is known, so is all below it.
func Unknown(root gjson.Result, known func(pattern string) bool) []capture.Fact {
	var facts []capture.Fact
	Walk(root, func(path, pattern string, v gjson.Result) bool {
		if pattern != "" && known(pattern) {
			return false
		}
		leaf := !v.IsObject() && !v.IsArray()
		if leaf && len(facts) < maxUnknown {
			facts = append(facts, capture.Fact{Label: path, Path: path, Value: Text(v)})
		}
		return !leaf && len(facts) < maxUnknown
	})
	return facts
}

// Walk visits a JSON value and all below it, parents first, in their order in
// the text. visit returns whether to go below a value. Path and pattern of the
// root are "".
func Walk(root gjson.Result, visit func(path, pattern string, v gjson.Result) bool) {
	walk(root, "", "", 0, visit)
}

func walk(v gjson.Result, path, pattern string, depth int, visit func(path, pattern string, v gjson.Result) bool) {
	if !visit(path, pattern, v) || depth > maxDepth {
		return
	}
	i := 0
	v.ForEach(func(key, value gjson.Result) bool {
		switch {
		case v.IsArray():
			walk(value, path+"["+strconv.Itoa(i)+"]", pattern+"[]", depth+1, visit)
		case v.IsObject():
			walk(value, join(path, key.Str), join(pattern, key.Str), depth+1, visit)
		default:
			return false // ForEach visits a scalar once; it was visited above
		}
		i++
		return true
	})
}
