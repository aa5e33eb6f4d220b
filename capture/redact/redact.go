package redact

import (
	"hash/maphash"
	"maps"
	"regexp"

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
// get equal placeholders. It is not safe for concurrent use.
type Redactor struct {
	profile  Profile
	patterns []*regexp.Regexp

	values map[string]*value // by the folded text
	counts map[string]int32  // values by kind, and "number"
	names  map[string]*nameInfo
	words  map[string]bool // names and states that were seen, in lower case
	states int
	lists  map[listKey]*places

	matcher *matcher
	version uint32 // of the matcher
	stale   bool   // values came since it was made
	numeric bool   // some value is a number
	err     error

	replaced map[string]int64
	clean    cleanTexts
	folded   []byte
	room     room
}

// room is what walks use one after the other.
type room struct {
	frames []frame
	folded []byte
	hits   []hit
}

// New makes the redactor of one share. known are the values of configured secrets:
// they are looked for everywhere. The error says what is wrong with a pattern.
func New(p Profile, known []string) (*Redactor, error) {
	patterns, err := p.compile()
	if err != nil {
		return nil, err
	}
	r := &Redactor{
		profile: p, patterns: patterns, version: 1,
		values: map[string]*value{}, counts: map[string]int32{}, names: map[string]*nameInfo{},
		words: map[string]bool{}, lists: map[listKey]*places{}, replaced: map[string]int64{},
		clean: cleanTexts{seed: maphash.MakeSeed()},
	}
	if p.Secrets {
		for _, secret := range known {
			if v := r.learn([]byte(secret), kindSecret); v != nil {
				v.known, v.anywhere = true, len(v.text) >= gram
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
	w.run(s.Exchange)
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
	for tries := 1; ; tries++ {
		w := r.walk(s, false)
		out := w.run(s.Exchange)
		if r.err != nil {
			return nil, nil, r.err
		}
		// What was found only now may stand in what was looked at before.
		if !r.stale || tries == maxTries {
			r.count(w.changes)
			return out, w.changes, nil
		}
	}
}

// maxTries bounds how often an exchange is gone through that was not learned.
const maxTries = 4

func (r *Redactor) walk(s Source, learning bool) *exchangeWalk {
	x := s.Exchange
	w := &exchangeWalk{walk: walk{
		r: r, learning: learning, exchange: x.ID, places: r.placesOf(s.Sensitive),
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
			r.replaced[kind]++
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
			return out, w.changes
		}
	}
}

// LearnText finds the values of a text that belongs to no exchange, as Learn does.
func (r *Redactor) LearnText(s string) {
	was := maps.Clone(r.replaced)
	r.Text("", s)
	r.replaced = was
}

// Replaced counts what was replaced so far, by kind.
func (r *Redactor) Replaced() map[string]int64 { return maps.Clone(r.replaced) }
