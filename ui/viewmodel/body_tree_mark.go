package viewmodel

import "sort"

// TreeMark is a part of a line of the tree in which something was found.
type TreeMark struct {
	Key      bool // it is in the key, else in the value
	From, To int  // bytes of what is shown
	Inside   bool // it is in what the branch holds, which shows where that is closed
	Current  bool
}

// reach is from where to where a node goes in the text, with its key.
func (t *BodyTree) reach(id int) (from, to int) {
	n := t.nodes[id]
	if n.last == 0 {
		return n.from, n.end
	}
	pages := t.spans[int32(n.start)].pages
	from, to = n.start+1, n.end
	if page := n.first / pageSize; page > 0 {
		from = int(pages[page-1])
	}
	if page := n.first / pageSize; page < len(pages) {
		to = int(pages[page])
	}
	return from, to
}

// Holds reports whether a place of the text is in a node, its key or what is below.
func (t *BodyTree) Holds(id, offset int) bool {
	if id < 0 || id >= len(t.nodes) {
		return false
	}
	from, to := t.reach(id)
	return from <= offset && offset < to
}

// end is where what was found at a place ends.
func (f *BodyFind) end(i int) int {
	if f.Lengths != nil {
		return int(f.Offsets[i] + f.Lengths[i])
	}
	return int(f.Offsets[i]) + f.Length
}

// Marks are what was found in a line of the tree, in its order.
func (b *Body) Marks(id int) []TreeMark {
	t, f := b.Tree, &b.Find
	if t == nil || len(f.Offsets) == 0 || id < 0 || id >= len(t.nodes) {
		return nil
	}
	n := t.nodes[id]
	from, to := t.reach(id)
	var marks []TreeMark
	i := sort.Search(len(f.Offsets), func(i int) bool { return f.end(i) > from })
	for ; n.last == 0 && i < len(f.Offsets) && int(f.Offsets[i]) < n.start; i++ {
		mark := TreeMark{Key: true, To: len(n.key), Current: i == f.Current}
		if inside := stringEnd(t.src, from) - 1 - (from + 1); inside == len(n.key) && inside > 0 { // no escapes
			mark.From = min(max(int(f.Offsets[i])-from-1, 0), inside)
			mark.To = min(max(f.end(i)-from-1, mark.From), inside)
		}
		marks = append(marks, mark)
		if f.end(i) > n.start {
			break // it goes on in the value
		}
	}
	if i == len(f.Offsets) || int(f.Offsets[i]) >= to {
		return marks
	}
	if c := t.src[n.start]; n.last > 0 || c == '{' || c == '[' {
		current := f.Current >= 0 && int(f.Offsets[f.Current]) >= n.start && t.Holds(id, int(f.Offsets[f.Current]))
		return append(marks, TreeMark{Inside: true, Current: current})
	}
	shown := min(n.end-n.start, maxNodeValue)
	for ; i < len(f.Offsets) && int(f.Offsets[i]) < to; i++ {
		mark := TreeMark{From: max(int(f.Offsets[i])-n.start, 0), To: min(f.end(i)-n.start, shown), Current: i == f.Current}
		if mark.From >= shown { // behind what is shown: the dots have it
			current := f.Current >= i && int(f.Offsets[f.Current]) < to
			return append(marks, TreeMark{From: shown, To: shown + 1, Current: current})
		}
		marks = append(marks, mark)
	}
	return marks
}
