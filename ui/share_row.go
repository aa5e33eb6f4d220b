package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// newChangeFace shows a value that is taken out: where, what it was, what stands
// there then.
func newChangeFace() rowFace[viewmodel.ShareChange] {
	arrow := kit.NewIcon("arrow-right", kit.Muted, 12)
	callback, where, kind := newRowText(kit.RoleMonoSmall), newRowText(kit.RoleMonoSmall), newRowText(kit.RoleSmall)
	before, after := newRowText(kit.RoleMono), newRowText(kit.RoleMono)
	return rowFace[viewmodel.ShareChange]{
		height: 44, objects: []fyne.CanvasObject{arrow, callback.text, where.text, kind.text, before.text, after.text},
		lay: func(c *viewmodel.ShareChange, size fyne.Size) {
			left, right := float32(10), size.Width-20
			room := right - left
			kind.set(c.Kind, kit.Muted, room*0.3)
			kind.place(right-kind.width(), 14)
			x := left
			callback.set(c.Callback, kit.Muted, room*0.2)
			callback.place(x, 14)
			if c.Callback != "" {
				x += callback.width() + 8
			}
			where.set(c.Where, kit.Secondary, right-x-kind.width()-10)
			where.place(x, 14)
			tone := kit.Bad
			if c.Masked {
				tone = kit.Muted
			}
			wide := kit.MeasureText(kit.RoleMono, kit.Fit(kit.RoleMono, c.After, (room-32)*0.5)).Width
			before.set(c.Before, tone, room-32-wide) // half of the room, and what the other has over
			before.place(left, 31)
			x = left + before.width() + 10
			arrow.Resize(fyne.NewSquareSize(12))
			arrow.Move(fyne.NewPos(x, 25))
			arrow.Refresh()
			if tone = kit.Good; c.Stays {
				tone = kit.Warn
			}
			after.set(c.After, tone, right-x-22)
			after.place(x+22, 31)
		},
	}
}
