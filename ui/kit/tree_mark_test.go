package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

// markedTree is a tree with marks in a key, in values, in a branch that is closed,
// and in what has no room.
func markedTree() *Tree {
	children := map[int][]TreeNode{
		0: {
			{ID: 1, Key: "Hermes", Value: "46140204", Syntax: TreeNumber},
			{ID: 2, Key: "carrier", Value: `"Hermes, Hermes"`, Syntax: TreeString},
			{ID: 3, Key: "shipments", Value: "[1]", Syntax: TreeNote, Branch: true},
			{ID: 4, Key: "long", Value: `"` + strings.Repeat("and so on ", 20) + `"`, Syntax: TreeString},
		},
		3: {{ID: 5, Key: "0", Index: true, Value: `"Hermes"`, Syntax: TreeString}},
	}
	marks := map[int][]TreeMark{
		0: {{Inside: true}},
		1: {{Key: true, To: 6, Current: true}},
		2: {{From: 1, To: 7}, {From: 9, To: 15}},
		3: {{Inside: true}},
		4: {{From: 150, To: 156}},
		5: {{From: 1, To: 7}},
	}
	t := NewTree(TreeSpec{
		Children: func(n TreeNode) []TreeNode { return children[n.ID] },
		Marks:    func(n TreeNode) []TreeMark { return marks[n.ID] },
	})
	t.SetRoots([]TreeNode{{Value: "{4}", Syntax: TreeNote, Branch: true}})
	return t
}

func TestTreeMarksLook(t *testing.T) {
	bothLooks(t, "tree-marks", 460, 140, func() fyne.CanvasObject {
		tree := markedTree()
		tree.Toggle(3)
		return Fill(ColorGround, tree)
	})
}

func TestTreeReveals(t *testing.T) {
	tree := markedTree()
	codeWindow(t, tree, 400, 300, Dark)
	for tree.Rows() > 5 {
		tree.Toggle(3)
	}
	tree.Toggle(0)
	for _, tt := range []struct {
		id   int
		want string
	}{
		{3, " Hermes carrier [shipments] long"}, // only what holds it opens
		{5, " Hermes carrier shipments [0] long"},
		{1, " [Hermes] carrier shipments 0 long"},
	} {
		way := map[int]bool{0: true, tt.id: true, 3: tt.id > 2}
		tree.Reveal(func(n TreeNode) bool { return way[n.ID] })
		if got := tree.lines(9); got != tt.want {
			t.Errorf("%d: got %q, want %q", tt.id, got, tt.want)
		}
	}
	before := tree.lines(9)
	tree.Reveal(func(TreeNode) bool { return false })
	if got := tree.lines(9); got != before {
		t.Errorf("nothing to reveal: %q", got)
	}
}
