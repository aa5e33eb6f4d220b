package providers

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/capture"
)

// Known is a field that a provider documents.
type Known struct {
	Path  string // inside the object it is read from: "payment.method"
	Label string
	Kind  capture.Kind
	Unit  string // for money
	Note  func(v gjson.Result) string
	// Parts says that what is inside it is laid out by itself, so that it is
	// shown only where there is nothing inside: null, {}, [], or no container.
	Parts bool
}

// Text is a JSON value as people read it: a string without quotes, a number
// with its own digits, null as "null", objects and arrays as their JSON.
func Text(v gjson.Result) string {
	if v.Type == gjson.String {
		return v.Str
	}
	return v.Raw
}

// Scalar is a string or a number as people read it, and "" for everything else,
// null too.
func Scalar(v gjson.Result) string {
	if v.Type == gjson.String || v.Type == gjson.Number {
		return Text(v)
	}
	return ""
}

// Facts reads known fields of an object. base is the path of the object in the
// body, "" for the body itself. Fields that are absent are left out.
func Facts(obj gjson.Result, base string, fields []Known) []capture.Fact {
	var facts []capture.Fact
	for i := range fields {
		f := &fields[i]
		v := obj.Get(f.Path)
		if !v.Exists() || f.Parts && !isLeaf(v) {
			continue
		}
		fact := capture.Fact{Label: f.Label, Path: Join(base, f.Path), Value: Text(v), Kind: f.Kind, Unit: f.Unit}
		switch {
		case f.Note != nil:
			fact.Note = f.Note(v)
		case f.Parts && (v.IsObject() || v.IsArray()):
			fact.Value, fact.Note = string(Minify([]byte(v.Raw))), "none"
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
	return RowsOf(array, base, func(element gjson.Result, base string) []capture.Fact {
		return Facts(element, base, fields)
	})
}

// RowsOf is Rows with a reader of one's own for an element.
func RowsOf(array gjson.Result, base string, read func(element gjson.Result, base string) []capture.Fact) [][]capture.Fact {
	if !array.IsArray() {
		return nil
	}
	var rows [][]capture.Fact
	n := 0
	array.ForEach(func(_, element gjson.Result) bool {
		if n < maxRows {
			rows = append(rows, read(element, base+"["+strconv.Itoa(n)+"]"))
		}
		n++
		return true
	})
	if n > maxRows {
		rows = append(rows, []capture.Fact{{Label: "…", Value: strconv.Itoa(n-maxRows) + " more are not listed"}})
	}
	return rows
}

// Sections leaves out those that are empty.
func Sections(all ...capture.Section) []capture.Section {
	kept := all[:0]
	for _, s := range all {
		if len(s.Facts)+len(s.Rows) > 0 {
			kept = append(kept, s)
		}
	}
	return kept
}

// Join is the path of a part below base; either may be "".
func Join(base, path string) string {
	if base == "" || path == "" {
		return base + path
	}
	return base + "." + path
}

// maxUnknown bounds how many undocumented fields are listed.
const maxUnknown = 1000

// Unknown lists all of a body that the sections do not show, so that nothing in
// it is hidden: the undocumented fields, and names that stand twice. Where a
// section shows a place in one element of an array, it counts for all of them.
func Unknown(root gjson.Result, sections []capture.Section) []capture.Fact {
	shown := map[string]bool{}
	for i := range sections {
		addPatterns(shown, sections[i].Facts)
		for _, row := range sections[i].Rows {
			addPatterns(shown, row)
		}
	}
	seen := map[string]bool{}
	var facts []capture.Fact
	Walk(root, func(path, pattern string, v gjson.Result) bool {
		twice := seen[path]
		seen[path] = true
		if len(facts) > maxUnknown || !twice && shown[pattern] {
			return false
		}
		if !twice && !isLeaf(v) {
			return true
		}
		fact := capture.Fact{Label: path, Path: path, Value: Text(v)}
		if len(facts) == maxUnknown {
			fact = capture.Fact{Label: "…", Value: "more are not listed"}
		} else if twice {
			fact.Note = "this name stands here twice; programs differ in which of the two they take"
		}
		facts = append(facts, fact)
		return false
	})
	return facts
}

// addPatterns adds the places of facts, with "[]" for any element of an array.
func addPatterns(shown map[string]bool, facts []capture.Fact) {
	for i := range facts {
		var pattern strings.Builder
		rest := facts[i].Path
		for {
			before, inside, ok := strings.Cut(rest, "[")
			pattern.WriteString(before)
			if !ok {
				break
			}
			_, rest, _ = strings.Cut(inside, "]")
			pattern.WriteString("[]")
		}
		if pattern.Len() > 0 {
			shown[pattern.String()] = true
		}
	}
}

// isLeaf reports whether nothing is inside a value.
func isLeaf(v gjson.Result) bool {
	if !v.IsObject() && !v.IsArray() {
		return true
	}
	empty := true
	v.ForEach(func(_, _ gjson.Result) bool {
		empty = false
		return false
	})
	return empty
}

// Walk visits a JSON value and all below it, parents first, in their order in
// the text. visit returns whether to go below a value; in the pattern, "[]"
// stands for any element: "items[].label". Path and pattern of the root are "".
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
			name := key.Str
			if name == "" {
				name = `""`
			}
			walk(value, Join(path, name), Join(pattern, name), depth+1, visit)
		default:
			return false // ForEach visits a scalar once; it was visited above
		}
		i++
		return true
	})
}
