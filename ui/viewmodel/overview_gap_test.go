package viewmodel

import (
	"testing"
	"time"

	"hookglass/capture"
)

func TestGapNote(t *testing.T) {
	at := func(hour, minute, second int) time.Time {
		return time.Date(2026, 3, 4, hour, minute, second, 0, time.UTC)
	}
	outages := []capture.Outage{
		{From: at(9, 0, 0)},
		{From: at(2, 13, 0), To: at(2, 41, 0)},
		{From: at(1, 0, 5), To: at(1, 0, 12)},
	}
	for _, tt := range []struct {
		name string
		via  capture.Via
		at   time.Time
		want string
	}{
		{"soon after", capture.ViaTunnel, at(2, 41, 40), "It came 40 s after the public address was offline, 02:13 to 02:41: it may have been tried before"},
		{"after a short one", capture.ViaPublic, at(1, 3, 0), "It came 3 min after the public address was offline, 01:00:05 to 01:00:12: it may have been tried before"},
		{"much later", capture.ViaTunnel, at(3, 0, 0), ""},
		{"before it", capture.ViaTunnel, at(0, 30, 0), ""},
		{"while one lasts", capture.ViaTunnel, at(9, 1, 0), ""},
		{"from this machine", capture.ViaLocal, at(2, 41, 40), ""},
	} {
		x := &capture.Exchange{Via: tt.via, Request: capture.Request{Received: tt.at}}
		if got := gapNote(x, outages, style{zone: time.UTC}); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
