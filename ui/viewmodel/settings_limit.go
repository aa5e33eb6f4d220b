package viewmodel

import (
	"context"
	"fmt"
	"math"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

// usualListen is where Hookglass listens unless told otherwise.
const usualListen = "127.0.0.1:4480"

// smallestBody is the smallest limit of a body: below it, ordinary callbacks
// would be cut.
const smallestBody = 64 << 10

// fill sets the fields to what is configured.
func (s *Settings) fill() {
	p := s.app.Preferences
	usual := store.DefaultRetention()
	s.Listen = Field{Text: p.Listen, Usual: usualListen}
	s.BodyLimit = Field{Usual: sizeText(capture.DefaultLimits().Body)}
	if p.BodyLimit > 0 {
		s.BodyLimit.Text = sizeText(p.BodyLimit)
	}
	s.MaxCount = Field{Text: countText(int64(p.MaxCount)), Usual: groupDigits(int64(usual.MaxExchanges))}
	s.MaxBytes = Field{Text: limitText(p.MaxBytes), Usual: sizeText(usual.MaxBytes)}
}

// noLimit is what a person writes for no limit.
const noLimit = "all"

func countText(n int64) string {
	switch {
	case n == 0:
		return ""
	case n < 0:
		return noLimit
	}
	return strconv.FormatInt(n, 10)
}

func limitText(n int64) string {
	switch {
	case n == 0:
		return ""
	case n < 0:
		return noLimit
	}
	return sizeText(n)
}

// SetListen changes the address to listen on, from the next start on. "" is the
// usual one.
func (s *Settings) SetListen(text string) {
	address := strings.TrimSpace(text)
	s.Listen.Text, s.Listen.Problem, s.Listen.Note = text, "", ""
	if problem := listenProblem(address); problem != "" {
		s.Listen.Problem = problem
	} else {
		if address != s.app.Preferences.Listen {
			s.app.Preferences.Listen = address
			s.save()
			s.Listen.Note = nextStart
		}
		if host, _, err := net.SplitHostPort(address); err == nil && !onlyHere(host) {
			s.Listen.Note = strings.TrimSpace(s.Listen.Note + " Others in your network can then send callbacks here.")
		}
	}
	s.Changed.Emit()
}

// nextStart is said of what is read when the engine starts.
const nextStart = "Takes effect when Hookglass starts the next time."

func listenProblem(address string) string {
	if address == "" {
		return ""
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "Write host and port, such as 127.0.0.1:4480."
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > math.MaxUint16 {
		return "The port is a number from 1 to 65535."
	}
	if host != "" && !strings.EqualFold(host, "localhost") {
		if _, err := netip.ParseAddr(host); err != nil {
			return "The host is an address of this machine, such as 127.0.0.1, or localhost."
		}
	}
	return ""
}

// onlyHere reports whether only this machine reaches a host.
func onlyHere(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// SetBodyLimit changes how many bytes of a body are kept, from the next start
// on.
func (s *Settings) SetBodyLimit(text string) {
	s.BodyLimit.Text, s.BodyLimit.Problem, s.BodyLimit.Note = text, "", ""
	n, problem := parseSize(text)
	switch {
	case problem != "":
		s.BodyLimit.Problem = problem
	case n < 0:
		s.BodyLimit.Problem = "A body needs a limit, for anyone can send one."
	case n > 0 && n < smallestBody:
		s.BodyLimit.Problem = "At least " + sizeText(smallestBody) + ", or ordinary callbacks are cut."
	case n > capture.DefaultLimits().Bodies:
		s.BodyLimit.Problem = "At most " + sizeText(capture.DefaultLimits().Bodies) + ": that is what all bodies may take together."
	case n != s.app.Preferences.BodyLimit:
		s.app.Preferences.BodyLimit = n
		s.save()
		s.BodyLimit.Note = nextStart
	}
	s.Changed.Emit()
}

// Limits tells the limits that cannot be changed here.
func (s *Settings) Limits() []Line {
	l := capture.DefaultLimits()
	return []Line{
		{"Head of a request", sizeText(int64(l.Head)) + ", then 431"},
		{"Requests at once", groupDigits(int64(l.InFlight)) + ", then 503"},
		{"Of one caller", groupDigits(int64(l.PerSource)) + ", then 503; this machine is exempt"},
		{"All bodies in memory", sizeText(l.Bodies) + ", then 503"},
		{"A head must arrive within", spanText(l.HeaderTimeout)},
		{"A body must arrive within", spanText(l.BodyTimeout)},
	}
}

// spanText writes a span of time in whole minutes or seconds: "2 min", "10 s".
func spanText(d time.Duration) string {
	if d >= time.Minute && d%time.Minute == 0 {
		return strconv.Itoa(int(d/time.Minute)) + " min"
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " s"
}

// SetMaxCount changes how many callbacks are kept, from the next start on: ""
// for the usual number, "all" for no limit.
func (s *Settings) SetMaxCount(text string) {
	s.MaxCount.Text, s.MaxCount.Problem, s.MaxCount.Note = text, "", ""
	n, problem := parseCount(text)
	switch {
	case problem != "":
		s.MaxCount.Problem = problem
	case n != s.app.Preferences.MaxCount:
		s.app.Preferences.MaxCount = n
		s.save()
		s.MaxCount.Note = nextStart
	}
	s.Changed.Emit()
}

func parseCount(text string) (n int, problem string) {
	text = strings.NewReplacer(" ", "", ",", "", "\u202f", "", "\u00a0", "", "\u2009", "").Replace(strings.TrimSpace(text))
	switch {
	case text == "":
		return 0, ""
	case strings.EqualFold(text, noLimit):
		return -1, ""
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1000 || n > 100_000_000 {
		return 0, "A number from 1 000 to 100 000 000, or \"all\"."
	}
	return n, ""
}

// SetMaxBytes changes how much is kept, from the next start on: "" for the usual
// size, "all" for no limit.
func (s *Settings) SetMaxBytes(text string) {
	s.MaxBytes.Text, s.MaxBytes.Problem, s.MaxBytes.Note = text, "", ""
	n, problem := parseSize(text)
	switch {
	case problem != "":
		s.MaxBytes.Problem = problem
	case n > 0 && n < 10<<20:
		s.MaxBytes.Problem = "At least " + sizeText(10<<20) + "."
	case n != s.app.Preferences.MaxBytes:
		s.app.Preferences.MaxBytes = n
		s.save()
		s.MaxBytes.Note = nextStart
	}
	s.Changed.Emit()
}

// count asks how much is stored.
func (s *Settings) count() {
	s.Stored = ""
	b := s.app.backend
	if b == nil {
		return
	}
	s.app.run(func(ctx context.Context) func() {
		stats, err := b.Store.Stats(ctx)
		onDisk := sizeOnDisk(b.Store.Path()) + sizeOnDisk(b.Store.Path()+"-wal")
		return func() {
			if err != nil {
				s.Stored = "How much is stored cannot be told: " + sentence(err)
			} else {
				s.Stored = fmt.Sprintf("%s %s, %s in use; the files take %s.", groupDigits(stats.Exchanges),
					wordFor(stats.Exchanges, "callback", "callbacks"), sizeText(stats.Bytes), sizeText(onDisk))
			}
			s.Changed.Emit()
		}
	})
}

// sizeOnDisk is the size of a file, and 0 for one that is not there.
func sizeOnDisk(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

func wordFor(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// sizeUnits are those that a size can be written in. The same letters with and
// without i mean the same here, as they do in the limits themselves.
var sizeUnits = []struct {
	name string
	size int64
}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}

// sizeText writes a size as parseSize reads it: "2 GiB", "1.5 MiB", "12 bytes".
func sizeText(n int64) string {
	for _, unit := range sizeUnits {
		if n >= unit.size {
			text := strconv.FormatFloat(float64(n)/float64(unit.size), 'f', 1, 64)
			return strings.TrimSuffix(text, ".0") + " " + unit.name
		}
	}
	return bytesText(n)
}

const sizeWanted = "A size, such as 500 MiB or 2 GiB, or \"all\"."

// parseSize reads a size: "" is 0, "all" -1. A number alone is in MiB. problem
// says in a sentence what is wrong with it.
func parseSize(text string) (n int64, problem string) {
	text = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(text), " ", ""))
	switch text {
	case "":
		return 0, ""
	case noLimit:
		return -1, ""
	}
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz")
	number, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) || number <= 0 {
		return 0, sizeWanted
	}
	size := float64(1 << 20)
	if suffix := text[len(digits):]; suffix != "" {
		size = 0
		for _, unit := range sizeUnits {
			name := strings.ToLower(unit.name)
			if suffix == name || suffix == name[:1] || suffix == name[:1]+"b" {
				size = float64(unit.size)
			}
		}
	}
	if size == 0 || number*size > math.MaxInt64/2 {
		return 0, sizeWanted
	}
	return int64(number * size), ""
}
