package kit

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"hookglass/assets"
)

// The program's icon is the logo, 256 pixels wide with a little air around it;
// -update draws it anew.
func TestAppIconIsTheLogo(t *testing.T) {
	const size, air = 256, 8
	test.NewTempApp(t).Settings().SetTheme(NewTheme(Dark))
	on := func(ground color.Color) image.Image {
		logo := container.NewCenter(NewLogo(size - 2*air))
		w := test.NewTempWindow(t, container.NewStack(canvas.NewRectangle(ground), logo))
		w.SetPadded(false)
		w.Resize(fyne.NewSquareSize(size))
		return w.Canvas().Capture()
	}
	got := between(on(color.Black), on(color.White))
	if *update {
		write(t, filepath.Join("..", "..", "assets", "hookglass.png"), got)
		return
	}
	want, err := png.Decode(bytes.NewReader(assets.AppIcon))
	if err != nil {
		t.Fatal(err)
	}
	if err := unlike(got, want); err != nil {
		t.Errorf("assets/hookglass.png: %v; draw it anew with -update", err)
	}
}

// between finds how much of a picture can be seen through, from what it looks
// like on black and on white.
func between(black, white image.Image) *image.NRGBA {
	picture := image.NewNRGBA(black.Bounds())
	for y := picture.Rect.Min.Y; y < picture.Rect.Max.Y; y++ {
		for x := picture.Rect.Min.X; x < picture.Rect.Max.X; x++ {
			r, g, b, _ := black.At(x, y).RGBA()
			light, _, _, _ := white.At(x, y).RGBA()
			alpha := 0xffff - (light - min(r, light))
			if alpha == 0 {
				continue
			}
			part := func(v uint32) uint8 { return uint8(min(v*0xff/alpha, 0xff)) }
			picture.SetNRGBA(x, y, color.NRGBA{part(r), part(g), part(b), uint8(alpha >> 8)})
		}
	}
	return picture
}
