package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// saveFilter asks for the name of a filter.
func (d *dialogs) saveFilter(frame func(kit.DialogSpec)) {
	app := d.w.app
	saved := app.Saved
	told := newRemark()
	told.say("", saved.Text)
	var field *kit.Entry
	submit := func(string) {
		saved.Put(field.Text())
		if saved.Problem != "" {
			told.say(saved.Problem, "")
		}
	}
	field = kit.NewEntry(kit.EntrySpec{Text: saved.Name, Placeholder: "Name", Icon: "funnel", OnSubmit: submit})
	frame(kit.DialogSpec{
		Title: "Save the filter", Width: 440,
		Content: kit.Pad(16, 14, 16, 14, kit.VStack(10, field, told.object)),
		Buttons: []*kit.Button{
			kit.NewButton(kit.ButtonSpec{Label: "Cancel", Kind: kit.Outlined, OnTap: func() { app.Open(viewmodel.NoDialog) }}),
			kit.NewButton(kit.ButtonSpec{Label: "Save", Kind: kit.Primary, OnTap: func() { submit("") }}),
		},
	})
	field.Focus()
}

// filterBy finds among what the callback has that can be filtered by.
func (d *dialogs) filterBy(c fyne.Canvas) {
	var found []viewmodel.MenuEntry
	app := d.w.app
	d.dialog = kit.ShowFinder(c, kit.FinderSpec{
		Placeholder: "Filter by what this callback has",
		Empty:       "It has nothing that is called so.",
		Find: func(query string) []kit.FinderItem {
			found = app.List.FindFilters(query)
			items := make([]kit.FinderItem, len(found))
			for i := range found {
				items[i] = kit.FinderItem{Icon: kit.Icon(found[i].Icon), Title: found[i].Label}
			}
			return items
		},
		Pick:    func(i int) { found[i].Run() },
		OnClose: d.closed(viewmodel.DialogFilterBy),
	})
}
