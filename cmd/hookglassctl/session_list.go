package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
)

type sessionListCommand struct {
	All  bool `help:"Also those that are archived or deleted."`
	JSON bool `help:"One JSON object a line."`
}

// sessionRow is a session as --json prints it. The names are a contract with the
// scripts that read them.
type sessionRow struct {
	ID        int64                  `json:"id"`
	Name      string                 `json:"name"`
	State     capture.SessionState   `json:"state"`
	Active    bool                   `json:"active"`
	Created   string                 `json:"created"`
	Note      string                 `json:"note"`
	Exchanges int64                  `json:"callbacks"`
	Bytes     int64                  `json:"bytes"`
	Failed    int64                  `json:"failed"`
	First     string                 `json:"first"`
	Last      string                 `json:"last"`
	Keep      keepRow                `json:"keep"`
	Origin    *capture.SessionOrigin `json:"origin,omitempty"` // of one that came from a file
}

// keepRow is what is kept of a session; 0 and "" are no limit of its own.
type keepRow struct {
	Count int    `json:"count"`
	Bytes int64  `json:"bytes"`
	Age   string `json:"age"`
}

func (c *sessionListCommand) Run(ctx context.Context, t *terminal) (err error) {
	engine.Settle(ctx, t.folder)
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	all, err := t.sessions(ctx, reader)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		t.say("nothing was captured into %s yet; hookglassctl serve captures", t.folder)
	}
	table := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for i := range all {
		s := &all[i]
		if !c.All && s.State != capture.SessionOpen && !c.JSON {
			continue
		}
		stats, err := reader.Store.SessionStats(ctx, s.ID)
		if err != nil {
			return err
		}
		if c.JSON {
			err = writeJSON(t.out, rowOfSession(s, &stats))
		} else {
			_, err = fmt.Fprintln(table, sessionLine(s, &stats))
		}
		if err != nil {
			return err
		}
	}
	return table.Flush()
}

func rowOfSession(s *capture.Session, stats *capture.SessionStats) sessionRow {
	row := sessionRow{
		ID: s.ID, Name: s.Name, State: s.State, Active: s.Active, Created: stampText(s.Created), Note: s.Note,
		Exchanges: stats.Exchanges, Bytes: stats.Bytes, Failed: stats.Failed, First: stampText(stats.First), Last: stampText(stats.Last),
		Keep: keepRow{Count: s.Keep.Exchanges, Bytes: s.Keep.Bytes}, Origin: s.Origin,
	}
	if s.Keep.Age > 0 {
		row.Keep.Age = s.Keep.Age.String()
	}
	return row
}

// stampText is a moment for scripts; "" for none.
func stampText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// sessionLine is a session on one line for a person, in columns.
func sessionLine(s *capture.Session, stats *capture.SessionStats) string {
	mark := " "
	if s.Active {
		mark = "*"
	}
	var more []string
	if s.State != capture.SessionOpen {
		more = append(more, string(s.State))
	}
	if s.Origin != nil {
		more = append(more, "imported from "+capture.Visible(short(originName(s.Origin))))
	}
	if stats.Failed > 0 {
		more = append(more, fmt.Sprintf("%d with a proof that fails", stats.Failed))
	}
	return fmt.Sprintf("%s %d\t%s\t%s\t%s\t%s\t%s", mark, s.ID, capture.Visible(s.Name), plural(int(stats.Exchanges), "callback"),
		bytesText(stats.Bytes), spanText(stats), strings.Join(more, ", "))
}

func originName(o *capture.SessionOrigin) string {
	if o.File == "" {
		return "the clipboard"
	}
	return o.File
}

// spanText tells from when to when a session goes.
func spanText(stats *capture.SessionStats) string {
	if stats.First.IsZero() {
		return ""
	}
	const layout = "2006-01-02 15:04"
	first, last := stats.First.Local().Format(layout), stats.Last.Local().Format(layout)
	if first == last {
		return first
	}
	if first[:10] == last[:10] {
		last = last[11:]
	}
	return first + " – " + last
}

type sessionShowCommand struct {
	Session string `arg:"" optional:"" help:"Its id or its name; without, the one into which callbacks are captured."`
	JSON    bool   `help:"One JSON object."`
}

func (c *sessionShowCommand) Run(ctx context.Context, t *terminal) (err error) {
	engine.Settle(ctx, t.folder)
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	s, err := c.find(ctx, t, reader)
	if err != nil {
		return err
	}
	stats, err := reader.Store.SessionStats(ctx, s.ID)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(t.out, rowOfSession(&s, &stats))
	}
	_, err = fmt.Fprint(t.out, sessionPage(&s, &stats))
	return err
}

func (c *sessionShowCommand) find(ctx context.Context, t *terminal, reader *engine.Reader) (capture.Session, error) {
	if c.Session != "" {
		return t.session(ctx, reader, c.Session)
	}
	all, err := t.sessions(ctx, reader)
	for _, s := range all {
		if s.Active {
			return s, err
		}
	}
	return capture.Session{}, errors.Join(err, engine.ErrEmpty)
}

// sessionPage lays a session out for a person.
func sessionPage(s *capture.Session, stats *capture.SessionStats) string {
	var b strings.Builder
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %-12s %s\n", name, capture.Visible(value))
		}
	}
	fmt.Fprintf(&b, "session %d  %s\n", s.ID, capture.Visible(s.Name))
	state := string(s.State)
	if s.Active {
		state += ", callbacks are captured into it"
	}
	row("state", state)
	row("created", s.Created.Local().Format("2006-01-02 15:04"))
	row("callbacks", fmt.Sprintf("%d, %s of bodies, %d with a proof that fails", stats.Exchanges, bytesText(stats.Bytes), stats.Failed))
	row("span", spanText(stats))
	row("kept", keepWords(s.Keep))
	row("note", s.Note)
	if o := s.Origin; o != nil {
		b.WriteString(originPage(o))
	}
	return b.String()
}

// originPage tells of the file that a session came from.
func originPage(o *capture.SessionOrigin) string {
	var b strings.Builder
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %-12s %s\n", name, capture.Visible(value))
		}
	}
	row("file", fmt.Sprintf("%s (%s)", originName(o), o.Format))
	row("shared by", o.Sharer)
	if !o.Shared.IsZero() {
		row("shared", o.Shared.Local().Format("2006-01-02 15:04"))
	}
	row("made by", o.Tool)
	redaction := o.Redaction
	switch {
	case redaction != "":
	case o.Format == "bundle" || o.Format == "har" && strings.HasPrefix(o.Tool, "Hookglass"):
		redaction = "nothing, as it says"
	default:
		redaction = "it does not say"
	}
	row("taken out", redaction)
	row("they say", o.Note)
	return b.String()
}

// keepWords say how much is kept; "" where there is no limit of its own.
func keepWords(k capture.Keep) string {
	var parts []string
	if k.Exchanges > 0 {
		parts = append(parts, "the newest "+plural(k.Exchanges, "callback"))
	}
	if k.Bytes > 0 {
		parts = append(parts, bytesText(k.Bytes)+" of bodies")
	}
	if k.Age > 0 {
		parts = append(parts, "what is younger than "+k.Age.String())
	}
	return strings.Join(parts, ", ")
}
