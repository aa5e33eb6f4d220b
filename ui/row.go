package ui

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// Where things stand in a row. The block is what is tinted; there are two pixels
// between two blocks.
const (
	rowPitch     = 52
	rowPitchMeta = 68 // with a third line
	rowGap       = 2
	blockLeft    = 6
	blockRight   = 4
	markLeft     = 11 // of a person's colour
	badgeLeft    = 18
	textLeft     = 72
	nameLeft     = 85
	rowRight     = 16
	verdictRight = 68 // of the verdict, from the right edge; further where the answer is long
	dayHeight    = 15
)

// rowLines are the middles of a row's lines.
type rowLines struct{ first, second, third float32 }

// rowView draws one row with fixed coordinates: it is drawn often.
type rowView struct {
	widget.BaseWidget

	row   viewmodel.Row
	hover bool
	meta  bool // the third line is shown
	look  color.Color

	draw *rowRenderer
}

func newRowView() *rowView {
	r := &rowView{}
	r.ExtendBaseWidget(r)
	return r
}

// set shows a row, where it is another than before.
func (r *rowView) set(row viewmodel.Row, hover, meta bool) {
	look := kit.Color(kit.ColorText)
	if r.row == row && r.hover == hover && r.meta == meta && r.look == look && r.draw != nil {
		return
	}
	r.row, r.hover, r.meta, r.look = row, hover, meta, look
	r.Refresh()
}

// AccessibilityLabel is what a screen reader says.
func (r *rowView) AccessibilityLabel() string {
	row := &r.row
	if row.Title != "" {
		return row.Title
	}
	return row.Method + " " + row.Path + ", " + row.Provider + " " + row.Event + ", " + row.Verdict + ", " + row.Answer + ", " + row.Time
}

// CreateRenderer is for Fyne.
func (r *rowView) CreateRenderer() fyne.WidgetRenderer {
	d := &rowRenderer{
		view: r, block: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil),
		dayLeft: canvas.NewRectangle(nil), dayRight: canvas.NewRectangle(nil),
		badge: kit.NewMethodBadge(""), dot: canvas.NewCircle(nil),
		path: newRowText(kit.RoleRow), name: newRowText(kit.RoleSmall), event: newRowText(kit.RoleSmall),
		meta: newRowText(kit.RoleCaption), answer: newRowText(kit.RoleMonoBold), time: newRowText(kit.RoleMonoSmall),
		mark: newRowText(kit.RoleMonoSmall), day: newRowText(kit.RoleCaption), title: newRowText(kit.RoleSmall),
		verdict: newRowIcon(), pin: newRowIcon(), origin: newRowIcon(), note: newRowIcon(),
		colour: canvas.NewRectangle(nil),
	}
	for i := range d.waiting {
		d.waiting[i] = canvas.NewRectangle(nil)
		d.waiting[i].CornerRadius = 3
	}
	d.block.CornerRadius, d.bar.CornerRadius, d.colour.CornerRadius = 6, 1.5, 1.5
	d.objects = []fyne.CanvasObject{
		d.block, d.bar, d.colour, d.dayLeft, d.dayRight, d.waiting[0], d.waiting[1], d.waiting[2], d.badge, d.dot,
		d.path.text, d.name.text, d.event.text, d.meta.text, d.answer.text, d.time.text, d.mark.text, d.day.text, d.title.text,
		d.verdict, d.pin, d.origin, d.note,
	}
	for _, t := range []*rowText{d.path, d.event, d.meta} {
		for i := range t.marks {
			t.marks[i] = canvas.NewRectangle(nil)
			d.objects = append(d.objects[:3:3], append([]fyne.CanvasObject{t.marks[i]}, d.objects[3:]...)...)
		}
	}
	r.draw = d
	d.Refresh()
	return d
}

func newRowIcon() *canvas.Image {
	return &canvas.Image{FillMode: canvas.ImageFillContain}
}

// rowText is a text of a row. What it was cut to is remembered: measuring takes
// longer than drawing.
type rowText struct {
	text  *canvas.Text
	role  kit.Role
	whole string
	room  float32
	marks [len(viewmodel.RowHits{})]*canvas.Rectangle // under its hits
}

func newRowText(role kit.Role) *rowText {
	return &rowText{text: kit.NewCanvasText(role, kit.Plain, ""), role: role}
}

// set writes a text in a tone, cut to a width.
func (t *rowText) set(whole string, tone kit.Tone, room float32) {
	t.text.Hidden = whole == "" || room < 12
	t.text.Color = kit.ToneColor(tone)
	if t.whole != whole || t.room != room {
		t.whole, t.room = whole, room
		t.text.Text = kit.Fit(t.role, whole, room)
	}
	t.text.Resize(t.text.MinSize())
}

func (t *rowText) width() float32 {
	if t.text.Hidden {
		return 0
	}
	return t.text.MinSize().Width
}

// place puts the text at a place, with its middle at a height.
func (t *rowText) place(x, middle float32) {
	t.text.Move(fyne.NewPos(x, middle-t.text.MinSize().Height/2))
	t.text.Refresh()
}

// mark marks the parts of the text that were looked for.
func (t *rowText) mark(hits viewmodel.RowHits) {
	for i, hit := range hits {
		t.marks[i].Hidden = hit[1] == 0 || t.text.Hidden
		if !t.marks[i].Hidden {
			if strings.HasSuffix(t.text.Text, "…") && t.text.Text != t.whole { // it was cut there
				hit[1] = min(hit[1], len(t.text.Text)-len("…"))
			}
			kit.PlaceMark(t.marks[i], t.role, t.text, hit)
		}
		t.marks[i].Refresh()
	}
}
