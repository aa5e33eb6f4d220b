package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
)

// TestTopBarFits shows the session's button where there is no sidebar, and all that
// the bar shows has its room, down to the narrowest window.
func TestTopBarFits(t *testing.T) {
	g := newGallery(t, "dark", 1280, 820)
	g.attachSharing(t)
	g.until(t, "the sessions are known", func() bool { return g.Sessions.Name() != "" })
	for width := float32(480); width <= 1440; width += 20 {
		g.window.window.Resize(fyne.NewSize(width, 700))
		b := g.window.top
		if narrow := width < sidebarFrom; b.inUse.Visible() != narrow {
			t.Errorf("%v wide: the session's button is shown: %v", width, b.inUse.Visible())
		}
		end := float32(0)
		for i, o := range b.row.Objects {
			if !o.Visible() || o.Size().Width == 0 {
				continue
			}
			if o.Position().X < end-0.5 || o.Size().Width < o.MinSize().Width-0.5 {
				t.Errorf("%v wide: part %d is at %v, %v wide of %v, behind %v", width, i, o.Position().X, o.Size().Width, o.MinSize().Width, end)
			}
			end = o.Position().X + o.Size().Width
		}
		if end > width-24+0.5 {
			t.Errorf("%v wide: the bar ends at %v", width, end)
		}
	}
	g.window.window.Resize(fyne.NewSize(480, 700))
	g.window.top.inUse.Tapped(nil)
	if n := len(g.window.Canvas().Overlays().List()); n != 1 {
		t.Errorf("%d menus", n)
	}
	for _, width := range []float32{480, 700, 760, 899} {
		g.window.window.Resize(fyne.NewSize(width, 700))
		g.shoot(t, fmt.Sprintf("topbar-%v", width))
	}
}
