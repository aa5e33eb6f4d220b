package ui

import (
	"fmt"

	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// settingsDialog draws the settings: the pages at the left, the one that is
// shown at the right. What is typed lives in entries that stay while the page
// keeps its shape; what follows from it is drawn anew by the functions in live.
type settingsDialog struct {
	app   *viewmodel.App
	state *viewmodel.Settings

	nav    []*navRow
	title  *kit.Text
	page   *fyne.Container
	scroll *kit.Scroll

	shape  string
	live   []func()
	move   bool
	shown  viewmodel.SettingsSection
	public *publicForm // nil until it was shown
	form   any         // the draft whose form is shown; nil for none
	begin  func()      // gives the keyboard to the form's first field
}

// newSettingsDialog makes the content of the settings dialog. It listens for as
// long as the program runs, so it is made once.
func newSettingsDialog(app *viewmodel.App) fyne.CanvasObject {
	d := &settingsDialog{app: app, state: app.Settings}
	d.title = kit.NewText(kit.RolePage, kit.Plain, "")
	d.page = kit.VStack(0)
	column := kit.VStack(2)
	for _, page := range viewmodel.SettingsPages {
		row := newNavRow(page.Title, kit.NewIcon(kit.Icon(page.Icon), kit.Secondary, 16), func() { d.state.Turn(page.ID) })
		d.nav = append(d.nav, row)
		column.Add(row)
	}
	d.scroll = kit.VScroll(kit.Pad(20, 4, 20, 20, d.page))
	d.update()
	d.state.Changed.Listen(d.update)
	app.Public.Changed.Listen(func() {
		if d.shown == viewmodel.SettingsPublic {
			d.update()
		}
	})
	left := kit.Fill(kit.ColorPanel, kit.Fixed(190, 0, kit.Pad(10, 12, 10, 12, column)))
	right := kit.Frame(kit.Pad(20, 16, 20, 10, d.title), nil, nil, nil, d.scroll)
	return kit.Frame(nil, nil, kit.Frame(nil, nil, nil, kit.VLine(), left), nil, right)
}

// update draws what has changed.
func (d *settingsDialog) update() {
	for i, page := range viewmodel.SettingsPages {
		d.nav[i].setSelected(page.ID == d.state.Section)
	}
	d.title.SetText(d.state.Title())
	if shape := d.shapeNow(); shape != d.shape {
		d.shape, d.live, d.begin = shape, nil, nil
		d.page.Objects = []fyne.CanvasObject{d.build()}
		d.page.Refresh()
		d.scroll.Refresh()
		if d.shown != d.state.Section {
			d.shown = d.state.Section
			d.scroll.Top()
		}
		if form := d.draft(); form != d.form {
			d.form = form
			if form != nil && d.begin != nil {
				d.begin()
			}
		}
	}
	for _, f := range d.live {
		f()
	}
	if d.move {
		d.move = false
		d.page.Refresh()
		d.scroll.Refresh()
	}
}

// remark makes a line under an entry that moves what is below it.
func (d *settingsDialog) remark() *remark {
	r := newRemark()
	r.changed = d.moved
	return r
}

// moved has the page laid out again at the end of the update.
func (d *settingsDialog) moved() { d.move = true }

// shapeNow tells pages with other widgets apart: typing does not change it.
func (d *settingsDialog) shapeNow() string {
	s := d.state
	shape := string(s.Section) + fmt.Sprintf(" %t", d.app.Attached())
	switch s.Section {
	case viewmodel.SettingsCredentials:
		shape += fmt.Sprintf(" %p %#v", s.Key, s.Credentials())
	case viewmodel.SettingsIdentity:
		shape += fmt.Sprintf(" %#v", s.TestIdentity())
	case viewmodel.SettingsEndpoints:
		shape += fmt.Sprintf(" %p %#v", s.Endpoint, s.Endpoints())
		if s.Endpoint != nil {
			shape += " " + s.Endpoint.Provider
		}
	case viewmodel.SettingsAppearance:
		p := d.app.Preferences
		shape += fmt.Sprintf(" %s %t %t", p.Appearance, p.UTC, p.RowMeta)
	case viewmodel.SettingsPublic:
		p := d.app.Public
		title, ready := p.Act()
		shape += fmt.Sprint(p.Word, p.Sentence, p.URL, p.Latency, p.Account, p.Problem, title, ready)
	case viewmodel.SettingsListening, viewmodel.SettingsRetention, viewmodel.SettingsFolder, viewmodel.SettingsAbout:
	}
	return shape
}

// draft is what is being entered, nil for nothing.
func (d *settingsDialog) draft() any {
	s := d.state
	switch {
	case s.Section == viewmodel.SettingsCredentials && s.Key != nil:
		return s.Key
	case s.Section == viewmodel.SettingsEndpoints && s.Endpoint != nil:
		return s.Endpoint
	}
	return nil
}

func (d *settingsDialog) build() fyne.CanvasObject {
	switch d.state.Section {
	case viewmodel.SettingsIdentity:
		return d.identity()
	case viewmodel.SettingsEndpoints:
		return d.endpoints()
	case viewmodel.SettingsListening:
		return d.listening()
	case viewmodel.SettingsPublic:
		return d.publicPage()
	case viewmodel.SettingsRetention:
		return d.retention()
	case viewmodel.SettingsAppearance:
		return d.appearance()
	case viewmodel.SettingsFolder:
		return d.folder()
	case viewmodel.SettingsAbout:
		return d.about()
	case viewmodel.SettingsCredentials:
	}
	return d.credentials()
}

// now runs f whenever the state changes, and once at the end of this update.
func (d *settingsDialog) now(f func()) { d.live = append(d.live, f) }

// field is a labelled entry for a text of the state, with what is wrong with it
// or follows from it.
func (d *settingsDialog) field(label string, read func() viewmodel.Field, write func(string)) fyne.CanvasObject {
	entry := kit.NewEntry(kit.EntrySpec{Text: read().Text, Placeholder: read().Usual, OnChange: write})
	below := d.remark()
	d.now(func() {
		f := read()
		below.say(f.Problem, f.Note)
	})
	return kit.VStack(6, kit.NewText(kit.RoleSmall, kit.Secondary, label), kit.Fixed(0, 30, entry), below.object)
}

// factLines are facts that only tell.
func factLines(list []viewmodel.Line, width float32) fyne.CanvasObject {
	stack := kit.VStack(8)
	for _, line := range list {
		stack.Add(kit.HRow(12,
			kit.Fixed(width, 0, kit.NewText(kit.RoleSmall, kit.Secondary, line.Label)),
			kit.NewShrinkingText(kit.RoleMono, kit.Plain, line.Value)))
	}
	return stack
}

// sectionHead is a heading in capitals.
func sectionHead(title string) fyne.CanvasObject {
	return kit.Pad(0, 6, 0, 0, kit.NewText(kit.RoleSection, kit.Muted, title))
}

func (d *settingsDialog) listening() fyne.CanvasObject {
	s := d.state
	return kit.VStack(16,
		d.field("Address to listen on", func() viewmodel.Field { return s.Listen }, s.SetListen),
		d.field("Largest body that is kept whole; more is answered 413", func() viewmodel.Field { return s.BodyLimit }, s.SetBodyLimit),
		sectionHead("FIXED LIMITS"),
		factLines(s.Limits(), 170),
	)
}

// publicPage is what can be chosen of the public address. The form stays while
// what is over it changes.
func (d *settingsDialog) publicPage() fyne.CanvasObject {
	p := d.app.Public
	if d.public == nil {
		d.public = newPublicForm(d.app)
	}
	d.now(func() {
		d.public.update()
		d.moved()
	})
	stack := kit.VStack(12, publicHead(p), kit.NewParagraph(kit.RoleBody, kit.Secondary, p.Sentence))
	if p.Problem != "" {
		stack.Add(kit.NewParagraph(kit.RoleBody, kit.Bad, p.Problem))
	}
	stack.Add(publicActs(p))
	stack.Add(kit.Pad(0, 6, 0, 0, d.public.root))
	return stack
}

func (d *settingsDialog) retention() fyne.CanvasObject {
	s := d.state
	stored := kit.NewParagraph(kit.RoleBody, kit.Plain, "")
	d.now(func() {
		text := s.Stored
		if text == "" {
			text = "Counting …"
		}
		stored.SetText(text)
		d.moved()
	})
	return kit.VStack(16,
		stored,
		d.field("Callbacks to keep at the most; \"all\" for no limit", func() viewmodel.Field { return s.MaxCount }, s.SetMaxCount),
		d.field("Space to use at the most; \"all\" for no limit", func() viewmodel.Field { return s.MaxBytes }, s.SetMaxBytes),
		kit.NewParagraph(kit.RoleSmall, kit.Muted, "The oldest go first: unknown senders and unproven callbacks before the others, pinned ones never. Retention never refuses a callback."),
	)
}

func (d *settingsDialog) appearance() fyne.CanvasObject {
	s, p := d.state, d.app.Preferences
	colours := kit.NewSegmented([]kit.Segment{{ID: "", Title: "System"}, {ID: "dark", Title: "Dark"}, {ID: "light", Title: "Light"}}, s.SetAppearance)
	colours.SetSelected(p.Appearance)
	zone := "local"
	if p.UTC {
		zone = "utc"
	}
	times := kit.NewSegmented([]kit.Segment{{ID: "local", Title: "Local"}, {ID: "utc", Title: "UTC"}}, func(id string) { s.SetUTC(id == "utc") })
	times.SetSelected(zone)
	return kit.VStack(16,
		underLabel("Colours", colours),
		underLabel("Times", times),
		kit.HRow(0, kit.NewCheck("Rows always show size, duration and summary", p.RowMeta, s.SetRowMeta)),
	)
}

// underLabel puts a label over a control that keeps its own width.
func underLabel(label string, control fyne.CanvasObject) fyne.CanvasObject {
	return kit.VStack(6, kit.NewText(kit.RoleSmall, kit.Secondary, label), kit.HRow(0, control))
}

func (d *settingsDialog) folder() fyne.CanvasObject {
	s := d.state
	return kit.VStack(14,
		kit.NewParagraph(kit.RoleBody, kit.Plain, "What was captured, the settings and the logs are in one folder. Secrets are in the system's keyring, or where there is none in a file here that only you can read."),
		codeBox(s.Folder(), s.CopyFolder),
		kit.HRow(8, kit.NewButton(kit.ButtonSpec{Label: "Open the folder", Icon: "folder", Kind: kit.Outlined, OnTap: s.OpenFolder})),
	)
}

func (d *settingsDialog) about() fyne.CanvasObject {
	return kit.VStack(14,
		factLines(d.state.About(), 120),
		kit.NewParagraph(kit.RoleSmall, kit.Muted, "Fonts: Inter and JetBrains Mono (SIL OFL 1.1). Icons: Lucide (ISC)."),
	)
}
