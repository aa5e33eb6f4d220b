package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hookglass/capture"
	"hookglass/capture/export"
	"hookglass/capture/redact"
	"hookglass/cmd/internal/engine"
)

type exportCommand struct {
	IDs     []string `arg:"" optional:"" name:"id" help:"Ids or uids of callbacks; without, all that --filter and --session let through."`
	Filter  string   `help:"Only callbacks that this filter lets through; see hookglassctl filters." placeholder:"F"`
	Session string   `help:"Only callbacks of this session, by its id or its name." placeholder:"S"`
	Format  string   `help:"bundle, har, html, jsonl, csv, curl, raw or md; without, as the file's name ends, else bundle." placeholder:"FORMAT"`
	Redact  string   `help:"What is taken out first: none, secrets, personal (secrets too), and behind it further places: personal,path:$.ref,header:X-Shop,regex:INV-[0-9]+ (default ${default})." default:"secrets" placeholder:"PROFILE"`
	Title   string   `help:"What the share is called (default: the session's name)." placeholder:"TEXT"`
	Note    string   `help:"Words of yours to whoever gets it." placeholder:"TEXT"`
	Sharer  string   `help:"Who you are, as whoever gets it knows you." placeholder:"NAME"`
	Rules   bool     `help:"The rules go along in a bundle or a HAR; whoever imports them gets them disabled, without targets."`
	Keyed   bool     `help:"With each callback goes a code under a key of yours, with which only you can prove what you captured; see hookglassctl prove."`
	Preview bool     `help:"Show every change, and write nothing."`
	Output  string   `help:"The file; - writes to standard output." short:"o" placeholder:"FILE"`
	Force   bool     `help:"Write over a file that is there."`
}

// Help is the long help of the command.
func (c *exportCommand) Help() string {
	var b strings.Builder
	b.WriteString("Formats:\n")
	for _, f := range export.Formats {
		fmt.Fprintf(&b, "  %-7s %s\n", f.Name, f.Says)
	}
	b.WriteString("\nEqual values get equal placeholders, so that an order can still be followed. What you have here is not changed. " +
		"A verdict says when it was reached before something was taken out.")
	return b.String()
}

func (c *exportCommand) Run(ctx context.Context, t *terminal) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	tuneMemory()
	engine.Settle(ctx, t.folder)
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	what, err := c.sharing(ctx, t, reader)
	if err != nil {
		return err
	}
	var report capture.SharingReport
	switch meter := t.meter("callbacks"); {
	case c.Preview:
		report, err = reader.PreviewShare(ctx, what, func(change redact.Change) { t.tellChange(&change) }, nil)
	case c.Output == "-":
		report, err = reader.StreamShare(ctx, what, t.out)
		if errors.Is(err, context.Canceled) {
			return errors.New("cancelled: what was written is not all of it")
		}
	default:
		report, err = reader.WriteShare(ctx, what, c.Output, meter.tell)
		meter.end()
		if errors.Is(err, context.Canceled) {
			return errors.New("cancelled: nothing was written")
		}
	}
	if err != nil {
		return err
	}
	c.tell(t, &report)
	return nil
}

// check says which flag cannot be meant.
func (c *exportCommand) check() error {
	if c.Output == "" && !c.Preview {
		return usage("say where to with -o FILE, or with -o - for standard output")
	}
	if len(c.IDs) > 0 && (c.Filter != "" || c.Session != "") {
		return usage("give either ids, or --filter and --session")
	}
	if _, err := capture.ParseFilter(c.Filter); err != nil {
		return filterUsage(c.Filter, err)
	}
	if _, err := redact.ParseProfile(c.Redact); err != nil {
		return usage("--redact: %v", err)
	}
	if c.Format == "" {
		c.Format = formatOf(c.Output)
	}
	if _, ok := export.FindFormat(c.Format); !ok {
		return usage("--format %q is none; there are %s", c.Format, strings.Join(formatNames(), ", "))
	}
	return c.checkOutput()
}

// checkOutput says why nothing can be written there, before it is made.
func (c *exportCommand) checkOutput() error {
	if c.Preview || c.Output == "-" {
		return nil
	}
	switch info, err := os.Stat(c.Output); {
	case err == nil && info.IsDir():
		return usage("%s is a folder: give the name of a file in it", c.Output)
	case err == nil && !info.Mode().IsRegular():
		return usage("%s is no plain file; -o - writes to standard output", c.Output)
	}
	if _, err := os.Lstat(c.Output); err == nil && !c.Force {
		return usage("%s is there already; --force writes over it", c.Output)
	}
	return nil
}

// formatOf is the format that a file's name asks for, the bundle where it asks
// for none.
func formatOf(name string) string {
	extension := strings.ToLower(filepath.Ext(name))
	for _, f := range export.Formats {
		if extension == f.Extension {
			return f.Name
		}
	}
	switch extension {
	case ".htm":
		return "html"
	case ".ndjson":
		return "jsonl"
	case ".http", ".txt":
		return "raw"
	}
	return "bundle"
}

func formatNames() []string {
	var names []string
	for _, f := range export.Formats {
		names = append(names, f.Name)
	}
	return names
}

func (c *exportCommand) sharing(ctx context.Context, t *terminal, reader *engine.Reader) (capture.Sharing, error) {
	what := capture.Sharing{
		Filter: c.Filter, Format: c.Format, Redact: c.Redact, Title: c.Title, Note: c.Note, Sharer: c.Sharer, Rules: c.Rules, Keyed: c.Keyed,
	}
	var err error
	if what.Session, err = t.sessionID(ctx, reader, c.Session); err != nil {
		return what, err
	}
	for _, name := range c.IDs {
		x, err := find(ctx, reader, name)
		if err != nil {
			return what, err
		}
		what.IDs = append(what.IDs, x.ID)
	}
	return what, nil
}

// tell says what was written, and what was taken out of it.
func (c *exportCommand) tell(t *terminal, report *capture.SharingReport) {
	text := plural(int(report.Exchanges), "callback")
	if report.Path != "" {
		text += fmt.Sprintf(", %s, in %s", bytesText(report.Bytes), report.Path)
	}
	t.say("%s; %s", text, replacedWords(report.Replaced, c.Redact))
	for _, warning := range report.Warnings {
		t.say("%s", capture.Visible(warning))
	}
	if format, _ := export.FindFormat(c.Format); !format.Whole && (c.Rules || c.Keyed) {
		t.say("rules, and the codes of --keyed, go along in a bundle or a HAR only, not in %s", c.Format)
	}
}

// replacedWords say how many values were replaced, by what they were.
func replacedWords(replaced map[string]int64, profile string) string {
	if profile == redact.ProfileNone {
		return "nothing was taken out: secrets and personal data leave as they came"
	}
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(replaced)) {
		if n := replaced[kind]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d × %s", n, kind))
		}
	}
	if len(parts) == 0 {
		return "there was nothing to take out (" + profile + ")"
	}
	return "replaced: " + strings.Join(parts, ", ")
}

// tellChange prints a change for a preview.
func (t *terminal) tellChange(c *redact.Change) {
	where := c.Where
	if c.Exchange != 0 {
		where = fmt.Sprintf("%5d  %s", c.Exchange, c.Where)
	}
	before := short(c.Before)
	if c.Kind == "secret" {
		before = "***" // it may stand in a terminal's history
	}
	_, _ = fmt.Fprintf(t.out, "%s  %s  %s → %s\n", capture.Visible(where), c.Kind, capture.Visible(before), capture.Visible(short(c.After)))
}
