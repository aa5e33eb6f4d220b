package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
)

type ruleCommand struct {
	Add     ruleAddCommand     `cmd:"" help:"Add a rule, asked after those there are; prints its id."`
	List    ruleListCommand    `cmd:"" help:"List the rules in the order in which they are asked."`
	Enable  ruleEnableCommand  `cmd:"" help:"Switch a rule on; one that has ended begins anew."`
	Disable ruleDisableCommand `cmd:"" help:"Switch a rule off."`
	Remove  ruleRemoveCommand  `cmd:"" help:"Remove a rule."`
	Load    ruleLoadCommand    `cmd:"" help:"Add the rules of a file; rule list --yaml prints one."`
	Reset   ruleResetCommand   `cmd:"" help:"Let a rule count from the start: its sequence, and what is left of --count."`
}

// ruleAddCommand holds what all kinds share.
type ruleAddCommand struct {
	Name      string `help:"A name for people." placeholder:"N"`
	Filter    string `help:"For the callbacks that it matches; see hookglassctl filters." placeholder:"F"`
	Endpoint  string `help:"For one endpoint; without, everywhere." placeholder:"PATH"`
	Count     int    `help:"End after so many callbacks." placeholder:"N"`
	Until     string `help:"End after a time such as 30m, with the process that captures now (quit), or never (forever). Without this and --count, what fails on purpose ends after 30 minutes." placeholder:"30m|quit|forever"`
	LiveToo   bool   `help:"Also fail on purpose at endpoints that are live."`
	RemoteToo bool   `help:"Also forward to another machine than this one."`

	Fixed    ruleFixedCommand    `cmd:"" help:"Answer with a status, header fields and a body."`
	Delayed  ruleDelayedCommand  `cmd:"" help:"Answer late: as ever, or with what is given."`
	Sequence ruleSequenceCommand `cmd:"" help:"Answer with one status after the other; the last one repeats."`
	Preset   rulePresetCommand   `cmd:"" help:"Answer with a preset of the sender's provider; see hookglassctl presets."`
	Hold     ruleHoldCommand     `cmd:"" help:"Keep the sender waiting for a person's answer; see hookglassctl held."`
	Forward  ruleForwardCommand  `cmd:"" help:"Send it on to your app, and its answer back."`
	Drop     ruleDropCommand     `cmd:"" help:"Cut the sender off instead of answering."`
}

// add completes a rule of a kind, keeps it and prints its id.
func (c *ruleAddCommand) add(ctx context.Context, t *terminal, r capture.Rule) error {
	r.Name, r.Enabled, r.Filter, r.Endpoint = c.Name, true, c.Filter, c.Endpoint
	if _, err := capture.ParseFilter(c.Filter); err != nil {
		return filterUsage(c.Filter, err)
	}
	forever, err := c.end(&r.End)
	if err != nil {
		return err
	}
	if err := r.Check(); err != nil {
		return usage("%v", err)
	}
	if err := c.warn(ctx, t, &r); err != nil {
		return err
	}
	id, err := engine.Apply(ctx, t.config(), engine.Change{
		Action: engine.PutRule, Rule: r, Consent: capture.Consent{Forever: forever, Live: c.LiveToo, Remote: c.RemoteToo},
	})
	if err != nil {
		return explainConsent(err)
	}
	_, err = fmt.Fprintln(t.out, id)
	return err
}

// warn says what of a rule's answers breaks the contract of the provider that its
// endpoint is for. An answer with variables is known only when it is given.
func (c *ruleAddCommand) warn(ctx context.Context, t *terminal, r *capture.Rule) (err error) {
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	i := slices.IndexFunc(reader.Endpoints, func(e capture.Endpoint) bool { return e.Path == c.Endpoint })
	if i < 0 {
		return nil
	}
	for _, a := range r.Answers() {
		if a.Status == 0 || a.BodyFile != "" || !a.Plain && strings.Contains(a.Body, "{{") {
			continue
		}
		answer := capture.Response{Status: a.Status, Header: a.Header, Body: []byte(a.Body)}
		for _, broken := range reader.Set.Contract(reader.Endpoints[i].Provider, &answer, &capture.Request{Method: "POST"}) {
			t.say("%s", broken)
		}
	}
	return nil
}

// end reads --count and --until.
func (c *ruleAddCommand) end(end *capture.RuleEnd) (forever bool, err error) {
	if c.Count < 0 {
		return false, usage("--count is below zero")
	}
	end.Count = c.Count
	switch c.Until {
	case "":
	case "quit":
		end.Quit = true
	case "forever":
		return true, nil
	default:
		span, err := time.ParseDuration(c.Until)
		if err != nil || span <= 0 {
			return false, usage("--until %q is no time such as 30m or 2h, nor quit or forever", c.Until)
		}
		end.Until = time.Now().Add(span).UTC()
	}
	return false, nil
}

// explainConsent says how a second yes is given.
func explainConsent(err error) error {
	var live *capture.LiveError
	var remote *capture.RemoteError
	switch {
	case errors.As(err, &live):
		return fmt.Errorf("%w; --live-too does it all the same", err)
	case errors.As(err, &remote):
		return fmt.Errorf("%w; --remote-too does it all the same", err)
	}
	return err
}

type ruleEnableCommand struct {
	ID        int64 `arg:"" help:"The rule's id."`
	LiveToo   bool  `help:"Also where it fails on purpose at a live endpoint."`
	RemoteToo bool  `help:"Also where it forwards to another machine."`
}

func (c *ruleEnableCommand) Run(ctx context.Context, t *terminal) error {
	return explainConsent(changeRule(ctx, t, engine.Change{Action: engine.EnableRule, Rule: capture.Rule{ID: c.ID}, Consent: capture.Consent{Live: c.LiveToo, Remote: c.RemoteToo}}))
}

type ruleDisableCommand struct {
	ID int64 `arg:"" help:"The rule's id."`
}

func (c *ruleDisableCommand) Run(ctx context.Context, t *terminal) error {
	return changeRule(ctx, t, engine.Change{Action: engine.DisableRule, Rule: capture.Rule{ID: c.ID}})
}

type ruleRemoveCommand struct {
	ID int64 `arg:"" help:"The rule's id."`
}

func (c *ruleRemoveCommand) Run(ctx context.Context, t *terminal) error {
	return changeRule(ctx, t, engine.Change{Action: engine.RemoveRule, Rule: capture.Rule{ID: c.ID}})
}

type ruleResetCommand struct {
	ID int64 `arg:"" help:"The rule's id."`
}

func (c *ruleResetCommand) Run(ctx context.Context, t *terminal) error {
	return changeRule(ctx, t, engine.Change{Action: engine.ResetRule, Rule: capture.Rule{ID: c.ID}})
}

// changeRule makes a change of a rule that there should be.
func changeRule(ctx context.Context, t *terminal, change engine.Change) error {
	_, err := engine.Apply(ctx, t.config(), change)
	if errors.Is(err, engine.ErrNotFound) {
		return fmt.Errorf("there is no rule %d; hookglassctl rule list shows those there are", change.Rule.ID)
	}
	return err
}
