package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// endpoints lists the endpoints, with the form in the place of the one that is
// being changed, and for a new one at the top.
func (d *settingsDialog) endpoints() fyne.CanvasObject {
	s := d.state
	stack := kit.VStack(8,
		kit.NewParagraph(kit.RoleSmall, kit.Muted, "Every path is captured. An endpoint gives a path a name, a provider and, where only the address tells, an event; /x/* takes everything below /x too."),
		kit.HRow(8, kit.NewButton(kit.ButtonSpec{Label: "Add an endpoint", Icon: "plus", Kind: kit.Outlined, OnTap: s.AddEndpoint})),
	)
	if s.Endpoint != nil && s.Endpoint.Was == "" {
		stack.Add(panelCard(d.endpointForm()))
	}
	for _, e := range s.Endpoints() {
		if s.Endpoint != nil && s.Endpoint.Was == e.Path {
			stack.Add(panelCard(d.endpointForm()))
			continue
		}
		stack.Add(d.endpoint(e))
	}
	return stack
}

func (d *settingsDialog) endpoint(e viewmodel.EndpointView) fyne.CanvasObject {
	s := d.state
	texts := kit.VStack(3,
		kit.HRow(8, hueDot(e.Hue), kit.NewShrinkingText(kit.RoleMono, kit.Plain, e.Path)),
		kit.Pad(16, 0, 0, 0, kit.HRow(0, kit.NewShrinkingText(kit.RoleSmall, kit.Secondary, e.About))),
	)
	tools := kit.HRow(2,
		kit.NewButton(kit.ButtonSpec{Icon: "pencil", Tip: "Change", Tone: kit.Secondary, OnTap: func() { s.ChangeEndpoint(e.Path) }}),
		kit.NewButton(kit.ButtonSpec{Icon: "trash-2", Tip: "Remove", Tone: kit.Secondary, OnTap: func() { s.RemoveEndpoint(e.Path) }}),
	)
	return panelCard(kit.Frame(nil, nil, nil, tools, texts))
}

func (d *settingsDialog) endpointForm() fyne.CanvasObject {
	s, draft := d.state, d.state.Endpoint
	var fields []*kit.Entry
	entry := func(label, placeholder, text string, set func(d *viewmodel.EndpointDraft, text string)) fyne.CanvasObject {
		e := kit.NewEntry(kit.EntrySpec{
			Text: text, Placeholder: placeholder, OnSubmit: func(string) { s.SaveEndpoint() },
			OnChange: func(text string) { s.EditEndpoint(func(d *viewmodel.EndpointDraft) { set(d, text) }) },
		})
		fields = append(fields, e)
		return kit.VStack(5, kit.NewText(kit.RoleSmall, kit.Secondary, label), kit.Fixed(0, 30, e))
	}
	ids, names := s.Providers()
	options := []kit.Option{{ID: "", Title: "Detect the provider"}}
	for i, id := range ids {
		options = append(options, kit.Option{ID: id, Title: names[i]})
	}
	choice := kit.NewSelect(options, draft.Provider, func(id string) {
		s.EditEndpoint(func(d *viewmodel.EndpointDraft) { d.Provider = id })
	})
	hint := "From the body; fill it in where only the address tells"
	if events := s.EventHints(draft.Provider); len(events) > 0 {
		hint = "From the body; or such as " + events[0]
	}
	d.begin = func() { fields[0].FocusEnd() }
	below := d.remark()
	save := kit.NewButton(kit.ButtonSpec{Label: "Save", Icon: "save", Kind: kit.Primary, OnTap: s.SaveEndpoint})
	d.now(func() {
		below.say(draft.Problem, draft.Note)
		save.SetEnabled(s.CanSaveEndpoint())
	})
	return kit.Pad(0, 4, 4, 2, kit.VStack(8,
		entry("Path", "/webhooks/orders or /webhooks/*", draft.Path, func(d *viewmodel.EndpointDraft, text string) { d.Path = text }),
		entry("Name", "For you to recognise it", draft.Name, func(d *viewmodel.EndpointDraft, text string) { d.Name = text }),
		underLabel("Provider", choice),
		entry("Event", hint, draft.Event, func(d *viewmodel.EndpointDraft, text string) { d.Event = text }),
		below.object,
		kit.HRow(8, save, kit.NewButton(kit.ButtonSpec{Label: "Cancel", OnTap: s.CancelEndpoint})),
	))
}
