package kit

import (
	"slices"

	"fyne.io/fyne/v2"
)

// TreeNode is one line of a Tree.
type TreeNode struct {
	ID     int    // names the node to those who made it
	Key    string // what it is called; "" for none
	Index  bool   // the key is a number or a range of an array, not a name
	Value  string // of a leaf, or what a closed branch holds: "{3}", "[12]"
	Syntax TreeValue
	Branch bool // has children
}

// TreeValue is how a value is coloured.
type TreeValue int

// The kinds of values.
const (
	TreeText TreeValue = iota
	TreeString
	TreeNumber
	TreeLiteral
	TreeNote // about the node, not of it
)

// TreeSpec says what a Tree does. Children is asked for a branch when it is
// opened, and may be asked again.
type TreeSpec struct {
	Children func(n TreeNode) []TreeNode
	OnSelect func(n TreeNode)
	OnCopy   func(n TreeNode)             // Ctrl+C
	OnMenu   func(position fyne.Position) // with the node under the mouse selected
	Marks    func(n TreeNode) []TreeMark  // what is marked in a line, in its order; may be nil
}

// TreeMark is a part of a line that is marked.
type TreeMark struct {
	Key      bool // of the key, else of the value
	From, To int  // bytes
	Inside   bool // somewhere below: the whole value is marked while the branch is closed
	Current  bool // the one that the reader is at
}

// Tree shows nested things as lines that open and close, read only.
type Tree struct {
	codeBase
	spec TreeSpec

	rows     []treeRow // those that are visible, from the top
	selected int       // index in rows; -1 for none
	hovered  int
	focused  bool

	cell float32
}

// treeRow is a visible node.
type treeRow struct {
	node  TreeNode
	depth int
	open  bool
}

const (
	treeLine   = 22 // whole pixels
	treeTop    = 6
	treeMargin = 14
	treeIndent = 16
	treeArrow  = 18 // room for the arrow
)

// NewTree makes a tree without nodes.
func NewTree(spec TreeSpec) *Tree {
	t := &Tree{spec: spec, selected: -1, hovered: -1}
	t.pool = newCodePool()
	t.ExtendBaseWidget(t)
	return t
}

// SetRoots shows other nodes. The branches among them open while all fits into
// a few lines, so that a small thing is seen at once.
func (t *Tree) SetRoots(roots []TreeNode) {
	t.rows = t.rows[:0]
	for _, n := range roots {
		t.rows = append(t.rows, treeRow{node: n})
	}
	t.selected, t.hovered = min(0, len(roots)-1), -1
	t.scroll.y, t.scroll.left = 0, 0
	for i := 0; i < len(t.rows) && len(t.rows) < firstRows; i++ {
		if children := t.children(i); len(children) > 0 && len(t.rows)+len(children) <= firstRows {
			t.insert(i, children)
		}
	}
	t.measure()
	t.Refresh()
}

// firstRows is how many lines a tree has at most before somebody opens more.
const firstRows = 60

// Rows is how many lines are visible when all are scrolled through.
func (t *Tree) Rows() int { return len(t.rows) }

// Selected is the selected node; false where there is none.
func (t *Tree) Selected() (TreeNode, bool) {
	if t.selected < 0 || t.selected >= len(t.rows) {
		return TreeNode{}, false
	}
	return t.rows[t.selected].node, true
}

// Select selects a visible line and scrolls to it.
func (t *Tree) Select(row int) {
	if len(t.rows) == 0 {
		return
	}
	t.selected = min(max(row, 0), len(t.rows)-1)
	t.scroll.show(treeTop+t.selected*treeLine, treeLine, t.scroll.left)
	if t.spec.OnSelect != nil {
		t.spec.OnSelect(t.rows[t.selected].node)
	}
	t.Refresh()
}

// Reveal selects the innermost node for which holds is true, and opens the branches
// on the way to it. It is true for a node where it is for one below it.
func (t *Tree) Reveal(holds func(n TreeNode) bool) {
	at := -1
	for i := 0; i < len(t.rows); i++ {
		depth := 0
		if at >= 0 {
			depth = t.rows[at].depth + 1
		}
		if t.rows[i].depth < depth {
			break
		}
		if t.rows[i].depth > depth || !holds(t.rows[i].node) {
			continue
		}
		at = i
		if children := t.children(i); slices.ContainsFunc(children, holds) {
			t.insert(i, children)
		}
	}
	if at >= 0 {
		t.measure()
		t.Select(at)
	}
}

// Toggle opens or closes a visible line.
func (t *Tree) Toggle(row int) {
	if row < 0 || row >= len(t.rows) || !t.rows[row].node.Branch {
		return
	}
	if t.rows[row].open {
		t.close(row)
	} else {
		t.insert(row, t.children(row))
	}
	t.measure()
	t.Refresh()
}

func (t *Tree) children(row int) []TreeNode {
	if !t.rows[row].node.Branch || t.rows[row].open || t.spec.Children == nil {
		return nil
	}
	return t.spec.Children(t.rows[row].node)
}

func (t *Tree) insert(row int, children []TreeNode) {
	more := make([]treeRow, len(children))
	for i, n := range children {
		more[i] = treeRow{node: n, depth: t.rows[row].depth + 1}
	}
	t.rows[row].open = true
	t.rows = slices.Insert(t.rows, row+1, more...)
	if t.selected > row {
		t.selected += len(more)
	}
}

func (t *Tree) close(row int) {
	end := row + 1
	for end < len(t.rows) && t.rows[end].depth > t.rows[row].depth {
		end++
	}
	t.rows[row].open = false
	t.rows = slices.Delete(t.rows, row+1, end)
	switch {
	case t.selected >= end:
		t.selected -= end - row - 1
	case t.selected > row:
		t.selected = row
	}
}

// parent is the line of the branch that a line is in, or -1.
func (t *Tree) parent(row int) int {
	for i := row - 1; i >= 0; i-- {
		if t.rows[i].depth < t.rows[row].depth {
			return i
		}
	}
	return -1
}

func (t *Tree) measure() {
	t.cell = MeasureText(RoleCode, "MMMMMMMMMM").Width / 10
	t.scroll.height = 2*treeTop + len(t.rows)*treeLine + codeBottom
	t.scroll.clamp()
	t.hovered = -1
}

func (t *Tree) rowAt(y float32) int {
	row := (int(y) + t.scroll.y - treeTop) / treeLine
	if int(y)+t.scroll.y < treeTop || row >= len(t.rows) {
		return -1
	}
	return row
}

// Resize is for Fyne.
func (t *Tree) Resize(size fyne.Size) {
	t.scroll.size = size
	t.scroll.clamp()
	t.BaseWidget.Resize(size)
}

// CreateRenderer is for Fyne.
func (t *Tree) CreateRenderer() fyne.WidgetRenderer {
	t.measure()
	return newCodeRenderer(t, t.pool, t.draw)
}
