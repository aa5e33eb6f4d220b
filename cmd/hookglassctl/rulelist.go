package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
)

type ruleListCommand struct {
	JSON bool `help:"One JSON object a line." xor:"form"`
	YAML bool `help:"As rule load reads them; answers chosen for endpoints are left out." xor:"form"`
}

// ruleRow is a rule as --json prints it. The names are a contract with the
// scripts that read them.
type ruleRow struct {
	ID       int64              `json:"id"`
	Name     string             `json:"name"`
	Enabled  bool               `json:"enabled"`
	Active   bool               `json:"active"`
	Endpoint string             `json:"endpoint"`
	Filter   string             `json:"filter"`
	Meaning  string             `json:"filter_words"`
	Kind     capture.RuleKind   `json:"kind"`
	Words    string             `json:"words"`
	Params   capture.RuleParams `json:"params"`
	Fails    bool               `json:"fails"`
	End      ruleEnd            `json:"end"`
	Hits     int64              `json:"hits"`
	Progress []progress         `json:"progress"`
	Problem  string             `json:"problem"`
}

type ruleEnd struct {
	Count int    `json:"count"` // 0: any number
	Left  int    `json:"left"`
	Until string `json:"until"`
	Quit  bool   `json:"quit"`
}

// progress is how far a sequence is for a key.
type progress struct {
	Key  string `json:"key"`
	Done int    `json:"done"` // answers given, at most Of
	Of   int    `json:"of"`
}

func (c *ruleListCommand) Run(ctx context.Context, t *terminal) error {
	states, err := engine.Rules(ctx, t.config())
	if err != nil {
		return err
	}
	if c.YAML {
		return writeStates(t, states)
	}
	for i := range states {
		r := rowOfRule(&states[i])
		if c.JSON {
			err = writeJSON(t.out, r)
		} else {
			_, err = fmt.Fprintln(t.out, ruleLine(&states[i], &r))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeStates prints rules as rule load reads them.
func writeStates(t *terminal, states []capture.RuleState) error {
	var rules []capture.Rule
	for i := range states {
		if r := &states[i].Rule; !engine.IsChoice(r) {
			rules = append(rules, *r)
		}
	}
	text, err := writeRules(rules)
	if err == nil {
		_, err = t.out.Write(text)
	}
	return err
}

func rowOfRule(s *capture.RuleState) ruleRow {
	r := &s.Rule
	row := ruleRow{
		ID: r.ID, Name: r.Name, Enabled: r.Enabled, Active: s.Active,
		Endpoint: r.Endpoint, Filter: r.Filter, Kind: r.Kind, Words: r.Words(), Params: r.Params, Fails: r.Fails(),
		End:  ruleEnd{Count: r.End.Count, Quit: r.End.Quit},
		Hits: r.Hits, Progress: []progress{}, Problem: s.Problem,
	}
	row.End.Left, _ = r.End.Left()
	if !r.End.Until.IsZero() {
		row.End.Until = r.End.Until.UTC().Format(time.RFC3339)
	}
	if filter, err := capture.ParseFilter(r.Filter); err == nil && r.Filter != "" {
		row.Meaning = filter.Words()
	}
	for _, place := range s.Places {
		of := len(r.Params.Answers)
		row.Progress = append(row.Progress, progress{place.Key, min(place.Done, of), of})
	}
	return row
}

// ruleLine is a rule on one line for a person.
func ruleLine(s *capture.RuleState, row *ruleRow) string {
	r := &s.Rule
	state := "on"
	switch {
	case s.Problem != "":
		state = "broken"
	case !r.Enabled:
		state = "off"
	case !s.Active:
		state = "ended"
	}
	where := r.Endpoint
	if where == "" {
		where = "everywhere"
	}
	parts := []string{fmt.Sprintf("%4d  %-6s", r.ID, state), where}
	if r.Name != "" && r.Name != r.Endpoint {
		parts = append(parts, fmt.Sprintf("%q", r.Name))
	}
	if row.Meaning != "" {
		parts = append(parts, "if "+capture.Visible(row.Meaning))
	}
	parts = append(parts, row.Words, plural(int(r.Hits), "callback"))
	for _, p := range row.Progress {
		text := fmt.Sprintf("%d of %d", p.Done, p.Of)
		if p.Key != "" {
			text += " for " + capture.Visible(short(p.Key))
		}
		parts = append(parts, text)
	}
	if s.Problem != "" {
		parts = append(parts, capture.Visible(s.Problem))
	}
	return strings.Join(parts, "  ")
}
