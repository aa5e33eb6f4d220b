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
)

// maxRuleFile bounds a file of rules; larger bodies belong into files of their
// own.
const maxRuleFile = 2 << 20

type ruleLoadCommand struct {
	File      string `arg:"" help:"A YAML file, or - for standard input."`
	Replace   bool   `help:"Remove the rules that there are; the answers chosen for endpoints stay."`
	LiveToo   bool   `help:"Also fail on purpose at endpoints that are live."`
	RemoteToo bool   `help:"Also forward to another machine than this one."`
}

// Help is the long help of the command.
func (c *ruleLoadCommand) Help() string {
	return "The whole file is checked first: where one rule cannot be, none is added. rule list --yaml prints the rules as such a file."
}

func (c *ruleLoadCommand) Run(ctx context.Context, t *terminal) error {
	text, name, folder, err := c.read(t)
	if err != nil {
		return err
	}
	file := readRules(text, folder)
	if file.tell(t, name) {
		return errNo
	}
	_, err = engine.Apply(ctx, t.config(), engine.Change{
		Action: engine.LoadRules, Rules: file.rules, Forever: file.forever, Replace: c.Replace,
		Consent: capture.Consent{Live: c.LiveToo, Remote: c.RemoteToo},
	})
	var among *engine.RulesError
	if errors.As(err, &among) && among.At < len(file.at) {
		at := file.at[among.At]
		return fmt.Errorf("%s:%d:%d: %w", name, at.line, at.column, explainConsent(among.Err))
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.out, plural(len(file.rules), "rule"))
	return err
}

// read reads the file, and says how it is called and where relative paths in it
// begin.
func (c *ruleLoadCommand) read(t *terminal) (text []byte, name, folder string, err error) {
	name = c.File
	in := t.in
	if c.File == "-" {
		name = "standard input"
		folder, err = os.Getwd()
	} else {
		var f *os.File
		if f, err = os.Open(c.File); err != nil {
			return nil, name, "", fmt.Errorf("the rules cannot be read: %w", err)
		}
		defer func() { _ = f.Close() }() // only read
		in = f
		folder, err = filepath.Abs(filepath.Dir(c.File))
	}
	if err == nil {
		text, err = io.ReadAll(io.LimitReader(in, maxRuleFile+1))
	}
	switch {
	case err != nil:
		err = fmt.Errorf("the rules cannot be read: %w", err)
	case len(text) > maxRuleFile:
		err = fmt.Errorf("%s is larger than %s: put large bodies into files of their own (body_file)", name, bytesText(maxRuleFile))
	}
	return text, name, folder, err
}
