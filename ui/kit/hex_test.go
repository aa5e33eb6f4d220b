package kit

import (
	"bytes"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

func TestHexSelects(t *testing.T) {
	var copied string
	h := NewHex(HexSpec{OnCopy: func(text string) { copied = text }})
	codeWindow(t, h, 700, 200, Dark)
	h.SetBytes([]byte("0123456789abcdefghijk\x00\xff"))
	place := func(x float32, row int) fyne.Position {
		return fyne.NewPos(x+1, float32(codeTop+row*codeLine)+5)
	}
	press := func(at fyne.Position, m fyne.KeyModifier) {
		h.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: desktop.MouseButtonPrimary, Modifier: m})
	}
	copyOf := func() string {
		copied = ""
		h.TypedShortcut(&fyne.ShortcutCopy{})
		return copied
	}
	tests := []struct {
		name string
		do   func()
		want string
	}{
		{"a byte by its number", func() { press(place(h.x(9), 0), 0) }, "39"},
		{"a byte by its character", func() { press(place(h.ascii(16)+2*h.cell, 1), 0) }, "69"},
		{"drag", func() {
			press(place(h.x(14), 0), 0)
			h.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: place(h.x(1), 1)}})
			h.DragEnd()
		}, "65 66 67 68"},
		{"behind the last one", func() { press(place(h.x(15), 1), 0) }, "FF"},
		{"shift and left", func() {
			h.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftRight})
			h.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
			h.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftRight})
		}, "00 FF"},
		{"up", func() { h.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp}) }, "35"},
		{"home", func() { h.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome}) }, "30"},
		{"all", func() { h.TypedShortcut(&fyne.ShortcutSelectAll{}) }, hexText(h.bytes)},
	}
	for _, tt := range tests {
		tt.do()
		if got := copyOf(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestHexOfManyBytes(t *testing.T) {
	h := NewHex(HexSpec{})
	codeWindow(t, h, 500, 200, Dark)
	if got := h.perRow(); got != 8 {
		t.Errorf("%d bytes in a narrow row", got)
	}
	b := bytes.Repeat([]byte{1, 0xff}, 8<<20)
	h.SetBytes(b)
	h.Reveal(len(b) - 1)
	if h.scroll.y <= 0 || h.scroll.y > h.scroll.maxY() || h.pool.usedTexts == 0 || h.pool.usedTexts > 500 {
		t.Errorf("at %d of %d with %d texts", h.scroll.y, h.scroll.maxY(), h.pool.usedTexts)
	}
	h.SetBytes(nil)
	h.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if from, to := h.Selection(); from != 0 || to != 0 || h.Copy() {
		t.Errorf("of nothing %d to %d is selected", from, to)
	}
}
