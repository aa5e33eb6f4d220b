package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// newSessionFace shows a session in the list, or a title over some.
func newSessionFace() rowFace[viewmodel.SessionRow] {
	dot := canvas.NewCircle(nil)
	section, title, note, mark := newRowText(kit.RoleSection), newRowText(kit.RoleRow), newRowText(kit.RoleSmall), newRowText(kit.RoleSmall)
	return rowFace[viewmodel.SessionRow]{
		height: 46, bar: 10, objects: []fyne.CanvasObject{dot, section.text, title.text, note.text, mark.text},
		state: func(row *viewmodel.SessionRow) rowState {
			if row.ID == 0 {
				return rowTitle
			}
			return stateOf(row.At)
		},
		lay: func(row *viewmodel.SessionRow, size fyne.Size) {
			dot.Hidden = row.ID == 0 || !row.Active && !row.Shown
			if dot.FillColor = kit.Color(kit.ColorAccent); row.Active {
				dot.FillColor = kit.Color(kit.ColorGood)
			}
			dot.Refresh()
			if row.ID == 0 {
				section.set(row.Title, kit.Muted, size.Width-20)
				section.place(10, size.Height-13)
				title.set("", kit.Plain, 0)
				note.set("", kit.Plain, 0)
				mark.set("", kit.Plain, 0)
				return
			}
			section.set("", kit.Muted, 0)
			dot.Resize(fyne.NewSquareSize(8))
			dot.Move(fyne.NewPos(12, 12))
			left, right := float32(28), size.Width-20
			markTone := kit.Muted
			if row.Active {
				markTone = kit.Good
			}
			mark.set(row.Mark, markTone, (right-left)*0.5)
			mark.place(right-mark.width(), 16)
			tone, noteTone := kit.Plain, kit.Secondary
			if row.Dim {
				tone, noteTone = kit.Secondary, kit.Muted
			}
			title.set(row.Title, tone, right-left-mark.width()-10)
			title.place(left, 16)
			note.set(row.Note, noteTone, right-left)
			note.place(left, 33)
		},
	}
}
