package main

import (
	"fmt"
	"text/tabwriter"

	"hookglass/providers/all"
)

type presetsCommand struct {
	Provider string `arg:"" help:"The provider, or unknown for the presets of any sender."`
	JSON     bool   `help:"One JSON object a line."`
}

// presetRow is a preset as --json prints it.
type presetRow struct {
	ID           string `json:"id"`
	Title        string `json:"title"`
	Text         string `json:"text"`
	Status       int    `json:"status"`
	Failing      bool   `json:"failing"`
	TakesMessage bool   `json:"takes_message"`
}

// Run prints the answers that a provider knows, with what each will cause.
func (c *presetsCommand) Run(t *terminal) error {
	provider := c.Provider
	if provider == "unknown" {
		provider = ""
	} else if err := checkProvider(provider); err != nil {
		return err
	}
	out := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, p := range all.NewSet().Presets(provider) {
		if c.JSON {
			if err := writeJSON(t.out, presetRow{p.ID, p.Title, p.Text, p.Response.Status, p.Failing, p.TakesMessage}); err != nil {
				return err
			}
			continue
		}
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\n", p.ID, p.Title, p.Text) // Flush has the error
	}
	return out.Flush()
}
