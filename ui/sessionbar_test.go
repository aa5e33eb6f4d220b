package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// TestSessionBarKeepsItsHeight leaves room for the list below the bar of a file with
// a long name, at every width.
func TestSessionBarKeepsItsHeight(t *testing.T) {
	g := newGallery(t, "dark", 1280, 500)
	g.attachSharing(t)
	g.until(t, "the sessions are known", func() bool { return g.Sessions.Name() != "" })
	g.Opened.Files([]string{"/home/jane/a very long name of a file that somebody sent.hookglass", "/b.har", "/c.har"})
	g.until(t, "it lies open", g.Opened.Looking)
	for width := float32(480); width <= 1440; width += 40 {
		g.window.window.Resize(fyne.NewSize(width, 500))
		if root := g.window.place.root; root.Size().Height > 130 || root.MinSize().Width > width {
			t.Errorf("%v wide: the bar is %v, at least %v", width, root.Size(), root.MinSize())
		}
	}
}
