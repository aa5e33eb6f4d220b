package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// ruleGlance draws what each endpoint answers now. Where they are many they scroll,
// so that the rules below keep their room.
type ruleGlance struct {
	app    *viewmodel.App
	lines  []*glanceLine
	stack  *fyne.Container
	scroll *kit.Scroll
	frame  *fyne.Container
	root   fyne.CanvasObject
	narrow bool
}

const (
	glanceHeight = 26
	glanceShown  = 7 // lines at once
)

func newRuleGlance(app *viewmodel.App) *ruleGlance {
	g := &ruleGlance{app: app, stack: kit.VStack(0)}
	g.scroll = kit.VScroll(g.stack)
	g.frame = container.New(glanceLayout{g}, g.scroll)
	g.root = kit.VStack(0,
		kit.Pad(18, 12, 18, 6, kit.NewText(kit.RoleSection, kit.Muted, "WHAT IS ANSWERED NOW")),
		kit.Pad(8, 0, 8, 8, g.frame))
	return g
}

// glanceLayout is as high as the lines, up to glanceShown.
type glanceLayout struct{ glance *ruleGlance }

// MinSize is for Fyne.
func (l glanceLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(100, float32(max(min(len(l.glance.lines), glanceShown), 1))*glanceHeight)
}

// Layout is for Fyne.
func (glanceLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
}

func (g *ruleGlance) setNarrow(narrow bool) {
	if g.narrow != narrow {
		g.narrow = narrow
		g.update()
	}
}

func (g *ruleGlance) update() {
	list := g.app.Rules.Glance
	for len(g.lines) < len(list) {
		i := len(g.lines)
		line := newGlanceLine(func() { g.app.Rules.ShowEndpoint(g.lines[i].shown.Path) })
		g.lines = append(g.lines, line)
		g.stack.Add(line)
	}
	if len(g.lines) > len(list) {
		g.lines = g.lines[:len(list)]
		g.stack.Objects = g.stack.Objects[:len(list)]
		g.stack.Refresh()
	}
	for i := range list {
		line := list[i]
		if g.narrow {
			line.Also = "" // there is no room
		}
		g.lines[i].set(line)
	}
	g.scroll.Refresh()
}

// glanceLine is what one endpoint answers; pressed, it shows the rule.
type glanceLine struct {
	widget.BaseWidget
	kit.Pressable

	shown  viewmodel.EndpointGlance
	ground *kit.Surface
	dot    *kit.Dot
	name   *kit.Text
	live   *kit.Badge
	also   *kit.Text
	answer *kit.Text
}

func newGlanceLine(onTap func()) *glanceLine {
	l := &glanceLine{ground: kit.NewCard(kit.ColorHover, "", 6), dot: kit.NewDot(kit.ColorMuted, 8)}
	l.name = kit.NewShrinkingText(kit.RoleSmall, kit.Plain, "")
	l.live = kit.NewBadge("live", kit.Warn)
	l.also = kit.NewShrinkingText(kit.RoleCaption, kit.Muted, "")
	l.answer = kit.NewText(kit.RoleMonoSmall, kit.Secondary, "")
	l.OnPress, l.Changed = onTap, l.light
	l.ExtendBaseWidget(l)
	l.light()
	return l
}

func (l *glanceLine) light() { show(l.ground, l.Hovered || l.Focused) }

func (l *glanceLine) set(g viewmodel.EndpointGlance) {
	if l.shown == g {
		return
	}
	l.shown = g
	l.dot.SetColor(kit.HueName(g.Hue))
	l.name.SetText(g.Name)
	show(l.live, g.Live)
	l.also.SetText(g.Also)
	l.answer.SetText(g.Answers)
	l.answer.SetTone(tone(g.Tone))
	l.Refresh()
}

// AccessibilityLabel is all of the line.
func (l *glanceLine) AccessibilityLabel() string {
	return l.shown.Name + " " + l.shown.Answers + " " + l.shown.Also
}

// CreateRenderer is for Fyne.
func (l *glanceLine) CreateRenderer() fyne.WidgetRenderer {
	row := kit.HRow(8, l.dot, l.name, l.live, l.also, kit.Spacer(), l.answer)
	return widget.NewSimpleRenderer(container.NewStack(l.ground, kit.Fixed(0, glanceHeight, kit.Pad(10, 0, 18, 0, row))))
}
