package capture

import (
	"slices"
	"testing"
	"time"
)

func TestOutages(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 11, 21, 2, minute, 0, 0, time.UTC) }
	event := func(minute int, state PublicState, reason string) PublicEvent {
		return PublicEvent{At: at(minute), State: state, URL: "https://x.test", Reason: reason}
	}
	tests := []struct {
		name   string
		events []PublicEvent // oldest first
		want   []Outage      // newest first
	}{
		{"none", nil, nil},
		{"never online", []PublicEvent{event(1, PublicConnecting, ""), event(2, PublicFailed, "token")}, nil},
		{"online since the beginning", []PublicEvent{event(1, PublicConnecting, ""), event(2, PublicOnline, "")}, nil},
		{"one, through several states", []PublicEvent{
			event(1, PublicOnline, ""), event(13, PublicReconnecting, "lost"), event(20, PublicFailed, "token"), event(40, PublicConnecting, ""), event(41, PublicOnline, ""),
		}, []Outage{{at(13), at(41), "https://x.test", "lost"}}},
		{"two, and one that lasts", []PublicEvent{
			event(1, PublicOnline, ""), event(2, PublicReconnecting, "a"), event(3, PublicOnline, ""),
			event(4, PublicUnreachable, "b"), event(5, PublicOnline, ""), event(6, PublicOff, "c"),
		}, []Outage{{at(6), time.Time{}, "https://x.test", "c"}, {at(4), at(5), "https://x.test", "b"}, {at(2), at(3), "https://x.test", "a"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			slices.Reverse(test.events)
			if got := Outages(test.events); !slices.Equal(got, test.want) {
				t.Errorf("got %+v\nwant %+v", got, test.want)
			}
		})
	}
}
