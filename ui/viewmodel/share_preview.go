package viewmodel

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"hookglass/capture"
	"hookglass/capture/redact"
)

// errNothing says that there is nothing to share.
var errNothing = errors.New("there is nothing to share: no callback is listed")

// maxShareChanges is how many changes are listed; over it they are only counted.
const maxShareChanges = 100_000

// maxChangeText bounds what is shown of a value, in bytes.
const maxChangeText = 240

// previewEvery is how often a preview that is being made is drawn.
const previewEvery = 100 * time.Millisecond

// ShareChange is one value that would be taken out.
type ShareChange struct {
	Callback string // "#12"; "" where it is not of one
	Where    string
	Kind     string // "secret", "phone"
	Before   string // a secret is masked
	After    string
	Masked   bool
	Stays    bool // nothing is taken out
}

// ShareCount is how many values of a kind would be taken out.
type ShareCount struct {
	Kind, Text string // "phone", "12 phones"
	Tone       Tone
	At         bool // only these are listed
}

// sharePreview is what is known of what would leave.
type sharePreview struct {
	changes []redact.Change
	counts  map[string]int64
	byKind  map[string][]int // places in changes
	report  capture.SharingReport
	known   bool // it is whole
	shown   map[int]bool

	mu    sync.Mutex // over what comes from the engine's goroutine
	fresh []redact.Change
	more  map[string]int64
	done  int64
	total int64
	armed bool
	taken int
}

// look makes the preview anew.
func (s *Share) look() {
	s.stop()
	s.typed++
	s.preview, s.Stopped = nil, false
	s.Warnings = nil
	b := s.app.backend
	if b == nil || !s.judge() {
		s.Changed.Emit()
		return
	}
	p := &sharePreview{counts: map[string]int64{}, byKind: map[string][]int{}, more: map[string]int64{}, shown: map[int]bool{}}
	ctx, cancel := context.WithCancel(s.app.ctx)
	s.preview, s.cancel, s.Busy = p, cancel, "Looking for what is taken out …"
	if s.Profile == "none" {
		s.Busy = "Looking at what is in there …"
	}
	serial, sharing := s.serial, s.sharing()
	told := func() {
		s.after(previewEvery, func() {
			if serial == s.serial {
				s.take(p)
				s.Changed.Emit()
			}
		})
	}
	s.app.run(func(context.Context) func() {
		share, err := sharing(ctx)
		if share.Redact == "none" {
			share.Redact = "personal" // what is named before it goes
		}
		var report capture.SharingReport
		if err == nil {
			report, err = b.PreviewShare(ctx, share, func(c redact.Change) { p.add(c, told) }, func(done, total int64) { p.progress(done, total, told) })
		}
		return func() {
			cancel()
			if serial != s.serial {
				return
			}
			s.take(p)
			s.Busy, s.Done, s.Total, s.cancel = "", 0, 0, nil
			switch {
			case errors.Is(err, context.Canceled):
				s.preview = nil
			case err != nil:
				s.preview, s.Problem = nil, sentence(err)
			default:
				p.known, p.report = true, report
				s.Warnings = visibleAll(report.Warnings)
			}
			s.Changed.Emit()
		}
	})
	s.Changed.Emit()
}

// add takes a change, on the engine's goroutine.
func (p *sharePreview) add(c redact.Change, told func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.more[c.Kind]++
	if p.taken < maxShareChanges {
		p.taken++
		c.Before, c.After, c.Where = cutChange(c.Before), cutChange(c.After), cutChange(c.Where)
		p.fresh = append(p.fresh, c)
	}
	p.arm(told)
}

// cutChange keeps what is shown of a text, and not the body that it is a part of.
func cutChange(text string) string { return strings.Clone(text[:min(len(text), maxChangeText)]) }

func (p *sharePreview) progress(done, total int64, told func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total = done, total
	p.arm(told)
}

func (p *sharePreview) arm(told func()) {
	if !p.armed {
		p.armed = true
		told()
	}
}

// take brings what has come to the screen.
func (s *Share) take(p *sharePreview) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.fresh {
		p.byKind[c.Kind] = append(p.byKind[c.Kind], len(p.changes))
		p.changes = append(p.changes, c)
	}
	for kind, n := range p.more {
		p.counts[kind] += n
	}
	p.fresh, p.armed = p.fresh[:0], false
	clear(p.more)
	s.Done, s.Total = p.done, p.total
}

// Len is how many changes are listed.
func (s *Share) Len() int {
	switch {
	case s.preview == nil:
		return 0
	case s.Kind != "":
		return len(s.preview.byKind[s.Kind])
	}
	return len(s.preview.changes)
}

// place is the change of a row, or -1.
func (s *Share) place(row int) int {
	switch {
	case row < 0 || row >= s.Len():
		return -1
	case s.Kind != "":
		return s.preview.byKind[s.Kind][row]
	}
	return row
}

// Row is the change of a row, formatted.
func (s *Share) Row(row int) ShareChange {
	i := s.place(row)
	if i < 0 {
		return ShareChange{}
	}
	c := &s.preview.changes[i]
	shown := ShareChange{
		Where: changeText(c.Where), Kind: kindWord(c.Kind, 1), Before: changeText(c.Before), After: changeText(c.After),
	}
	if c.Exchange != 0 {
		shown.Callback = "#" + groupDigits(c.Exchange)
	}
	if s.Profile == "none" {
		shown.After, shown.Stays = "goes along", true
	}
	if c.Kind == kindSecret && !s.Secrets && !s.preview.shown[i] {
		shown.Before, shown.Masked = masked, true
	}
	return shown
}

// kindSecret is the kind of what is masked until a click.
const kindSecret = "secret"

// masked stands for a secret.
const masked = "••••••••"

// changeText makes a value one line that obeys nothing.
func changeText(text string) string { return capture.Visible(strings.ToValidUTF8(text, "\uFFFD")) }

// ShowRow shows or hides the secret of a row, for the person who owns it.
func (s *Share) ShowRow(row int) {
	if i := s.place(row); i >= 0 && s.preview.changes[i].Kind == kindSecret && !s.Secrets {
		s.preview.shown[i] = !s.preview.shown[i]
		s.Changed.Emit()
	}
}

// Counts are how many values of each kind would be taken out, the most first.
func (s *Share) Counts() []ShareCount {
	if s.preview == nil {
		return nil
	}
	counts := s.preview.counts
	kinds := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		switch {
		case (a == kindSecret) != (b == kindSecret): // they come first
			if a == kindSecret {
				return -1
			}
			return 1
		case counts[a] != counts[b]:
			return int(min(max(counts[b]-counts[a], -1), 1))
		}
		return strings.Compare(a, b)
	})
	list := make([]ShareCount, 0, len(kinds))
	for _, kind := range kinds {
		c := ShareCount{Kind: kind, Text: groupDigits(counts[kind]) + " " + kindWord(kind, counts[kind]), Tone: Accent, At: kind == s.Kind}
		if s.Profile == "none" {
			c.Tone = Warn
		}
		list = append(list, c)
	}
	return list
}

// Choose lists the changes of one kind only, or with the same again all.
func (s *Share) Choose(kind string) {
	if s.Kind == kind {
		kind = ""
	}
	s.Kind = kind
	s.Changed.Emit()
}

// Nothing reports whether no callback would leave.
func (s *Share) Nothing() bool {
	return s.preview != nil && s.preview.known && s.preview.report.Exchanges == 0
}

// Told says what the list of changes is, or why there is none.
func (s *Share) Told() string {
	switch {
	case s.preview == nil && s.Problem != "", s.preview == nil && s.Busy == "":
		return ""
	case s.Busy != "" && s.preview == nil:
		return ""
	}
	total := int64(0)
	for _, n := range s.preview.counts {
		total += n
	}
	what := "replaced, in the file alone; what is kept here stays as it is"
	if s.Profile == "none" {
		what = "go along as they are"
	}
	switch {
	case total == 0 && !s.preview.known:
		return ""
	case s.Nothing():
		return "There is no callback in it. Show another session, or another filter."
	case total == 0 && s.Profile == "none":
		return "No secret and no personal data was found. What was not found goes along too."
	case total == 0:
		return "Nothing was found that this profile takes out."
	case total > int64(len(s.preview.changes)):
		return groupDigits(total) + " values are " + what + "; the first " + groupDigits(int64(len(s.preview.changes))) + " are listed."
	case s.Profile == "none":
		return groupDigits(total) + " " + plural("value", total) + " " + what + "."
	case total == 1:
		return "1 value is " + what + "."
	}
	return groupDigits(total) + " values are " + what + "."
}

// plural is a noun for a number of things.
func plural(noun string, n int64) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// kindNouns are the kinds whose own word is none that can be counted.
var kindNouns = map[string]string{
	"email": "e-mail", "money": "amount", "tracking": "tracking number", "personal": "personal value",
	"delivery": "delivery key", "ip": "IP address", "custom": "value of your own", "length": "adjusted length", "encoding": "adjusted encoding",
}

// kindWord names a kind of value.
func kindWord(kind string, n int64) string {
	noun := kindNouns[kind]
	switch {
	case noun == "value of your own" && n != 1:
		return "values of your own"
	case kind == "removed":
		return "removed whole"
	case noun == "":
		noun = changeText(kind)
	}
	if n == 1 {
		return noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok && !strings.HasSuffix(stem, "e") {
		return stem + "ies"
	}
	if strings.HasSuffix(noun, "s") {
		return noun + "es"
	}
	return plural(noun, n)
}

// visibleAll makes texts that obey nothing.
func visibleAll(texts []string) []string {
	list := make([]string, len(texts))
	for i := range texts {
		list[i] = capture.Visible(texts[i])
	}
	return list
}
