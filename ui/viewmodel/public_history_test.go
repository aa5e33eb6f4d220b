package viewmodel

import (
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

func TestPublicHistory(t *testing.T) {
	b := newPublicBench(t)
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 4, hour, minute, 20, 0, time.UTC) }
	lost := []capture.PublicEvent{
		{ID: 3, At: at(2, 13), State: capture.PublicReconnecting, URL: testURL, Reason: "The network is down."},
		{ID: 2, At: at(0, 2), State: capture.PublicOnline, URL: testURL},
		{ID: 1, At: at(0, 2), State: capture.PublicConnecting},
	}
	b.events = lost
	b.tell(capture.Public{State: capture.PublicReconnecting, Via: capture.ViaTunnel, URL: testURL})
	h := b.Public.History
	if len(h.Gaps) != 1 || !h.Gaps[0].Now || h.Gaps[0].Text != "offline since 02:13: callbacks do not get through" || h.Gaps[0].Why != "The network is down." {
		t.Fatalf("while it lasts: %+v", h.Gaps)
	}
	if b.Status.Outage != "offline since 02:13" {
		t.Errorf("status bar: %q", b.Status.Outage)
	}
	b.events = append([]capture.PublicEvent{{ID: 4, At: at(2, 41), State: capture.PublicOnline, URL: testURL}}, lost...)
	b.tell(onlinePublic())
	if want := "offline 02:13 to 02:41, 28 min: provider retries may be waiting"; h.Gaps[0].Text != want || h.Gaps[0].Now {
		t.Errorf("got %+v, want %q", h.Gaps[0], want)
	}
	if b.Status.Outage != "offline 02:13 to 02:41, 28 min" {
		t.Errorf("status bar: %q", b.Status.Outage)
	}
	if text := b.Notices.Toast.Text; !strings.HasPrefix(text, "Online again: offline 02:13 to 02:41") {
		t.Errorf("toast %q", text)
	}
	if len(h.Lines) != 4 || h.Lines[0].Word != "Online" || h.Lines[0].Text != "calm-otter.ngrok-free.app" || h.Lines[1].Text != "The network is down." {
		t.Errorf("lines %+v", h.Lines)
	}
	b.now = b.now.Add(24 * time.Hour)
	b.Changed.Emit()
	if b.Status.Outage != "" {
		t.Errorf("a day later: %q", b.Status.Outage)
	}
}

func TestGapSpan(t *testing.T) {
	for _, tt := range []struct {
		d    time.Duration
		want string
	}{
		{0, "1 s"},
		{40 * time.Second, "40 s"},
		{59*time.Second + 900*time.Millisecond, "59 s"},
		{28 * time.Minute, "28 min"},
		{3*time.Hour + 5*time.Minute, "3 h 5 min"},
		{2 * time.Hour, "2 h"},
		{52 * time.Hour, "2 d 4 h"},
	} {
		if got := gapSpan(tt.d); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.d, got, tt.want)
		}
	}
}
