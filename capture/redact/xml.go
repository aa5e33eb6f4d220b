package redact

import "bytes"

// element is an element that is open.
type element struct {
	name  string
	frame frame
}

// xmlWalk goes through a text as XML or HTML, and never fails.
type xmlWalk struct {
	*walk
	text  []byte
	open  []element
	edits []edit
}

func (w *walk) xml(text []byte) []edit {
	x := &xmlWalk{walk: w, text: text}
	for i := 0; i < len(text); {
		if text[i] == '<' {
			i = x.tag(i)
			continue
		}
		end := len(text)
		if n := bytes.IndexByte(text[i:], '<'); n >= 0 {
			end = i + n
		}
		x.inside(i, end, codingXML)
		i = end
	}
	// A value may stretch over tags, and what is no tag may look like one.
	return w.settle(append(x.edits, w.flat(text)...))
}

// inside looks at text in the element that is open.
func (x *xmlWalk) inside(from, to int, c coding) {
	kind, where := "", ""
	if n := len(x.open); n > 0 {
		e := &x.open[n-1]
		kind, where = x.kindOf(&e.frame, e.frame.place, e.frame.info), e.name
	}
	x.edits = append(x.edits, x.under(shifted(x.coded(x.text[from:to], kind, c), from), where)...)
}

// tag goes behind what begins with < at text[i].
func (x *xmlWalk) tag(i int) int {
	rest := x.text[i:]
	for _, special := range [...]struct{ from, to string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}} {
		if !bytes.HasPrefix(rest, []byte(special.from)) {
			continue
		}
		from, to, next := i+len(special.from), len(x.text), len(x.text)
		if n := bytes.Index(x.text[from:], []byte(special.to)); n >= 0 {
			to = from + n
			next = to + len(special.to)
		}
		x.inside(from, to, codingPlain)
		return next
	}
	at := i + 1
	closing := at < len(x.text) && x.text[at] == '/'
	if closing {
		at++
	}
	from := at
	for at < len(x.text) && (classes[x.text[at]]&(isLetter|isDigit|hasHigh) != 0 || contains("_-.:", x.text[at])) {
		at++
	}
	name := x.text[from:at]
	if closing {
		end := bytes.IndexByte(x.text[at:], '>')
		x.close(string(localName(name)))
		if end < 0 {
			return len(x.text)
		}
		return at + end + 1
	}
	next, empty := x.attributes(at)
	if !empty {
		x.push(name)
	}
	return next
}

// localName is a name without its prefix.
func localName(name []byte) []byte { return name[bytes.LastIndexByte(name, ':')+1:] }

func (x *xmlWalk) push(name []byte) {
	if len(x.open) >= maxFrames {
		return
	}
	local := localName(name)
	info := x.r.named(local)
	e := element{name: string(local[:min(len(local), longestName)]), frame: frame{info: info}}
	if n := len(x.open); n > 0 {
		outer := &x.open[n-1].frame
		e.frame.place = outer.place.member(local)
		if e.frame.place == nil && n == 1 && outer.place == nil { // inside a wrapper
			e.frame.place = x.places.root.member(local)
		}
		e.frame.kind = x.kindOf(outer, outer.place, outer.info)
		e.frame.person = outer.info.person || outer.person && outer.info == noName
	} else {
		e.frame.place = x.places.root.member(local)
	}
	x.open = append(x.open, e)
}

// close ends the innermost element of that name, and those left open in it.
func (x *xmlWalk) close(name string) {
	for i := len(x.open) - 1; i >= 0 && i > len(x.open)-64; i-- {
		if x.open[i].name == name[:min(len(name), longestName)] {
			x.open = x.open[:i]
			return
		}
	}
}

// attributes looks at those of a tag from text[i:] on, and returns what is behind
// the tag, and whether it has no content.
func (x *xmlWalk) attributes(i int) (next int, empty bool) {
	for i < len(x.text) {
		switch x.text[i] {
		case '>':
			return i + 1, x.text[i-1] == '/'
		case '=':
			i = x.attribute(i)
		default:
			i++
		}
	}
	return i, true
}

// attribute goes behind the value whose = is at text[i].
func (x *xmlWalk) attribute(i int) int {
	end := i
	for end > 0 && isSpace(x.text[end-1]) {
		end--
	}
	from := end
	for from > 0 && end-from < longestName && (classes[x.text[from-1]]&(isLetter|isDigit) != 0 || contains("_-.", x.text[from-1])) {
		from--
	}
	info := x.r.named(x.text[from:end])
	at := i + 1
	for at < len(x.text) && isSpace(x.text[at]) {
		at++
	}
	if at == len(x.text) {
		return at
	}
	ends, next := " \t\r\n>", 0
	if quote := x.text[at]; quote == '"' || quote == '\'' {
		at++
		ends, next = string(quote), 1
	}
	stop := len(x.text)
	if n := bytes.IndexAny(x.text[at:], ends); n >= 0 {
		stop = at + n
	} else {
		next = 0
	}
	outer := frame{info: noName}
	if n := len(x.open); n > 0 {
		outer = x.open[n-1].frame
	}
	kind := x.kindOf(&outer, nil, info)
	x.edits = append(x.edits, x.under(shifted(x.coded(x.text[at:stop], kind, codingXML), at), string(x.text[from:end]))...)
	return stop + next
}
