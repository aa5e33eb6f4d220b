package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// FinderItem is one thing that can be found.
type FinderItem struct {
	Icon  Icon
	Title string
	Hint  string // muted, beside the title
	Keys  string
	Off   bool // cannot be chosen now
}

// FinderSpec says what a finder finds.
type FinderSpec struct {
	Placeholder string
	Empty       string // what it says when it finds nothing
	Find        func(query string) []FinderItem
	Pick        func(i int) // of what Find returned last; the finder is closed by then
	OnClose     func()
}

const (
	finderWidth  = 600
	finderHeight = 420
	finderRow    = 34
)

// ShowFinder opens a field with what is found under it: Up and Down choose,
// Return takes, Escape closes.
func ShowFinder(c fyne.Canvas, spec FinderSpec) *Dialog {
	f := &finder{spec: spec}
	f.rows = NewRows(RowsSpec{
		Height: finderRow,
		Count:  func() int { return len(f.items) },
		New:    func() fyne.CanvasObject { return newFinderLine() },
		Update: func(i int, o fyne.CanvasObject) {
			if line, ok := o.(*finderLine); ok && i < len(f.items) {
				line.set(&f.items[i], i == f.chosen)
			}
		},
		OnTap: func(i int, _ fyne.KeyModifier) { f.pick(i) },
	})
	f.empty = NewText(RoleBody, Muted, spec.Empty)
	f.field = NewEntry(EntrySpec{
		Placeholder: spec.Placeholder,
		OnChange:    f.find,
		OnSubmit:    func(string) { f.pick(f.chosen) },
		OnKey:       f.key,
		bare:        true,
	})
	head := Frame(nil, HLine(), Pad(16, 0, 8, 0, HRow(0, NewIcon("search", Muted, 18))), nil, Pad(0, 7, 12, 7, f.field))
	body := container.NewStack(Pad(6, 6, 6, 6, f.rows), Pad(20, 18, 16, 0, VStack(0, f.empty)))
	f.find("")
	f.dialog = ShowDialog(c, DialogSpec{
		Width: finderWidth, Height: finderHeight,
		Content: Frame(head, nil, nil, nil, body), OnClose: spec.OnClose,
	})
	f.field.Focus()
	return f.dialog
}

type finder struct {
	spec   FinderSpec
	dialog *Dialog
	field  *Entry
	rows   *Rows
	empty  *Text
	items  []FinderItem
	chosen int
}

func (f *finder) find(query string) {
	f.items, f.chosen = f.spec.Find(query), 0
	if len(f.items) == 0 {
		f.empty.Show()
	} else {
		f.empty.Hide()
	}
	f.rows.SetTop(0, 0)
}

func (f *finder) key(key string) bool {
	switch key {
	case "Up":
		f.chosen = max(f.chosen-1, 0)
	case "Down":
		f.chosen = min(f.chosen+1, max(len(f.items)-1, 0))
	case "Escape":
		f.dialog.Hide()
		return true
	default:
		return false
	}
	f.rows.ScrollTo(f.chosen)
	f.rows.Refresh()
	return true
}

func (f *finder) pick(i int) {
	if i < 0 || i >= len(f.items) || f.items[i].Off {
		return
	}
	f.dialog.Hide()
	f.spec.Pick(i)
}

// finderLine is one line of what is found.
type finderLine struct {
	widget.BaseWidget

	item   FinderItem
	chosen bool
}

func newFinderLine() *finderLine {
	l := &finderLine{}
	l.ExtendBaseWidget(l)
	return l
}

func (l *finderLine) set(item *FinderItem, chosen bool) {
	if l.item != *item || l.chosen != chosen {
		l.item, l.chosen = *item, chosen
		l.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (l *finderLine) CreateRenderer() fyne.WidgetRenderer {
	r := &finderLineRenderer{
		line: l, back: canvas.NewRectangle(nil), icon: &canvas.Image{FillMode: canvas.ImageFillContain},
		title: NewCanvasText(RoleRow, Plain, ""), hint: NewCanvasText(RoleSmall, Muted, ""), keys: NewKeyChip(""),
	}
	r.Refresh()
	return r
}

type finderLineRenderer struct {
	line        *finderLine
	back        *canvas.Rectangle
	icon        *canvas.Image
	title, hint *canvas.Text
	keys        *Badge
}

func (r *finderLineRenderer) MinSize() fyne.Size { return fyne.NewSize(100, finderRow) }

func (r *finderLineRenderer) Layout(size fyne.Size) {
	r.back.Resize(size.SubtractWidthHeight(0, 2))
	r.icon.Resize(fyne.NewSquareSize(16))
	r.icon.Move(fyne.NewPos(11, (size.Height-2-16)/2))
	title, hint, keys := r.title.MinSize(), r.hint.MinSize(), r.keys.MinSize()
	r.title.Move(fyne.NewPos(37, (size.Height-2-title.Height)/2))
	r.hint.Move(fyne.NewPos(37+title.Width+11, (size.Height-2-hint.Height)/2+0.5))
	r.keys.Resize(keys)
	r.keys.Move(fyne.NewPos(size.Width-keys.Width-14, (size.Height-2-keys.Height)/2))
}

func (r *finderLineRenderer) Refresh() {
	l := r.line
	r.back.CornerRadius, r.back.FillColor = 6, translucent(ColorSelected, 0)
	if l.chosen {
		r.back.FillColor = Color(ColorSelected)
	}
	tone, icon := Plain, Secondary
	if l.item.Off {
		tone, icon = Muted, Muted
	}
	SetImageIcon(r.icon, l.item.Icon, icon.name())
	r.title.Text, r.title.Color = l.item.Title, ToneColor(tone)
	r.hint.Text, r.hint.Color = l.item.Hint, ToneColor(Muted)
	r.keys.SetText(l.item.Keys)
	r.keys.Hidden = l.item.Keys == ""
	r.Layout(l.Size())
	r.back.Refresh()
	r.title.Refresh()
	r.hint.Refresh()
}

func (r *finderLineRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.icon, r.title, r.hint, r.keys}
}
func (r *finderLineRenderer) Destroy() {}
