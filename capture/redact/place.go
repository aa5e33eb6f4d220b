package redact

import (
	"errors"
	"strings"

	"hookglass/capture"
)

// places are the places of a source and of the profile, laid out for a walk.
type places struct {
	id      uint32
	root    *place
	headers map[string]string // lower-case name → kind
	query   map[string]string
	path    bool // the path holds a secret
}

// place is a step of a path in a body. Names are compared without case.
type place struct {
	members map[string]*place
	starts  []start // "customer_*"
	element *place
	kind    string   // what all below it is; "" for nothing known
	known   []*place // of members by the ids of their names: nil where it was not looked, nowhere for none
}

// nowhere is the place of a member that has none.
var nowhere = &place{}

// maxKnown bounds the names whose places are remembered.
const maxKnown = 1 << 10

// named is the place of a member whose name is known.
func (p *place) named(info *nameInfo, name []byte) *place {
	if p == nil || len(p.members) == 0 && len(p.starts) == 0 {
		return nil
	}
	if info.id == 0 || info.id >= maxKnown {
		return p.member(name)
	}
	if int(info.id) >= len(p.known) {
		p.known = append(p.known, make([]*place, int(info.id)+32-len(p.known))...)
	}
	next := p.known[info.id]
	if next == nil {
		if next = p.member(name); next == nil {
			next = nowhere
		}
		p.known[info.id] = next
	}
	if next == nowhere {
		return nil
	}
	return next
}

type start struct {
	prefix string
	place  *place
}

// member is the place of a member, or nil.
func (p *place) member(name []byte) *place {
	if p == nil || len(p.members) == 0 && len(p.starts) == 0 || len(name) > longestName {
		return nil
	}
	var room [longestName]byte
	lower := room[:len(name)]
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		lower[i] = c
	}
	if next := p.members[string(lower)]; next != nil {
		return next
	}
	for i := range p.starts {
		if s := &p.starts[i]; len(lower) >= len(s.prefix) && string(lower[:len(s.prefix)]) == s.prefix {
			return s.place
		}
	}
	return nil
}

func (p *place) of() string {
	if p == nil {
		return ""
	}
	return p.kind
}

func (p *place) elements() *place {
	if p == nil {
		return nil
	}
	return p.element
}

// fingerprints are parts of the names of fields that tell a body from others: from
// them too one could try out what it was.
var fingerprints = []string{"signature", "hmac", "digest", "etag", "checksum", "md5", "sha1", "sha256", "sha512", "crc32", "goog-hash", "content-hash", "body-hash"}

// isSignature reports whether a name is that of a signature, or of a sum of a body:
// one is no secret, as it fits its own body alone, and goes when that body changes.
func isSignature(name string) bool {
	name = strings.ToLower(name)
	for _, part := range fingerprints {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// maxPlaceSets bounds how many lists of places are remembered.
const maxPlaceSets = 64

// listKey tells a list of places from another.
type listKey struct {
	first *capture.Sensitive
	n     int
}

// placesOf lays out the places of a provider together with the profile's. Lists
// are remembered: a provider gives the same one for every exchange.
func (r *Redactor) placesOf(list []capture.Sensitive) *places {
	var key listKey
	if len(list) > 0 {
		key = listKey{&list[0], len(list)}
	}
	if known := r.lists[key]; known != nil {
		return known
	}
	all := &places{root: &place{}, headers: map[string]string{}, query: map[string]string{}}
	for i := range list {
		switch s := &list[i]; {
		case s.Secret && r.profile.Secrets:
			all.add(s.Path, kindSecret)
		case !s.Secret && r.profile.Personal:
			all.add(s.Path, kindPersonal)
		}
	}
	for _, path := range r.profile.Paths {
		all.add(path, kindCustom)
	}
	for _, name := range r.profile.Headers {
		all.headers[strings.ToLower(name)] = kindCustom
	}
	r.listID++
	all.id = r.listID
	if len(r.lists) >= maxPlaceSets {
		clear(r.lists)
	}
	r.lists[key] = all
	return all
}

// add notes a place in any of the forms that capture.Sensitive.Path has.
func (p *places) add(path, kind string) {
	if name, ok := strings.CutPrefix(path, "header "); ok {
		if name = strings.ToLower(name); kind == kindCustom || !isSignature(name) {
			p.headers[name] = kind
		}
		return
	}
	if name, ok := strings.CutPrefix(path, "?"); ok {
		p.query[strings.ToLower(name)] = kind
		return
	}
	if path == "path" {
		p.path = true
		return
	}
	at := p.root
	for _, step := range steps(path) {
		at = at.step(step)
	}
	if at.kind == "" || kind != kindPersonal {
		at.kind = kind
	}
}

// step goes to a member or, for "[]", to the elements, and makes them where they
// are not there yet.
func (p *place) step(name string) *place {
	if name == "[]" {
		if p.element == nil {
			p.element = &place{}
		}
		return p.element
	}
	name = strings.ToLower(name)
	if prefix, ok := strings.CutSuffix(name, "*"); ok {
		next := &place{}
		p.starts = append(p.starts, start{prefix, next})
		return next
	}
	if p.members == nil {
		p.members = map[string]*place{}
	}
	if p.members[name] == nil {
		p.members[name] = &place{}
	}
	return p.members[name]
}

// errPath says that a place cannot be read.
var errPath = errors.New("a bracket or a quote in it is not closed")

// checkPath reports what is wrong with a place that a person wrote: half a step would
// mean all that is above it.
func checkPath(path string) error {
	var quote rune
	open := false
	for _, c := range path {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case open && (c == '\'' || c == '"'):
			quote = c
		case c == '[' && open, c == ']' && !open:
			return errPath
		case c == '[', c == ']':
			open = !open
		}
	}
	if open || quote != 0 {
		return errPath
	}
	return nil
}

// steps takes "$.items[0].label" apart: items, [], label. An index stands for
// every element. A name with a dot stands in quotes: "$['a.b']".
func steps(path string) []string {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "$"), ".")
	var all []string
	var before, quote rune
	for part := range strings.FieldsFuncSeq(path, func(c rune) bool {
		if before == '[' && quote == 0 && (c == '\'' || c == '"') || c == quote {
			quote ^= c
		}
		before = c
		return c == '.' && quote == 0
	}) {
		name, rest, indexed := strings.Cut(part, "[")
		if name != "" {
			all = append(all, name)
		}
		for ; indexed; _, rest, indexed = strings.Cut(rest, "[") {
			inner, _, _ := strings.Cut(rest, "]")
			if inner = strings.Trim(strings.TrimSpace(inner), `'"`); inner != "" && !isDigits(inner) && inner != "*" {
				all = append(all, inner)
				continue
			}
			all = append(all, "[]")
		}
	}
	return all
}
