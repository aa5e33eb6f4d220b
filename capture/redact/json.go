package redact

import (
	"bytes"
	"strconv"
)

// frame is an object or array that is open.
type frame struct {
	place    *place
	info     *nameInfo // of the member that it is the value of
	kind     string    // what all in it is
	person   bool
	array    bool
	index    int
	key      [2]int // of the member at hand, in the text
	escaped  bool   // the key is
	label    [2]int // of the name in {"name": "email", "value": …}, in the text
	member   *nameInfo
	inMember bool
}

// maxFrames bounds how deep places are known. Deeper values are known by their name
// and shape alone.
const maxFrames = 1000

// noName is of a value without a name.
var noName = &nameInfo{}

// jsonWalk goes through a text as JSON, and never fails: what is no JSON is looked
// at as text. Edits stay within strings and numbers, so that JSON stays JSON.
type jsonWalk struct {
	*walk
	text  []byte
	base  int       // of the frames of this text
	last  *nameInfo // the name before
	deep  int       // containers that have no frame
	odd   bool
	edits []edit
}

func (w *walk) json(text []byte) []edit {
	j := jsonWalk{walk: w, text: text, base: len(w.frames), last: &w.r.start}
	first := !w.inMembers
	if first { // until edits are made
		j.edits, w.inMembers = w.members[:0], true
	}
	j.run()
	if w.frames = w.frames[:j.base]; first {
		w.members = j.edits
	}
	if j.odd { // values may stretch over what looked like structure
		return w.settle(append(j.edits, w.flat(text)...))
	}
	return j.edits
}

func (j *jsonWalk) run() {
	text := j.text
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case ' ', '\t', '\r', '\n', ':':
			i++
		case '{', '[':
			j.open(c == '[')
			i++
		case '}', ']':
			switch {
			case j.deep > 0:
				j.deep--
			case len(j.frames) > j.base:
				j.frames = j.frames[:len(j.frames)-1]
			default:
				j.odd = true
			}
			j.leaveMember()
			i++
		case ',':
			if f := j.top(); f != nil {
				f.index++
			}
			j.leaveMember()
			i++
		case '"':
			i = j.str(i)
		default:
			i = j.bare(i)
		}
	}
	j.odd = j.odd || len(j.frames) > j.base || j.deep > 0
}

func (j *jsonWalk) top() *frame {
	if len(j.frames) == j.base || j.deep > 0 {
		return nil
	}
	return &j.frames[len(j.frames)-1]
}

func (j *jsonWalk) leaveMember() {
	if f := j.top(); f != nil && !f.array {
		f.inMember = false
	}
}

// open begins an object or array, as the value of the member at hand.
func (j *jsonWalk) open(array bool) {
	if j.deep > 0 || len(j.frames)-j.base >= maxFrames {
		j.deep++
		return
	}
	f := j.top()
	next := frame{array: array, info: noName}
	if f == nil {
		next.place = j.places.root
		next.kind = next.place.kind
	} else {
		place, info := j.value(f)
		next.place, next.info = place, info
		next.kind = j.kindOf(f, place, info)
		next.person = info.person || f.array && f.person
	}
	j.frames = append(j.frames, next)
}

// value is the place and the name of the value that begins in a frame.
func (j *jsonWalk) value(f *frame) (*place, *nameInfo) {
	if f.array {
		return f.place.elements(), f.info
	}
	if !f.inMember {
		return nil, noName
	}
	info := f.member
	if info.holds && f.label[1] > 0 {
		info = j.r.labelled(j.text[f.label[0]:f.label[1]], info)
	}
	name := j.text[f.key[0]:f.key[1]]
	if f.escaped {
		v, _ := codingJSON.decode(name)
		name = v.text
	}
	return f.place.named(f.member, name), info
}

// kindOf says what a value is, by its place and its name.
func (w *walk) kindOf(f *frame, p *place, info *nameInfo) string {
	kind := f.kind
	if own := p.of(); own != "" {
		kind = own
	}
	switch kind {
	case "":
	case kindSecret, kindCustom:
		return kind
	default:
		if info.secret {
			return kindSecret
		}
		if info.guess != "" {
			return info.guess
		}
		return kind
	}
	profile := &w.r.profile
	switch {
	case profile.Secrets && info.secret:
		return kindSecret
	case profile.Personal && info.kind != "" && (!info.loose || f.person):
		return info.kind
	}
	return ""
}

// str goes behind the string at text[i].
func (j *jsonWalk) str(i int) int {
	if next := j.expected(i); next > 0 {
		return next
	}
	end, closed := len(j.text), false
	if n := bytes.IndexByte(j.text[i+1:], '"'); n >= 0 {
		end, closed = i+1+n, true
	}
	var m marks
	long := end-i > longText && bytes.IndexByte(j.text[i+1:end], '\\') < 0
	if !long {
		m = j.marksOf(j.text[i+1 : end])
	}
	escaped := m.has&hasBackslash != 0
	if escaped {
		end, closed = stringEnd(j.text, i+1)
	}
	inner := j.text[i+1 : end]
	next := end
	if closed {
		next++
	} else {
		j.odd = true
	}
	after := next
	for after < len(j.text) && isSpace(j.text[after]) {
		after++
	}
	f := j.top()
	if after < len(j.text) && j.text[after] == ':' && (f == nil || !f.array) {
		j.key(f, i+1, end)
		return after + 1
	}
	kind := ""
	if f != nil {
		kind = j.memberKind(f)
		if f.inMember && f.member.labels {
			f.label = [2]int{i + 1, end}
		}
	} else if j.deep > 0 {
		kind = j.deepKind(i)
	}
	switch {
	case escaped:
		j.add(j.coded(inner, kind, codingJSON), i+1)
	case kind == "" && j.learning && f != nil && f.inMember && f.member.state:
		j.r.state(inner)
		j.leaf(inner, "")
	case kind != "" || len(inner) >= gram || len(j.r.patterns) > 0:
		var found []edit
		if kind == "" && long {
			found = j.longLeaf(inner)
		} else if kind == "" && len(inner) >= gram && j.depth < maxNested && !structures[inner[0]] {
			j.depth++
			found = j.scanMarked(inner, &m)
			j.depth--
		} else {
			found = j.leaf(inner, kind)
		}
		for n := range found {
			found[n].text = jsonQuoted(found[n].text)
		}
		j.add(found, i+1)
	}
	return next
}

// longText is the shortest string that is remembered by itself.
const longText = 128

// longLeaf is leaf of a long string without escapes: what was learned from it is kept.
func (j *jsonWalk) longLeaf(text []byte) []edit {
	key := j.bodyKey(text, leafMedia)
	if j.spared(text, key) {
		return nil
	}
	found, budget := j.r.found, j.budget
	edits := j.leaf(text, "")
	if j.learning {
		j.learnedBody(key, found, budget)
	}
	return edits
}

func (j *jsonWalk) memberKind(f *frame) string {
	place, info := j.value(f)
	return j.kindOf(f, place, info)
}

// deepKind is the kind of a value that no frame tells, by the name before it.
func (j *jsonWalk) deepKind(i int) string {
	i--
	for i > 0 && isSpace(j.text[i]) {
		i--
	}
	if i < 2 || j.text[i] != ':' || j.text[i-1] != '"' {
		return ""
	}
	from := bytes.LastIndexByte(j.text[max(0, i-1-longestName):i-1], '"')
	if from < 0 {
		return ""
	}
	from += max(0, i-1-longestName) + 1
	return j.kindOf(&frame{}, nil, j.r.named(j.text[from:i-1]))
}

// bare goes behind a number, a word or what is no JSON.
func (j *jsonWalk) bare(i int) int {
	end := i
	for end < len(j.text) && !isDelimiter[j.text[end]] {
		end++
	}
	if end == i { // not reached: every delimiter is dealt with
		end++
	}
	token := j.text[i:end]
	switch c := token[0]; {
	case c == 't' && string(token) == "true", c == 'f' && string(token) == "false", c == 'n' && string(token) == "null":
	case c == '-' || c >= '0' && c <= '9':
		j.number(token, i)
	default:
		j.odd = true
	}
	return end
}

var isDelimiter = func() (all [256]bool) {
	for _, c := range " \t\r\n:{}[],\"" {
		all[c] = true
	}
	return all
}()

// number looks at a number. What stands in for one is a number.
func (j *jsonWalk) number(token []byte, at int) {
	kind := ""
	if f := j.top(); f != nil {
		kind = j.memberKind(f)
	} else if j.deep > 0 {
		kind = j.deepKind(at)
	}
	switch {
	case kind != "":
		if isNumber(token) {
			j.add(j.replaceAll(token, kind), at)
		} else {
			j.odd = true
		}
	case j.knownNumber(token, at):
	case len(token) >= shortestCard && j.r.profile.Personal:
		m := marks{has: hasDot, digits: len(token)}
		j.add(j.shapes(nil, token, &m), at)
	}
	for _, re := range j.r.patterns {
		if at2 := re.FindIndex(token); at2 != nil && at2[1] > at2[0] {
			j.add(j.replaceAll(token, kindCustom), at)
			return
		}
	}
}

// knownNumber replaces a number that was learned, also where it is a debit now.
func (j *jsonWalk) knownNumber(token []byte, at int) bool {
	if !j.r.numeric || j.learning {
		return false
	}
	shortest := longGram
	if j.matcher.short {
		shortest = gram
	}
	if len(token) < shortest {
		return false
	}
	if bytes.IndexByte(token, 'E') >= 0 {
		token = fold(nil, token)
	}
	for from := 0; from < 2 && len(token)-from >= shortest; from++ {
		text := token[from:]
		if s := j.r.values.find(text); s != nil && s.hash&slotAnywhere != 0 && s.hash&slotBase64 == 0 {
			v := s.value(text)
			j.add([]edit{j.edit(token, from, len(token), &v)}, at)
			return true
		}
		if token[0] != '-' {
			break
		}
	}
	return false
}

// add takes edits of a part of the text that begins at a place.
func (j *jsonWalk) add(found []edit, at int) {
	if len(found) == 0 {
		return
	}
	found = j.placed(shifted(found, at))
	if n := len(j.edits); n > 0 && j.edits[n-1].to > found[0].from {
		return // the number was replaced already
	}
	j.edits = append(j.edits, found...)
}

// placed notes where the value at hand stands.
func (j *jsonWalk) placed(edits []edit) []edit {
	if !j.telling {
		return edits
	}
	return j.under(edits, j.path())
}

// shownFrames is how many steps of a path are told.
const shownFrames = 16

// path is the place of the value at hand: "$.items[0].label".
func (j *jsonWalk) path() string {
	path := []byte("$")
	open := j.frames[j.base:]
	if len(open) > shownFrames {
		path = append(path, "…"...)
		open = open[len(open)-shownFrames:]
	}
	for i := range open {
		f := &open[i]
		switch {
		case f.array:
			path = append(strconv.AppendInt(append(path, '['), int64(f.index), 10), ']')
		case f.inMember:
			name := j.text[f.key[0]:f.key[1]]
			path = append(append(path, '.'), name[:min(len(name), longestName)]...)
		}
	}
	return string(path)
}

// stringEnd finds the quote that ends a JSON string with escapes, and tells whether
// there is one.
func stringEnd(text []byte, i int) (end int, closed bool) {
	for ; i < len(text); i++ {
		switch text[i] {
		case '"':
			return i, true
		case '\\':
			i++
		}
	}
	return len(text), false
}

// structures say with which bytes a text begins that is not looked at as it stands.
var structures = func() (all [256]bool) {
	for _, c := range []byte("{[< \t\r\n\xEF") {
		all[c] = true
	}
	return all
}()
