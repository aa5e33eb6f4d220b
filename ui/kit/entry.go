package kit

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// EntrySpec says what a field for a line of text is.
type EntrySpec struct {
	Text        string
	Placeholder string
	Icon        Icon   // before the text; "" for none
	KeyHint     string // "Ctrl K": the shortcut that leads here; shown while empty
	Password    bool   // shown as dots, with an eye to look through
	Mono        bool

	OnChange func(text string)
	OnSubmit func(text string)
	OnKey    func(key string) bool // before the field itself: "Up", "Escape"; true takes it
	OnFocus  func(on bool)         // has the keyboard, or lost it
	OnMove   func(at int)          // the cursor is at another byte of the text
	TakesTab func() bool           // Tab is a key of OnKey now, in place of leading on; nil for never

	Lead, Tail fyne.CanvasObject // before and behind the text; nil for none

	bare bool // large and without a frame, as at the head of a finder
}

// Entry is a field for one line of text. What it has no use for goes to the
// shell: shortcuts, Escape, function keys.
type Entry struct {
	widget.BaseWidget

	spec   EntrySpec
	field  *field
	hint   *Badge
	beside *Text // words at the end: "3 of 17"

	wrongFrom, wrongTo int // bytes of the text that are underlined
}

const entryHeight = 30

// NewEntry makes a field.
func NewEntry(spec EntrySpec) *Entry {
	e := &Entry{spec: spec, beside: NewText(RoleMonoSmall, Muted, "")}
	e.field = newField(e)
	if spec.KeyHint != "" {
		e.hint = NewKeyChip(spec.KeyHint)
	}
	e.ExtendBaseWidget(e)
	return e
}

// Text returns what the field holds.
func (e *Entry) Text() string { return e.field.Text }

// SetText changes what the field holds, which OnChange is told.
func (e *Entry) SetText(s string) {
	if e.field.Text != s {
		e.field.SetText(s)
	}
}

// SetBeside shows words at the end of the field; "" shows none.
func (e *Entry) SetBeside(s string) {
	e.beside.SetText(s)
	e.Refresh()
}

// SetWrong underlines what is wrong with the text, from byte to byte; equal ones
// underline nothing.
func (e *Entry) SetWrong(from, to int) {
	if e.wrongFrom != from || e.wrongTo != to {
		e.wrongFrom, e.wrongTo = from, to
		e.Refresh()
	}
}

// Put changes what the field holds and where the cursor is, without telling
// OnChange or OnMove.
func (e *Entry) Put(s string, at int) {
	e.field.quiet = true
	defer func() { e.field.quiet = false }()
	if e.field.Text != s {
		e.field.SetText(s)
	}
	e.field.CursorColumn = utf8.RuneCountInString(s[:min(max(at, 0), len(s))])
	e.field.Refresh()
}

// At is the byte of the text that the cursor is before.
func (e *Entry) At() int { return e.field.at() }

// Field is what has the keyboard, for tests.
func (e *Entry) Field() fyne.Focusable { return e.field }

// Selected is the selected part of the text.
func (e *Entry) Selected() string { return e.field.SelectedText() }

// SetPlaceholder changes what an empty field says.
func (e *Entry) SetPlaceholder(s string) { e.field.SetPlaceHolder(s) }

// Focus gives the keyboard to the field, with its text selected.
func (e *Entry) Focus() {
	if c := canvasOf(e.field); c != nil {
		c.Focus(e.field)
		if e.field.Text != "" {
			e.field.TypedShortcut(&fyne.ShortcutSelectAll{})
		}
	}
}

// FocusEnd gives the keyboard to the field, to go on writing what is in it.
func (e *Entry) FocusEnd() {
	if c := canvasOf(e.field); c != nil {
		c.Focus(e.field)
		e.field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	}
}

// Focused reports whether the field has the keyboard.
func (e *Entry) Focused() bool { return e.field.focused }

// CreateRenderer is for Fyne.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	r := &entryRenderer{
		entry: e, back: canvas.NewRectangle(nil), icon: &canvas.Image{FillMode: canvas.ImageFillContain},
	}
	r.style = newFieldStyle(e.field, r.theme, func() bool { return e.field.Text == "" })
	r.inner = r.style.over
	r.back.Hidden = e.spec.bare
	r.wrong = canvas.NewRectangle(nil)
	r.objects = []fyne.CanvasObject{r.back, r.icon, r.inner, r.wrong, e.beside}
	for _, o := range []fyne.CanvasObject{e.spec.Lead, e.spec.Tail} {
		if o != nil {
			r.objects = append(r.objects, o)
		}
	}
	if e.hint != nil {
		r.objects = append(r.objects, e.hint)
	}
	r.Refresh()
	return r
}

type entryRenderer struct {
	entry   *Entry
	back    *canvas.Rectangle
	icon    *canvas.Image
	inner   *container.ThemeOverride
	style   *fieldStyle
	wrong   *canvas.Rectangle
	objects []fyne.CanvasObject
}

func (r *entryRenderer) theme() *fieldTheme {
	t := &fieldTheme{Theme: fyne.CurrentApp().Settings().Theme()}
	switch {
	case r.entry.spec.bare:
		t.text = 15
	case r.entry.spec.Mono:
		t.text = 12
	}
	return t
}

func (r *entryRenderer) MinSize() fyne.Size { return fyne.NewSize(90, entryHeight) }

func (r *entryRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	left, right := float32(4), float32(4)
	if r.entry.spec.Icon != "" {
		r.icon.Resize(fyne.NewSquareSize(15))
		r.icon.Move(fyne.NewPos(9, (size.Height-15)/2))
		left = 26
	}
	if lead := r.entry.spec.Lead; visible(lead) {
		m := lead.MinSize()
		lead.Resize(m)
		lead.Move(fyne.NewPos(left, (size.Height-m.Height)/2))
		if m.Width > 0 {
			left += m.Width + 2
		}
	}
	if tail := r.entry.spec.Tail; visible(tail) {
		m := tail.MinSize()
		tail.Resize(m)
		tail.Move(fyne.NewPos(size.Width-m.Width-1, (size.Height-m.Height)/2))
		right = m.Width + 1
	}
	if hint := r.entry.hint; hint != nil && hint.Visible() {
		m := hint.MinSize()
		hint.Resize(m)
		hint.Move(fyne.NewPos(size.Width-m.Width-right-3, (size.Height-m.Height)/2))
		right += m.Width + 6
	}
	if s := r.entry.beside; s.Text() != "" {
		m := s.Natural()
		s.Resize(m)
		s.Move(fyne.NewPos(size.Width-right-m.Width-4, (size.Height-m.Height)/2))
		right += m.Width + 8
	}
	height := r.inner.MinSize().Height
	r.inner.Resize(fyne.NewSize(max(size.Width-left-right, 20), height))
	r.inner.Move(fyne.NewPos(left, (size.Height-height)/2))
	r.underline(left, size.Height)
}

// underline marks what is wrong, where the text is not scrolled.
func (r *entryRenderer) underline(left, height float32) {
	e := r.entry
	from, to := max(e.wrongFrom, 0), min(e.wrongTo, len(e.field.Text))
	x := left + fieldPadding + MeasureText(RoleBody, e.field.Text[:min(from, len(e.field.Text))]).Width
	r.wrong.Hidden = from >= to || MeasureText(RoleBody, e.field.Text).Width > r.inner.Size().Width-2*fieldPadding
	if !r.wrong.Hidden {
		r.wrong.FillColor = Color(ColorBad)
		r.wrong.Move(fyne.NewPos(x, height-7))
		r.wrong.Resize(fyne.NewSize(max(MeasureText(RoleBody, e.field.Text[from:to]).Width, 5), 1.5))
	}
	r.wrong.Refresh()
}

func (r *entryRenderer) Refresh() {
	e := r.entry
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = Color(ColorRaised), Color(ColorOutline), 1, 6
	if e.field.focused {
		r.back.StrokeColor = Color(ColorAccent)
	}
	r.back.Refresh()
	SetImageIcon(r.icon, e.spec.Icon, ColorMuted)
	if e.hint != nil {
		if e.field.Text == "" && !e.field.focused && e.beside.Text() == "" {
			e.hint.Show()
		} else {
			e.hint.Hide()
		}
	}
	r.style.refresh()
	r.Layout(e.Size())
}

func (r *entryRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *entryRenderer) Destroy()                     { r.style.gone = true }

// field is Fyne's field without its frame.
type field struct {
	widget.Entry

	owner   *Entry
	focused bool
	quiet   bool // it is changed by us
}

func newField(owner *Entry) *field {
	f := &field{owner: owner}
	f.Text = owner.spec.Text
	f.Password = owner.spec.Password
	f.PlaceHolder = owner.spec.Placeholder
	f.Wrapping = fyne.TextWrapOff
	f.TextStyle.Monospace = owner.spec.Mono
	f.OnChanged = func(s string) {
		owner.Refresh()
		if owner.spec.OnChange != nil && !f.quiet {
			owner.spec.OnChange(s)
		}
	}
	if owner.spec.OnMove != nil {
		f.OnCursorChanged = func() {
			if !f.quiet {
				owner.spec.OnMove(f.at())
			}
		}
	}
	f.OnSubmitted = owner.spec.OnSubmit
	f.ExtendBaseWidget(f)
	return f
}

// at is the byte of the text that the cursor is before.
func (f *field) at() int {
	at := 0
	for range f.CursorColumn {
		_, size := utf8.DecodeRuneInString(f.Text[at:])
		at += size
	}
	return at
}

// AcceptsTab is for Fyne.
func (f *field) AcceptsTab() bool { return f.owner.spec.TakesTab != nil && f.owner.spec.TakesTab() }

// FocusGained is for Fyne.
func (f *field) FocusGained() {
	f.focused = true
	f.Entry.FocusGained()
	f.owner.Refresh()
	if f.owner.spec.OnFocus != nil {
		f.owner.spec.OnFocus(true)
	}
}

// FocusLost is for Fyne.
func (f *field) FocusLost() {
	f.focused = false
	f.Entry.FocusLost()
	f.owner.Refresh()
	if f.owner.spec.OnFocus != nil {
		f.owner.spec.OnFocus(false)
	}
}

// TypedKey is for Fyne.
func (f *field) TypedKey(e *fyne.KeyEvent) {
	key := KeyOf(e, ShiftHeld())
	if key != "" && f.owner.spec.OnKey != nil && f.owner.spec.OnKey(key) {
		return
	}
	switch e.Name {
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6,
		fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12:
		otherKey(key)
	default:
		f.Entry.TypedKey(e)
	}
}

// TypedShortcut is for Fyne.
func (f *field) TypedShortcut(s fyne.Shortcut) {
	if custom, ok := s.(*desktop.CustomShortcut); ok {
		shortcutElsewhere(custom)
		return
	}
	f.Entry.TypedShortcut(s)
}
