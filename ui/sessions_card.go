package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// sessionCard draws what is known of a session, and the fields of what can be
// changed.
type sessionCard struct {
	app   *viewmodel.App
	state *viewmodel.Sessions

	root   fyne.CanvasObject
	scroll *kit.Scroll
	stack  *fyne.Container
	head   *fyne.Container
	title  *kit.Text
	pill   *fyne.Container
	facts  *kit.FactTable

	fields, limits    *fyne.Container
	name, count, size *kit.Entry
	age               *kit.Entry
	note              *kit.Multiline
	drops             *remark
	whyNot            *kit.Paragraph
	public            *fyne.Container

	acts *fyne.Container

	show, capture, share, archive, restore, remove, save *kit.Button

	drawn   string // of the public address's history
	pillSet string // the state that the pill says
}

func newSessionCard(app *viewmodel.App) *sessionCard {
	c := &sessionCard{app: app, state: app.Sessions}
	s := c.state
	button := func(label string, icon kit.Icon, kind kit.Kind, tip, keys string, do func(id int64)) *kit.Button {
		return kit.NewButton(kit.ButtonSpec{Label: label, Icon: icon, Kind: kind, Tip: tip, Keys: keys, OnTap: func() { do(s.At) }})
	}
	c.show = button("Show", "eye", kit.Outlined, "Show its callbacks in the window", "Return", s.Show)
	c.capture = button("Capture here", "circle", kit.Outlined, "What is captured goes here from now on", "c", s.Capture)
	c.share = button("Share …", "share-2", kit.Outlined, "Write it to a file for somebody else", "", s.Share)
	c.archive = button("Archive", "archive", kit.Outlined, "Put it away: it is kept, and not offered", "", s.Archive)
	c.restore = button("Restore", "undo-2", kit.Outlined, "Bring it back", "", s.Restore)
	c.remove = button("Delete", "trash-2", kit.Danger, "Delete it with all that is in it; this can be taken back until the next start", "Delete", s.Delete)
	c.title = kit.NewShrinkingText(kit.RolePane, kit.Plain, "")
	c.pill = kit.HRow(0)
	c.head = kit.HRow(10, c.title, c.pill)
	c.acts = kit.Flow(8, 8, c.show, c.capture, c.share, c.archive, c.restore, c.remove)
	c.whyNot = kit.NewParagraph(kit.RoleSmall, kit.Muted, "")
	c.facts = kit.NewFactTable(nil, app.Screen.Copy)
	c.public = kit.VStack(6)
	c.makeFields()
	c.stack = kit.VStack(14, c.head, c.facts, c.acts, c.whyNot, c.fields, c.limits, c.public)
	c.scroll = kit.VScroll(kit.Pad(20, 16, 20, 18, c.stack))
	c.root = kit.Fill(kit.ColorGround, c.scroll)
	return c
}

// makeFields makes what can be typed.
func (c *sessionCard) makeFields() {
	s := c.state
	change := func(write func(f *viewmodel.SessionFields, text string)) func(string) {
		return func(text string) { s.Change(func(f *viewmodel.SessionFields) { write(f, text) }) }
	}
	submit := func(string) { s.Save() }
	c.name = kit.NewEntry(kit.EntrySpec{Placeholder: "A name", OnChange: change(func(f *viewmodel.SessionFields, text string) { f.Name = text }), OnSubmit: submit})
	c.note = kit.NewMultiline(3, "What it is about", change(func(f *viewmodel.SessionFields, text string) { f.Note = text }))
	c.count = kit.NewEntry(kit.EntrySpec{Placeholder: "no limit", OnChange: change(func(f *viewmodel.SessionFields, text string) { f.Exchanges = text }), OnSubmit: submit})
	c.size = kit.NewEntry(kit.EntrySpec{Placeholder: "no limit", OnChange: change(func(f *viewmodel.SessionFields, text string) { f.Bytes = text }), OnSubmit: submit})
	c.age = kit.NewEntry(kit.EntrySpec{Placeholder: "no limit", OnChange: change(func(f *viewmodel.SessionFields, text string) { f.Age = text }), OnSubmit: submit})
	c.save = kit.NewButton(kit.ButtonSpec{Label: "Save", Kind: kit.Primary, Tip: "Keep what is typed", Keys: c.app.Commands.Shown("Mod+Return"), OnTap: s.Save})
	c.drops = newRemark()
	c.fields = kit.VStack(12, labelled("Name", kit.Fixed(0, 30, c.name)), labelled("Note", c.note))
	column := func(label string, e *kit.Entry) fyne.CanvasObject { return labelled(label, kit.Fixed(0, 30, e)) }
	c.limits = kit.VStack(8,
		kit.NewText(kit.RoleSection, kit.Muted, "KEEP AT MOST, BESIDE THE LIMITS OF THE SETTINGS"),
		kit.Halves(12, column("Callbacks", c.count), kit.Halves(12, column("Size on disk", c.size), column("Days", c.age))),
		c.drops.object)
	c.drops.changed = func() { c.stack.Refresh() }
}

// typing reports whether a field of the card has the keyboard.
func (c *sessionCard) typing() bool {
	return c.name.Focused() || c.count.Focused() || c.size.Focused() || c.age.Focused()
}

// update draws what has changed.
func (c *sessionCard) update() {
	s := c.state
	card, draft := s.Card, s.Draft
	show(c.scroll, card != nil)
	if card == nil {
		return
	}
	c.title.SetText(card.Title)
	if state := card.State; state != c.pillSet {
		c.pillSet = state
		c.pill.Objects = nil
		if state != "" {
			c.pill.Objects = []fyne.CanvasObject{kit.NewStatusPill(state, tone(card.Tone))}
		}
		c.pill.Refresh()
	}
	c.head.Refresh()
	c.facts.SetFacts(kitFacts(card.Facts))
	show(c.show, card.CanShow)
	show(c.capture, card.CanCapture)
	show(c.share, card.CanShare)
	show(c.archive, card.CanArchive)
	show(c.restore, card.CanRestore)
	show(c.remove, card.CanDelete)
	show(c.acts, card.CanShow || card.CanCapture || card.CanShare || card.CanArchive || card.CanRestore || card.CanDelete)
	c.acts.Refresh()
	c.whyNot.SetText(card.WhyNot)
	show(c.whyNot, card.WhyNot != "")
	show(c.fields, !card.Read && !card.Deleted)
	show(c.limits, !card.Read && !card.Deleted)
	if draft != nil {
		c.name.SetText(draft.Name)
		if c.note.Text() != draft.Note {
			c.note.SetText(draft.Note)
		}
		c.count.SetText(draft.Exchanges)
		c.size.SetText(draft.Bytes)
		c.age.SetText(draft.Age)
		c.tellDrops(draft)
	}
	show(c.save, !card.Read && !card.Deleted)
	c.save.SetEnabled(s.CanSave())
	c.updatePublic(card)
	c.stack.Refresh()
}

// tellDrops says what is wrong with what is typed, else what would be dropped.
func (c *sessionCard) tellDrops(draft *viewmodel.SessionDraft) {
	switch {
	case draft.Problem != "":
		c.drops.tell(kit.Bad, draft.Problem)
	case draft.Looking:
		c.drops.tell(kit.Muted, "Counting what would be dropped …")
	case draft.Drops != "":
		c.drops.tell(kit.Warn, draft.Drops)
	default:
		c.drops.tell(kit.Muted, "A number of callbacks, a size such as 200 MB, days such as 30. Pinned callbacks stay in any case.")
	}
}

// updatePublic draws the public address's history.
func (c *sessionCard) updatePublic(card *viewmodel.SessionCard) {
	drawn := card.Hint
	for _, line := range append(card.Public[:len(card.Public):len(card.Public)], card.Gaps...) {
		drawn += "\n" + line.When + "\t" + line.Text
	}
	if drawn == c.drawn {
		return
	}
	c.drawn = drawn
	c.public.Objects = []fyne.CanvasObject{kit.Pad(0, 4, 0, 0, kit.NewText(kit.RoleSection, kit.Muted, "PUBLIC ADDRESS"))}
	add := func(lines []viewmodel.SessionLine) {
		for _, line := range lines {
			c.public.Add(kit.HRow(10, kit.NewDot(kit.ToneName(tone(line.Tone)), 7),
				kit.NewText(kit.RoleSmall, kit.Secondary, line.When), kit.NewShrinkingText(kit.RoleSmall, kit.Plain, line.Text)))
		}
	}
	add(card.Public)
	if len(card.Gaps) > 0 {
		c.public.Add(kit.Pad(0, 4, 0, 0, kit.NewText(kit.RoleSmall, kit.Secondary, "Did not carry")))
		add(card.Gaps)
	}
	if card.Hint != "" {
		c.public.Add(kit.NewParagraph(kit.RoleSmall, kit.Muted, card.Hint))
	}
	c.public.Refresh()
}
