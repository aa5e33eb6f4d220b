package viewmodel

import "slices"

// windowRows is how many callbacks the list holds at a time.
const windowRows = 100_000

// window holds the ids of the callbacks that can be scrolled to. They are kept
// oldest first, so that an arrival is an append; rows count from the newest.
type window struct {
	ids []int64

	above bool // there may be newer ones that are not in it
	below bool // there may be older ones that are not in it
}

func (w *window) len() int { return len(w.ids) }

// at is the id at a place, 0 being the newest.
func (w *window) at(i int) int64 { return w.ids[len(w.ids)-1-i] }

// find is the place of an id, and whether it is there; else it is the place of
// the next older one.
func (w *window) find(id int64) (int, bool) {
	position, found := slices.BinarySearch(w.ids, id)
	if found {
		return len(w.ids) - 1 - position, true
	}
	return len(w.ids) - position, false
}

func (w *window) has(id int64) bool {
	_, found := slices.BinarySearch(w.ids, id)
	return found
}

// newest and oldest are 0 in an empty window.
func (w *window) newest() int64 {
	if len(w.ids) == 0 {
		return 0
	}
	return w.ids[len(w.ids)-1]
}

func (w *window) oldest() int64 {
	if len(w.ids) == 0 {
		return 0
	}
	return w.ids[0]
}

// insert adds ids, ascending and none of them there.
func (w *window) insert(ids []int64) {
	if len(ids) == 0 {
		return
	}
	if ids[0] > w.newest() {
		w.ids = append(w.ids, ids...)
		return
	}
	merged := make([]int64, 0, len(w.ids)+len(ids)+1024)
	a, b := w.ids, ids
	for len(a) > 0 && len(b) > 0 {
		if a[0] < b[0] {
			merged, a = append(merged, a[0]), a[1:]
		} else {
			merged, b = append(merged, b[0]), b[1:]
		}
	}
	w.ids = append(append(merged, a...), b...)
}

// remove takes ids out, given ascending.
func (w *window) remove(ids []int64) {
	if len(ids) == 0 {
		return
	}
	first, _ := slices.BinarySearch(w.ids, ids[0])
	kept := w.ids[:first]
	for _, id := range w.ids[first:] {
		for len(ids) > 0 && ids[0] < id {
			ids = ids[1:]
		}
		if len(ids) == 0 || ids[0] != id {
			kept = append(kept, id)
		}
	}
	w.ids = kept
}

// trim drops the oldest ids over a limit and returns how many.
func (w *window) trim(limit int) int {
	over := len(w.ids) - limit
	if over <= 0 {
		return 0
	}
	w.ids, w.below = w.ids[over:], true
	return over
}
