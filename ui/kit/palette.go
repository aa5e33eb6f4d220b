package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
)

// Names of the colours that Fyne has no name for. Surfaces from the deepest up:
// ground (code, detail), panel (bars, sidebar, list), raised (inputs, chips),
// selected (the chosen part of a control).
const (
	ColorGround   fyne.ThemeColorName = "hookglass.ground"
	ColorPanel    fyne.ThemeColorName = "hookglass.panel"
	ColorRaised   fyne.ThemeColorName = "hookglass.raised"
	ColorSelected fyne.ThemeColorName = "hookglass.selected"
	ColorLine     fyne.ThemeColorName = "hookglass.line"
	ColorOutline  fyne.ThemeColorName = "hookglass.outline"
	ColorChip     fyne.ThemeColorName = "hookglass.chip"  // under a number beside a title
	ColorHover    fyne.ThemeColorName = "hookglass.hover" // laid over what the mouse is on
	ColorTint     fyne.ThemeColorName = "hookglass.tint"  // a selected row

	ColorText      fyne.ThemeColorName = "hookglass.text"
	ColorSecondary fyne.ThemeColorName = "hookglass.secondary"
	ColorMuted     fyne.ThemeColorName = "hookglass.muted"
	ColorAccent    fyne.ThemeColorName = "hookglass.accent"
	ColorFilled    fyne.ThemeColorName = "hookglass.filled"    // under ColorOnFilled
	ColorFilledHot fyne.ThemeColorName = "hookglass.filledhot" // the same with the mouse on it
	ColorOnFilled  fyne.ThemeColorName = "hookglass.onfilled"
	ColorGood      fyne.ThemeColorName = "hookglass.good"
	ColorWarn      fyne.ThemeColorName = "hookglass.warn"
	ColorBad       fyne.ThemeColorName = "hookglass.bad"

	ColorVeil fyne.ThemeColorName = "hookglass.veil" // over the window, under a dialog

	// Hues tell senders apart; each comes with a name beside it.
	ColorHue1 fyne.ThemeColorName = "hookglass.hue1" // violet
	ColorHue2 fyne.ThemeColorName = "hookglass.hue2" // cyan
	ColorHue3 fyne.ThemeColorName = "hookglass.hue3" // green
	ColorHue4 fyne.ThemeColorName = "hookglass.hue4" // amber
	ColorHue5 fyne.ThemeColorName = "hookglass.hue5" // coral
	ColorHue6 fyne.ThemeColorName = "hookglass.hue6" // grey

	ColorGET    fyne.ThemeColorName = "hookglass.get"
	ColorPOST   fyne.ThemeColorName = "hookglass.post"
	ColorPUT    fyne.ThemeColorName = "hookglass.put"
	ColorPATCH  fyne.ThemeColorName = "hookglass.patch"
	ColorDELETE fyne.ThemeColorName = "hookglass.delete"

	ColorKey           fyne.ThemeColorName = "hookglass.code.key"
	ColorString        fyne.ThemeColorName = "hookglass.code.string"
	ColorNumber        fyne.ThemeColorName = "hookglass.code.number"
	ColorLiteral       fyne.ThemeColorName = "hookglass.code.literal"
	ColorPunctuation   fyne.ThemeColorName = "hookglass.code.punctuation"
	ColorComment       fyne.ThemeColorName = "hookglass.code.comment"
	ColorLineNumber    fyne.ThemeColorName = "hookglass.code.linenumber"
	ColorCurrentLine   fyne.ThemeColorName = "hookglass.code.currentline"
	ColorGuide         fyne.ThemeColorName = "hookglass.code.guide"
	ColorSelectionText fyne.ThemeColorName = "hookglass.code.selection"
	ColorMatch         fyne.ThemeColorName = "hookglass.code.match"
	ColorMatchCurrent  fyne.ThemeColorName = "hookglass.code.matchcurrent"
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 0xff}
}

// alpha is a colour with an opacity in percent.
func alpha(hex uint32, percent int) color.NRGBA {
	c := rgb(hex)
	c.A = uint8(percent * 255 / 100)
	return c
}

// palette is a set of colours by name.
type palette map[fyne.ThemeColorName]color.NRGBA

// palettes holds the two palettes by variant.
type palettes struct{ dark, light palette }

// looks are the colours of Hookglass.
var looks = palettes{dark: darkPalette, light: lightPalette}

// HueName is the colour name of a hue from 1 to 6; any other number is 6.
func HueName(i int) fyne.ThemeColorName {
	switch i {
	case 1:
		return ColorHue1
	case 2:
		return ColorHue2
	case 3:
		return ColorHue3
	case 4:
		return ColorHue4
	case 5:
		return ColorHue5
	default:
		return ColorHue6
	}
}

// MethodName is the colour name of an HTTP method.
func MethodName(method string) fyne.ThemeColorName {
	switch method {
	case "GET", "HEAD", "OPTIONS", "OPT":
		return ColorGET
	case "POST":
		return ColorPOST
	case "PUT":
		return ColorPUT
	case "PATCH":
		return ColorPATCH
	case "DELETE":
		return ColorDELETE
	default:
		return ColorMuted
	}
}
