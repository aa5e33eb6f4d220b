package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/store"
)

type importCommand struct {
	Files  []string `arg:"" name:"file" help:"Bundles, HAR files, raw HTTP requests or curl commands; - reads standard input."`
	Look   bool     `name:"open-only" aliases:"dry-run" help:"Only show what is in it: who shared it, when, how it was redacted, how much, and what cannot be read."`
	Name   string   `help:"What the session is called (default: as the file says)." placeholder:"TEXT"`
	Rules  bool     `help:"Its rules come in too: disabled, at the end of the list, without the targets that they had."`
	Verify bool     `help:"Check the proofs again with the keys that are here, where nothing was redacted."`
}

// Help is the long help of the command.
func (c *importCommand) Help() string {
	return "Each file becomes a session of its own, into which nothing is captured. Its callbacks are marked as imported, and those that are here already are not added again. " +
		"What a file says of itself is its sharer's word. Where a file turns out to be damaged, nothing of it stays."
}

func (c *importCommand) Run(ctx context.Context, t *terminal) error {
	if c.Name != "" && len(c.Files) > 1 {
		return usage("--name is for one file")
	}
	tuneMemory()
	for _, name := range c.Files {
		if err := c.one(ctx, t, name); err != nil {
			if len(c.Files) > 1 {
				err = fmt.Errorf("%s: %w", capture.Visible(name), err)
			}
			return err
		}
	}
	return nil
}

var errImportCancelled = errors.New("cancelled: nothing of the file stays")

func (c *importCommand) one(ctx context.Context, t *terminal, name string) (err error) {
	path, err := filepath.Abs(name)
	if name == "-" {
		var remove func() error
		if path, remove, err = spooled(ctx, t.in); err == nil {
			defer func() { err = errors.Join(err, remove()) }()
		}
	}
	switch {
	case errors.Is(err, context.Canceled):
		return errImportCancelled
	case err != nil:
		return err
	}
	meter := t.meter("callbacks")
	var looked error
	rules := 0
	job := engine.ImportJob{Path: path, Name: c.Name, Rules: c.Rules, Verify: c.Verify, Look: c.Look}
	report, err := engine.ImportIn(ctx, t.config(), job, func(o *capture.Opening) {
		meter.end()
		rules = len(o.Rules)
		looked = c.show(ctx, t, o)
	}, meter.tell)
	meter.end()
	if errors.Is(err, context.Canceled) {
		return errImportCancelled
	}
	if err = errors.Join(err, looked); err != nil || c.Look {
		return err
	}
	text := plural(int(report.Kept), "callback")
	if report.Kept > 0 {
		text += fmt.Sprintf(" in session %d", report.Session.ID)
	}
	if report.Duplicates > 0 {
		text += fmt.Sprintf("; %d were here already", report.Duplicates)
	}
	if report.Rules > 0 {
		text += fmt.Sprintf("; %s, disabled", plural(report.Rules, "rule"))
	}
	if rules > 0 && !c.Rules {
		t.say("it has %s too; --rules brings them in, disabled", plural(rules, "rule"))
	}
	_, err = fmt.Fprintln(t.out, text)
	return err
}

// show tells what is in a file: all of it where that is all that is wanted, else
// what was skipped.
func (c *importCommand) show(ctx context.Context, t *terminal, o *capture.Opening) error {
	for _, skip := range o.Skipped {
		t.say("skipped %s: %s", capture.Visible(skip.Where), capture.Visible(skip.Why))
	}
	if !c.Look {
		return nil
	}
	text := capture.Visible(o.Session.Name) + "\n"
	if o.Session.Origin != nil {
		text += originPage(o.Session.Origin)
	}
	_, err := fmt.Fprintf(t.out, "%s  %-12s %d, %s of bodies, %d with a proof that fails\n", text, "callbacks", o.Stats.Exchanges,
		bytesText(o.Stats.Bytes), o.Stats.Failed)
	row := func(name, value string) {
		if value != "" && err == nil {
			_, err = fmt.Fprintf(t.out, "  %-12s %s\n", name, capture.Visible(value))
		}
	}
	row("span", spanText(&o.Stats))
	row("here already", fmt.Sprint(o.Duplicates))
	for i := range o.Rules {
		r := &o.Rules[i]
		text := r.Words()
		if r.Name != "" {
			text = fmt.Sprintf("%q %s", r.Name, text)
		}
		row("rule", text)
	}
	if err != nil {
		return err
	}
	return c.list(ctx, t, o)
}

// lookRows is how many callbacks of a file are shown.
const lookRows = 20

// list shows the oldest callbacks of a file.
func (c *importCommand) list(ctx context.Context, t *terminal, o *capture.Opening) (err error) {
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	rows, err := reader.Store.List(ctx, store.Query{Session: o.Session.ID, Ascending: true, Limit: lookRows})
	for i := range rows {
		rows[i].ID = int64(i + 1) // its own is nobody's business, and gone in a moment
		if err == nil {
			_, err = fmt.Fprintln(t.out, line(&rows[i], reader.Mask(rows[i].Request.Target)))
		}
	}
	if more := o.Stats.Exchanges - int64(len(rows)); more > 0 && err == nil {
		_, err = fmt.Fprintf(t.out, "… and %d more\n", more)
	}
	return err
}

// maxSpooled bounds what is read of standard input.
const maxSpooled = 4 << 30

// spooled puts standard input into a file for its owner alone: a bundle is read
// from its end. Where ctx ends it does not wait for what is still to come.
func spooled(ctx context.Context, in io.Reader) (path string, remove func() error, err error) {
	folder, err := os.MkdirTemp("", "hookglass-import-") // 0700
	if err != nil {
		return "", nil, err
	}
	remove = func() error { return os.RemoveAll(folder) }
	path = filepath.Join(folder, "standard input")
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", nil, errors.Join(err, remove())
	}
	var n int64
	copied := make(chan error, 1)
	go func() { // a read of a terminal or a pipe ends with what it waits for, or with the program
		var err error
		n, err = io.Copy(file, io.LimitReader(in, maxSpooled+1))
		copied <- err
	}()
	select {
	case err = <-copied:
	case <-ctx.Done():
		return "", nil, errors.Join(ctx.Err(), file.Close(), remove())
	}
	if err = errors.Join(err, file.Close()); err == nil && n > maxSpooled {
		err = fmt.Errorf("standard input is larger than %s: give a file", bytesText(maxSpooled))
	}
	if err != nil {
		return "", nil, errors.Join(err, remove())
	}
	return path, remove, nil
}
