package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// heads say what stands on either side.
func (d *compareDialog) heads() fyne.CanvasObject {
	sides := &d.compare.Sides
	if sides[0].ID == 0 {
		return kit.Fixed(0, 44, kit.HRow(0))
	}
	if d.compare.Wide() {
		return kit.Halves(0, kit.Pad(16, 11, 12, 11, d.head(0)), kit.Pad(12, 11, 16, 11, d.head(1)))
	}
	return kit.Pad(16, 9, 16, 9, kit.VStack(6, d.line(0), d.line(1)))
}

// compareSign is how the lines of a side are marked.
func compareSign(side int) fyne.CanvasObject {
	second := kit.NewBadge("+ second", kit.Good)
	if side == 1 {
		return second
	}
	return kit.Fixed(second.MinSize().Width, 0, kit.NewBadge("− first", kit.Bad))
}

// head is a side in two lines.
func (d *compareDialog) head(side int) fyne.CanvasObject {
	s := &d.compare.Sides[side]
	title := kit.HRow(8, compareSign(side), kit.NewMethodBadge(s.Method), kit.NewShrinkingText(kit.RolePane, kit.Plain, s.Path),
		kit.NewStatusPill(s.Pill, tone(s.PillTone)), kit.Spacer(), d.jump(side))
	facts := []fyne.CanvasObject{kit.NewDot(kit.HueName(s.Hue), 8), kit.NewText(kit.RoleSmall, kit.Plain, s.Provider)}
	if s.Event != "" {
		facts = append(facts, kit.NewShrinkingText(kit.RoleMono, kit.Secondary, s.Event))
	}
	facts = append(facts, kit.NewText(kit.RoleMono, kit.Muted, s.Time), kit.NewText(kit.RoleSmall, kit.Muted, s.Size))
	if s.Note != "" {
		facts = append(facts, kit.NewShrinkingText(kit.RoleSmall, kit.Secondary, s.Note))
	}
	return kit.VStack(6, title, kit.HRow(8, append(facts, kit.Spacer())...))
}

// line is a side in one line.
func (d *compareDialog) line(side int) fyne.CanvasObject {
	s := &d.compare.Sides[side]
	row := []fyne.CanvasObject{
		compareSign(side), kit.NewMethodBadge(s.Method), kit.NewShrinkingText(kit.RoleRow, kit.Plain, s.Path),
		kit.NewStatusPill(s.Pill, tone(s.PillTone)), kit.NewDot(kit.HueName(s.Hue), 8), kit.NewText(kit.RoleSmall, kit.Secondary, s.Provider),
	}
	if s.Note != "" {
		row = append(row, kit.NewShrinkingText(kit.RoleSmall, kit.Muted, s.Note))
	}
	return kit.HRow(8, append(row, kit.Spacer(), kit.NewText(kit.RoleMono, kit.Muted, s.Time), d.jump(side))...)
}

func (d *compareDialog) jump(side int) fyne.CanvasObject {
	return kit.NewButton(kit.ButtonSpec{Icon: "arrow-right", Tip: "Go to this one", Tone: kit.Secondary, OnTap: func() { d.compare.GoTo(side) }})
}

// compareWith finds among those that the callback can be compared with.
func (d *dialogs) compareWith(c fyne.Canvas) {
	compare := d.w.app.Compare
	var found []int
	d.dialog = kit.ShowFinder(c, kit.FinderSpec{
		Placeholder: "Compare with",
		Empty:       "There is none of that kind.",
		Find: func(query string) []kit.FinderItem {
			found = compare.Find(query)
			items := make([]kit.FinderItem, len(found))
			for i, at := range found {
				with := &compare.With[at]
				items[i] = kit.FinderItem{Icon: "diff", Title: with.Title, Hint: with.Hint}
			}
			return items
		},
		Pick:    func(i int) { compare.Pick(found[i]) },
		OnClose: d.closed(viewmodel.DialogCompareWith),
	})
}
