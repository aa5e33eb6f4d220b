package main

import (
	"context"
	"errors"
	"fmt"
)

type proveCommand struct {
	File string `arg:"" help:"A bundle that was written with export --keyed."`
}

// Help is the long help of the command.
func (c *proveCommand) Help() string {
	return "For each callback of the file the code in it is compared with the one that your key makes of what you have here. Whoever got the file cannot do that, and cannot try out with it what was taken out. Of a callback that something was taken out of, the code tells which one it is; it does not prove what the file shows in its place."
}

func (c *proveCommand) Run(ctx context.Context, t *terminal) (err error) {
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	p, err := reader.Prove(ctx, c.File)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "%d proven, %d redacted (their codes are right; what is shown of them is not proven), %d not what is here, %d not here, %d without a code\n", p.Proven, p.Redacted, p.Different, p.Unknown, p.Bare)
	if err == nil && (p.Proven+p.Redacted == 0 || p.Different > 0) {
		return errNo
	}
	return err
}
