package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

const (
	ruleText  = 48 // where the words of a row begin
	ruleRight = 18 // what stays free at their end
)

// newRuleFace shows a rule in the list of rules.
func newRuleFace(onToggle func(id int64)) rowFace[viewmodel.RuleRow] {
	id := int64(0)
	onOff := newRuleSwitch(func() { onToggle(id) })
	name, about, left, hits := newRowText(kit.RoleRow), newRowText(kit.RoleSmall), newRowText(kit.RoleMonoSmall), newRowText(kit.RoleCaption)
	return rowFace[viewmodel.RuleRow]{
		height: 50, bar: 9, objects: []fyne.CanvasObject{onOff, name.text, about.text, left.text, hits.text},
		state: func(row *viewmodel.RuleRow) rowState { return stateOf(row.At) },
		lay: func(row *viewmodel.RuleRow, size fyne.Size) {
			id, onOff.on, onOff.tone = row.ID, row.On, kit.Tone(row.Tone)
			onOff.Move(fyne.NewPos(8, (size.Height-24)/2))
			onOff.Resize(fyne.NewSize(34, 24))
			onOff.Refresh()
			room := size.Width - ruleText - ruleRight
			tone := kit.Secondary
			if row.Problem != "" {
				tone = kit.Bad
			}
			left.set(row.Left, tone, room*0.5)
			left.place(size.Width-ruleRight-left.width(), 16)
			hits.set(row.Hits, kit.Muted, room*0.4)
			hits.place(size.Width-ruleRight-hits.width(), 34)
			if tone = kit.Plain; !row.Active {
				tone = kit.Secondary
			}
			name.set(row.Name, tone, room-left.width()-10)
			name.place(ruleText, 16)
			text, tone := row.About, kit.Muted
			if row.Problem != "" {
				text, tone = row.Problem, kit.Bad
			}
			gap := float32(0)
			if row.Hits != "" {
				gap = hits.width() + 10
			}
			about.set(text, tone, room-gap)
			about.place(ruleText, 34)
		},
	}
}

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
