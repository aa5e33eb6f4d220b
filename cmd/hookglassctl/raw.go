package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"hookglass/capture"
	"hookglass/capture/export"
	"hookglass/cmd/internal/engine"
)

type curlCommand struct {
	ID       string `arg:"" help:"The callback's id or uid."`
	To       string `help:"Where the command sends it, in place of scheme and host (default ${default})." default:"http://${listen}" placeholder:"URL"`
	BodyFile string `help:"Write the body to this file, which must not exist, and have the command read it." placeholder:"FILE"`
}

// Run prints the command.
func (c *curlCommand) Run(ctx context.Context, t *terminal) error {
	x, err := t.exchange(ctx, c.ID)
	if err != nil {
		return err
	}
	command, err := export.Curl(x, c.To, c.BodyFile)
	if errors.Is(err, export.ErrCurl) && c.BodyFile == "" && !x.Request.Truncated {
		err = fmt.Errorf("%w; --body-file FILE keeps the body apart", err)
	}
	if err != nil {
		return err
	}
	if c.BodyFile != "" {
		if err := writeNew(c.BodyFile, x.Request.Body); err != nil {
			return err
		}
	}
	_, err = fmt.Fprint(t.out, command)
	return err
}

type requestCommand struct {
	ID string `arg:"" help:"The callback's id or uid."`
}

// Run prints the bytes, and nothing else.
func (c *requestCommand) Run(ctx context.Context, t *terminal) error {
	x, err := t.exchange(ctx, c.ID)
	if err != nil {
		return err
	}
	raw, err := export.Raw(x)
	if err != nil {
		return err
	}
	if !x.Request.Exact {
		t.say("the head is not the one that came, which is not known, but has the same fields")
	}
	_, err = t.out.Write(raw)
	return err
}

// exchange reads one callback whole.
func (t *terminal) exchange(ctx context.Context, id string) (x *capture.Exchange, err error) {
	engine.Settle(ctx, t.folder)
	reader, err := t.read(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	return find(ctx, reader, id)
}

// writeNew writes a file that is not there yet, for its owner alone: bodies hold
// secrets and addresses.
func writeNew(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}
