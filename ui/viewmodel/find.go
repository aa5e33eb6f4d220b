package viewmodel

import (
	"strconv"
	"strings"

	"hookglass/capture"
)

// FilterBy asks for a term of the filter language beside what is asked for already,
// or with not, for callbacks without it.
func (a *App) FilterBy(term string, not bool) {
	if term == "" {
		return
	}
	if not {
		term = "-" + term
	}
	a.List.filterWith(term)
	a.Filter.remember()
}

// valueEntries are the lines of a menu that filter by a value; none where the
// filter language has no word for it.
func (a *App) valueEntries(term string) []MenuEntry {
	if term == "" {
		return nil
	}
	return []MenuEntry{
		{Icon: "funnel", Label: "Filter by this value", Enabled: true, Run: func() { a.FilterBy(term, false) }},
		{Icon: "circle-x", Label: "Not this value", Enabled: true, Run: func() { a.FilterBy(term, true) }},
	}
}

// FactMenu is what can be done with a value of the overview.
func (d *Detail) FactMenu(f *DetailFact) []MenuEntry {
	if f.Value == dots {
		return d.copyEntries(f.Copy)
	}
	return append(d.copyEntries(f.Copy), d.app.valueEntries(bodyTerm(f.Copy))...)
}

// CellMenu is what can be done with a value of a table; shown is what stands
// there.
func (d *Detail) CellMenu(shown, value string) []MenuEntry {
	return d.FactMenu(&DetailFact{Value: shown, Copy: value})
}

// HeaderMenu is what can be done with a row of a group of headers.
func (d *Detail) HeaderMenu(g *HeaderGroup, r *HeaderRow) []MenuEntry {
	term := ""
	switch g.Kind {
	case GroupFields:
		term = headerTerm(r.Name, r.Copy, r.Secret)
	case GroupForm:
		if !r.Secret {
			term = bodyTerm(r.Copy)
		}
	case GroupQuery:
		if !r.Secret {
			term = wordsTerm(r.Copy)
		}
	case GroupTrailers:
	}
	entries := append(d.copyEntries(r.Copy), d.app.valueEntries(term)...)
	if r.Secret && g.Kind == GroupFields && len(entries) > 2 {
		entries[1].Label, entries[2].Label = "Filter by this header", "Not with this header"
	}
	return entries
}

func (d *Detail) copyEntries(value string) []MenuEntry {
	return []MenuEntry{{Icon: "copy", Label: "Copy", Enabled: value != "", Run: func() { d.CopyValue(value, value) }}}
}

// maxTermValue is how long a value may be to be asked for.
const maxTermValue = 200

// term asks an operator for a value; "" where that cannot be said.
func term(operator, value string) string {
	if value == "" || len(value) > maxTermValue {
		return ""
	}
	text, ok := capture.FilterTerm(operator, value)
	if !ok {
		return ""
	}
	return text
}

// bodyTerm asks for a value in the body: its words beside each other.
func bodyTerm(value string) string {
	if value == "null" || len(capture.Tokens(value)) == 0 {
		return ""
	}
	return term("body", value)
}

// wordsTerm asks for a value wherever it stands.
func wordsTerm(value string) string {
	if text := bodyTerm(value); text != "" {
		value = strings.TrimPrefix(text, "body:")
		if !strings.HasPrefix(value, `"`) {
			value = `"` + value + `"`
		}
		return value
	}
	return ""
}

// headerTerm asks for a header field, and for its value where that is no secret.
func headerTerm(name, value string, secret bool) string {
	if !secret {
		if text := term("header", name+": "+value); text != "" {
			return text
		}
	}
	return term("header", name)
}

// filterEntries are the lines that filter by what a row tells.
func (l *List) filterEntries() []MenuEntry {
	row := l.cache.get(l.current)
	if row == nil {
		return nil
	}
	var entries, nots []MenuEntry
	for _, fact := range row.facts {
		if fact.term == "" {
			continue
		}
		run := func(not bool) func() { return func() { l.app.FilterBy(fact.term, not) } }
		what := fact.name + " " + shorten(capture.Visible(fact.value), 32)
		entries = append(entries, MenuEntry{Icon: "funnel", Label: what, Enabled: true, Run: run(false)})
		nots = append(nots, MenuEntry{Icon: "circle-x", Label: "Not " + what, Enabled: true, Run: run(true)})
	}
	if len(entries) == 0 {
		return nil
	}
	return append(append(entries, MenuEntry{}), nots...)
}

// rowFact is something of a row that can be filtered by.
type rowFact struct{ name, value, term string }

// rowFacts are what a row can be filtered by.
func rowFacts(x *capture.Exchange, sender, verdict string) *[6]rowFact {
	a := &x.Annotation
	provider := orElse(a.Provider, "unknown")
	status := "none"
	if x.Response != nil && x.Response.Status > 0 {
		status = strconv.Itoa(x.Response.Status)
	}
	return &[...]rowFact{
		{"provider", sender, term("provider", provider)},
		{"event", a.Event, term("event", a.Event)},
		{"order", a.Order, term("order", a.Order)},
		{"delivery", a.Delivery, term("delivery", a.Delivery)},
		{"answer", status, term("status", status)},
		{"verdict", verdict, term("verified", string(a.Verification.Status))},
	}
}

// FindFilters are the lines of filterEntries with a text in them, in any case.
func (l *List) FindFilters(query string) []MenuEntry {
	query = strings.ToLower(strings.TrimSpace(query))
	var found []MenuEntry
	for _, entry := range l.filterEntries() {
		if entry.Label != "" && strings.Contains(strings.ToLower(entry.Label), query) {
			found = append(found, entry)
		}
	}
	return found
}

// Hits are the places in a text that the filter's words mean, from byte to byte.
func (l *List) Hits(text string) [][2]int { return l.filter.Hits(text) }

// HitsOf is the filter that Hits goes by.
func (l *List) HitsOf() string { return l.applied }
