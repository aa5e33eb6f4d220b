package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// ruleRowHeight is that of a rule in the list.
const ruleRowHeight = 50

// ruleRow is one rule in the list of rules.
type ruleRow struct {
	widget.BaseWidget

	row   viewmodel.RuleRow
	hover bool
	look  color.Color
	onOff *ruleSwitch
}

func newRuleRow(onToggle func(id int64)) *ruleRow {
	r := &ruleRow{}
	r.onOff = newRuleSwitch(func() { onToggle(r.row.ID) })
	r.ExtendBaseWidget(r)
	return r
}

// set shows a rule, where it is another than before.
func (r *ruleRow) set(row viewmodel.RuleRow, hover bool) {
	look := kit.Color(kit.ColorText)
	if r.row != row || r.hover != hover || r.look != look {
		r.row, r.hover, r.look = row, hover, look
		r.onOff.on = row.On
		r.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (r *ruleRow) CreateRenderer() fyne.WidgetRenderer {
	v := &ruleRowRenderer{
		row: r, block: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil),
		name: newRowText(kit.RoleRow), about: newRowText(kit.RoleSmall), left: newRowText(kit.RoleMonoSmall), hits: newRowText(kit.RoleCaption),
	}
	v.Refresh()
	return v
}

type ruleRowRenderer struct {
	row                     *ruleRow
	block, bar              *canvas.Rectangle
	name, about, left, hits *rowText
}

const (
	ruleText  = 48 // where the words of a row begin
	ruleRight = 18 // what stays free at their end
)

// MinSize is for Fyne.
func (v *ruleRowRenderer) MinSize() fyne.Size { return fyne.NewSize(160, ruleRowHeight) }

// Layout is for Fyne.
func (v *ruleRowRenderer) Layout(size fyne.Size) {
	row := &v.row.row
	v.block.Move(fyne.NewPos(0, 1))
	v.block.Resize(fyne.NewSize(size.Width-10, size.Height-2))
	v.bar.Move(fyne.NewPos(0, 9))
	v.bar.Resize(fyne.NewSize(3, size.Height-18))
	v.row.onOff.Move(fyne.NewPos(8, (size.Height-24)/2))
	v.row.onOff.Resize(fyne.NewSize(34, 24))
	room := size.Width - ruleText - ruleRight
	tone := kit.Secondary
	if row.Problem != "" {
		tone = kit.Bad
	}
	v.left.set(row.Left, tone, room*0.5)
	v.left.place(size.Width-ruleRight-v.left.width(), 16)
	v.hits.set(row.Hits, kit.Muted, room*0.4)
	v.hits.place(size.Width-ruleRight-v.hits.width(), 34)
	name := kit.Plain
	if !row.Active {
		name = kit.Secondary
	}
	v.name.set(row.Name, name, room-v.left.width()-10)
	v.name.place(ruleText, 16)
	about, t := row.About, kit.Muted
	if row.Problem != "" {
		about, t = row.Problem, kit.Bad
	}
	gap := float32(0)
	if row.Hits != "" {
		gap = v.hits.width() + 10
	}
	v.about.set(about, t, room-gap)
	v.about.place(ruleText, 34)
}

// Refresh is for Fyne.
func (v *ruleRowRenderer) Refresh() {
	row := &v.row.row
	v.block.CornerRadius = 6
	v.block.Hidden = false
	switch {
	case row.At:
		v.block.FillColor = kit.Color(kit.ColorTint)
	case v.row.hover:
		v.block.FillColor = kit.Color(kit.ColorHover)
	default:
		v.block.Hidden = true
	}
	v.bar.Hidden, v.bar.CornerRadius = !row.At, 1.5
	v.bar.FillColor = kit.Color(kit.ColorAccent)
	v.row.onOff.tone = kit.Tone(row.Tone)
	v.row.onOff.Refresh()
	v.block.Refresh()
	v.bar.Refresh()
	v.Layout(v.row.Size())
}

// Objects is for Fyne.
func (v *ruleRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.block, v.bar, v.row.onOff, v.name.text, v.about.text, v.left.text, v.hits.text}
}

// Destroy is for Fyne.
func (v *ruleRowRenderer) Destroy() {}

// ruleSwitch switches a rule on and off with a click. With the keyboard Space does
// so for the chosen rule, so it takes no focus.
type ruleSwitch struct {
	widget.BaseWidget

	on    bool
	tone  kit.Tone
	onTap func()
}

func newRuleSwitch(onTap func()) *ruleSwitch {
	s := &ruleSwitch{onTap: onTap}
	s.ExtendBaseWidget(s)
	return s
}

// Tapped is for Fyne.
func (s *ruleSwitch) Tapped(*fyne.PointEvent) { s.onTap() }

// Cursor is for Fyne.
func (s *ruleSwitch) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel says what it does.
func (s *ruleSwitch) AccessibilityLabel() string {
	if s.on {
		return "Switch the rule off"
	}
	return "Switch the rule on"
}

// CreateRenderer is for Fyne.
func (s *ruleSwitch) CreateRenderer() fyne.WidgetRenderer {
	r := &ruleSwitchRenderer{s, canvas.NewRectangle(nil), canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type ruleSwitchRenderer struct {
	onOff       *ruleSwitch
	track, knob *canvas.Rectangle
}

const (
	switchWidth, switchHeight = 28, 16
	switchKnob                = 10
)

// MinSize is for Fyne.
func (r *ruleSwitchRenderer) MinSize() fyne.Size { return fyne.NewSize(34, 24) }

// Layout is for Fyne.
func (r *ruleSwitchRenderer) Layout(size fyne.Size) {
	top := (size.Height - switchHeight) / 2
	r.track.Move(fyne.NewPos(3, top))
	r.track.Resize(fyne.NewSize(switchWidth, switchHeight))
	x := float32(3 + 3)
	if r.onOff.on {
		x = 3 + switchWidth - switchKnob - 3
	}
	r.knob.Move(fyne.NewPos(x, top+3))
	r.knob.Resize(fyne.NewSquareSize(switchKnob))
}

// Refresh is for Fyne.
func (r *ruleSwitchRenderer) Refresh() {
	r.track.CornerRadius, r.knob.CornerRadius, r.track.StrokeWidth = switchHeight/2, switchKnob/2, 1
	if r.onOff.on {
		r.track.FillColor, r.track.StrokeColor = kit.ToneColor(r.onOff.tone), kit.ToneColor(r.onOff.tone)
		r.knob.FillColor = kit.Color(kit.ColorGround)
	} else {
		r.track.FillColor, r.track.StrokeColor = kit.Color(kit.ColorRaised), kit.Color(kit.ColorOutline)
		r.knob.FillColor = kit.Color(kit.ColorMuted)
	}
	r.Layout(r.onOff.Size())
	r.track.Refresh()
	r.knob.Refresh()
}

// Objects is for Fyne.
func (r *ruleSwitchRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.track, r.knob}
}

// Destroy is for Fyne.
func (r *ruleSwitchRenderer) Destroy() {}
