package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
)

// sampleLine is a callback, a story, or a step of one.
type sampleLine struct {
	number string // before the title; "" for none
	title  string
	note   string // below the title
	right  string // at the end of the note; "" for nothing
	tone   kit.Tone
	at     bool
}

// newSampleFace shows a callback, a story, or a step of one.
func newSampleFace() rowFace[sampleLine] {
	number, title, note, right := newRowText(kit.RoleMonoSmall), newRowText(kit.RoleBody), newRowText(kit.RoleMonoSmall), newRowText(kit.RoleMonoSmall)
	return rowFace[sampleLine]{
		height: 42, bar: 9, objects: []fyne.CanvasObject{number.text, title.text, note.text, right.text},
		state: func(line *sampleLine) rowState { return stateOf(line.at) },
		lay: func(line *sampleLine, size fyne.Size) {
			left := float32(12)
			number.set(line.number, kit.Muted, 30)
			number.place(left, 14)
			if line.number != "" {
				left += 22
			}
			room := size.Width - left - 18
			tone := kit.Secondary
			if line.at {
				tone = kit.Plain
			}
			title.set(line.title, tone, room)
			title.place(left, 14)
			right.set(line.right, line.tone, room*0.6)
			right.place(size.Width-18-right.width(), 30)
			note.set(line.note, kit.Muted, room-right.width()-8)
			note.place(left, 30)
		},
	}
}
