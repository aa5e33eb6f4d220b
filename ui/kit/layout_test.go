package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

func TestRowGivesWay(t *testing.T) {
	dark(t)
	long := NewShrinkingText(RoleBody, Plain, strings.Repeat("long ", 40))
	fixed := NewText(RoleBody, Plain, "fixed")
	row := HRow(8, NewIcon("search", Plain, 16), long, Spacer(), fixed)
	shown(t, 300, 40, row)
	if got, want := fixed.Position().X+fixed.Size().Width, float32(300); got != want {
		t.Errorf("got the right edge of the last at %v, want %v", got, want)
	}
	if got := long.Position().X + long.Size().Width; got > fixed.Position().X {
		t.Errorf("the long text ends at %v, over the last one at %v", got, fixed.Position().X)
	}
	if got, want := fixed.Position().Y+fixed.Size().Height/2, float32(20); got != want {
		t.Errorf("got the middle of the last at %v, want %v", got, want)
	}
}

// What stands below a paragraph is below all of its lines, however deep it lies.
func TestStackGivesParagraphsTheirHeight(t *testing.T) {
	dark(t)
	sentence := strings.Repeat("as many words as take several lines ", 6)
	for name, wrap := range map[string]func(o fyne.CanvasObject) fyne.CanvasObject{
		"bare":   func(o fyne.CanvasObject) fyne.CanvasObject { return o },
		"padded": func(o fyne.CanvasObject) fyne.CanvasObject { return Pad(10, 4, 10, 4, o) },
		"framed": func(o fyne.CanvasObject) fyne.CanvasObject {
			return Frame(nil, nil, NewIcon("info", Plain, 16), nil, Fill(ColorRaised, o))
		},
		"nested": func(o fyne.CanvasObject) fyne.CanvasObject { return VStack(4, VStack(4, o)) },
	} {
		words, below := NewParagraph(RoleBody, Plain, sentence), NewText(RoleBody, Plain, "below")
		stack := VStack(6, wrap(words), below)
		shown(t, 220, 400, stack)
		height := words.HeightFor(words.Size().Width)
		if words.Size().Height < height || height < 60 {
			t.Errorf("%s: got a height of %v, want %v", name, words.Size().Height, height)
		}
		if below.Position().Y < height {
			t.Errorf("%s: what is below stands at %v, want %v or more", name, below.Position().Y, height)
		}
		if got := stack.MinSize().Height; got < height+below.MinSize().Height {
			t.Errorf("%s: the stack asks for %v, want %v or more", name, got, height+below.MinSize().Height)
		}
	}
}

func TestTooltipStaysInTheWindow(t *testing.T) {
	dark(t)
	tips := NewTooltipLayer()
	left, right := NewButton(ButtonSpec{Icon: "pin"}), NewButton(ButtonSpec{Icon: "x"})
	row := HRow(0, left, Spacer(), right)
	content := Frame(row, nil, nil, nil, tips.Object())
	shown(t, 400, 200, content)
	for _, o := range []fyne.CanvasObject{left, right} {
		for _, text := range []string{"Pin", strings.Repeat("a long tip ", 30)} {
			tips.show(o, text, "")
			at, size := tips.card.Position(), tips.card.Size()
			if at.X < 0 || at.X+size.Width > 400 || size.Width > tipWidest+40 {
				t.Errorf("%.10q: got a tip from %v to %v", text, at.X, at.X+size.Width)
			}
		}
	}
	tips.Hide()
	if tips.card.Visible() {
		t.Error("the tip is there after Hide")
	}
}
