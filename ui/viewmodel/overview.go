package viewmodel

import (
	"strings"
	"time"
	"unicode/utf8"

	"hookglass/capture"
	"hookglass/providers"
)

// Overview is a callback as people read it.
type Overview struct {
	Title   string // "Dispatched"; of an unknown sender what came
	Summary string // one line
	Note    string // a person's, where the head has no room for all of it
	Notes   []OverviewNote
	Groups  []Group

	Expects string // what the provider wants as an answer, and how it sends again
	Source  string // where that is documented; "" where nowhere

	Attempt  string // "Attempt 2 of this delivery."; "" where it cannot be told
	Previous int64

	Text string // the beginning of a body that was not decoded
}

// OverviewNote is worth a look.
type OverviewNote struct {
	Tone Tone
	Text string
}

// Group is a titled part of an overview: facts, and a table.
type Group struct {
	Title   string
	Hint    string // under the title
	Facts   []DetailFact
	Columns []string
	Numeric []bool     // by column: it holds numbers alone
	Rows    [][]string // as shown
	Copies  [][]string // as sent
	Links   [][]string // addresses to look at before they are opened; "" for none
	Goes    []int64    // by row: the callback that its first cell leads to; nil for none
	Tones   [][]Tone   // nil: all are plain
	Notes   []string   // under the table
}

// DetailFact is one value with its name.
type DetailFact struct {
	Label string
	Value string // what cannot be seen is written as escapes
	Copy  string // as sent
	Note  string // below the value
	Mono  bool
	Tone  Tone
	Link  string // an address to look at before it is opened; "" for none
	Goes  int64  // the callback that it leads to; 0 for none
}

// newOverview lays a callback out.
func newOverview(m *material, s style) Overview {
	x, d := m.exchange, &m.look.Decoding
	o := Overview{
		Title: capture.Visible(orElse(d.Title, x.Annotation.Summary)), Summary: capture.Visible(x.Annotation.Summary), Note: longNote(capture.Visible(x.Note)),
		Previous: m.previous,
	}
	if d.Title != "" && strings.HasPrefix(o.Summary, o.Title) {
		o.Summary = strings.TrimPrefix(strings.TrimPrefix(o.Summary, o.Title), " · ")
	}
	if m.provider == nil {
		o.unknownSender(m)
	} else if o.Title == "" {
		o.Title = "Callback of " + m.provider.Name
	}
	o.addNotes(m, s)
	o.Groups = append(o.Groups, resendGroups(m, s)...)
	hidden := secretPlaces(d.Sensitive)
	for i := range d.Sections {
		o.Groups = append(o.Groups, newGroup(&d.Sections[i], hidden, s))
	}
	if m.provider != nil && m.provider.Effect != nil && x.Via != capture.ViaReplay {
		o.Groups = append(o.Groups, shownAnswer(m))
	}
	if m.provider == nil {
		o.Groups = append(o.Groups, requestGroups(m)...)
	}
	if len(d.Unknown) > 0 && m.provider != nil {
		o.Groups = append(o.Groups, Group{
			Title: "Not documented",
			Hint:  "Fields that " + m.provider.Name + "'s documentation does not know.",
			Facts: newFacts(d.Unknown, hidden, s),
		})
	}
	if d.Error != "" && d.Text != "" || m.provider == nil && !strings.Contains(contentType(x), "json") {
		o.Text = beginning(d.Text)
	}
	o.expectation(m)
	return o
}

// longNote is a note that the one line of the head cuts, or "".
func longNote(note string) string {
	const line = 60
	if utf8.RuneCountInString(note) <= line && !strings.Contains(note, "\n") {
		return ""
	}
	return note
}

// addNotes gathers what is odd, the worst first.
func (o *Overview) addNotes(m *material, s style) {
	x, d := m.exchange, &m.look.Decoding
	note := func(tone Tone, text string) {
		if text != "" {
			o.Notes = append(o.Notes, OverviewNote{tone, capital(capture.Visible(text))})
		}
	}
	if x.Error != "" {
		note(Bad, x.Error)
	}
	if d.Error != "" {
		note(Bad, "The body could not be decoded: "+d.Error)
	}
	if x.Request.Truncated && x.Error == "" {
		note(Warn, "the body is not whole: more was sent than is kept")
	}
	if x.Import == nil {
		note(Secondary, gapNote(x, m.outages, s))
	}
	for _, text := range importNotes(m) {
		note(Secondary, text)
	}
	for _, text := range m.look.Annotation.Notes {
		note(Warn, text)
	}
	for _, text := range d.Notes {
		note(Secondary, text)
	}
}

// expectation says what the provider wants as an answer and how it sends again.
func (o *Overview) expectation(m *material) {
	x := m.exchange
	if m.provider == nil {
		o.Expects = "The sender is unknown, and so is what it wants as an answer and whether it sends again."
	} else {
		o.Expects = strings.TrimSpace(m.provider.Expects.Text + " " + m.provider.Retry.Text)
		o.Source = orElse(m.provider.Retry.Source, m.provider.Expects.Source)
	}
	switch n := x.Annotation.Attempt; {
	case n > 1:
		o.Attempt = "This is attempt " + groupDigits(int64(n)) + " of this delivery."
	case n == 1 && m.provider != nil && m.provider.Retry.Known:
		o.Attempt = "This is the first attempt of this delivery."
	}
}

// newGroup lays a section out.
func newGroup(section *capture.Section, hidden map[string]bool, s style) Group {
	g := Group{Title: capture.Visible(section.Title), Facts: newFacts(section.Facts, hidden, s)}
	g.table(section.Rows, hidden, s)
	g.Numeric = make([]bool, len(g.Columns))
	for i := range g.Columns {
		g.Numeric[i] = numeric(g.Copies, i)
	}
	return g
}

// table lays rows out in columns, in the order in which their labels come.
func (g *Group) table(rows [][]capture.Fact, hidden map[string]bool, s style) {
	at := map[string]int{}
	for _, row := range rows {
		for i := range row {
			if _, known := at[row[i].Label]; !known {
				at[row[i].Label] = len(g.Columns)
				g.Columns = append(g.Columns, capture.Visible(row[i].Label))
			}
		}
	}
	said := map[string]bool{}
	if more := len(rows) - maxTableRows; more > 0 {
		rows = rows[:maxTableRows]
		g.Notes = append(g.Notes, counted(more, "more row")+" in the Body tab.")
	}
	for _, row := range rows {
		cells, copies, links := make([]string, len(g.Columns)), make([]string, len(g.Columns)), make([]string, len(g.Columns))
		for i := range row {
			fact := newFact(&row[i], hidden, s)
			column := at[row[i].Label]
			cells[column], copies[column], links[column] = fact.Value, fact.Copy, fact.Link
			if strings.HasPrefix(row[i].Note, row[i].Value+" = ") {
				cells[column] += " " + fact.Note
			} else if text := g.Columns[column] + ": " + fact.Note; fact.Note != "" && !said[text] {
				said[text] = true
				if row[i].Kind == capture.KindMoney && row[i].Unit != "" {
					cells[column] = fact.Note
				} else if len(said) <= maxTableNotes {
					g.Notes = append(g.Notes, text)
				}
			} else if fact.Note != "" && row[i].Kind == capture.KindMoney && row[i].Unit != "" {
				cells[column] = fact.Note
			}
		}
		g.Rows, g.Copies, g.Links = append(g.Rows, cells), append(g.Copies, copies), append(g.Links, links)
	}
}

// numeric reports whether a column holds numbers alone: quantities and amounts,
// which are compared by their last digits. Long ones are names.
func numeric(copies [][]string, column int) bool {
	const longest = 9
	found := false
	for _, row := range copies {
		cell := row[column]
		if cell == "" || cell == "null" {
			continue
		}
		if len(cell) > longest || strings.Trim(cell, "0123456789.,-") != "" {
			return false
		}
		found = true
	}
	return found
}

// maxTableRows bounds how many rows of a table are drawn.
const maxTableRows = 200

// maxTableNotes bounds what is said under a table.
const maxTableNotes = 6

func newFacts(facts []capture.Fact, hidden map[string]bool, s style) []DetailFact {
	all := make([]DetailFact, len(facts))
	for i := range facts {
		all[i] = newFact(&facts[i], hidden, s)
	}
	return all
}

// newFact formats one value. The text as sent stays recognisable: what we make
// of it goes into the note.
func newFact(f *capture.Fact, hidden map[string]bool, s style) DetailFact {
	fact := DetailFact{
		Label: capture.Visible(f.Label), Value: capture.Visible(f.Value), Copy: f.Value, Note: capture.Visible(f.Note),
	}
	if hidden[pattern(f.Path)] {
		fact.Value, fact.Note = dots, "a secret; the Body and Raw tabs show it as it came"
		fact.Mono = true
		return fact
	}
	switch f.Kind {
	case capture.KindCode:
		fact.Mono = true
	case capture.KindMoney:
		fact.Value = amount(f)
	case capture.KindTime:
		fact.Mono = true
		if fact.Note == "" {
			fact.Note = instant(f.Value, s)
		}
	case capture.KindLink:
		fact.Mono = true
		if f.Value != "" && f.Value != "null" {
			fact.Link = f.Value
		}
	}
	if meaning, ok := strings.CutPrefix(fact.Note, fact.Value+" = "); ok {
		fact.Note = meaning
	}
	switch f.Value {
	case "":
		fact.Value, fact.Tone = "empty", Muted
	case "null":
		fact.Tone = Muted
	}
	return fact
}

const dots = "••••••••"

// amount writes money with its currency, where the sender names one.
func amount(f *capture.Fact) string {
	value := capture.Visible(f.Value)
	if f.Value == "null" || f.Value == "" {
		return value
	}
	if currency, minor := strings.CutSuffix(f.Unit, " minor"); minor {
		return value + " (minor units of " + capture.Visible(currency) + ")"
	}
	return strings.TrimSpace(value + " " + capture.Visible(f.Unit))
}

// instant says which moment a time with a zone is on the reader's clock, and of
// one without that it has none.
func instant(value string, s style) string {
	if providers.WithoutZone(value) {
		return "no zone given"
	}
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00"} {
		at, err := time.Parse(layout, value)
		if err != nil {
			continue
		}
		if _, offset := at.Zone(); offset == zoneOffset(at, s.zone) {
			return ""
		}
		return at.In(s.zone).Format("2 Jan 2006 15:04:05 MST") + " here"
	}
	return ""
}

func zoneOffset(at time.Time, zone *time.Location) int {
	_, offset := at.In(zone).Zone()
	return offset
}

// secretPlaces are the places of secrets, as pattern writes them.
func secretPlaces(all []capture.Sensitive) map[string]bool {
	places := map[string]bool{}
	for i := range all {
		if all[i].Secret && !isSignature(all[i].Path) {
			places[strings.ToLower(all[i].Path)] = true
		}
	}
	return places
}

// isSignature reports whether a place holds a signature: one is worth nothing
// to whoever reads it, as it fits its own body alone.
func isSignature(path string) bool {
	path = strings.ToLower(path)
	return strings.Contains(path, "signature") || strings.Contains(path, "hmac")
}

// pattern is a path with "[]" for any element.
func pattern(path string) string {
	if path == "" {
		return "-"
	}
	var b strings.Builder
	rest := path
	for {
		before, inside, ok := strings.Cut(rest, "[")
		b.WriteString(before)
		if !ok {
			return strings.ToLower(b.String())
		}
		_, rest, _ = strings.Cut(inside, "]")
		b.WriteString("[]")
	}
}

// shownAnswer says what a provider that reads our answer makes of it and shows
// its own user.
func shownAnswer(m *material) Group {
	g := Group{Title: "What " + m.provider.Name + " makes of our answer"}
	switch {
	case m.exchange.State == capture.StateDropped:
		g.Facts = []DetailFact{{Label: "Answer", Value: "none: the sender was cut off on purpose", Tone: Warn}}
		return g
	case m.exchange.State == capture.StateGone:
		g.Facts = []DetailFact{{Label: "Answer", Value: "the sender hung up before it had it", Tone: Warn}}
		return g
	case m.exchange.Response == nil:
		g.Facts = []DetailFact{{Label: "Answer", Value: "not given yet", Tone: Muted}}
		return g
	}
	taken := DetailFact{Label: "Taken as", Value: "success", Tone: Good, Note: capture.Visible(m.effect.Text)}
	switch {
	case m.effect.Failed:
		taken.Value, taken.Tone = "an error", Bad
	case m.exchange.Response.Status != 200 || m.effect.Shown == "" && strings.Contains(m.effect.Text, "not documented"):
		taken.Value, taken.Tone = "not documented", Warn
	}
	taken.Copy = taken.Value
	g.Facts = append(g.Facts, taken)
	shown := DetailFact{Label: "Shown to its user", Value: capture.Visible(m.effect.Shown), Copy: m.effect.Shown}
	if m.effect.Shown == "" {
		shown.Value, shown.Tone = "no message", Muted
	}
	g.Facts = append(g.Facts, shown)
	return g
}
