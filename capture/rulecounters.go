package capture

import (
	"container/list"
	"sync"
	"sync/atomic"
)

// maxPlaces bounds how many keys sequences count by; the one that was used
// longest ago is forgotten first. A stranger can make up as many orders as they
// like.
const maxPlaces = 10_000

// maxPlaceKey bounds a key, which a stranger may have written.
const maxPlaceKey = 200

// Counters count what rules do: their hits, and how far their sequences are. They
// live in memory. They are safe for concurrent use.
type Counters struct {
	mu     sync.Mutex
	rules  map[int64]*ruleCount
	places map[placeKey]*list.Element
	recent *list.List // of *countedPlace, the one used last at the front
}

type placeKey struct {
	rule int64
	key  string
}

type countedPlace struct {
	placeKey
	done int
}

// ruleCount is what was counted for a rule.
type ruleCount struct{ hits, used atomic.Int64 }

// take counts one more callback unless that would be more than most, and says
// whether it did, and the how manieth hit it is. The zero most means no bound.
func (c *ruleCount) take(most int) (hit int64, ok bool) {
	for most > 0 {
		used := c.used.Load()
		if used >= int64(most) {
			return 0, false
		}
		if c.used.CompareAndSwap(used, used+1) {
			break
		}
	}
	return c.hits.Add(1), true
}

// Place is how far a sequence is for one key.
type Place struct {
	Key  string // the delivery or order that it counts; "" for all
	Done int    // answers given
}

// NewCounters makes counters that have counted nothing.
func NewCounters() *Counters {
	return &Counters{rules: map[int64]*ruleCount{}, places: map[placeKey]*list.Element{}, recent: list.New()}
}

// of returns what is counted for a rule, from what the rule itself says where
// nothing is.
func (c *Counters) of(r *Rule) *ruleCount {
	c.mu.Lock()
	defer c.mu.Unlock()
	count := c.rules[r.ID]
	if count == nil {
		count = &ruleCount{}
		count.hits.Store(r.Hits)
		count.used.Store(int64(r.End.Used))
		c.rules[r.ID] = count
	}
	return count
}

// next returns how many answers a sequence has given for a key, and counts one
// more.
func (c *Counters) next(rule int64, key string) int {
	k := placeKey{rule, key[:min(len(key), maxPlaceKey)]}
	c.mu.Lock()
	defer c.mu.Unlock()
	if element := c.places[k]; element != nil {
		place := element.Value.(*countedPlace)
		place.done++
		c.recent.MoveToFront(element)
		return place.done - 1
	}
	c.places[k] = c.recent.PushFront(&countedPlace{k, 1})
	for c.recent.Len() > maxPlaces {
		c.drop(c.recent.Back())
	}
	return 0
}

func (c *Counters) drop(element *list.Element) {
	delete(c.places, element.Value.(*countedPlace).placeKey)
	c.recent.Remove(element)
}

// Places tells how far the sequence of a rule is, the key used last first, at
// most so many of them.
func (c *Counters) Places(id int64, most int) []Place {
	c.mu.Lock()
	defer c.mu.Unlock()
	var places []Place
	for element := c.recent.Front(); element != nil && len(places) < most; element = element.Next() {
		if place := element.Value.(*countedPlace); place.rule == id {
			places = append(places, Place{place.key, place.done})
		}
	}
	return places
}

// Reset begins the sequence of a rule again.
func (c *Counters) Reset(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for element := c.recent.Front(); element != nil; {
		next := element.Next()
		if element.Value.(*countedPlace).rule == id {
			c.drop(element)
		}
		element = next
	}
}

// Forget forgets all that was counted for a rule, so that the next NewRules takes
// Hits and End.Used as they stand in the rule. It belongs before every change of
// a rule.
func (c *Counters) Forget(id int64) {
	c.Reset(id)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.rules, id)
}
