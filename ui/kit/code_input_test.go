package kit

import (
	"bytes"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// codeBench is a Code in a window, with what it copied.
type codeBench struct {
	*Code
	window fyne.Window
	copied string
}

func newCodeBench(t testing.TB, text []byte, s Syntax) *codeBench {
	t.Helper()
	b := &codeBench{}
	b.Code = NewCode(CodeSpec{OnCopy: func(text string) { b.copied = text }})
	b.window = codeWindow(t, b.Code, 640, 340, Dark)
	b.SetText(NewCodeText(text, s))
	return b
}

// at is the middle of a cell in the window.
func (b *codeBench) at(line, column int) fyne.Position {
	return fyne.NewPos(b.x(column)+1, float32(codeTop+line*codeLine-b.scroll.y)+codeLine/2)
}

func (b *codeBench) press(line, column int, m fyne.KeyModifier) {
	b.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: b.at(line, column)}, Button: desktop.MouseButtonPrimary, Modifier: m})
}

func (b *codeBench) key(names ...fyne.KeyName) {
	for _, name := range names {
		b.TypedKey(&fyne.KeyEvent{Name: name})
	}
}

const selectSample = "one two-3\n{\"ä\": \"東京\"}\n\tlast"

func TestCodeSelectsWithTheMouse(t *testing.T) {
	b := newCodeBench(t, []byte(selectSample), SyntaxJSON)
	tests := []struct {
		name string
		do   func()
		want string
	}{
		{"drag", func() {
			b.press(0, 4, 0)
			b.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: b.at(1, 5)}})
			b.DragEnd()
		}, "two-3\n{\"ä\":"},
		{"drag upwards", func() {
			b.press(1, 0, 0)
			b.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: b.at(0, 7)}})
			b.DragEnd()
		}, "-3\n"},
		{"after the drag nothing is pulled", func() { b.Dragged(&fyne.DragEvent{}) }, "-3\n"},
		{"shift and click", func() { b.press(0, 0, 0); b.press(0, 3, fyne.KeyModifierShift) }, "one"},
		{"double click on a word", func() { test.DoubleTap(b.Code) }, ""}, // over the line numbers
		{"double click", func() { b.DoubleTapped(&fyne.PointEvent{Position: b.at(0, 5)}) }, "two-3"},
		{"double click on a wide word", func() { b.DoubleTapped(&fyne.PointEvent{Position: b.at(1, 9)}) }, "東京"},
		{"double click behind a line", func() { b.DoubleTapped(&fyne.PointEvent{Position: b.at(0, 60)}) }, ""},
		{"click behind a line", func() { b.press(2, 60, 0); b.press(2, 5, fyne.KeyModifierShift) }, "ast"},
		{"a tab is one", func() { b.press(2, 0, 0); b.press(2, 3, fyne.KeyModifierShift) }, ""},
		{"all", func() { b.TypedShortcut(&fyne.ShortcutSelectAll{}) }, selectSample},
	}
	for _, tt := range tests {
		if tt.name == "double click on a word" {
			b.anchor = b.caret
		}
		tt.do()
		if got := b.Selected(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	b.TypedShortcut(&fyne.ShortcutCopy{})
	if b.copied != selectSample {
		t.Errorf("copied %q", b.copied)
	}
}

func TestCodeMovesWithKeys(t *testing.T) {
	b := newCodeBench(t, []byte(selectSample+"\r\ne\u0301x"), SyntaxJSON)
	shift := func(name fyne.KeyName, n int) {
		b.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
		for range n {
			b.key(name)
		}
		b.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	}
	tests := []struct {
		name  string
		do    func()
		caret int
		want  string
	}{
		{"right", func() { b.key(fyne.KeyRight, fyne.KeyRight) }, 2, ""},
		{"shift and right", func() { shift(fyne.KeyRight, 3) }, 5, "e t"},
		{"left goes to the beginning of it", func() { b.key(fyne.KeyLeft) }, 2, ""},
		{"end", func() { b.key(fyne.KeyEnd) }, 9, ""},
		{"down keeps the column", func() { b.key(fyne.KeyDown) }, 21, ""},
		{"and again", func() { b.key(fyne.KeyDown, fyne.KeyDown) }, 38, ""},
		{"up and home", func() { b.key(fyne.KeyUp, fyne.KeyHome) }, 27, ""},
		{"a line down with shift", func() { shift(fyne.KeyDown, 1) }, 34, "\tlast\r\n"},
		{"a letter with its accent", func() { b.key(fyne.KeyRight, fyne.KeyRight) }, 37, ""},
		{"and back", func() { b.key(fyne.KeyLeft) }, 34, ""},
		{"over a line end", func() { b.key(fyne.KeyLeft) }, 32, ""},
		{"to the beginning", func() {
			b.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyHome, Modifier: fyne.KeyModifierControl})
		}, 0, ""},
		{"a word further", func() {
			b.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyRight, Modifier: fyne.KeyModifierControl | fyne.KeyModifierShift})
		}, 3, "one"},
		{"over a line end by words", func() {
			for range 4 {
				b.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyRight, Modifier: fyne.KeyModifierControl})
			}
		}, 11, ""},
		{"a page down", func() { b.key(fyne.KeyPageDown) }, 38, ""},
	}
	for _, tt := range tests {
		tt.do()
		if b.caret != tt.caret || b.Selected() != tt.want {
			t.Errorf("%s: %d %q, want %d %q", tt.name, b.caret, b.Selected(), tt.caret, tt.want)
		}
	}
}

func TestCodeHandsOnKeys(t *testing.T) {
	var keys []string
	Use(Shell{OtherKey: func(key string) bool { keys = append(keys, key); return true }})
	t.Cleanup(func() { Use(Shell{}) })
	b := newCodeBench(t, []byte("x"), SyntaxPlain)
	b.TypedRune('j')
	b.key(fyne.KeyEscape)
	b.TypedShortcut(&fyne.ShortcutCopy{}) // nothing is selected
	b.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierControl})
	b.key(fyne.KeyDown)
	if got, want := strings.Join(keys, " "), "j Escape Mod+C Mod+K"; got != want {
		t.Errorf("handed on %q, want %q", got, want)
	}
}

func TestCodeScrolls(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789\n"), 2_000_000)
	b := newCodeBench(t, text, SyntaxPlain)
	b.Reveal(len(text) - 1)
	if got, want := b.text.lineOf(b.caret), 1_999_999; got != want {
		t.Fatalf("line %d, want %d", got, want)
	}
	if first, rows := b.TopLine(), int(b.scroll.size.Height)/codeLine; first > 1_999_999 || first+rows < 1_999_999 {
		t.Errorf("from %d, %d rows: the caret is not in view", first, rows)
	}
	before := b.scroll.y
	b.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 1)})
	if b.scroll.y != before-1 {
		t.Errorf("a pixel up went from %d to %d", before, b.scroll.y)
	}
	b.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(636, 170)}, Button: desktop.MouseButtonPrimary})
	b.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(636, 0)}})
	b.DragEnd()
	if b.scroll.y != 0 || b.Selected() != "" {
		t.Errorf("the thumb at the top: %d, %q is selected", b.scroll.y, b.Selected())
	}
	var used int
	for _, o := range b.pool.sheet.Objects {
		if o.Visible() {
			used++
		}
	}
	if used > 100 {
		t.Errorf("%d objects for 18 lines", used)
	}
}

func TestCodeOfOneLongLine(t *testing.T) {
	line := []byte(`["` + strings.Repeat("ä東x", 200_000) + `", 12345]`)
	b := newCodeBench(t, line, SyntaxJSON)
	b.Reveal(bytes.Index(line, []byte("12345")))
	if got, want := b.lines.columnOf(b.text, b.caret), 2+4*200_000+3; got != want {
		t.Errorf("column %d, want %d", got, want)
	}
	var texts []string
	for _, o := range b.pool.texts[:b.pool.usedTexts] {
		texts = append(texts, o.Text)
	}
	drawn := strings.Join(texts, "")
	if !strings.Contains(drawn, "12345") || len(drawn) > 1000 {
		t.Errorf("%d bytes are drawn: %.100s", len(drawn), drawn)
	}
	b.scroll.left = 0
	b.Refresh()
	if b.pool.usedTexts > 400 {
		t.Errorf("%d texts", b.pool.usedTexts)
	}
}

func TestCellsOfWhatMustNotBeObeyed(t *testing.T) {
	tests := []struct {
		text  string
		width int
		kind  cellKind
	}{
		{"a", 1, cellPlain},
		{"ä", 1, cellPlain},
		{"東", 2, cellAlone},
		{"😀", 2, cellAlone},
		{"\t", 4, cellTab},
		{"\x1b", 2, cellControl},
		{"\x7f", 2, cellControl},
		{"\u0085", 2, cellControl},
		{"\u202e", 4, cellControl},
		{"\u2066", 4, cellControl},
		{"\u200b", 4, cellControl},
		{"\ufeff", 4, cellControl},
		{"\u00a0", 2, cellControl},
		{"\u2028", 4, cellControl},
		{"\U000e0041", 5, cellControl},
		{"\ue000", 4, cellControl},
		{"\xff", 2, cellInvalid},
		{"\u0301", 4, cellControl},
		{"א", 1, cellAlone},
		{"\ufffd", 1, cellAlone},
	}
	for _, tt := range tests {
		if got := cellAt([]byte(tt.text), 0, 0); got.width != tt.width || got.kind != tt.kind || got.size != len(tt.text) {
			t.Errorf("%q: %+v, want width %d kind %d", tt.text, got, tt.width, tt.kind)
		}
	}
}

// FuzzCode shows any bytes and clicks about in them.
func FuzzCode(f *testing.F) {
	f.Add([]byte(codeSample), 30)
	f.Add([]byte("\r\n\r\r\n\t\u0301\u202e\xff"), 3)
	b := newCodeBench(f, nil, SyntaxJSON)
	f.Fuzz(func(t *testing.T, text []byte, at int) {
		if len(text) > 2000 {
			return
		}
		b.SetText(NewCodeText(text, SyntaxJSON))
		b.Reveal(at)
		b.key(fyne.KeyDown, fyne.KeyRight, fyne.KeyLeft, fyne.KeyUp, fyne.KeyEnd, fyne.KeyPageDown)
		b.DoubleTapped(&fyne.PointEvent{Position: fyne.NewPos(float32(at%600), 30)})
		if from, to := b.Selection(); from < 0 || to > len(text) {
			t.Fatalf("%d to %d of %d", from, to, len(text))
		}
		for line := range b.text.Lines {
			start, end := b.text.line(line)
			last := -1
			for offset := start; offset <= end; offset++ {
				column := b.lines.columnOf(b.text, offset)
				if column < last {
					t.Fatalf("column %d at %d, %d before it", column, offset, last)
				}
				last = column
			}
		}
	})
}
