package ui

import (
	"fyne.io/fyne/v2"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// histogram draws over the rows when the callbacks came.
type histogram struct {
	state *viewmodel.Histogram

	bars              *kit.Bars
	first, told, last *kit.Text
	line, root        *fyne.Container
	low, high         int // bars under the mouse; -1 for none
}

func newHistogram(app *viewmodel.App) *histogram {
	h := &histogram{
		state: app.Histogram,
		first: kit.NewText(kit.RoleMonoSmall, kit.Muted, ""), last: kit.NewText(kit.RoleMonoSmall, kit.Muted, ""),
		told: kit.NewShrinkingText(kit.RoleCaption, kit.Muted, ""),
		low:  -1, high: -1,
	}
	h.bars = kit.NewBars(kit.BarsSpec{
		OnChoose: h.state.Choose,
		OnHover: func(low, high int) {
			h.low, h.high = low, high
			h.label()
		},
		OnKey:   h.state.Key,
		OnFocus: h.state.Focus,
	})
	h.line = kit.HRow(8, h.first, kit.Spacer(), h.told, kit.Spacer(), h.last)
	h.root = kit.VStack(0, kit.Pad(14, 0, 14, 0, h.bars), kit.Fixed(0, 22, kit.Pad(14, 0, 14, 0, h.line)), kit.HLine())
	h.root.Hide()
	return h
}

// update reports whether it came or went.
func (h *histogram) update() bool {
	s := h.state
	bars := make([]kit.Bar, len(s.Bars))
	for i, bar := range s.Bars {
		bars[i] = kit.Bar{Height: bar.Count, Bad: bar.Failed}
	}
	at, to := s.Marked()
	h.bars.Set(bars, s.Low, s.High, at, to)
	h.label()
	if h.root.Visible() == s.Shown {
		return false
	}
	show(h.root, s.Shown)
	return true
}

// label writes what is under the bars: the edges, or what the keyboard or the
// mouse is on.
func (h *histogram) label() {
	s := h.state
	text := ""
	if at, to := s.Marked(); at >= 0 {
		text = s.Tip(at, to)
	}
	if text == "" {
		text = s.Tip(h.low, h.high)
	}
	if text == "" && s.Low >= 0 {
		text = s.Tip(s.Low, s.High)
	}
	tone := kit.Plain
	first, last := "", ""
	if text == "" {
		text, tone, first, last = s.Span, kit.Muted, s.First, s.Last
	}
	if h.told.Text() == text && h.first.Text() == first && h.last.Text() == last {
		return
	}
	h.told.SetText(text)
	h.told.SetTone(tone)
	h.first.SetText(first)
	h.last.SetText(last)
	h.line.Refresh()
}
