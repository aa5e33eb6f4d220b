package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Tab is one of several views of a thing.
type Tab struct {
	ID, Title string
	Count     string // shown as a chip; "" shows none
}

// Tabs is a bar of titles, the selected one underlined. The arrow keys go through
// them.
type Tabs struct {
	widget.BaseWidget
	stepper

	tabs     []Tab
	selected string
	hovered  int // -1: none
	onSelect func(id string)
}

const (
	tabHeight = 34
	tabGap    = 22
	tabLeast  = 9 // where there is little room
)

// NewTabs makes a bar. onSelect is called for a click, not by SetSelected.
func NewTabs(tabs []Tab, onSelect func(id string)) *Tabs {
	t := &Tabs{tabs: slices.Clone(tabs), onSelect: onSelect, hovered: -1}
	t.step, t.changed = t.move, t.Refresh
	t.ExtendBaseWidget(t)
	return t
}

// SetTabs changes titles and counts.
func (t *Tabs) SetTabs(tabs []Tab) {
	t.tabs = slices.Clone(tabs)
	t.Refresh()
}

// SetCount changes the count of a tab; "" takes it away.
func (t *Tabs) SetCount(id, count string) {
	for i := range t.tabs {
		if t.tabs[i].ID == id && t.tabs[i].Count != count {
			t.tabs[i].Count = count
			t.Refresh()
		}
	}
}

// SetSelected underlines a tab.
func (t *Tabs) SetSelected(id string) {
	if t.selected != id {
		t.selected = id
		t.Refresh()
	}
}

// move selects the tab before or after the selected one, as a click does.
func (t *Tabs) move(by int) {
	at := slices.IndexFunc(t.tabs, func(tab Tab) bool { return tab.ID == t.selected })
	if i := at + by; at >= 0 && i >= 0 && i < len(t.tabs) && t.onSelect != nil {
		t.onSelect(t.tabs[i].ID)
	}
}

// edges are the left edge and the width of each tab.
func (t *Tabs) edges() (lefts, widths []float32) {
	x := float32(0)
	for _, tab := range t.tabs {
		width := MeasureText(RoleRow, tab.Title).Width
		if tab.Count != "" {
			width += MeasureText(RoleCaption, tab.Count).Width + 14 + 6
		}
		widths = append(widths, width)
		x += width
	}
	gap := float32(tabGap)
	if room := t.Size().Width; room > 0 && len(widths) > 1 {
		gap = min(max((room-x)/float32(len(widths)-1), tabLeast), tabGap)
	}
	x = 0
	for _, width := range widths {
		lefts = append(lefts, x)
		x += width + gap
	}
	return lefts, widths
}

func (t *Tabs) at(x float32) int {
	lefts, widths := t.edges()
	for i := range lefts {
		until := lefts[i] + widths[i] + tabGap/2
		if i+1 < len(lefts) {
			until = (lefts[i] + widths[i] + lefts[i+1]) / 2
		}
		if x < until {
			return i
		}
	}
	return -1
}

// Tapped is for Fyne.
func (t *Tabs) Tapped(e *fyne.PointEvent) {
	if i := t.at(e.Position.X); i >= 0 && t.onSelect != nil {
		t.onSelect(t.tabs[i].ID)
	}
}

// MouseIn is for Fyne.
func (t *Tabs) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved is for Fyne.
func (t *Tabs) MouseMoved(e *desktop.MouseEvent) {
	if i := t.at(e.Position.X); i != t.hovered {
		t.hovered = i
		t.Refresh()
	}
}

// MouseOut is for Fyne.
func (t *Tabs) MouseOut() { t.hovered = -1; t.Refresh() }

// Cursor is for Fyne.
func (t *Tabs) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is for Fyne.
func (t *Tabs) CreateRenderer() fyne.WidgetRenderer {
	r := &tabsRenderer{tabs: t, line: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type tabsRenderer struct {
	tabs    *Tabs
	line    *canvas.Rectangle
	ring    *canvas.Rectangle // round the selected one, with the keyboard on it
	titles  []*canvas.Text
	counts  []*Badge
	objects []fyne.CanvasObject
}

func (r *tabsRenderer) MinSize() fyne.Size {
	lefts, widths := r.tabs.edges()
	if len(lefts) == 0 {
		return fyne.NewSize(0, tabHeight)
	}
	last := len(lefts) - 1
	return fyne.NewSize(lefts[last]+widths[last], tabHeight)
}

func (r *tabsRenderer) Layout(size fyne.Size) {
	lefts, widths := r.tabs.edges()
	r.line.Hide()
	r.ring.Hide()
	for i, tab := range r.tabs.tabs {
		title := r.titles[i].MinSize()
		r.titles[i].Resize(title)
		r.titles[i].Move(fyne.NewPos(lefts[i], (tabHeight-2-title.Height)/2))
		count := r.counts[i].MinSize()
		r.counts[i].Resize(count)
		r.counts[i].Move(fyne.NewPos(lefts[i]+title.Width+6, (tabHeight-2-count.Height)/2))
		if tab.ID == r.tabs.selected {
			r.line.Show()
			r.line.Resize(fyne.NewSize(widths[i], 2))
			r.line.Move(fyne.NewPos(lefts[i], size.Height-2))
			r.ring.Hidden = !r.tabs.focused
			r.ring.Resize(fyne.NewSize(widths[i]+12, size.Height-10))
			r.ring.Move(fyne.NewPos(lefts[i]-6, 4))
		}
	}
}

func (r *tabsRenderer) Refresh() {
	for len(r.titles) < len(r.tabs.tabs) {
		r.titles = append(r.titles, NewCanvasText(RoleRow, Plain, ""))
		r.counts = append(r.counts, NewCount(""))
	}
	r.titles, r.counts = r.titles[:len(r.tabs.tabs)], r.counts[:len(r.tabs.tabs)]
	r.line.FillColor = Color(ColorAccent)
	r.ring.StrokeColor, r.ring.StrokeWidth, r.ring.CornerRadius = Color(ColorAccent), 1, 5
	r.objects = append(r.objects[:0], r.line, r.ring)
	for i, tab := range r.tabs.tabs {
		tone := Secondary
		if tab.ID == r.tabs.selected || i == r.tabs.hovered {
			tone = Plain
		}
		r.titles[i].Text, r.titles[i].Color = tab.Title, ToneColor(tone)
		r.titles[i].Refresh()
		r.counts[i].SetText(tab.Count)
		r.objects = append(r.objects, r.titles[i])
		if tab.Count != "" {
			r.counts[i].Refresh()
			r.objects = append(r.objects, r.counts[i])
		}
	}
	r.Layout(r.tabs.Size())
	r.line.Refresh()
	r.ring.Refresh()
}

func (r *tabsRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *tabsRenderer) Destroy()                     {}
