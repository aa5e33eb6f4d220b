package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"hookglass/capture"
)

type filtersCommand struct {
	Filter string `arg:"" optional:"" help:"A filter to explain."`
}

// Run prints the table of operators, or what a filter means.
func (c *filtersCommand) Run(t *terminal) error {
	if c.Filter == "" {
		return c.table(t)
	}
	f, err := capture.ParseFilter(c.Filter)
	if err != nil {
		return filterUsage(c.Filter, err)
	}
	_, err = fmt.Fprintln(t.out, f.Words())
	return err
}

func (c *filtersCommand) table(t *terminal) error {
	out := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, op := range capture.Operators {
		name := op.Name
		if op.Takes != capture.TakesNothing {
			name += ":"
		}
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\n", name, op.Help, strings.Join(append(op.Examples, op.Values...), "  ")) // Flush has the error
	}
	_, _ = fmt.Fprint(out, "words\tin path, headers, body (also decoded), note, event, summary, order or provider; the last one may go on\t\"two words\"\n")
	_, _ = fmt.Fprint(out, "\nTerms beside each other must all be met; or, not (also -) and parentheses join them.\n* stands for anything, quotation marks keep what they hold together.\n")
	return out.Flush()
}

// filterUsage is what is wrong with a filter, and under it the place.
func filterUsage(text string, err error) error {
	var wrong *capture.FilterError
	if !errors.As(err, &wrong) {
		return err
	}
	column := len([]rune(text[:wrong.At]))
	width := max(len([]rune(text[wrong.At:wrong.End])), 1)
	return usage("%s\n  %s\n  %s%s", wrong.Text, capture.Visible(text), strings.Repeat(" ", column), strings.Repeat("^", width))
}
