//go:build linux

package main_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
)

// regions are the parts of the window, at deskWidth × deskHeight, whose pixels a
// test compares: those without a clock or a port in them.
var regions = map[string]image.Rectangle{
	"empty":          image.Rect(196, 135, 560, 225),
	"list":           image.Rect(200, 189, 500, 347),
	"title":          image.Rect(572, 93, 900, 155),
	"proof-missing":  image.Rect(572, 195, 1000, 275),
	"proof-tried":    image.Rect(572, 425, 1100, 535),
	"proof-valid":    image.Rect(572, 195, 1000, 275),
	"tab-overview":   image.Rect(572, 195, 1000, 455),
	"tab-body":       image.Rect(572, 245, 1100, 455),
	"tab-headers":    image.Rect(572, 195, 900, 219),
	"tab-raw":        image.Rect(620, 245, 860, 265),
	"found":          image.Rect(572, 245, 1100, 455),
	"answer":         image.Rect(572, 195, 1000, 275),
	"palette":        image.Rect(425, 245, 700, 285),
	"answers":        image.Rect(425, 245, 700, 285),
	"resend":         image.Rect(200, 70, 500, 100),
	"quit":           image.Rect(505, 370, 700, 410),
	"back":           image.Rect(214, 200, 480, 240),
	"again":          image.Rect(572, 93, 840, 125),
	"tunnel-off":     image.Rect(200, 127, 560, 435),
	"tunnel-refused": image.Rect(148, 8, 212, 40),
	"tunnel-dialog":  image.Rect(250, 124, 700, 212),
	"tunnel-online":  image.Rect(250, 180, 560, 300),
	"tunnel-again":   image.Rect(148, 8, 285, 40),
	"drop-none":      image.Rect(830, 780, 1400, 850),
	"drop-bundle":    image.Rect(0, 82, 250, 120),
	"drop-har":       image.Rect(0, 82, 150, 120),
	"drop-share":     image.Rect(0, 800, 460, 860),
	"follow-session": image.Rect(8, 88, 190, 124),
	"follow-counts":  image.Rect(162, 168, 182, 184),
	"follow-row":     image.Rect(464, 192, 506, 216),
	"follow-detail":  image.Rect(572, 93, 900, 185),
	"paused":         image.Rect(1270, 8, 1360, 40),
}

// Pixels may differ a little from one OpenGL to the next: a pixel counts where
// it differs much, and so many may.
const (
	muchDifferent = 60
	tolerated     = 0.02
)

// looks waits until a region of the window looks as it should.
func (d *desk) looks(name string) {
	d.Helper()
	golden := filepath.Join("testdata", "window", name+".png")
	if os.Getenv("HOOKGLASS_UPDATE") != "" {
		d.stays(4 * still)
		d.writeGolden(golden, d.region(name))
		return
	}
	data, err := os.ReadFile(golden)
	if err != nil {
		d.Fatal(err)
	}
	want, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		d.Fatal(err)
	}
	d.until(name+" looks as it should", func() bool { return alike(d.region(name), want) })
}

// shows is looks for what only has to be there before the next key.
func (d *desk) shows(name string) { d.Helper(); d.looks(name) }

// region is a part of what is on the screen.
func (d *desk) region(name string) image.Image {
	d.Helper()
	rect, ok := regions[name]
	if !ok {
		d.Fatalf("there is no region %s", name)
	}
	picture := d.shot()
	part := image.NewRGBA(image.Rect(0, 0, rect.Dx(), rect.Dy()))
	draw.Draw(part, part.Bounds(), picture, rect.Min, draw.Src)
	return part
}

func alike(got, want image.Image) bool {
	if got.Bounds() != want.Bounds() {
		return false
	}
	bounds, different := got.Bounds(), 0
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			if distance(got.At(x, y), want.At(x, y)) > muchDifferent {
				different++
			}
		}
	}
	return float64(different) <= tolerated*float64(bounds.Dx()*bounds.Dy())
}

func distance(a, b color.Color) int {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	apart := func(x, y uint32) int { return max(int(x>>8)-int(y>>8), int(y>>8)-int(x>>8)) }
	return max(apart(r1, r2), apart(g1, g2), apart(b1, b2))
}

// still is how many pictures in a row must be the same: a key takes a moment
// from X to the screen.
const still = 4

// settle waits until the window does not change any more.
func (d *desk) settle() { d.Helper(); d.stays(still) }

func (d *desk) stays(pictures int) {
	d.Helper()
	last, same := d.shot(), 0
	d.until("the window is still", func() bool {
		next := d.shot()
		if same++; !equal(last, next) {
			same = 0
		}
		last = next
		return same == pictures
	})
}

func equal(a, b image.Image) bool {
	bounds := a.Bounds()
	if bounds != b.Bounds() {
		return false
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y += 2 {
		for x := bounds.Min.X; x < bounds.Max.X; x += 2 {
			if a.At(x, y) != b.At(x, y) {
				return false
			}
		}
	}
	return true
}

func (d *desk) writeGolden(name string, picture image.Image) {
	d.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		d.Fatal(err)
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, picture); err != nil {
		d.Fatal(err)
	}
	if err := os.WriteFile(name, buf.Bytes(), 0o644); err != nil {
		d.Fatal(err)
	}
}
