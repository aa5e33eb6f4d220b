package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
)

func TestButtonsLook(t *testing.T) {
	bothLooks(t, "buttons", 460, 130, func() fyne.CanvasObject {
		off := NewButton(ButtonSpec{Label: "Disabled", Icon: "send", Kind: Primary})
		off.SetEnabled(false)
		hovered := NewButton(ButtonSpec{Label: "Hovered", Kind: Outlined})
		hovered.MouseIn(nil)
		bare := NewButton(ButtonSpec{Icon: "download"})
		bare.MouseIn(nil)
		primary := NewButton(ButtonSpec{Label: "Hovered", Icon: "rotate-cw", Kind: Primary})
		primary.MouseIn(nil)
		danger := NewButton(ButtonSpec{Label: "Hovered", Icon: "trash-2", Kind: Danger})
		danger.MouseIn(nil)
		focused := NewButton(ButtonSpec{Label: "Focused", Kind: Outlined})
		focused.FocusGained()
		return Pad(16, 16, 16, 16, VStack(8,
			HRow(8, NewButton(ButtonSpec{Label: "Resend", Icon: "rotate-cw", Kind: Primary}),
				NewButton(ButtonSpec{Label: "Copy cURL", Icon: "terminal", Kind: Outlined}),
				NewButton(ButtonSpec{Label: "Delete", Icon: "trash-2", Kind: Danger}),
				NewButton(ButtonSpec{Icon: "star", Tip: "Pin"}), bare),
			HRow(8, off, hovered, focused, NewButton(ButtonSpec{Label: "Ghost", Icon: "plus", Tone: Accent})),
			HRow(8, primary, danger, NewButton(ButtonSpec{Label: "503", Kind: Lit, Tone: Bad}), NewButton(ButtonSpec{Label: "Hold", Icon: "clock", Kind: Lit, Tone: Warn})),
		))
	})
}

func TestBadgesLook(t *testing.T) {
	bothLooks(t, "badges", 460, 110, func() fyne.CanvasObject {
		methods := HRow(6)
		for _, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"} {
			methods.Add(NewMethodBadge(m))
		}
		dots := HRow(8)
		for i := 1; i <= 6; i++ {
			dots.Add(NewDot(HueName(i), 8))
		}
		return Pad(16, 16, 16, 16, VStack(10, methods,
			HRow(8, NewStatusPill("503 on purpose", Bad), NewStatusPill("200", Good), NewCount("18"), NewKeyChip("Ctrl K"), NewBadge("200 OK", Good), NewBadge("weak", Warn)),
			dots))
	})
}

func TestTextsLook(t *testing.T) {
	bothLooks(t, "texts", 420, 400, func() fyne.CanvasObject {
		all := VStack(6)
		for _, role := range []Role{RolePage, RolePane, RoleRow, RoleBody, RoleSmall, RoleCaption, RoleSection, RoleMono, RoleMonoSmall, RoleCode, RoleBadge} {
			all.Add(NewText(role, Plain, "Purchase paid https://127.0.0.1:4480"))
		}
		tones := HRow(10)
		for _, tone := range []Tone{Plain, Secondary, Muted, Accent, Good, Warn, Bad} {
			tones.Add(NewText(RoleBody, tone, "Tone"))
		}
		all.Add(tones)
		all.Add(NewParagraph(RoleBody, Secondary, "A sentence that is so long that it has to wrap, and a/path/that/is/longer/than/the/whole/line/it/stands/in/whatever/happens, and its end."))
		all.Add(HRow(8, NewText(RoleBody, Plain, "cut:"), NewShrinkingText(RoleBody, Muted, "what does not fit beside the others ends with three dots"), NewKeyChip("Esc")))
		return Pad(16, 16, 16, 16, all)
	})
}

func TestBarsLook(t *testing.T) {
	bothLooks(t, "bars", 560, 250, func() fyne.CanvasObject {
		tabs := NewTabs([]Tab{{"o", "Overview", ""}, {"b", "Body", ""}, {"h", "Headers", "18"}, {"p", "Proof", ""}}, nil)
		tabs.SetSelected("b")
		views := NewSegmented([]Segment{{ID: "p", Title: "Pretty"}, {ID: "t", Title: "Tree", Off: true}, {ID: "r", Title: "Raw"}, {ID: "x", Title: "Hex"}}, nil)
		views.SetSelected("p")
		focused := NewSegmented([]Segment{{ID: "a", Title: "As it came"}, {ID: "b", Title: "Sorted"}}, nil)
		focused.SetSelected("b")
		focused.FocusGained()
		tabs.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(20, 10)}})
		return VStack(0,
			NewBanner(Bad, "Callbacks cannot be stored and are answered 503, so that their senders try again: the disk is full.", "Open the folder", nil, nil),
			NewBanner(Warn, "Hookglass ended unexpectedly the last time.", "Show the report", nil, func() {}),
			Pad(16, 0, 16, 0, tabs), HLine(),
			Pad(16, 8, 16, 8, HRow(10, views, NewText(RoleMonoSmall, Muted, "application/json"), Spacer(), focused)),
			Pad(16, 0, 16, 0, NewProgress("Reading 12 000 of 100 000 callbacks", func() {})))
	})
}

func TestFieldsLook(t *testing.T) {
	bothLooks(t, "fields", 420, 280, func() fyne.CanvasObject {
		filled := NewEntry(EntrySpec{Text: "order:3165671600", Icon: "search"})
		filled.SetBeside("3 of 17")
		area := NewMultiline(4, "-----BEGIN CERTIFICATE-----", nil)
		return Pad(16, 16, 16, 16, VStack(10,
			NewEntry(EntrySpec{Placeholder: "Filter by path, event or words", Icon: "search", KeyHint: "/"}),
			filled,
			area,
			HRow(12, NewSelect([]Option{{"a", "KornitX API key"}, {"b", "Push key"}}, "a", nil), NewCheck("Times in UTC", true, nil), NewCheck("Off", false, nil)),
		))
	})
}

func someFacts(onCopy func(string)) *FactTable {
	return NewFactTable([]Fact{
		{Label: "Status", Value: "8", Note: "8 = Dispatched", Mono: true},
		{Label: "Tracking", Value: "https://www.url.com/123456", OnOpen: func() { onCopy("opened") }},
		{Label: "Delivery address, second line of the customer", Value: "A value that is so long that it has to wrap onto a second line of its own"},
		{Label: "Amount", Value: "12.50 EUR", Copy: "12.50", Tone: Good},
	}, onCopy)
}

func someGrid(onCopy func(string)) *Grid {
	return NewGrid([]Column{{Title: "Item", Mono: true}, {Title: "Name"}, {Title: "Quantity", Right: true}}, [][]Cell{
		{{Text: "C3DD35B0E1F"}, {Text: "Poster, A2, with a name that takes more than there is room for it in the table"}, {Text: "1"}},
		{{Text: "10094507", Copy: "10094507-copied"}, {Text: "Frame", OnOpen: func() { onCopy("opened") }}, {Text: "12"}},
	}, onCopy)
}

func TestFactsLook(t *testing.T) {
	bothLooks(t, "facts", 520, 270, func() fyne.CanvasObject {
		facts, grid := someFacts(nil), someGrid(nil)
		content := Pad(16, 16, 16, 16, VStack(18, facts, grid))
		content.Resize(fyne.NewSize(520, 270))
		facts.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(300, 45)}})
		grid.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(20, 60)}})
		return content
	})
}

func TestChipsLook(t *testing.T) {
	bothLooks(t, "chips", 420, 90, func() fyne.CanvasObject {
		hovered := NewPill("status:5xx", Plain, func() {})
		hovered.MouseIn(nil)
		return Pad(16, 16, 16, 16, VStack(10,
			HRow(8, NewPill("provider:kornitx", Secondary, func() {}), hovered, NewCount("1 284"), NewKeyChip("Ctrl Shift P"), NewKeyChip("?")),
			HRow(8, NewText(RoleRow, Plain, "Headers"), NewCount("4"), VLine(), NewDot(ColorGood, 8), NewText(RoleSmall, Secondary, "Tunnel online"), NewKeyChip("Esc"))))
	})
}

func TestTooltipsLook(t *testing.T) {
	var short, keyed, long *TooltipLayer // three, as one shows one tooltip
	var a, b, c *Button
	bothLooks(t, "tooltips", 460, 210, func() fyne.CanvasObject {
		short, keyed, long = NewTooltipLayer(), NewTooltipLayer(), NewTooltipLayer()
		a, b = NewButton(ButtonSpec{Icon: "star"}), NewButton(ButtonSpec{Icon: "trash-2"})
		c = NewButton(ButtonSpec{Label: "At the bottom", Kind: Outlined})
		return container.NewStack(Pad(16, 16, 16, 16, VStack(0, HRow(150, a, b), Spacer(), HRow(0, c))),
			short.Object(), keyed.Object(), long.Object())
	}, func() {
		short.show(a, "Pin", "")
		keyed.show(b, "Clear the list", "Ctrl L")
		long.show(c, "What is captured stays on this machine until it is deleted, and what is pinned stays when the list is cleared.", "")
	})
}

func TestSplittersLook(t *testing.T) {
	bothLooks(t, "splitter", 420, 90, func() fyne.CanvasObject {
		pane := func(title string) fyne.CanvasObject {
			return Pad(14, 12, 14, 12, VStack(6, NewText(RolePane, Plain, title), NewShrinkingText(RoleSmall, Secondary, "a pane of the window")))
		}
		s := NewSplitter(pane("Callbacks"), Fill(ColorGround, pane("Detail")), 160, 100, nil)
		s.room = 100
		s.grip.MouseIn(nil)
		return s
	})
}

func TestEmptyLooks(t *testing.T) {
	bothLooks(t, "empty", 380, 260, func() fyne.CanvasObject {
		return NewEmpty("inbox", "No callbacks yet", "Send one to http://127.0.0.1:4480 and it shows here within the blink of an eye.",
			NewButton(ButtonSpec{Label: "Send a sample", Kind: Primary}))
	})
}

// The eye in a secret field is Fyne's own, which moves by a pixel when the theme
// changes; so that is not looked at.
func TestSecretsLook(t *testing.T) {
	secret := func() fyne.CanvasObject {
		return Pad(16, 16, 16, 16, NewEntry(EntrySpec{Text: "0123456789", Password: true, Mono: true}))
	}
	size := fyne.NewSize(300, 62)
	compare(t, "secret-dark.png", draw(t, size, secret, nil, Dark))
	compare(t, "secret-light.png", draw(t, size, secret, nil, Light))
}
