// Package assets holds the bytes that are embedded into the window: fonts and
// icons. It has no logic.
//
// Fonts: Inter and JetBrains Mono NL (the cut without ligatures, because Fyne
// cannot switch them off and "http://" would have a hole), both under the SIL
// Open Font License, whose texts lie beside them. Icons: Lucide, ISC; see
// icons/LICENSE. Some were redrawn, because the SVG reader draws the original
// wrong: its arcs, and rectangles with one radius only.
package assets

import "embed"

// Fonts holds fonts/*.ttf and their licences.
//
//go:embed fonts
var Fonts embed.FS

// Icons holds icons/NAME.svg: strokes of 2 on a square of 24, in currentColor.
//
//go:embed icons
var Icons embed.FS

// AppIcon is the icon of the program: the logo as a PNG, 256 pixels wide, for Fyne
// draws the strokes of an SVG as nothing.
//
//go:embed hookglass.png
var AppIcon []byte
