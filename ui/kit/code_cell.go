package kit

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// tabWidth is how many columns lie between two tab stops.
const tabWidth = 4

// cellKind says how a rune is drawn.
type cellKind uint8

const (
	cellPlain  cellKind = iota // drawn together with its neighbours
	cellAlone                  // has its own place: wide, or from another font
	cellJoined                 // a mark upon the rune before; it takes no column
	cellTab
	cellEnd     // the carriage return before a line feed: not drawn
	cellControl // drawn as a small mark with its number, never obeyed
	cellInvalid // a byte that is no UTF-8, drawn as a small mark
)

// cell is one rune on its place.
type cell struct {
	size  int // bytes
	width int // columns
	kind  cellKind
}

// widths counts columns as a terminal outside East Asia does, whatever the
// locale of the machine.
var widths = &runewidth.Condition{StrictEmojiNeutral: true}

// cellAt looks at the rune at a place of a line; column is where it would stand.
func cellAt(line []byte, pos, column int) cell {
	c := line[pos]
	switch {
	case c == '\t':
		return cell{1, tabWidth - column%tabWidth, cellTab}
	case c < 0x20 || c == 0x7f:
		return cell{1, 2, cellControl}
	case c < 0x80:
		return cell{1, 1, cellPlain}
	}
	r, size := utf8.DecodeRune(line[pos:])
	switch {
	case r == utf8.RuneError && size <= 1:
		return cell{1, 2, cellInvalid}
	case hidden(r):
		return cell{size, len(markText(r)), cellControl}
	case unicode.In(r, unicode.Mn, unicode.Me):
		if pos == 0 {
			return cell{size, len(markText(r)), cellControl}
		}
		return cell{size, 0, cellJoined}
	}
	width := widths.RuneWidth(r)
	switch {
	case width == 0:
		return cell{size, len(markText(r)), cellControl}
	case width == 1 && (r < 0x0590 || r >= 0x1e00 && r < 0x2000 || r >= 0x2010 && r <= 0x2026):
		return cell{size, 1, cellPlain} // letters that the font has
	default:
		return cell{size, width, cellAlone}
	}
}

// hidden reports whether a rune would not be seen, or would move others: bidi
// controls, zero width ones, odd spaces, private ones.
func hidden(r rune) bool {
	switch {
	case r == 0xa0 || r == 0xad || r == 0x034f || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0:
		return true
	case r >= 0xfe00 && r <= 0xfe0f:
		return false // says how the rune before looks
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) ||
		unicode.Is(unicode.Zs, r) && r != ' '
}

// markText is what stands in the place of a hidden rune: its number.
func markText(r rune) string {
	if r < 0x100 {
		return fmt.Sprintf("%02X", r)
	}
	return fmt.Sprintf("%04X", r)
}
