package viewmodel

import (
	"time"

	"hookglass/capture"
)

// notifyEvery is the shortest time between two words to the desktop.
const notifyEvery = 20 * time.Second

// SetForeground is told whether the window has the keyboard. While it has not,
// the desktop is told of senders that wait.
func (a *App) SetForeground(on bool) {
	a.Held.away = !on
	if on {
		a.Held.untold = 0
	}
}

// count counts the callbacks that have come to be held since the last look.
func (h *Held) count() {
	known := make(map[int64]bool, len(h.list))
	for i := range h.list {
		id := h.list[i].Exchange
		if !h.known[id] && h.away {
			h.untold++
		}
		known[id] = true
	}
	h.known = known
	h.untold = min(h.untold, len(h.list)) // some may have been answered meanwhile
}

// tell notifies the desktop: once for many, and not of what is seen anyway.
func (h *Held) tell() {
	now := h.app.config.Now()
	if h.untold == 0 || !h.away || !h.told.IsZero() && now.Sub(h.told) < notifyEvery || h.app.Screen.Notify == nil {
		return
	}
	h.told, h.untold = now, 0
	h.app.Screen.Notify(waiting(len(h.list)), h.notice(&h.list[0], now))
}

// notice says who waits. Only words of our own and of the person are in it: what
// a stranger sent could be markup to the desktop.
func (h *Held) notice(x *capture.Held, now time.Time) string {
	text := h.sender(x)
	if x.Endpoint != "" {
		text += " at " + capture.Visible(x.Endpoint)
	}
	left := max(x.Until.Sub(now), 0)
	return text + ". In " + seconds(left+time.Second-1) + " it gets the fallback: " + fallback(x) + "."
}
