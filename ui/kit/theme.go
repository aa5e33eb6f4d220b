package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"hookglass/assets"
)

// Appearance says which palette is used.
type Appearance int

// The appearances.
const (
	FollowSystem Appearance = iota
	Dark
	Light
)

// Theme is Hookglass's look.
type Theme struct {
	appearance Appearance
}

// NewTheme makes a theme that follows the system or keeps to one palette.
func NewTheme(a Appearance) *Theme {
	return &Theme{appearance: a}
}

// Color returns a colour of ours or of Fyne's.
func (t *Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	p := looks.dark
	if t.appearance == Light || t.appearance == FollowSystem && variant == theme.VariantLight {
		p = looks.light
	}
	if c, ok := p[name]; ok {
		return c
	}
	if ours, ok := standard(name); ok {
		return p[ours]
	}
	switch name {
	case theme.ColorNameShadow, theme.ColorNameScrollBarBackground:
		return color.NRGBA{}
	case theme.ColorNamePressed:
		c := p[ColorHover]
		c.A *= 2
		return c
	case theme.ColorNameSelection, theme.ColorNameFocus:
		c := p[ColorFilled]
		c.A = 0x50
		return c
	case theme.ColorNameScrollBar:
		c := p[ColorMuted]
		c.A = 0x60
		return c
	case theme.ColorNameDisabled:
		c := p[ColorMuted]
		c.A = 0x80
		return c
	}
	return theme.DefaultTheme().Color(name, variant)
}

// standard maps Fyne's names to ours.
func standard(name fyne.ThemeColorName) (fyne.ThemeColorName, bool) {
	switch name {
	case theme.ColorNameBackground, theme.ColorNameHeaderBackground, theme.ColorNameOverlayBackground:
		return ColorPanel, true
	case theme.ColorNameForeground:
		return ColorText, true
	case theme.ColorNameButton, theme.ColorNameDisabledButton, theme.ColorNameInputBackground, theme.ColorNameMenuBackground:
		return ColorRaised, true
	case theme.ColorNameInputBorder:
		return ColorOutline, true
	case theme.ColorNameSeparator:
		return ColorLine, true
	case theme.ColorNameHover:
		return ColorHover, true
	case theme.ColorNamePlaceHolder:
		return ColorMuted, true
	case theme.ColorNamePrimary, theme.ColorNameHyperlink:
		return ColorAccent, true
	case theme.ColorNameSuccess:
		return ColorGood, true
	case theme.ColorNameWarning:
		return ColorWarn, true
	case theme.ColorNameError:
		return ColorBad, true
	case theme.ColorNameForegroundOnPrimary:
		return ColorOnFilled, true
	}
	return "", false
}

// Font returns Inter, or JetBrains Mono for monospace.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Symbol:
		return theme.DefaultTheme().Font(style)
	case style.Monospace && style.Bold:
		return monoBold
	case style.Monospace:
		return mono
	case style.Bold:
		return semiBold
	default:
		return regular
	}
}

// Icon returns Fyne's icon; ours are drawn by IconView.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

// Size returns the sizes of a dense desktop tool.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return 13
	case theme.SizeNameCaptionText:
		return 11
	case theme.SizeNameSubHeadingText:
		return 15
	case theme.SizeNameHeadingText:
		return 20
	case theme.SizeNamePadding:
		return 4
	case theme.SizeNameInnerPadding:
		return 6
	case theme.SizeNameLineSpacing:
		return 3
	case theme.SizeNameInlineIcon:
		return 16
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 4
	case theme.SizeNameScrollBarRadius:
		return 4
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return 6
	case theme.SizeNameSeparatorThickness, theme.SizeNameInputBorder:
		return 1
	case theme.SizeNamePopupRadius:
		return dialogRadius // or Fyne's ground shows in the corners
	case theme.SizeNameModalBlurRadius:
		return 0 // a blur costs 84 ms a frame in software
	}
	return theme.DefaultTheme().Size(name)
}

// Color is a colour by its name, in the current theme.
func Color(name fyne.ThemeColorName) color.Color {
	app := fyne.CurrentApp()
	if app == nil {
		return looks.dark[name]
	}
	return app.Settings().Theme().Color(name, app.Settings().ThemeVariant())
}

// translucent is a colour of the theme with an opacity in percent.
func translucent(name fyne.ThemeColorName, percent int) color.Color {
	c, ok := Color(name).(color.NRGBA)
	if !ok {
		return Color(name)
	}
	return faded(c, percent)
}

// faded is a colour with an opacity in percent.
func faded(c color.NRGBA, percent int) color.NRGBA {
	c.A = uint8(percent * 255 / 100)
	return c
}

// font reads an embedded font. One that is missing is a mistake in the build.
func font(name string) fyne.Resource {
	data, err := assets.Fonts.ReadFile("fonts/" + name)
	if err != nil {
		panic(err)
	}
	return fyne.NewStaticResource(name, data)
}

var (
	regular  = font("Inter-Regular.ttf")
	medium   = font("Inter-Medium.ttf")
	semiBold = font("Inter-SemiBold.ttf")
	mono     = font("JetBrainsMonoNL-Regular.ttf")
	monoBold = font("JetBrainsMonoNL-Bold.ttf")
)
