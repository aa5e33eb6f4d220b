package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
)

type pinCommand struct {
	IDs []string `arg:"" name:"id" help:"Ids or uids of callbacks."`
	Off bool     `help:"Take the pins away."`
}

// Run pins callbacks, so that retention leaves them alone.
func (c *pinCommand) Run(ctx context.Context, t *terminal) error {
	change := engine.Change{Action: engine.PinCallbacks}
	if c.Off {
		change.Action = engine.UnpinCallbacks
	}
	return t.remark(ctx, change, c.IDs)
}

type markCommand struct {
	Colour string   `arg:"" help:"red, amber, green or blue; none takes it away."`
	IDs    []string `arg:"" name:"id" help:"Ids or uids of callbacks."`
}

// Run marks callbacks with a colour.
func (c *markCommand) Run(ctx context.Context, t *terminal) error {
	change := engine.Change{Action: engine.MarkCallbacks, Mark: capture.Mark(c.Colour)}
	if c.Colour == "none" {
		change.Mark = ""
	} else if !slices.Contains(capture.Marks, change.Mark) {
		return usage("%q is no colour of a mark; there are red, amber, green and blue, and none", c.Colour)
	}
	return t.remark(ctx, change, c.IDs)
}

type noteCommand struct {
	ID   string `arg:"" help:"The callback's id or uid."`
	Text string `arg:"" help:"The note; an empty one removes it."`
}

// Run writes a note on a callback.
func (c *noteCommand) Run(ctx context.Context, t *terminal) error {
	return t.remark(ctx, engine.Change{Action: engine.NoteCallbacks, Note: c.Text}, []string{c.ID})
}

// remark keeps what a person says of callbacks.
func (t *terminal) remark(ctx context.Context, change engine.Change, names []string) (err error) {
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for _, name := range names {
		x, err := find(ctx, reader, name)
		if err != nil {
			return err
		}
		change.IDs = append(change.IDs, x.ID)
	}
	_, err = engine.Apply(ctx, t.config(), change)
	if errors.Is(err, engine.ErrNotFound) {
		return fmt.Errorf("one of them is not there any more: %w", err)
	}
	return err
}
