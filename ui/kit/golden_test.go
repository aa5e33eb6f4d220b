package kit

import (
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

var update = flag.Bool("update", false, "write the pictures in testdata anew")

// bothLooks compares what a widget looks like with testdata/NAME-dark.png and
// -light.png, and what it looks like when the theme changes while it is shown. A
// miss leaves its picture in testdata/failed; -update makes what is drawn the
// picture to compare with. The acts are done once it is in a window.
func bothLooks(t *testing.T, name string, width, height float32, build func() fyne.CanvasObject, acts ...func()) {
	t.Helper()
	size := fyne.NewSize(width, height)
	t.Run("dark", func(t *testing.T) { compare(t, name+"-dark.png", draw(t, size, build, acts, Dark)) })
	t.Run("light", func(t *testing.T) { compare(t, name+"-light.png", draw(t, size, build, acts, Light)) })
	t.Run("changed", func(t *testing.T) {
		if *update {
			t.Skip("the pictures are those of what was made in the light")
		}
		compare(t, name+"-light.png", draw(t, size, build, acts, Dark, Light))
	})
}

// draw makes a widget in the first look, changes to the others, and returns what
// is seen then.
func draw(t *testing.T, size fyne.Size, build func() fyne.CanvasObject, acts []func(), looks ...Appearance) image.Image {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(NewTheme(looks[0]))
	w := test.NewTempWindow(t, Fill(ColorPanel, build()))
	w.SetPadded(false)
	w.Resize(size)
	for _, act := range acts {
		act()
	}
	for _, look := range looks[1:] {
		test.ApplyTheme(t, NewTheme(look))
	}
	return w.Canvas().Capture()
}

func compare(t *testing.T, name string, got image.Image) {
	t.Helper()
	golden := filepath.Join("testdata", name)
	if *update {
		write(t, golden, got)
		return
	}
	want, err := read(golden)
	if errors.Is(err, fs.ErrNotExist) {
		err = errors.New("there is none yet: run with -update")
	} else if err == nil {
		err = unlike(got, want)
	}
	if err != nil {
		failed := filepath.Join("testdata", "failed", name)
		write(t, failed, got)
		t.Errorf("%s: %v; what was drawn is in %s", golden, err, failed)
	}
}

const (
	nearly = 12 // steps of a channel that rounding may make on another machine
	strays = 6  // pixels that may be further off
)

// unlike says how two pictures differ by more than what rounding explains.
func unlike(got, want image.Image) error {
	if got.Bounds().Size() != want.Bounds().Size() {
		return fmt.Errorf("got a size of %v, want %v", got.Bounds().Size(), want.Bounds().Size())
	}
	off, worst, where := 0, 0, image.Point{}
	size := want.Bounds().Size()
	for y := range size.Y {
		for x := range size.X {
			d := distance(got.At(got.Bounds().Min.X+x, got.Bounds().Min.Y+y), want.At(want.Bounds().Min.X+x, want.Bounds().Min.Y+y))
			if d > nearly {
				off++
			}
			if d > worst {
				worst, where = d, image.Pt(x, y)
			}
		}
	}
	if off > strays {
		return fmt.Errorf("%d pixels differ, by up to %d at %v", off, worst, where)
	}
	return nil
}

// distance is the largest difference of a channel.
func distance(a, b color.Color) int {
	worst := 0
	r1, g1, b1, a1 := a.RGBA()
	r2, g2, b2, a2 := b.RGBA()
	for _, pair := range [][2]uint32{{r1, r2}, {g1, g2}, {b1, b2}, {a1, a2}} {
		d := int(pair[0]>>8) - int(pair[1]>>8)
		worst = max(worst, d, -d)
	}
	return worst
}

func read(name string) (image.Image, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return png.Decode(f)
}

func write(t *testing.T, name string, picture image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
}

// The comparison sees what a person would see, and not what rounding does.
func TestUnlike(t *testing.T) {
	dot := func(x, y, side int, c color.NRGBA) image.Image {
		m := image.NewNRGBA(image.Rect(0, 0, 40, 40))
		for dy := range side {
			for dx := range side {
				m.SetNRGBA(x+dx, y+dy, c)
			}
		}
		return m
	}
	red, nearlyRed, pink := color.NRGBA{200, 10, 10, 255}, color.NRGBA{204, 7, 14, 255}, color.NRGBA{220, 90, 90, 255}
	want := dot(10, 10, 8, red)
	for _, c := range []struct {
		name string
		got  image.Image
		same bool
	}{
		{"the same", dot(10, 10, 8, red), true},
		{"rounded otherwise", dot(10, 10, 8, nearlyRed), true},
		{"another colour", dot(10, 10, 8, pink), false},
		{"one pixel to the right", dot(11, 10, 8, red), false},
		{"one pixel larger", dot(10, 10, 9, red), false},
		{"nothing", dot(0, 0, 0, red), false},
		{"another size", image.NewNRGBA(image.Rect(0, 0, 40, 41)), false},
	} {
		if err := unlike(c.got, want); (err == nil) != c.same {
			t.Errorf("%s: got %v, want the same: %v", c.name, err, c.same)
		}
	}
}
