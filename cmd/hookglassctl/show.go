package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/providers"
	"hookglass/store"
)

type showCommand struct {
	ID   string `arg:"" help:"The callback's id or uid."`
	JSON bool   `help:"One JSON object." xor:"form"`
	Body bool   `help:"The raw bytes of the body, and nothing else." xor:"form"`
}

func (c *showCommand) Run(ctx context.Context, t *terminal) (err error) {
	engine.Settle(ctx, t.folder)
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	x, err := find(ctx, reader, c.ID)
	if err != nil {
		return err
	}
	if c.Body {
		_, err := t.out.Write(x.Request.Body)
		return err
	}
	look := reader.Look(x)
	current(x, &look)
	if c.JSON {
		return writeJSON(t.out, wholeRowOf(x, &look))
	}
	var before int64
	if x.Annotation.Attempt > 1 {
		if before, err = reader.Store.Previous(ctx, x); err != nil {
			return err
		}
	}
	why, err := c.why(ctx, reader, x)
	if err != nil {
		return err
	}
	return writeWhole(t.out, x, &look, before, why...)
}

// why says which rules did not answer a callback, and what of the answer breaks
// the contract of its provider.
func (c *showCommand) why(ctx context.Context, reader *engine.Reader, x *capture.Exchange) (lines []string, err error) {
	if x.Response == nil || x.Via == capture.ViaReplay {
		return nil, nil
	}
	switch x.Response.By {
	case capture.ByRule, capture.ByHand, capture.ByApp, capture.ByChoice: // our own keep it
		if x.Response.Status == 0 {
			break
		}
		for _, broken := range reader.Set.Contract(x.Annotation.Provider, x.Response, &x.Request) {
			lines = append(lines, "breaks the contract: "+broken)
		}
	case capture.ByLimit, capture.ByServer, capture.ByTarget:
		return nil, nil // no rule was asked
	case capture.ByPreset, capture.ByDefault:
	}
	skips, err := reader.Why(ctx, x)
	for _, s := range skips {
		if s.ID == x.Response.Rule {
			break
		}
		lines = append(lines, strings.TrimRight(fmt.Sprintf("not by rule %d: %s", s.ID, s.Why), "."))
	}
	return lines, err
}

// current completes what is stored of a callback with what is known now that
// someone looks.
func current(x *capture.Exchange, look *providers.Look) {
	stored, now := &x.Annotation, look.Annotation
	switch {
	case stored.Verification.Status == "": // captured this moment
		*stored = now
		stored.AtArrival = now.Verification.Status
	case stored.Summary == providers.LargeBody:
		attempt, arrival, verdict := stored.Attempt, stored.AtArrival, stored.Verification
		*stored = now
		stored.Attempt, stored.AtArrival = attempt, arrival
		if verdict.Status.Proven() {
			stored.Verification = verdict
		}
	}
	if stored.Verification.Status.Proven() && !now.Verification.Status.Proven() {
		// Today's keys do not prove it any more; what they say of it would
		// contradict the verdict that is kept.
		if x.Import != nil && !x.Import.Redacted {
			stored.Verification.Reason = "The file says so, and with the keys that are here it cannot be proven. " + stored.Verification.Reason
		}
		look.Annotation.Verification = stored.Verification
		look.Ladder = nil
	}
}

// find reads the callback with an id or a uid.
func find(ctx context.Context, reader *engine.Reader, name string) (*capture.Exchange, error) {
	err := store.ErrNotFound
	var x *capture.Exchange
	if reader.Store != nil {
		if id, numErr := strconv.ParseInt(name, 10, 64); numErr == nil {
			x, err = reader.Store.Exchange(ctx, id)
		} else {
			x, err = reader.Store.ByUID(ctx, name)
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("there is no callback %s; hookglassctl list shows those there are", name)
	}
	return x, err
}
