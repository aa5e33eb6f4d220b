package ngrok

import (
	"net"
	"slices"
	"strings"
	"time"
)

// beatEvery is how often a tunnel looks at the clock and, while it is not online,
// at the machine's addresses.
const beatEvery = 2 * time.Second

// slept is a gap between two looks at the clock that only sleep explains.
const slept = 15 * time.Second

// pulse is where the time comes from.
type pulse struct {
	now       func() time.Time
	ticks     func() (<-chan time.Time, func())
	addresses func() string // of this machine; equal while its networks are
}

func systemPulse() pulse {
	return pulse{
		now: time.Now,
		ticks: func() (<-chan time.Time, func()) {
			ticker := time.NewTicker(beatEvery)
			return ticker.C, ticker.Stop
		},
		addresses: machineAddresses,
	}
}

// machineAddresses lists the addresses of the machine's networks, in one string.
func machineAddresses() string {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	var texts []string
	for _, a := range all {
		if ip, ok := a.(*net.IPNet); ok && !ip.IP.IsLoopback() {
			texts = append(texts, a.String())
		}
	}
	slices.Sort(texts)
	return strings.Join(texts, " ")
}

// waking notices that the machine has slept, or has another network than a
// moment ago.
type waking struct {
	last      time.Time
	addresses string
	known     bool
}

// up looks, and reports whether it is time to connect anew. An online session
// outlives a second network, so that addresses count only while it is not.
func (w *waking) up(now time.Time, addresses func() string, online bool) bool {
	gap := now.Round(0).Sub(w.last.Round(0)) // the wall clock's: the other one may sleep too
	w.last = now
	if online {
		w.known = false
		return gap >= slept
	}
	current := addresses()
	moved := w.known && current != w.addresses
	w.addresses, w.known = current, true
	return gap >= slept || moved
}
