package kit

import (
	"image/color"
	"math"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
)

// linear is the light of a channel, from 0 to 1.
func linear(v uint8) float64 {
	x := float64(v) / 255
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

// luminance is that of WCAG 2.
func luminance(c color.NRGBA) float64 {
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// over lays a translucent colour over a solid one.
func over(top, below color.NRGBA) color.NRGBA {
	mix := func(a, b uint8) uint8 {
		return uint8((int(a)*int(top.A) + int(b)*(255-int(top.A))) / 255)
	}
	return color.NRGBA{mix(top.R, below.R), mix(top.G, below.G), mix(top.B, below.B), 255}
}

// under is what a text can stand on: a surface, with layers laid over it.
type under struct {
	surface fyne.ThemeColorName
	layers  []color.NRGBA
}

func (u under) solid(p palette) color.NRGBA {
	c := p[u.surface]
	for _, layer := range u.layers {
		c = over(layer, c)
	}
	return c
}

var (
	toneNames   = []fyne.ThemeColorName{ColorText, ColorSecondary, ColorMuted, ColorAccent, ColorGood, ColorWarn, ColorBad}
	methodNames = []fyne.ThemeColorName{ColorGET, ColorPOST, ColorPUT, ColorPATCH, ColorDELETE}
	codeNames   = []fyne.ThemeColorName{ColorText, ColorKey, ColorString, ColorNumber, ColorLiteral, ColorPunctuation, ColorComment}
	surfaces    = []fyne.ThemeColorName{ColorGround, ColorPanel, ColorRaised, ColorTint, ColorChip, ColorSelected}
)

// Every text on every surface that it is used on, in both palettes.
func TestTextCanBeRead(t *testing.T) {
	for name, p := range bothPalettes() {
		check := func(text fyne.ThemeColorName, on under, what string) {
			if got := contrast(p[text], on.solid(p)); got < 4.5 {
				t.Errorf("%s: %s on %s%s has a contrast of %.2f, want 4.5", name, text, on.surface, what, got)
			}
		}
		for _, surface := range surfaces {
			for _, text := range toneNames {
				check(text, under{surface: surface}, "")
				if surface != ColorSelected {
					check(text, under{surface, []color.NRGBA{p[ColorHover]}}, " under the mouse")
				}
			}
		}
		// Badges, pills and the marks of odd bytes: a hue on a fill of itself.
		for _, surface := range []fyne.ThemeColorName{ColorGround, ColorPanel, ColorRaised, ColorTint} {
			for _, text := range slices.Concat(toneNames[3:], methodNames) {
				check(text, under{surface, []color.NRGBA{faded(p[text], badgeFill)}}, " as a badge")
				if surface != ColorTint { // a selected row does not change under the mouse
					check(text, under{surface, []color.NRGBA{p[ColorHover], faded(p[text], badgeFill)}}, " as a badge under the mouse")
				}
			}
			if surface == ColorTint {
				continue
			}
			check(ColorBad, under{surface, []color.NRGBA{faded(p[ColorBad], dangerHot)}}, " as a dangerous button under the mouse")
		}
		for _, text := range codeNames {
			line := p[ColorCurrentLine]
			check(text, under{surface: ColorGround}, "")
			check(text, under{ColorGround, []color.NRGBA{line}}, " in the current line")
			check(text, under{ColorGround, []color.NRGBA{p[ColorSelectionText]}}, " in a selection")
			check(text, under{ColorGround, []color.NRGBA{p[ColorMatch]}}, " in a match")
			check(text, under{ColorGround, []color.NRGBA{p[ColorMatchCurrent]}}, " in the current match")
		}
		check(ColorLineNumber, under{surface: ColorGround}, "")
		check(ColorOnFilled, under{surface: ColorFilled}, "")
		check(ColorOnFilled, under{surface: ColorFilledHot}, "")
	}
}

// A dot says something by its colour only beside a name, so it takes the contrast
// of a sign, not that of a text.
func TestDotsCanBeSeen(t *testing.T) {
	for name, p := range bothPalettes() {
		for i := 1; i <= 6; i++ {
			for _, surface := range surfaces {
				if got := contrast(p[HueName(i)], p[surface]); got < 3 {
					t.Errorf("%s: hue %d on %s has a contrast of %.2f, want 3", name, i, surface, got)
				}
			}
		}
	}
}

func bothPalettes() map[string]palette {
	return map[string]palette{"dark": looks.dark, "light": looks.light}
}

func TestPalettesHaveTheSameColors(t *testing.T) {
	for name := range looks.dark {
		if _, ok := looks.light[name]; !ok {
			t.Errorf("the light palette has no %s", name)
		}
	}
	if got, want := len(looks.light), len(looks.dark); got != want {
		t.Errorf("got %d light colours, want %d", got, want)
	}
}

// matrix is how linear light becomes other linear light.
type matrix [3][3]float64

func (m matrix) times(in [3]float64) (out [3]float64) {
	for i := range out {
		for j := range in {
			out[i] += m[i][j] * in[j]
		}
	}
	return out
}

// seen is a colour in OKLab, where distances are about as large as they look, as
// who has these eyes sees it.
func seen(c color.NRGBA, eyes matrix) [3]float64 {
	var light [3]float64
	for i, v := range []uint8{c.R, c.G, c.B} {
		light[i] = linear(v)
	}
	light = eyes.times(light)
	for i := range light {
		light[i] = min(max(light[i], 0), 1)
	}
	cones := matrix{
		{0.4122214708, 0.5363325363, 0.0514459929},
		{0.2119034982, 0.6806995451, 0.1073969566},
		{0.0883024619, 0.2817188376, 0.6299787005},
	}.times(light)
	for i := range cones {
		cones[i] = math.Cbrt(cones[i])
	}
	return matrix{
		{0.2104542553, 0.7936177850, -0.0040720468},
		{1.9779984951, -2.4285922050, 0.4505937099},
		{0.0259040371, 0.7827717662, -0.8086757660},
	}.times(cones)
}

// The eyes of those who lack a kind of cone are those of Machado, Oliveira and
// Fernandes (2009), at full strength.
func TestHuesCanBeToldApart(t *testing.T) {
	eyes := map[string]matrix{
		"all cones": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
		"protanopia": {
			{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998},
		},
		"deuteranopia": {
			{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881},
		},
	}
	const least = 0.075 // a step that is just seen is about 0.02
	for name, p := range bothPalettes() {
		for eye, m := range eyes {
			for i := 1; i <= 6; i++ {
				for j := i + 1; j <= 6; j++ {
					a, b := seen(p[HueName(i)], m), seen(p[HueName(j)], m)
					if got := math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2]); got < least {
						t.Errorf("%s, %s: hues %d and %d are %.3f apart, want %.3f", name, eye, i, j, got, least)
					}
				}
			}
		}
	}
}
