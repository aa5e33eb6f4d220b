package viewmodel

import (
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// RowKind says what a row of the list is.
type RowKind int

// The kinds of a row.
const (
	RowCallback RowKind = iota
	RowWaiting          // a callback that is still being read
	RowOlder            // goes on with older callbacks
	RowNewer            // goes back to newer ones
)

// Row is one line of the list, formatted.
type Row struct {
	Kind RowKind
	ID   int64

	Method, Path string // secrets masked
	Provider     string // "KornitX", "Unknown sender"
	Hue          int
	Event        string
	Verdict      string // for a tooltip
	VerdictIcon  string // "" where nothing can be said
	VerdictTone  Tone
	Answer       string // "200", "K:0", "pending", "held", "reset", "refused 400"
	AnswerTone   Tone
	Time         string // "10:42:18"
	Meta         string // "496 B · 84 ms · attempt 2 · Dispatched"
	Attempt      string // "#2"; "" for the first and where it cannot be told
	Cut          bool   // more was sent than was kept
	Pinned       bool
	OriginIcon   string // of a resend, a sample or an import
	Mark         Tone   // a person's colour; Plain for none
	Note         bool   // a person wrote a note
	Day          string // of the first callback of a day: "Yesterday"

	Selected bool // one of those that commands work on
	Current  bool // the one that the detail shows

	Title string // of RowOlder and RowNewer

	// The parts of Path, Event and Meta that the filter's words mean.
	PathHits, EventHits, MetaHits RowHits

	at    time.Time
	facts *[6]rowFact
}

// RowHits are the first few places, from byte to byte, that are marked in a text of
// a row; the others are 0.
type RowHits [3][2]int

// rowMaker formats rows. It is safe for concurrent use.
type rowMaker struct {
	set       *providers.Set
	mask      func(string) string
	endpoints capture.Endpoints
	style     style
}

func (a *App) rowMaker() rowMaker {
	m := rowMaker{set: a.backend.Set, mask: a.backend.Mask, style: a.style()}
	if m.mask == nil {
		m.mask = func(target string) string { return capture.MaskTarget(target) }
	}
	if a.backend.Endpoints != nil {
		m.endpoints = a.backend.Endpoints()
	}
	return m
}

// maxRowText bounds what a stranger can put into a row, in bytes: nobody sees
// more, and measuring it takes time.
const maxRowText = 200

func rowText(text string) string { return shorten(capture.Visible(text), maxRowText) }

func (m *rowMaker) row(x *capture.Exchange) *Row {
	r, a := &x.Request, &x.Annotation
	path, _ := capture.SplitTarget(m.mask(r.Target))
	row := &Row{
		ID: x.ID, Method: orElse(rowText(r.Method), "?"), Path: rowText(path),
		Provider: "Unknown sender", Hue: senderHue(a.Provider), Event: rowText(a.Event),
		Cut: r.Truncated, Pinned: x.Pinned, at: r.Received.In(m.style.zone),
	}
	if p := m.set.Find(a.Provider); p != nil {
		row.Provider = p.Name
	}
	row.Time = row.at.Format("15:04:05")
	row.Verdict, row.VerdictIcon, row.VerdictTone = verdictFor(x)
	if a.Verification.Status == capture.Unprovable || a.Verification.Status == "" {
		row.VerdictIcon = ""
	}
	row.Answer, row.AnswerTone = m.answer(x)
	if a.Attempt > 1 {
		row.Attempt = "#" + strconv.Itoa(a.Attempt)
	}
	row.OriginIcon = originIcon(x.Via)
	row.Mark, row.Note = markTone(x.Mark), x.Note != ""
	row.Meta = rowMeta(x)
	row.facts = rowFacts(x, row.Provider, row.Verdict)
	return row
}

// hits marks in a row what the filter's words mean.
func (r *Row) hits(f capture.Filter) {
	for _, part := range [...]struct {
		text string
		hits *RowHits
	}{{r.Path, &r.PathHits}, {r.Event, &r.EventHits}, {r.Meta, &r.MetaHits}} {
		for i, hit := range f.Hits(part.text) {
			if i == len(part.hits) {
				break
			}
			part.hits[i] = hit
		}
	}
}

// answer says in a word how a callback was answered.
func (m *rowMaker) answer(x *capture.Exchange) (string, Tone) {
	if x.Response == nil || x.State == capture.StateDropped {
		text, tone := unanswered(x)
		if x.State == capture.StateGone {
			text = "gone"
		}
		return text, tone
	}
	text, tone := strconv.Itoa(x.Response.Status), statusTone(x.Response.Status)
	switch {
	case x.State == capture.StateGone:
		return "gone", Warn
	case x.State == capture.StateFailed:
		return "failed", Bad
	case x.State == capture.StateRefused:
		return "refused " + text, Warn
	case x.Response.By == capture.ByChoice, x.Response.By == capture.ByRule, x.Response.By == capture.ByHand:
		preset, ok := m.set.Preset(answering(endpointAt(m.endpoints, x.Endpoint), x), x.Response.Preset)
		if ok && preset.Short != "" {
			text = preset.Short
		}
		if ok && preset.Failing && tone == Good {
			tone = Warn
		}
	}
	return text, tone
}

func originIcon(via capture.Via) string {
	switch via {
	case capture.ViaReplay:
		return "rotate-cw"
	case capture.ViaSample:
		return "flask-conical"
	case capture.ViaImport:
		return "folder-open"
	case capture.ViaLocal, capture.ViaTunnel, capture.ViaPublic:
	}
	return ""
}

// rowMeta is what a row tells when it is looked at more closely.
func rowMeta(x *capture.Exchange) string {
	size := byteCount(x.Request.Size)
	if x.Request.Truncated {
		size += ", cut"
	}
	parts := []string{size}
	if x.Via == capture.ViaImport {
		parts = []string{"from a file", size}
	}
	if x.Response != nil && x.Response.Timing.Took > 0 {
		parts = append(parts, duration(x.Response.Timing.Took))
	}
	if x.Annotation.Attempt > 0 {
		parts = append(parts, "attempt "+strconv.Itoa(x.Annotation.Attempt))
	}
	if x.Note != "" {
		parts = append(parts, "“"+rowText(x.Note)+"”")
	}
	if summary := x.Annotation.Summary; summary != "" {
		parts = append(parts, rowText(summary))
	}
	return strings.Join(parts, " · ")
}
