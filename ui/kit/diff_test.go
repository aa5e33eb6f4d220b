package kit

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// diffSample has a row of every kind.
func diffSample(split bool) []DiffRow {
	side := func(text, number string, marks ...[2]int) DiffSide {
		return DiffSide{Text: text, Number: number, Marks: marks}
	}
	rows := []DiffRow{
		{Kind: DiffTitle, Text: "Header", Hint: "the same", Tone: Muted},
		{Kind: DiffGap},
		{Kind: DiffTitle, Text: "Body", Hint: "1 changed · 1 removed · 1 added", Tone: Warn, Open: true},
		{Kind: DiffNote, Text: "The elements of $.items are compared by position.", Action: "Compare them by sku"},
		{Kind: DiffFold, Text: "12 equal lines", Action: "show"},
		{Kind: DiffSame, A: side(`  "id": 46140204,`, "13"), B: side(`  "id": 46140204,`, "13"), Syntax: SyntaxJSON},
	}
	first, second := side(`  "name": "Dispatched"`, "14", [2]int{11, 21}), side("  \"name\": \"Été\u202e\x00\"", "14", [2]int{11, 21})
	if split {
		rows = append(rows, DiffRow{Kind: DiffChanged, A: first, B: second, Syntax: SyntaxJSON, Remark: "a remark"})
	} else {
		rows = append(rows, DiffRow{Kind: DiffRemoved, A: first, Syntax: SyntaxJSON}, DiffRow{Kind: DiffAdded, B: second, Syntax: SyntaxJSON, Remark: "a remark"})
	}
	return append(rows,
		DiffRow{Kind: DiffRemoved, A: side("X-Old: "+strings.Repeat("long ", 40), "15"), Syntax: SyntaxField},
		DiffRow{Kind: DiffAdded, B: side("X-New: 1", "15"), Syntax: SyntaxField})
}

func newDiffSample(split bool) *Diff {
	rows := diffSample(split)
	d := NewDiff(DiffSpec{Count: func() int { return len(rows) }, Row: func(i int) DiffRow { return rows[i] }})
	d.SetSplit(split, 2)
	d.SetCurrent(5)
	return d
}

func TestDiffLooks(t *testing.T) {
	bothLooks(t, "diff", 760, 480, func() fyne.CanvasObject {
		return Fill(ColorGround, VStack(0, Fixed(0, 240, newDiffSample(true)), Fixed(0, 240, newDiffSample(false))))
	})
}

func TestDiffIsWorkedWith(t *testing.T) {
	rows := diffSample(true)
	for range 100 {
		rows = append(rows, DiffRow{Kind: DiffSame, A: DiffSide{Text: "a"}, B: DiffSide{Text: "a"}})
	}
	var moved, tapped []int
	var keys []string
	var d *Diff
	d = NewDiff(DiffSpec{
		Count:  func() int { return len(rows) },
		Row:    func(i int) DiffRow { return rows[i] },
		OnMove: func(i int) { moved = append(moved, i); d.SetCurrent(i) },
		OnTap:  func(i int) { tapped = append(tapped, i) },
		OnKey:  func(key string) bool { keys = append(keys, key); return true },
	})
	d.SetSplit(true, 3)
	w := codeWindow(t, d, 760, 240, Dark)
	click := func(row int) {
		at := fyne.NewPos(200, float32(codeTop+row*codeLine-d.scroll.y)+codeLine/2)
		d.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: desktop.MouseButtonPrimary})
		d.MouseUp(nil)
	}
	for _, row := range []int{0, 1, 3, 4, 6} {
		click(row)
	}
	if !slices.Equal(tapped, []int{0, 3, 4}) || !slices.Equal(moved, []int{1, 6}) || w.Canvas().Focused() != fyne.Focusable(d) {
		t.Errorf("tapped %v, moved %v, the keyboard is at %T", tapped, moved, w.Canvas().Focused())
	}
	moved = nil
	for _, key := range []fyne.KeyName{fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyHome} {
		d.TypedKey(&fyne.KeyEvent{Name: key})
	}
	last, page := len(rows)-1, d.pageRows()
	if want := []int{7, 6, 6 + page, last, last - page, 0}; !slices.Equal(moved, want) {
		t.Errorf("moved %v, want %v", moved, want)
	}
	d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if d.scroll.left != 8 {
		t.Errorf("column %d is the first", d.scroll.left)
	}
	d.TypedRune('n')
	d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.TypedShortcut(&fyne.ShortcutCopy{})
	if want := []string{"n", "Return", "Mod+C"}; !slices.Equal(keys, want) {
		t.Errorf("keys %v, want %v", keys, want)
	}
	d.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(10, codeTop+3)}})
	if d.Cursor() != desktop.PointerCursor {
		t.Error("a title does not look as if it could be clicked")
	}
	rows = rows[:1] // what is shown becomes less under the mouse
	d.hover(-1)
	d.Refresh()
	if d.TopRow() != 0 {
		t.Errorf("row %d is the first of one", d.TopRow())
	}
}

// TestDiffDrawsWhatIsInView asks for the rows in view alone, and draws no text
// across the other side.
func TestDiffDrawsWhatIsInView(t *testing.T) {
	long := strings.Repeat("word ", 400)
	asked := map[int]bool{}
	d := NewDiff(DiffSpec{
		Count: func() int { return 2_000_000 },
		Row: func(i int) DiffRow {
			asked[i] = true
			return DiffRow{Kind: DiffChanged, A: DiffSide{Text: long, Number: "1"}, B: DiffSide{Text: long, Number: "1"}}
		},
	})
	d.SetSplit(true, 7)
	codeWindow(t, d, 760, 240, Dark)
	clear(asked)
	d.SetCurrent(1_234_567)
	if len(asked) > 20 || !asked[1_234_567] {
		t.Errorf("%d rows were asked for", len(asked))
	}
	for _, left := range []int{0, 500, 5_000} {
		d.scroll.left = left
		d.Refresh()
		for _, text := range d.pool.texts[:d.pool.usedTexts] {
			if x := text.Position().X; x < d.half() && text.Alignment == fyne.TextAlignLeading {
				if end := x + MeasureText(RoleCode, text.Text).Width; end > d.half() {
					t.Errorf("from column %d on %q ends at %v, behind %v", left, text.Text, end, d.half())
				}
			}
		}
	}
}
