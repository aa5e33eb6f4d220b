package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Paragraph is text that wraps at its width, between words and, where a word is
// too long, inside it. Its height follows the width that it last got.
type Paragraph struct {
	widget.BaseWidget

	Centred bool // each line in the middle

	role Role
	tone Tone
	text string

	lines []string
	width float32 // that lines were made for
}

// maxParagraph bounds what a paragraph shows: it is for sentences.
const maxParagraph = 4000

// NewParagraph makes a paragraph.
func NewParagraph(role Role, tone Tone, s string) *Paragraph {
	p := &Paragraph{role: role, tone: tone, text: cutRunes(s, maxParagraph)}
	p.ExtendBaseWidget(p)
	return p
}

func cutRunes(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + ellipsis
}

// SetText changes the text.
func (p *Paragraph) SetText(s string) {
	if s = cutRunes(s, maxParagraph); p.text != s {
		p.text, p.width = s, 0
		p.Refresh()
	}
}

// SetTone changes the colour.
func (p *Paragraph) SetTone(tone Tone) {
	if p.tone != tone {
		p.tone = tone
		p.Refresh()
	}
}

// lineGap is the space between two lines.
const lineGap = 4

// wrap breaks the text for a width.
func (p *Paragraph) wrap(width float32) {
	if width == p.width && p.lines != nil {
		return
	}
	p.width, p.lines = width, p.lines[:0]
	for part := range strings.SplitSeq(p.text, "\n") {
		p.lines = append(p.lines, wrapLine(p.role, part, width)...)
	}
}

// wrapLine breaks one line into those that fit a width.
func wrapLine(role Role, text string, width float32) []string {
	if width <= 0 || MeasureText(role, text).Width <= width {
		return []string{text}
	}
	var lines []string
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		if MeasureText(role, longer).Width <= width {
			line = longer
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		pieces := breakWord(role, word, width)
		lines = append(lines, pieces[:len(pieces)-1]...)
		line = pieces[len(pieces)-1]
	}
	return append(lines, line)
}

// breakWord breaks a word that is longer than a line, wherever a line ends. Only
// as much of it is measured as a line could hold of its narrowest letters: a
// stranger may have sent thousands of them.
func breakWord(role Role, word string, width float32) []string {
	var pieces []string
	for {
		head := word
		if limit := int(width/2) + 8; len(head) > limit {
			head = strings.ToValidUTF8(head[:limit], "")
		}
		if head == "" || len(head) == len(word) && MeasureText(role, head).Width <= width {
			return append(pieces, word)
		}
		if fitted := strings.TrimSuffix(Fit(role, head, width), ellipsis); fitted != "" {
			head = fitted
		} else {
			head = string([]rune(head)[:1])
		}
		pieces = append(pieces, head)
		if word = strings.TrimPrefix(word, head); word == "" {
			return pieces
		}
	}
}

// Resize wraps the text anew, and has the parent give the height that it takes.
func (p *Paragraph) Resize(size fyne.Size) {
	wrapped := size.Width != p.Size().Width // HeightFor may have wrapped it already, which nobody has drawn
	p.wrap(size.Width)
	p.BaseWidget.Resize(size)
	if wrapped {
		p.Refresh()
	}
}

// HeightFor is the height that the text takes at a width.
func (p *Paragraph) HeightFor(width float32) float32 {
	p.wrap(width)
	return p.height()
}

func (p *Paragraph) height() float32 {
	n := float32(max(len(p.lines), 1))
	return n*MeasureText(p.role, "M").Height + (n-1)*lineGap
}

// CreateRenderer is for Fyne.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	r := &paragraphRenderer{paragraph: p}
	r.Refresh()
	return r
}

type paragraphRenderer struct {
	paragraph *Paragraph
	lines     []fyne.CanvasObject
}

func (r *paragraphRenderer) MinSize() fyne.Size {
	if r.paragraph.lines == nil {
		r.paragraph.wrap(r.paragraph.Size().Width)
	}
	return fyne.NewSize(40, r.paragraph.height())
}

func (r *paragraphRenderer) Layout(size fyne.Size) {
	height := MeasureText(r.paragraph.role, "M").Height
	for i, line := range r.lines {
		x := float32(0)
		if r.paragraph.Centred {
			x = max((size.Width-line.MinSize().Width)/2, 0)
		}
		line.Move(fyne.NewPos(x, float32(i)*(height+lineGap)))
		line.Resize(fyne.NewSize(size.Width, height))
	}
}

func (r *paragraphRenderer) Refresh() {
	p := r.paragraph
	p.wrap(p.Size().Width)
	for len(r.lines) < len(p.lines) {
		r.lines = append(r.lines, NewCanvasText(p.role, p.tone, ""))
	}
	r.lines = r.lines[:len(p.lines)]
	for i, object := range r.lines {
		if line, ok := object.(*canvas.Text); ok {
			line.Text, line.Color = p.lines[i], ToneColor(p.tone)
			line.Refresh()
		}
	}
	r.Layout(p.Size())
}

func (r *paragraphRenderer) Objects() []fyne.CanvasObject { return r.lines }
func (r *paragraphRenderer) Destroy()                     {}

// wrapLines is wrapLine for a text of several lines.
func wrapLines(role Role, text string, width float32) []string {
	var lines []string
	for part := range strings.SplitSeq(text, "\n") {
		lines = append(lines, wrapLine(role, part, width)...)
	}
	return lines
}
