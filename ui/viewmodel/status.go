package viewmodel

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hookglass/store"
)

// Status is the line at the foot of the window.
type Status struct {
	State      string // "Capturing", "Starting", "Not listening"
	Tone       Tone
	Address    string // "http://127.0.0.1:4480"; "" while nothing listens
	Host       string // "127.0.0.1:4480"
	Public     string // "Tunnel online · eu · 38 ms"; "" where no public address is wanted
	PublicTone Tone
	Outage     string // "offline 02:13 to 02:41, 28 min"; "" where there was none of late
	Failing    string // "failing on purpose: KornitX 503, 29 min left"
	Held       string // "2 senders wait"; "" where none does, and where the list says it
	Rate       string // "18 / min"
	Stored     string // "1 284 stored"
	Size       string // "38.4 MB"
	Version    string

	Changed Signal

	app     *App
	asked   time.Time // when the size was last asked for
	asking  bool
	waiting bool // will be asked for when the pause is over
	after   func(time.Duration, func())
	stats   store.Stats
	counted bool
}

// statsPause is how long the size is not asked for again.
const statsPause = 5 * time.Second

func newStatus(a *App) *Status {
	s := &Status{app: a, State: "Starting", Tone: Muted, Version: "v" + a.config.Version}
	s.after = func(d time.Duration, f func()) { time.AfterFunc(d, func() { a.config.Do(f) }) }
	a.Changed.Listen(s.update)
	a.Detail.Changed.Listen(s.update)
	a.List.Changed.Listen(s.update)
	return s
}

func (s *Status) attached() {
	s.Address = s.app.backend.URL
	s.Host = strings.TrimPrefix(s.Address, "http://")
	s.update()
}

// update says again how things stand.
func (s *Status) update() {
	switch {
	case s.app.Failure != "":
		s.State, s.Tone = "Not started", Bad
	case s.app.backend == nil:
		s.State, s.Tone = "Starting", Muted
	case s.Address == "":
		s.State, s.Tone = "Not listening", Bad
	case s.app.List.Paused:
		s.State, s.Tone = "Capturing, list paused", Warn
	default:
		s.State, s.Tone = "Capturing", Good
	}
	s.Rate = ""
	if n := s.app.List.PerMinute(); n > 0 {
		s.Rate = groupDigits(int64(n)) + " / min"
	}
	s.Failing = s.app.Detail.Answer.Failing
	s.Held = s.app.Held.covered()
	s.Public, s.PublicTone, s.Outage = s.app.Public.summary(), s.app.Public.Tone, s.app.Public.History.last()
	s.count()
	s.Changed.Emit()
}

// count asks how much is stored, now and then.
func (s *Status) count() {
	b, now := s.app.backend, s.app.config.Now()
	if b == nil || s.asking || s.waiting {
		return
	}
	if rest := statsPause - now.Sub(s.asked); s.counted && rest > 0 {
		s.waiting = true
		s.after(rest, func() {
			s.waiting = false
			s.counted = false
			s.count()
		})
		return
	}
	s.asking, s.asked = true, now
	s.app.run(func(ctx context.Context) func() {
		stats, err := b.Store.Stats(ctx)
		return func() {
			s.asking = false
			if err != nil {
				return
			}
			s.counted, s.stats = true, stats
			s.Stored, s.Size = groupDigits(stats.Exchanges)+" stored", megabytes(stats.Bytes)
			s.Changed.Emit()
		}
	})
}

// CopyAddress copies the local address.
func (s *Status) CopyAddress() {
	s.app.Screen.Copy(s.Address)
	s.app.Notices.Say(Good, "Copied "+s.Address, "", nil)
}

// megabytes writes a size of a file: "38.4 MB".
func megabytes(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.2f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	default:
		return fmt.Sprintf("%d KB", (n+1023)/1024)
	}
}
