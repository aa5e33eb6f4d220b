package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
)

type heldCommand struct {
	JSON bool `help:"One JSON object a line."`
}

// heldRow is a callback that waits as --json prints it. The names are a contract
// with the scripts that read them.
type heldRow struct {
	ID       int64       `json:"id"`
	Rule     int64       `json:"rule"`
	RuleName string      `json:"rule_name"`
	Endpoint string      `json:"endpoint"`
	Provider string      `json:"provider"`
	Event    string      `json:"event"`
	Method   string      `json:"method"`
	Path     string      `json:"path"`
	Via      capture.Via `json:"via"`
	Since    string      `json:"since"`
	Until    string      `json:"until"`
	Left     float64     `json:"left_ms"`
	Fallback string      `json:"fallback"`
}

// Run prints who waits, the longest first.
func (c *heldCommand) Run(ctx context.Context, t *terminal) error {
	held, err := engine.Waiting(ctx, t.folder)
	if err != nil {
		return err
	}
	if len(held) == 0 {
		if !c.JSON {
			t.say("no sender waits for an answer")
		}
		return nil
	}
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	now := time.Now()
	for i := range held {
		row := rowOfHeld(&held[i], reader.Mask, now)
		if c.JSON {
			err = writeJSON(t.out, row)
		} else {
			_, err = fmt.Fprintln(t.out, heldLine(&row, &held[i], now))
		}
		if err != nil {
			break
		}
	}
	return errors.Join(err, reader.Close())
}

func rowOfHeld(h *capture.Held, mask func(string) string, now time.Time) heldRow {
	return heldRow{
		ID: h.Exchange, Rule: h.Rule, RuleName: h.RuleName, Endpoint: mask(h.Endpoint),
		Provider: h.Provider, Event: h.Event, Method: h.Method, Path: mask(h.Path), Via: h.Via,
		Since: h.Since.UTC().Format(time.RFC3339Nano), Until: h.Until.UTC().Format(time.RFC3339Nano),
		Left:     float64(max(h.Until.Sub(now), 0)) / float64(time.Millisecond),
		Fallback: h.Fallback,
	}
}

// heldLine is a callback that waits on one line for a person.
func heldLine(row *heldRow, h *capture.Held, now time.Time) string {
	who := row.Provider
	if who == "" {
		who = "unknown sender"
	}
	if row.Event != "" {
		who += " " + row.Event
	}
	rule := fmt.Sprintf("rule %d", row.Rule)
	if row.RuleName != "" {
		rule += fmt.Sprintf(" %q", row.RuleName)
	}
	return strings.Join([]string{
		fmt.Sprintf("%5d  %-4s %s", row.ID, capture.Visible(row.Method), capture.Visible(short(row.Path))),
		capture.Visible(who), rule,
		"has waited " + wholeSeconds(now.Sub(h.Since)),
		fmt.Sprintf("%s in %s", capture.Visible(row.Fallback), wholeSeconds(h.Until.Sub(now))),
	}, "  ")
}

// wholeSeconds is a span without fractions: "1m12s".
func wholeSeconds(d time.Duration) string { return max(d, 0).Round(time.Second).String() }

type answerCommand struct {
	ID       int64  `arg:"" help:"The callback's id, as held and list print it."`
	Answer   string `arg:"" optional:"" help:"A status, the id of a preset of its sender, or accepted for what its sender takes as success." placeholder:"STATUS|PRESET|accepted"`
	Fallback bool   `help:"What its rule answers where nobody does, now."`
	Message  string `help:"Words of your own, where the preset takes some." placeholder:"M"`
	ownAnswer
}

// Help is the long help of the command.
func (c *answerCommand) Help() string {
	return "For callbacks that a rule of the kind hold keeps waiting; see hookglassctl held."
}

func (c *answerCommand) Run(ctx context.Context, t *terminal) error {
	change, err := c.change()
	if err != nil {
		return err
	}
	_, err = engine.Apply(ctx, t.config(), change)
	if errors.Is(err, capture.ErrNotHeld) {
		return fmt.Errorf("callback %d does not wait for an answer, or not any more; hookglassctl held shows those that do", c.ID)
	}
	return err
}

// change reads the answer.
func (c *answerCommand) change() (engine.Change, error) {
	change := engine.Change{Action: engine.ReleaseHeld, IDs: []int64{c.ID}}
	own := len(c.Header) > 0 || c.Body != ""
	status, noStatus := strconv.Atoi(c.Answer)
	var err error
	switch {
	case c.Fallback && (c.Answer != "" || own || c.Message != ""):
		return change, usage("--fallback is an answer already: leave out the others")
	case c.Fallback:
		return change, nil
	case c.Answer == "":
		return change, usage("say what it is answered: a status, the id of a preset, accepted, or --fallback")
	case noStatus == nil && c.Message != "":
		return change, usage("--message belongs to a preset; the body of an answer of your own is --body")
	case noStatus == nil && own:
		if err = checkStatus("the answer", status); err == nil {
			change.Answer, err = c.answer(status)
		}
	case own:
		return change, usage("--header and --body belong to an answer of your own: give a status")
	default:
		change.Answer, err = shortAnswer("the answer", c.Answer)
		change.Answer.Message = c.Message
	}
	change.Action = engine.AnswerHeld
	return change, err
}
