package redact

import (
	"regexp"
	"slices"

	"hookglass/capture"
)

// Change is one value that was replaced.
type Change struct {
	Exchange int64
	Where    string // "body $.customer.phone", "header Authorization", "query APIKEY", "note"
	Kind     string // "secret", "name", "email", "phone", "address", "money", "link", "custom" …
	Before   string // shown to the owner only, and never written to a file
	After    string
}

// Source is an exchange with the places that its provider knows.
type Source struct {
	Exchange  *capture.Exchange
	Sensitive []capture.Sensitive // not to be changed while the redactor is used
}

// Redactor takes values out of the exchanges of one share, so that equal values
// get equal placeholders. It is not safe for concurrent use. It holds some 30 bytes
// for each distinct value, and of the exchanges only the last one that it looked at.
type Redactor struct {
	profile  Profile
	patterns []*regexp.Regexp

	values   table
	distinct int
	counts   [len(kinds) + 1]int32 // values by kind, and those that are numbers
	found    int                   // how often a value was found, or what hides some
	folded   []byte
	numeric  bool // some value is a number
	err      error

	matcher *matcher
	stale   bool // values came since the matcher was asked for
	common  commons
	states  int

	names      map[string]*nameInfo
	start      nameInfo // before the first name of a body
	lists      map[listKey]*places
	listID     uint32
	mediaTypes map[string]*mediaType
	mediaID    uint32

	seen     seen
	replaced [len(kinds)]int64
	room     room
}

// room is what walks use one after the other.
type room struct {
	frames    []frame
	folded    []byte
	plus      []byte // folded, with spaces in place of plus signs
	hits      []hit
	decoded   []byte
	lines     [][]byte
	edits     []edit   // at hand
	members   []edit   // of the first JSON in what is looked at
	inMembers bool     // they are in use
	told      []Change // of the edits at hand
	short     shortValues
	learned   capture.Exchange // in place of what leaves, while learning
	changes   []Change         // of the exchange at hand
}

// New makes the redactor of one share. known are the values of configured secrets:
// they are looked for everywhere. The error says what is wrong with a pattern.
func New(p Profile, known []string) (*Redactor, error) {
	patterns, err := p.compile()
	if err != nil {
		return nil, err
	}
	r := &Redactor{
		profile: p, patterns: patterns, values: newTable(), names: map[string]*nameInfo{},
		common: commons{words: map[string]uint32{}, known: map[string]bool{}, version: 1},
		lists:  map[listKey]*places{}, mediaTypes: map[string]*mediaType{},
	}
	r.seen.begin()
	r.matcher = newMatcher(&r.values, &r.common)
	if p.Secrets {
		for _, secret := range known {
			if v := r.learn([]byte(secret), kindSecret); v.number > 0 {
				r.common.known[string(v.text)] = true
			}
		}
	}
	return r, nil
}

// Learn finds the values of an exchange that are to be replaced, wherever in the
// share they stand. Every exchange of a share is learned before the first is
// applied; one that was not is learned by Apply, too late for those before it.
func (r *Redactor) Learn(s Source) {
	if s.Exchange == nil || r.profile.empty() || r.err != nil {
		return
	}
	w := r.walk(s, true)
	w.run(s.Exchange, &r.room.learned)
	r.room.learned = capture.Exchange{}
}

// Apply returns an exchange as it may leave, and what was replaced in it. What did
// not change is shared with the original, which is never written to. Changes of the
// kind "length" and "encoding" follow from others.
func (r *Redactor) Apply(s Source) (*capture.Exchange, []Change, error) {
	switch {
	case s.Exchange == nil:
		return nil, nil, errNoExchange
	case r.profile.empty():
		out := *s.Exchange
		return &out, nil, nil
	}
	out, err := r.apply(s, true)
	if err != nil || len(r.room.changes) == 0 {
		return out, nil, err
	}
	return out, slices.Clone(r.room.changes), nil
}

// Replace is Apply for who needs no list of what was replaced: it says only whether
// something was. Replaced counts it all the same.
func (r *Redactor) Replace(s Source) (x *capture.Exchange, changed bool, err error) {
	switch {
	case s.Exchange == nil:
		return nil, false, errNoExchange
	case r.profile.empty():
		out := *s.Exchange
		return &out, false, nil
	}
	x, err = r.apply(s, false)
	return x, len(r.room.changes) > 0, err
}

// apply leaves the changes in the room; telling says that their places and all their
// texts are wanted.
func (r *Redactor) apply(s Source, telling bool) (*capture.Exchange, error) {
	for tries := 1; ; tries++ {
		w := r.walk(s, false)
		w.telling = telling
		out := *s.Exchange
		w.run(s.Exchange, &out)
		if r.err != nil {
			return nil, r.err
		}
		// What was found only now may stand in what was looked at before.
		if !r.stale || tries == maxTries {
			r.count(w.changes)
			return &out, nil
		}
	}
}

// maxTries bounds how often an exchange is gone through that was not learned.
const maxTries = 4

func (r *Redactor) walk(s Source, learning bool) *exchangeWalk {
	x := s.Exchange
	r.room.changes, r.room.told, r.room.edits, r.room.inMembers = r.room.changes[:0], r.room.told[:0], r.room.edits[:0], false
	w := &exchangeWalk{walk: walk{
		r: r, learning: learning, telling: true, exchange: x.ID, places: r.placesOf(s.Sensitive),
		budget: smallBudget + budgetTimes*len(x.Request.Body),
		room:   &r.room,
	}}
	if x.Response != nil {
		w.budget += budgetTimes * len(x.Response.Body)
	}
	if !learning {
		w.matcher = r.matching()
	}
	return w
}

func (r *Redactor) count(changes []Change) {
	for i := range changes {
		if kind := changes[i].Kind; kind != kindLength && kind != kindEncoding {
			r.replaced[kindIndex(kind)]++
		}
	}
}

// Text replaces in a text that belongs to no exchange: a note, a rule's name or
// body, an error, a title, a file's name. where names it in the changes.
func (r *Redactor) Text(where, s string) (string, []Change) {
	if r.profile.empty() || s == "" {
		return s, nil
	}
	source := Source{Exchange: &capture.Exchange{}}
	for tries := 1; ; tries++ {
		w := r.walk(source, false)
		w.budget += budgetTimes * len(s)
		out := w.str(where, s)
		if !r.stale || tries == maxTries {
			r.count(w.changes)
			return out, slices.Clone(w.changes)
		}
	}
}

// LearnText finds the values of a text that belongs to no exchange, as Learn does.
func (r *Redactor) LearnText(s string) {
	if r.profile.empty() || s == "" {
		return
	}
	w := r.walk(Source{Exchange: &capture.Exchange{}}, true)
	w.budget += budgetTimes * len(s)
	w.str("", s)
}

// Replaced counts what was replaced so far, by kind.
func (r *Redactor) Replaced() map[string]int64 {
	all := map[string]int64{}
	for i, n := range r.replaced {
		if n > 0 {
			all[kinds[i]] = n
		}
	}
	return all
}
