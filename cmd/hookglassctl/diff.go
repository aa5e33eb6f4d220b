package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"hookglass/capture"
	"hookglass/capture/compare"
	"hookglass/cmd/internal/engine"
)

type diffCommand struct {
	A string `arg:"" name:"id" help:"The id or uid of a callback or a resend."`
	B string `arg:"" name:"other" help:"The id or uid of the one it is compared with."`

	JSON       bool     `help:"One JSON object."`
	All        bool     `help:"Every line, with nothing folded."`
	ArrayKey   []string `help:"Tell the elements of JSON arrays apart by this key and not by their position; PATH=KEY for one array, as $$.orders[].items=sku." placeholder:"KEY" sep:"none"`
	Response   bool     `help:"Only the answers."`
	Connection bool     `help:"Header fields too that belong to one connection or were added on the way."`
}

// Help says what kong shows below the flags.
func (c *diffCommand) Help() string {
	return "Ends with 0 where both say the same and with 1 where they differ. Secrets are masked; show has them."
}

// Run prints how the two differ.
func (c *diffCommand) Run(ctx context.Context, t *terminal) (err error) {
	keys, err := c.keys()
	if err != nil {
		return err
	}
	engine.Settle(ctx, t.folder)
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	var pair [2]*capture.Exchange
	options := compare.Options{ArrayKey: keys, Connection: c.Connection, Mask: reader.Mask}
	for i, id := range []string{c.A, c.B} {
		if pair[i], err = find(ctx, reader, id); err != nil {
			return err
		}
		look := reader.Look(pair[i])
		options.Secrets = append(options.Secrets, look.Decoding.Sensitive...)
	}
	compared, err := compare.Exchanges(ctx, pair[0], pair[1], options)
	if err != nil {
		return err
	}
	equal := compared.Equal
	if c.Response {
		equal = compared.Response.Equal
	}
	if c.JSON {
		err = writeJSON(t.out, c.row(pair, compared, equal))
	} else {
		err = writeDiff(t.out, pair, c.parts(compared), c.All, coloured(t))
	}
	if err == nil && !equal {
		return errNo
	}
	return err
}

// keys reads the flag.
func (c *diffCommand) keys() (map[string]string, error) {
	keys := map[string]string{}
	for _, text := range c.ArrayKey {
		path, key := "", text
		if strings.HasPrefix(text, "$") {
			var ok bool
			if path, key, ok = strings.Cut(text, "="); !ok {
				return nil, usage("--array-key %s names an array and no key; write %s=KEY", text, text)
			}
		}
		if key == "" {
			return nil, usage("--array-key needs the name of a key")
		}
		keys[path] = key
	}
	return keys, nil
}

// namedPart is a part with its title.
type namedPart struct {
	name string
	*compare.Part
}

func (c *diffCommand) parts(compared *compare.Comparison) []namedPart {
	parts := []namedPart{{"Request", &compared.Request}, {"Answer", &compared.Response}}
	if c.Response {
		return parts[1:]
	}
	return parts
}

// diffRow is a comparison as --json prints it. The names are a contract with the
// scripts that read them.
type diffRow struct {
	A        diffSide      `json:"a"`
	B        diffSide      `json:"b"`
	Equal    bool          `json:"equal"`
	Request  *compare.Part `json:"request,omitempty"`
	Response *compare.Part `json:"response"`
}

type diffSide struct {
	ID  int64       `json:"id"`
	UID string      `json:"uid"`
	Via capture.Via `json:"via"`
}

func (c *diffCommand) row(pair [2]*capture.Exchange, compared *compare.Comparison, equal bool) diffRow {
	row := diffRow{A: sideOf(pair[0]), B: sideOf(pair[1]), Equal: equal, Response: &compared.Response}
	if !c.Response {
		row.Request = &compared.Request
	}
	if c.All {
		for _, part := range c.parts(compared) {
			for _, s := range part.Sections() {
				s.Lines = s.Rows(0, s.Len())
			}
		}
	}
	return row
}

func sideOf(x *capture.Exchange) diffSide { return diffSide{x.ID, x.UID, x.Via} }

// coloured reports whether the output is a terminal whose owner wants colours.
func coloured(t *terminal) bool {
	file, ok := t.out.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) && os.Getenv("NO_COLOR") == "" &&
		!slices.Contains([]string{"", "dumb"}, os.Getenv("TERM"))
}
