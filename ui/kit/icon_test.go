package kit

import (
	"image/color"
	"io/fs"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"hookglass/assets"
)

// Every icon, so that one that the SVG reader draws wrong is seen.
func TestIconsLook(t *testing.T) {
	files, err := fs.Glob(assets.Icons, "icons/*.svg")
	if err != nil || len(files) == 0 {
		t.Fatal("no icons", err)
	}
	bothLooks(t, "icons", 1150, 560, func() fyne.CanvasObject {
		sheet := VStack(10)
		var row *fyne.Container
		for i, file := range files {
			if i%7 == 0 {
				row = HRow(6)
				sheet.Add(row)
			}
			name := strings.TrimSuffix(strings.TrimPrefix(file, "icons/"), ".svg")
			row.Add(Fixed(154, 0, HRow(8, NewIcon(Icon(name), Plain, 24), NewText(RoleCaption, Muted, name))))
		}
		return Pad(16, 16, 16, 16, sheet)
	})
}

// The strokes keep their part of an icon, however many pixels it takes.
func TestIconsScale(t *testing.T) {
	red := color.NRGBA{R: 255, A: 255}
	ink := func(side int) float64 {
		picture := icons.picture(iconKey{"square-for-lack-of-it", red, side, false})
		if picture != nil {
			t.Fatal("got a picture of an icon that is not there")
		}
		picture = icons.picture(iconKey{"minus", red, side, false})
		sum := 0.0
		for y := range side {
			for x := range side {
				_, _, _, a := picture.At(x, y).RGBA()
				sum += float64(a) / 0xffff
			}
		}
		return sum / float64(side*side)
	}
	small, large := ink(24), ink(96)
	if small == 0 || math.Abs(large/small-1) > 0.1 {
		t.Errorf("got %.3f of a small icon inked and %.3f of a large one, want the same", small, large)
	}
}

func TestUnknownIconIsHidden(t *testing.T) {
	dark(t)
	view := newImage()
	SetImageIcon(view, "search", ColorText)
	if !view.Visible() || view.Image == nil {
		t.Error("a known icon is not shown")
	}
	for _, name := range []Icon{"", "no-such-icon", "../LICENSE"} {
		SetImageIcon(view, name, ColorText)
		if view.Visible() {
			t.Errorf("%q is shown", name)
		}
	}
}
