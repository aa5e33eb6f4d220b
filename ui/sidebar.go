package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// sidebar draws the views with their counts.
type sidebar struct {
	state *viewmodel.Sidebar

	shape string
	items []*sidebarItem
	stack *fyne.Container
}

// newSidebar makes the sidebar.
func newSidebar(app *viewmodel.App) fyne.CanvasObject {
	s := &sidebar{state: app.Sidebar, stack: kit.VStack(1)}
	app.Sidebar.Changed.Listen(s.update)
	app.Changed.Listen(s.update)
	s.update()
	return kit.Fill(kit.ColorPanel, kit.VScroll(kit.Pad(8, 12, 8, 12, s.stack)))
}

// update writes the items anew; where there are others than before, they are
// made anew.
func (s *sidebar) update() {
	sections := s.state.Sections()
	shape := ""
	for _, section := range sections {
		shape += "\n" + section.Title
		if section.Folded {
			shape += "\tfolded"
			continue
		}
		for _, item := range section.Items {
			shape += "\t" + item.View
		}
	}
	if shape != s.shape {
		s.shape = shape
		s.build(sections)
	}
	i := 0
	for _, section := range sections {
		if section.Folded {
			continue
		}
		for _, item := range section.Items {
			s.items[i].set(item)
			i++
		}
	}
}

func (s *sidebar) build(sections []viewmodel.SidebarSection) {
	s.stack.Objects, s.items = nil, nil
	for _, section := range sections {
		switch {
		case section.View != "":
			s.stack.Add(newSidebarTitle(section.Title, "arrow-right", func() { s.state.Select(section.View) }))
		case section.Title != "":
			arrow := kit.Icon("chevron-down")
			if section.Folded {
				arrow = "chevron-right"
			}
			s.stack.Add(newSidebarTitle(section.Title, arrow, func() { s.state.Fold(section.Title) }))
		}
		if section.Folded {
			continue
		}
		for _, item := range section.Items {
			o := newSidebarItem(func() { s.state.Select(item.View) })
			o.onMenu = func(at fyne.Position) { openMenu(s.stack, at, s.state.Menu(item.View)) }
			s.items = append(s.items, o)
			s.stack.Add(o)
		}
	}
	s.stack.Refresh()
}
