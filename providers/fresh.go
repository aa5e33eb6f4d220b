package providers

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"hookglass/capture"
)

// Freshness says where a provider's samples hold what is new in every callback.
// Places are paths with "[]" for every element, or "?name" for the query. What
// stands in one place as a whole and elsewhere inside a text, as a tracking
// number does in its address, need be named only once.
type Freshness struct {
	Order []string // the shop's own order
	IDs   []string
	Times []string
	Born  []string // times that stay the same through a scenario: of what happened before it
}

// Fresh makes callbacks of samples with ids and times of now. What stood for the
// same thing in the samples gets the same new value in all callbacks that one
// Fresh makes, so that they tell one story. It is not safe for concurrent use.
type Fresh struct {
	Order string    // the shop's order; "" makes one up
	Now   time.Time // the time of the callback; may move between callbacks

	ids  map[string]string // old value → new one
	born map[string]string
}

// Assignment is a value for a place: what --set says.
type Assignment struct {
	Path  string // "payment.status", "items[0].amount", "?action"
	Value string
	Raw   bool // Value is JSON
}

// ParseAssignment reads "payment.status=FAILED", which keeps the type that the
// place had, and "new_shipments:=[]", whose value is JSON.
func ParseAssignment(text string) (Assignment, error) {
	path, value, ok := strings.Cut(text, "=")
	a := Assignment{Path: path, Value: value}
	if before, raw := strings.CutSuffix(path, ":"); raw {
		a.Path, a.Raw = before, true
	}
	if a.Path = strings.TrimSpace(a.Path); !ok || a.Path == "" {
		return a, fmt.Errorf("%q is not PATH=VALUE, such as payment.status=FAILED", text)
	}
	return a, nil
}

// Request makes a callback of a sample, without a proof of its origin. first is
// set in the sample before its ids are made new, so that it may name the ids of
// other samples; last is set after that.
func (f *Fresh) Request(p *Provider, s *Sample, first, last []Assignment) (capture.Request, error) {
	r := s.Request()
	p.strip(&r)
	c, err := contentOf(&r)
	if err != nil {
		return r, fmt.Errorf("the sample %s: %w", s.Name, err)
	}
	if err := c.setAll(first); err != nil {
		return r, err
	}
	if err := f.renew(&p.Fresh, c, s.OrderField); err != nil {
		return r, fmt.Errorf("the sample %s of %s: %w", s.Name, p.Name, err)
	}
	if err := c.setAll(last); err != nil {
		return r, err
	}
	c.put(&r)
	r.Received = f.Now
	return r, nil
}

// content is what can be changed in a request: its JSON, which is the body or
// the payload of the JWS that is the body, and its target.
type content struct {
	json   []byte // nil where there is none
	jws    string // header of the JWS
	target string
}

func contentOf(r *capture.Request) (*content, error) {
	c := &content{target: r.Target}
	if len(r.Body) == 0 {
		return c, nil
	}
	c.json = r.Body
	if trimmed := bytes.TrimSpace(r.Body); LooksLikeJWS(trimmed) {
		j, err := ParseJWS(string(trimmed))
		if err != nil {
			return nil, err
		}
		c.jws, _, _ = strings.Cut(string(trimmed), ".")
		c.json = j.Payload
	}
	return c, CheckJSON(c.json)
}

// put writes the content back. A JWS loses its signature.
func (c *content) put(r *capture.Request) {
	r.Target, r.Body = c.target, c.json
	if c.jws != "" {
		r.Body = []byte(c.jws + "." + base64.RawURLEncoding.EncodeToString(c.json) + ".")
	}
	r.Size = int64(len(r.Body))
}

func (c *content) setAll(all []Assignment) error {
	for _, a := range all {
		if err := c.set(a); err != nil {
			return err
		}
	}
	return nil
}

func (c *content) set(a Assignment) (err error) {
	if name, ok := strings.CutPrefix(a.Path, "?"); ok {
		if _, found := queryValue(c.target, name); !found {
			return &UnknownPathError{Path: a.Path, Near: queryNames(c.target)}
		}
		c.target = setQuery(c.target, name, a.Value)
		return nil
	}
	if c.json == nil {
		return &UnknownPathError{Path: a.Path, Near: queryNames(c.target)}
	}
	c.json, err = setPath(c.json, a.Path, a.Value, a.Raw)
	return err
}

// renew replaces the ids and times of a content.
func (f *Fresh) renew(where *Freshness, c *content, orderField string) error {
	if f.ids == nil {
		f.ids, f.born = map[string]string{}, map[string]string{}
	}
	held := f.hold(where.Order, c, func(old string) string {
		if f.Order != "" {
			return f.Order
		}
		return reshaped(old)
	})
	if f.Order != "" && !held {
		if err := f.addOrder(orderField, c); err != nil {
			return err
		}
	}
	f.hold(where.IDs, c, reshaped)
	return f.replace(where, c, f.times(where, c))
}

// hold makes a new value for every old one in the given places that has none
// yet, and reports whether there was an old one.
func (f *Fresh) hold(patterns []string, c *content, fresh func(old string) string) bool {
	held := false
	take := func(old string) {
		if old == "" {
			return
		}
		held = true
		if _, known := f.ids[old]; known {
			return
		}
		if within := f.within(old); within != old {
			f.ids[old] = within
			return
		}
		f.ids[old] = fresh(old)
	}
	all := places(c.json)
	for _, want := range patterns {
		if name, ok := strings.CutPrefix(want, "?"); ok {
			value, _ := queryValue(c.target, name)
			take(value)
			continue
		}
		for i := range all {
			if pattern(all[i].path) == want {
				take(Scalar(all[i].value(c.json)))
			}
		}
	}
	return held
}

func (f *Fresh) addOrder(to string, c *content) error {
	if name, ok := strings.CutPrefix(to, "?"); ok {
		c.target = setQuery(c.target, name, f.Order)
		return nil
	}
	if to != "" && c.json != nil {
		if added, ok := addMember(c.json, to, quotedJSON(f.Order)); ok {
			c.json = added
			return nil
		}
	}
	return fmt.Errorf("it holds no order that could be %q", f.Order)
}

// times makes the new value of every time: the latest of them becomes now, and
// the others keep their distance from it.
func (f *Fresh) times(where *Freshness, c *content) map[string]string {
	type stamp struct {
		path, old string
		at        time.Time
		write     func(time.Time) string
		born      bool
	}
	var all []stamp
	var latest time.Time
	for _, p := range places(c.json) {
		born := slices.Contains(where.Born, pattern(p.path))
		if !born && !slices.Contains(where.Times, pattern(p.path)) {
			continue
		}
		v := p.value(c.json)
		at, write, ok := readTime(v)
		if !ok {
			continue // null, "", 0000-00-00: no time
		}
		all = append(all, stamp{p.path, v.Raw, at, write, born})
		if at.After(latest) {
			latest = at
		}
	}
	fresh := map[string]string{}
	for _, s := range all {
		value := s.write(s.at.Add(f.Now.Sub(latest)))
		if s.born {
			if known, ok := f.born[s.old]; ok {
				value = known
			}
			f.born[s.old] = value
		}
		fresh[s.path] = value
	}
	return fresh
}

// replace writes the new values: of times where they stand, and of ids in the
// places they are declared in and wherever else they stand, also inside a text.
func (f *Fresh) replace(where *Freshness, c *content, times map[string]string) error {
	declared := slices.Concat(where.Order, where.IDs)
	var changes []change
	for _, p := range places(c.json) {
		if !p.leaf(c.json) {
			continue
		}
		if value, ok := times[p.path]; ok {
			changes = append(changes, change{p, value})
			continue
		}
		v := p.value(c.json)
		old := Scalar(v)
		fresh, exact := f.ids[old]
		if exact && !slices.Contains(declared, pattern(p.path)) && len(old) < shortID {
			continue // a quantity of 1 is no id
		}
		if !exact && v.Type == gjson.String {
			fresh = f.within(old)
		}
		switch {
		case fresh == "" || fresh == old:
		case v.Type == gjson.Number:
			if gjson.Parse(fresh).Type != gjson.Number || !gjson.Valid(fresh) {
				return fmt.Errorf("%s is a number, which %q is not", p.path, fresh)
			}
			changes = append(changes, change{p, fresh})
		default:
			changes = append(changes, change{p, quotedJSON(fresh)})
		}
	}
	if len(changes) > 0 {
		c.json = replaced(c.json, changes)
	}
	for _, name := range queryNames(c.target) {
		value, _ := queryValue(c.target, strings.TrimPrefix(name, "?"))
		if fresh, ok := f.ids[value]; ok && value != "" {
			c.target = setQuery(c.target, strings.TrimPrefix(name, "?"), fresh)
		}
	}
	return nil
}

// shortID is the length from which a value that is an id in one place is taken
// for the same one in others.
const shortID = 4

// within replaces the old ids that stand inside a text as words of their own.
func (f *Fresh) within(text string) string {
	old := slices.SortedFunc(maps.Keys(f.ids), func(a, b string) int { return len(b) - len(a) })
	for _, id := range old {
		if len(id) >= shortID {
			text = replaceWord(text, id, f.ids[id])
		}
	}
	return text
}

// replaceWord replaces a word where no letter or digit stands beside it.
func replaceWord(text, word, by string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, word)
		if i < 0 {
			return b.String() + text
		}
		end := i + len(word)
		alone := (i == 0 || !alphanumeric(text[i-1])) && (end == len(text) || !alphanumeric(text[end]))
		b.WriteString(text[:i])
		if alone {
			b.WriteString(by)
		} else {
			b.WriteString(word)
		}
		text = text[end:]
	}
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
