package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
)

// Tone is what a colour means.
type Tone int

// The tones.
const (
	Plain Tone = iota
	Secondary
	Muted
	Accent
	Good
	Warn
	Bad
)

// name is the theme's name for the colour of a tone.
func (t Tone) name() fyne.ThemeColorName {
	switch t {
	case Secondary:
		return ColorSecondary
	case Muted:
		return ColorMuted
	case Accent:
		return ColorAccent
	case Good:
		return ColorGood
	case Warn:
		return ColorWarn
	case Bad:
		return ColorBad
	default:
		return ColorText
	}
}

// ToneColor is the colour of a tone in the current theme.
func ToneColor(t Tone) color.Color { return Color(t.name()) }

// ToneName is the theme's name for the colour of a tone.
func ToneName(t Tone) fyne.ThemeColorName { return t.name() }
