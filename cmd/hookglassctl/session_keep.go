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

type sessionKeepCommand struct {
	Session string `arg:"" help:"Its id or its name."`
	Count   int    `help:"Keep at most so many callbacks; 0 for no limit of its own." placeholder:"N"`
	Size    string `help:"Keep at most so many bytes of bodies, such as 500M or 2G." placeholder:"SIZE"`
	Age     string `help:"Keep what is younger, such as 12h or 30d." placeholder:"T"`
	Yes     bool   `help:"Do it. Without, it is only said what would go." short:"y"`
}

// Help is the long help of the command.
func (c *sessionKeepCommand) Help() string {
	return "Without any limit, those that the session has of its own are taken away; serve's --keep and --keep-bytes count all the same. Pinned callbacks stay."
}

func (c *sessionKeepCommand) Run(ctx context.Context, t *terminal) (err error) {
	keep, err := c.keep()
	if err != nil {
		return err
	}
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	s, err := t.session(ctx, reader, c.Session)
	if err != nil {
		return err
	}
	count, bytes, through, err := reader.Store.WouldDrop(ctx, s.ID, keep)
	if err != nil {
		return err
	}
	if count > 0 {
		t.say("%s of session %d, about %s on the disk, received until %s, are more than that", plural(int(count), "callback"), s.ID,
			bytesText(bytes), through.Local().Format("2006-01-02 15:04"))
	}
	if !c.Yes && count > 0 {
		return fmt.Errorf("nothing was changed; --yes drops them for good")
	}
	s.Keep = keep
	_, err = engine.Apply(ctx, t.config(), engine.Change{Action: engine.PutSession, Session: s})
	return err
}

func (c *sessionKeepCommand) keep() (k capture.Keep, err error) {
	if c.Count < 0 {
		return k, usage("--count is below zero")
	}
	k.Exchanges = c.Count
	if k.Bytes, err = parseSize(c.Size); err != nil {
		return k, err
	}
	k.Age, err = parseAge(c.Age)
	return k, err
}

// parseSize reads a number of bytes with a unit of 1024: "500M".
func parseSize(text string) (int64, error) {
	number, shift := strings.TrimSuffix(strings.ToUpper(text), "B"), 0
	for unit, by := range map[string]int{"K": 10, "M": 20, "G": 30} {
		if rest, ok := strings.CutSuffix(number, unit); ok {
			number, shift = rest, by
			break
		}
	}
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil || n <= 0 {
		return 0, usage("--size %q is no size such as 500M or 2G", text)
	}
	return n << shift, nil
}

// parseAge reads a span, in days too: "30d".
func parseAge(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil && n > 0 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	span, err := time.ParseDuration(text)
	if err != nil || span <= 0 {
		return 0, usage("--age %q is no span such as 12h or 30d", text)
	}
	return span, nil
}
