package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// sessionsDialog draws the sessions: at the left the list of them, at the right
// what is known of one, and what of it can be changed.
type sessionsDialog struct {
	app   *viewmodel.App
	state *viewmodel.Sessions

	root  fyne.CanvasObject
	rows  *kit.Rows
	card  *sessionCard
	said  *kit.Text
	undo  *kit.Button
	line  *fyne.Container
	at    int64
	write int
}

// sessionsLeft is how wide the list is, where there is room.
const sessionsLeft = 330

// newSessionsDialog makes the content of the dialog. It listens for as long as the
// program runs, so it is made once.
func newSessionsDialog(app *viewmodel.App) *sessionsDialog {
	d := &sessionsDialog{app: app, state: app.Sessions, write: app.Sessions.Write}
	s := d.state
	d.card = newSessionCard(app)
	d.rows = newList(kit.RowsSpec{
		Count: func() int { return len(s.Rows) },
		OnTap: func(i int, _ fyne.KeyModifier) {
			if i < len(s.Rows) {
				s.Choose(s.Rows[i].ID)
			}
		},
		OnDouble: func(int) { s.Key("Return") },
	}, newSessionFace, func(i int) viewmodel.SessionRow { return s.Rows[i] })
	add := kit.NewButton(kit.ButtonSpec{Label: "New session", Icon: "plus", Kind: kit.Outlined, Tip: "Make a session, and capture into it", Keys: "n", OnTap: s.New})
	open := kit.NewButton(kit.ButtonSpec{Icon: "folder-open", Tone: kit.Secondary, Tip: "Open a file", Keys: app.Commands.Hint("file.open"), OnTap: func() { app.Commands.Do("file.open") }})
	head := kit.Pad(14, 10, 12, 8, kit.HRow(8, add, kit.Spacer(), open))
	left := kit.Frame(kit.VStack(0, head, kit.HLine()), nil, nil, nil, kit.Pad(8, 6, 4, 6, d.rows))
	d.said = kit.NewShrinkingText(kit.RoleSmall, kit.Plain, "")
	d.undo = kit.NewButton(kit.ButtonSpec{Label: "Undo", Icon: "undo-2", Tone: kit.Accent, Tip: "Take it back", Keys: app.Commands.Shown("Mod+Z"), OnTap: func() { s.Key("Mod+Z") }})
	d.line = kit.HRow(8, d.said, d.undo, kit.Spacer(), d.card.save)
	foot := kit.VStack(0, kit.HLine(), kit.Fixed(0, 50, kit.Pad(16, 0, 14, 0, d.line)))
	columns := container.New(sessionColumns{}, left, kit.VLine(), d.card.root)
	d.root = kit.Frame(nil, foot, nil, nil, columns)
	s.Changed.Listen(d.update)
	return d
}

// sessionColumns is the layout of the list and the card.
type sessionColumns struct{}

// MinSize is for Fyne.
func (sessionColumns) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(420, 220) }

// Layout is for Fyne.
func (sessionColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left := min(sessionsLeft, size.Width*0.42)
	x := float32(0)
	for i, width := range []float32{left, 1, size.Width - left - 1} {
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(width, size.Height))
		x += width
	}
}

// update draws what has changed.
func (d *sessionsDialog) update() {
	if d.app.Dialog != viewmodel.DialogSessions {
		return // opened draws it
	}
	s := d.state
	d.rows.Refresh()
	if at := s.Index(); at >= 0 && s.At != d.at {
		d.rows.ScrollTo(at)
	}
	d.at = s.At
	d.card.update()
	d.said.SetTone(tone(s.Said.Tone))
	d.said.SetText(s.Said.Text)
	show(d.undo, s.Said.Undo != nil)
	d.line.Refresh()
	if d.write != s.Write {
		d.write = s.Write
		d.card.name.FocusEnd()
	}
}

// opened draws all of it and gives the keyboard to the list.
func (d *sessionsDialog) opened() {
	d.write = d.state.Write
	d.at = 0
	d.update()
	kit.Focus(d.rows, false)
}

// press takes a key that the widget with the keyboard had no use for. In a field
// the plain keys are its own.
func (d *sessionsDialog) press(key string) bool {
	if !strings.Contains(key, "Mod+") && d.card.typing() {
		return false
	}
	return d.state.Key(key)
}
