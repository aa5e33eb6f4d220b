package kit

import (
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// newTreeBench is a tree of branches of ten that never ends.
func newTreeBench(t testing.TB) (tree *Tree, copied *string) {
	t.Helper()
	copied = new(string)
	tree = NewTree(TreeSpec{
		Children: func(n TreeNode) []TreeNode {
			var all []TreeNode
			for i := range 10 {
				all = append(all, TreeNode{ID: 10*n.ID + i, Key: n.Key + "." + strconv.Itoa(i), Branch: i > 0, Value: "{10}", Syntax: TreeNote})
			}
			return all
		},
		OnCopy: func(n TreeNode) { *copied = n.Key },
	})
	codeWindow(t, tree, 400, 300, Dark)
	return tree, copied
}

// lines are the keys of the first lines, the selected one in brackets.
func (t *Tree) lines(n int) string {
	var all []string
	for i, row := range t.rows[:min(n, len(t.rows))] {
		if i == t.selected {
			all = append(all, "["+row.node.Key+"]")
		} else {
			all = append(all, row.node.Key)
		}
	}
	return strings.Join(all, " ")
}

func TestTreeKeys(t *testing.T) {
	tree, copied := newTreeBench(t)
	tree.SetRoots([]TreeNode{{ID: 1, Key: "a", Branch: true}, {ID: 2, Key: "b"}})
	if tree.Rows() > firstRows {
		t.Fatalf("%d lines at first", tree.Rows())
	}
	tree.Toggle(0)
	key := func(names ...fyne.KeyName) func() {
		return func() {
			for _, name := range names {
				tree.TypedKey(&fyne.KeyEvent{Name: name})
			}
		}
	}
	tests := []struct {
		name string
		do   func()
		want string
	}{
		{"closed", func() {}, "[a] b"},
		{"right opens", key(fyne.KeyRight), "[a] a.0 a.1 a.2"},
		{"right goes in", key(fyne.KeyRight), "a [a.0] a.1 a.2"},
		{"right on a leaf stays", key(fyne.KeyRight), "a [a.0] a.1 a.2"},
		{"down and return", key(fyne.KeyDown, fyne.KeyReturn), "a a.0 [a.1] a.1.0"},
		{"left on a leaf goes out", key(fyne.KeyDown, fyne.KeyLeft), "a a.0 [a.1] a.1.0"},
		{"left closes", key(fyne.KeyLeft), "a a.0 [a.1] a.2"},
		{"left goes out", key(fyne.KeyLeft), "[a] a.0 a.1 a.2"},
		{"end and home", key(fyne.KeyEnd, fyne.KeyUp, fyne.KeyHome), "[a] a.0 a.1 a.2"},
		{"the selection goes out with what closes", func() { tree.Select(2); tree.Toggle(0) }, "[a] b"},
		{"a click on the arrow", func() {
			tree.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(20, 12)}, Button: desktop.MouseButtonPrimary})
		}, "[a] a.0 a.1 a.2"},
		{"a click on a line", func() {
			tree.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(120, 34)}, Button: desktop.MouseButtonPrimary})
		}, "a [a.0] a.1 a.2"},
		{"a double click", func() { tree.DoubleTapped(&fyne.PointEvent{Position: fyne.NewPos(120, 12)}) }, "[a] b"},
	}
	for _, tt := range tests {
		tt.do()
		if got := tree.lines(4); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	tree.TypedShortcut(&fyne.ShortcutCopy{})
	if *copied != "a" {
		t.Errorf("copied %q", *copied)
	}
}

func TestTreeDrawsWhatIsInView(t *testing.T) {
	tree, _ := newTreeBench(t)
	tree.SetRoots([]TreeNode{{ID: 1, Key: "a", Branch: true}})
	for tree.Rows() < 5000 {
		for i := tree.Rows() - 1; i >= 0; i-- {
			if !tree.rows[i].open {
				tree.Toggle(i)
			}
		}
	}
	tree.Select(tree.Rows() - 1)
	if tree.pool.usedTexts > 100 || tree.scroll.y == 0 {
		t.Errorf("%d texts at %d", tree.pool.usedTexts, tree.scroll.y)
	}
	tree.SetRoots([]TreeNode{{Key: "long", Value: strings.Repeat("x\u202e", 5000)}})
	if tree.pool.usedTexts > 200 {
		t.Errorf("%d texts for one line", tree.pool.usedTexts)
	}
}
