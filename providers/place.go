package providers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// place is where a value stands in a JSON text.
type place struct {
	path       string // "new_shipments[0].tracking"; "" for the whole text
	start, end int
}

// leaf reports whether nothing is inside the value.
func (p *place) leaf(text []byte) bool {
	return text[p.start] != '{' && text[p.start] != '['
}

// value is the value as JSON.
func (p *place) value(text []byte) gjson.Result { return gjson.ParseBytes(text[p.start:p.end]) }

// places lists every value of a JSON text, outer ones before those inside them.
// gjson tells values, and this their offsets: the bytes around a value that is
// replaced stay as they are. The text must be JSON, see CheckJSON.
func places(text []byte) []place {
	s := placer{text: text}
	s.value("")
	return s.found
}

type placer struct {
	text  []byte
	at    int
	found []place
}

func (s *placer) space() {
	for s.at < len(s.text) && isSpace(s.text[s.at]) {
		s.at++
	}
}

// value notes the value that begins here, and goes behind it.
func (s *placer) value(path string) {
	s.space()
	if bytes.HasPrefix(s.text[s.at:], utf8BOM) {
		s.at += len(utf8BOM)
		s.space()
	}
	if s.at == len(s.text) {
		return
	}
	mine := len(s.found)
	s.found = append(s.found, place{path: path, start: s.at})
	switch s.text[s.at] {
	case '{':
		s.members(func(int) string {
			end := stringEnd(s.text, s.at)
			name := gjson.ParseBytes(s.text[s.at:end]).Str
			s.at = end
			s.space()
			s.at++ // the colon
			return Join(path, name)
		})
	case '[':
		s.members(func(i int) string { return path + "[" + strconv.Itoa(i) + "]" })
	case '"':
		s.at = stringEnd(s.text, s.at)
	default:
		for s.at < len(s.text) && !isSpace(s.text[s.at]) && !bytes.ContainsRune([]byte(",]}"), rune(s.text[s.at])) {
			s.at++
		}
	}
	s.found[mine].end = s.at
}

// members goes through what is inside an object or an array. path tells the path
// of the member that begins here, and goes to its value.
func (s *placer) members(path func(i int) string) {
	s.at++
	for i := 0; s.at < len(s.text); i++ {
		s.space()
		if s.at == len(s.text) {
			return
		}
		if c := s.text[s.at]; c == '}' || c == ']' {
			s.at++
			return
		}
		s.value(path(i))
		s.space()
		if s.at < len(s.text) && s.text[s.at] == ',' {
			s.at++
		}
	}
}

// change is a new value for a place.
type change struct {
	place

	raw string // JSON
}

// replaced returns a text with values replaced. No place may lie in another.
func replaced(text []byte, changes []change) []byte {
	slices.SortFunc(changes, func(a, b change) int { return a.start - b.start })
	out := make([]byte, 0, len(text)+64)
	end := 0
	for i := range changes {
		c := &changes[i]
		out = append(append(out, text[end:c.start]...), c.raw...)
		end = c.end
	}
	return append(out, text[end:]...)
}

// pattern is a path with "[]" for the number of every element.
func pattern(path string) string {
	var b strings.Builder
	for {
		before, inside, ok := strings.Cut(path, "[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, path, _ = strings.Cut(inside, "]")
		b.WriteString("[]")
	}
}

// dotted is a path in the one form in which paths are compared: "a.0.b" for
// "$.a[0].b".
func dotted(path string) string {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "$"), ".")
	return strings.TrimPrefix(strings.NewReplacer("[", ".", "]", "").Replace(path), ".")
}

// setPath replaces the value at a path. A value keeps the type that stood there
// where it can: a number stays a number, and what stood in quotes stays a text.
// With raw the value is JSON as it is.
func setPath(text []byte, path, value string, raw bool) ([]byte, error) {
	all := places(text)
	want := dotted(path)
	i := slices.IndexFunc(all, func(p place) bool { return p.path != "" && dotted(p.path) == want })
	if i < 0 {
		return nil, &UnknownPathError{Path: path, Near: nearPaths(text, all, want)}
	}
	if raw {
		if err := CheckJSON([]byte(value)); err != nil {
			return nil, fmt.Errorf("the value for %s is %w", path, err)
		}
	} else {
		value = typed(all[i].value(text), value)
	}
	return replaced(text, []change{{all[i], value}}), nil
}

// typed writes a value as JSON, of the type of the one before where it can be.
func typed(old gjson.Result, value string) string {
	plain := gjson.Valid(value)
	switch now := gjson.Parse(value).Type; {
	case !plain, old.Type == gjson.String:
	case old.Type == gjson.Number && (now == gjson.Number || now == gjson.Null),
		(old.Type == gjson.True || old.Type == gjson.False) && (now == gjson.True || now == gjson.False || now == gjson.Null),
		old.Type == gjson.Null && (now == gjson.Number || now == gjson.True || now == gjson.False || now == gjson.Null),
		old.Type == gjson.JSON && now == gjson.JSON:
		return value
	}
	return quotedJSON(value)
}

func quotedJSON(value string) string { return string(jsonText(value)) }

// UnknownPathError says that a callback has no value at a path.
type UnknownPathError struct {
	Path string
	Near []string // paths that are there and look like it; at most five
}

func (e *UnknownPathError) Error() string {
	text := fmt.Sprintf("this callback has no %s", e.Path)
	if len(e.Near) > 0 {
		text += "; near it are " + strings.Join(e.Near, ", ")
	}
	return text
}

// maxNear is how many paths an error offers.
const maxNear = 5

// nearPaths finds the paths that look most like one that is not there.
func nearPaths(text []byte, all []place, want string) []string {
	type candidate struct {
		path string
		far  int
	}
	var near []candidate
	seen := map[string]bool{}
	name := lastName(want)
	for i := range all {
		p := &all[i]
		if p.path == "" || !p.leaf(text) || seen[p.path] {
			continue
		}
		seen[p.path] = true
		path := dotted(p.path)
		far := distance(strings.ToLower(want), strings.ToLower(path))
		if strings.EqualFold(lastName(path), name) {
			far = min(far, 1)
		}
		if far <= max(len(want)/2, 2) {
			near = append(near, candidate{p.path, far})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return a.far - b.far })
	var paths []string
	for _, c := range near[:min(len(near), maxNear)] {
		paths = append(paths, c.path)
	}
	return paths
}

func lastName(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// maxCompared bounds the names that are compared letter by letter.
const maxCompared = 100

// distance is how many letters differ between two texts (Levenshtein).
func distance(a, b string) int {
	a, b = a[:min(len(a), maxCompared)], b[:min(len(b), maxCompared)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			before, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, before+cost)
		}
	}
	return row[len(b)]
}

// addMember puts a member at the start of a JSON object.
func addMember(text []byte, name, value string) ([]byte, bool) {
	at := bytes.IndexByte(text, '{')
	if at < 0 || len(bytes.TrimSpace(trimBOM(text[:at]))) > 0 {
		return nil, false
	}
	key, _ := json.Marshal(name) // a string always encodes
	member := string(key) + ":" + value
	if rest := bytes.TrimSpace(text[at+1:]); len(rest) > 0 && rest[0] != '}' {
		member += ","
	}
	return slices.Concat(text[:at+1], []byte(member), text[at+1:]), true
}
