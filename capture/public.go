package capture

import (
	"slices"
	"time"
)

// Public says how things stand with the address that providers reach us at. The
// zero value: there is none, and none is wanted.
type Public struct {
	State   PublicState
	Since   time.Time     // when State began
	Via     Via           // ViaTunnel or ViaPublic; "" where none is wanted
	URL     string        // "https://shop.example"; "" before the first time it is known
	Latency time.Duration // of the tunnel's last heartbeat; 0 before one

	Account, Plan, Region string // as the tunnel's service tells; "" where it does not

	Code   string // of the tunnel's service: "ERR_NGROK_105"; "" where there is none
	Reason string // why it is not online, and what to do: sentences for a person

	Checking bool  // a self-test is on its way
	Reach    Reach // of the last self-test through URL
}

// PublicState says how far the public address can be relied on.
type PublicState string

// The states of the public address.
const (
	PublicOff          PublicState = "off"
	PublicConnecting   PublicState = "connecting"   // for the first time
	PublicOnline       PublicState = "online"       // the tunnel stands, and nothing says that it does not carry
	PublicUnreachable  PublicState = "unreachable"  // the tunnel stands, but a self-test did not come back through it
	PublicReconnecting PublicState = "reconnecting" // was online, and tries again by itself
	PublicFailed       PublicState = "failed"       // tries no more
)

// Reach is what became of a self-test: a request of ours that went out to the
// public address and had to come back in. The zero value: there was none.
type Reach struct {
	At      time.Time // when it ended
	Outcome ReachOutcome
	Took    time.Duration // there and back; 0 unless it was reached
	Status  int           // of an answer that was not ours; 0 for none
	Code    string        // of the tunnel's service
	Text    string        // sentences for a person; "" where it was reached
}

// ReachOutcome is how a self-test ended.
type ReachOutcome string

// The outcomes of a self-test.
const (
	Reached   ReachOutcome = "reached"   // it came back in, and our answer came back out
	Blocked   ReachOutcome = "blocked"   // the edge is alive; a policy there turned the test away
	Unreached ReachOutcome = "unreached" // somebody else answered, or nobody
	Untested  ReachOutcome = "untested"  // it could not go out: this machine has no network, or knows no such name
)

// PublicEvent is a change of the public address's state, as it is kept.
type PublicEvent struct {
	ID     int64
	At     time.Time
	State  PublicState
	URL    string
	Code   string
	Reason string
}

// Outage is a time in which the public address did not carry, after it had.
type Outage struct {
	From, To time.Time // To is zero while it lasts
	URL      string
	Reason   string // of its first event
}

// Carries reports whether callbacks are thought to come through in this state.
func (s PublicState) Carries() bool { return s == PublicOnline }

// Outages lists the times in which the public address did not carry, newest
// first. events are its changes, newest first too.
func Outages(events []PublicEvent) []Outage {
	var outages []Outage
	var open *Outage
	online := false
	for i := len(events) - 1; i >= 0; i-- {
		switch e := &events[i]; {
		case e.State.Carries():
			if open != nil {
				open.To = e.At
				outages = append(outages, *open)
				open = nil
			}
			online = true
		case online:
			open = &Outage{From: e.At, URL: e.URL, Reason: e.Reason}
			online = false
		}
	}
	if open != nil {
		outages = append(outages, *open)
	}
	slices.Reverse(outages)
	return outages
}
