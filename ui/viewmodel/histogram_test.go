package viewmodel

import (
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// comeAt keeps a callback that was received some time ago.
func (b *listBench) comeAt(t *testing.T, ago time.Duration, change func(*capture.Exchange)) int64 {
	t.Helper()
	now := b.now
	b.now = now.Add(-ago)
	defer func() { b.now = now }()
	return b.come(t, change)
}

func failing(x *capture.Exchange) { x.Annotation.Verification.Status = capture.Invalid }

func TestHistogram(t *testing.T) {
	b := newListBench(t)
	if b.Histogram.Shown {
		t.Error("it is shown while nothing was captured")
	}
	b.comeAt(t, 60*time.Minute, nil)
	b.comeAt(t, 30*time.Minute, failing)
	b.comeAt(t, 30*time.Minute, nil)
	b.comeAt(t, time.Minute, nil)
	b.tick()
	b.now = b.now.Add(2 * time.Second)
	b.tick()
	h := b.Histogram
	var bars, failed []int
	for i, bar := range h.Bars {
		if bar.Count > 0 {
			bars = append(bars, i)
		}
		if bar.Failed > 0 {
			failed = append(failed, i)
		}
	}
	if !h.Shown || len(bars) != 3 || len(failed) != 1 || failed[0] != bars[1] || h.Bars[bars[1]].Failed*2 != h.Bars[bars[1]].Count {
		t.Fatalf("shown %t, bars %v, failed %v", h.Shown, bars, failed)
	}
	if tip := h.Tip(bars[1], bars[1]); !strings.Contains(tip, "2 callbacks, proof failed of 1") {
		t.Errorf("tip %q", tip)
	}
	count := len(h.Bars)
	h.Choose(bars[1], bars[1])
	b.tick()
	if b.List.Len() != 2 || h.Low != bars[1] || h.High != bars[1] || len(h.Bars) != count {
		t.Errorf("%d rows by %q; %d to %d chosen of %d bars, want %d of %d", b.List.Len(), b.List.applied, h.Low, h.High, len(h.Bars), bars[1], count)
	}
	if len(b.Filter.Chips) != 2 {
		t.Errorf("chips %v", b.Filter.Chips)
	}
	h.Choose(bars[2], bars[1]) // another one in its place, dragged backwards
	b.tick()
	if b.List.Len() != 3 || h.Low != bars[1] || h.High != bars[2] {
		t.Errorf("%d rows by %q", b.List.Len(), b.List.applied)
	}
	h.Choose(bars[1], bars[2])
	b.tick()
	if b.List.applied != "" || h.Low != -1 {
		t.Errorf("a second click leaves %q", b.List.applied)
	}
	b.List.FilterNow("verified:failed")
	h.Choose(bars[0], bars[1])
	b.tick()
	if b.List.Len() != 1 || !strings.HasPrefix(b.List.applied, "verified:failed after:") {
		t.Errorf("%d rows by %q", b.List.Len(), b.List.applied)
	}
	if !b.List.Back() || b.List.applied != "verified:failed" {
		t.Errorf("Escape leaves %q", b.List.applied)
	}
}

func TestHistogramKeys(t *testing.T) {
	b := newListBench(t)
	for i := range 5 {
		b.comeAt(t, time.Duration(50-10*i)*time.Minute, nil)
	}
	b.tick()
	b.now = b.now.Add(2 * time.Second)
	b.tick()
	h := b.Histogram
	h.Focus(true)
	last := len(h.Bars) - 1
	if h.At != last {
		t.Fatalf("at %d of %d", h.At, last)
	}
	h.Key("Left")
	h.Key("Shift+Left")
	if low, high := h.Marked(); low != last-2 || high != last-1 {
		t.Errorf("%d to %d are marked", low, high)
	}
	h.Key("Home")
	h.Key("Return")
	b.tick()
	if b.List.Len() != 1 || h.Low != 0 {
		t.Errorf("%d rows by %q", b.List.Len(), b.List.applied)
	}
	if h.Key("x") {
		t.Error("it takes x")
	}
	h.Focus(false)
	if h.At != -1 {
		t.Error("it keeps its place without the keyboard")
	}
}

// TestHistogramKeepsPace counts at most once a second while callbacks come.
func TestHistogramKeepsPace(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 1)
	b.now = b.now.Add(2 * time.Second)
	b.tick()
	first := b.Histogram.data
	b.comes(t, 3)
	if got := len(b.Histogram.data.Bars); got != len(first.Bars) || b.Histogram.data.From != first.From {
		t.Error("it was counted twice in a moment")
	}
	if !b.Histogram.planned && !b.Histogram.dirty {
		t.Error("it is not counted again")
	}
}
