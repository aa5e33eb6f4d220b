package kit

import "fyne.io/fyne/v2"

// Sizes of our own scrollbars.
const (
	codeBarRoom = 12 // at the edge, where the mouse takes hold of it
	codeBar     = 6
	codeLeast   = 60 // the least height
	codeView    = 80 // below it there is no view to scroll in: the layout is not done
	codeThumb   = 28
)

// codeScroll is the place of a large text behind its view: whole pixels down,
// whole columns to the right. It does not lose pixels as float32 does.
type codeScroll struct {
	y, left int // pixels, columns
	size    fyne.Size

	height       int     // of everything, in pixels
	columns      int     // of everything
	cell, gutter float32 // width of a column, and of what does not move

	rest    float32 // of a column
	grabbed grab
	from    float32 // where the mouse took hold, from the start of the thumb
}

// grab says which scrollbar the mouse has.
type grab int

const (
	grabNone grab = iota
	grabDown
	grabRight
)

func (s *codeScroll) maxY() int { return max(s.height-int(s.size.Height), 0) }

// shownColumns is how many whole columns there is room for.
func (s *codeScroll) shownColumns() int {
	if s.cell <= 0 {
		return 1
	}
	return max(int((s.size.Width-s.gutter-codeBarRoom)/s.cell), 1)
}

func (s *codeScroll) maxLeft() int { return max(s.columns-s.shownColumns(), 0) }

// clamp keeps the place inside, and reports whether it was.
func (s *codeScroll) clamp() {
	s.y = min(max(s.y, 0), s.maxY())
	s.left = min(max(s.left, 0), s.maxLeft())
}

// by scrolls as a wheel does and reports whether anything moved.
func (s *codeScroll) by(dx, dy float32) bool {
	y, left := s.y, s.left
	s.y -= int(dy)
	if s.cell > 0 {
		s.rest -= dx / s.cell
		whole := int(s.rest)
		s.rest -= float32(whole)
		s.left += whole
	}
	s.clamp()
	return s.y != y || s.left != left
}

// show scrolls a line and a column into view. Those outside by more than a line
// come to a third of the height, so that one sees what is around.
func (s *codeScroll) show(top, height, column int) {
	view := int(s.size.Height)
	if view <= codeView {
		return // Resize brings it into view
	}
	switch {
	case top < s.y-height || top+height > s.y+view+height:
		s.y = top - view/3
	case top < s.y:
		s.y = top
	case top+height > s.y+view:
		s.y = top + height - view
	}
	if shown := s.shownColumns(); column < s.left {
		s.left = max(column-min(8, shown/3), 0)
	} else if column >= s.left+shown {
		s.left = column - shown + min(8, shown/3) + 1
	}
	s.clamp()
}

// thumb is where a scrollbar's thumb starts and how long it is; 0 where
// everything is in view.
func thumb(room float32, whole, shown, at int) (start, length float32) {
	if whole <= shown || room < codeThumb {
		return 0, 0
	}
	length = max(room*float32(float64(shown)/float64(whole)), codeThumb)
	return (room - length) * float32(float64(at)/float64(whole-shown)), length
}

func (s *codeScroll) downThumb() (start, length float32) {
	return thumb(s.size.Height, s.height, int(s.size.Height), s.y)
}

func (s *codeScroll) rightThumb() (start, length float32) {
	return thumb(s.size.Width-s.gutter-codeBarRoom, s.columns, s.shownColumns(), s.left)
}

// press takes hold of a scrollbar, where one is under the mouse.
func (s *codeScroll) press(at fyne.Position) bool {
	s.grabbed = grabNone
	if start, length := s.downThumb(); length > 0 && at.X >= s.size.Width-codeBarRoom {
		s.grabbed, s.from = grabDown, at.Y-start
		if at.Y < start || at.Y > start+length {
			s.from = length / 2
		}
	} else if start, length := s.rightThumb(); length > 0 && at.Y >= s.size.Height-codeBarRoom && at.X >= s.gutter {
		s.grabbed, s.from = grabRight, at.X-s.gutter-start
		if s.from < 0 || s.from > length {
			s.from = length / 2
		}
	}
	s.pull(at)
	return s.grabbed != grabNone
}

// pull moves the thumb that the mouse has.
func (s *codeScroll) pull(at fyne.Position) {
	switch s.grabbed {
	case grabNone:
		return
	case grabDown:
		_, length := s.downThumb()
		if room := s.size.Height - length; room > 0 {
			s.y = int(float64(at.Y-s.from) / float64(room) * float64(s.maxY()))
		}
	case grabRight:
		_, length := s.rightThumb()
		if room := s.size.Width - s.gutter - codeBarRoom - length; room > 0 {
			s.left = int(float64(at.X-s.gutter-s.from) / float64(room) * float64(s.maxLeft()))
		}
	}
	s.clamp()
}

func (s *codeScroll) release() { s.grabbed = grabNone }
