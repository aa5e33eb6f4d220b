package kit

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// After a drag the bar under the mouse is told, and none where the mouse has left.
func TestBarsAfterADrag(t *testing.T) {
	mouse := func(x float32) *desktop.MouseEvent {
		return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 20)}, Button: desktop.MouseButtonPrimary}
	}
	for _, test := range []struct {
		name, want string
		leaves     bool
	}{
		{"inside", "chosen 1 to 3, then on 3 to 3", false},
		{"outside", "chosen 1 to 3, then on -1 to -1", true},
	} {
		chosen, on := "", ""
		b := NewBars(BarsSpec{
			OnChoose: func(low, high int) { chosen = fmt.Sprintf("%d to %d", low, high) },
			OnHover:  func(low, high int) { on = fmt.Sprintf("%d to %d", low, high) },
		})
		show(t, b, 400, 60)
		b.Resize(fyne.NewSize(400, 40))
		b.Set(make([]Bar, 4), -1, -1, -1, -1)
		b.MouseIn(mouse(150))
		b.MouseDown(mouse(150))
		b.Dragged(&fyne.DragEvent{PointEvent: mouse(350).PointEvent})
		if test.leaves {
			b.MouseOut()
		}
		b.DragEnd()
		b.MouseUp(mouse(350))
		if got := "chosen " + chosen + ", then on " + on; got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
