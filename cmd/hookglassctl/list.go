package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/store"
)

// filters choose callbacks; list and wait share them.
type filters struct {
	Provider *string `help:"Only callbacks of this provider (klix, kornitx, mintsoft, probo, komet; empty for unknown senders)." placeholder:"P"`
	Verdict  string  `help:"Only callbacks with this verdict: valid, weak_key, unsigned, unprovable, key_missing, malformed or invalid." enum:",valid,weak_key,unsigned,unprovable,key_missing,malformed,invalid" default:"" placeholder:"V"`
	Event    string  `help:"Only this event, such as purchase.paid." placeholder:"E"`
	Order    string  `help:"Only callbacks about this order." placeholder:"O"`
	Filter   string  `help:"Only callbacks that this filter lets through, such as 'status:5xx -pinned path:/klix/*'; see hookglassctl filters." placeholder:"F"`
	Since    string  `help:"Only callbacks received since then: 2h, 2026-05-01, or 2026-05-01T12:00:00Z." placeholder:"T"`
}

func (f *filters) query(now time.Time) (store.Query, error) {
	if f.Provider != nil && *f.Provider != "" {
		if err := checkProvider(*f.Provider); err != nil {
			return store.Query{}, err
		}
	}
	q := store.Query{Provider: f.Provider, Verdict: capture.Status(f.Verdict), Event: f.Event, Order: f.Order, Now: now}
	var err error
	if q.Filter, err = capture.ParseFilter(f.Filter); err != nil {
		return q, filterUsage(f.Filter, err)
	}
	if f.Since == "" {
		return q, nil
	}
	since, err := parseSince(f.Since, now)
	q.Since = since
	return q, err
}

// parseSince reads a span back from now, a day (local time) or a moment.
func parseSince(text string, now time.Time) (time.Time, error) {
	if span, err := time.ParseDuration(text); err == nil {
		return now.Add(-span.Abs()), nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage("--since %q is neither a span such as 2h nor a time such as 2026-05-01T12:00:00Z", text)
}

type listCommand struct {
	filters
	Session string `help:"Only callbacks of this session, by its id or its name." placeholder:"S"`
	Limit   int    `help:"At most so many; 0 for all (default ${default})." default:"100" placeholder:"N"`
	JSON    bool   `help:"One JSON object a line."`
}

// listPage is how many rows are read from the store at a time.
const listPage = 1000

func (c *listCommand) Run(ctx context.Context, t *terminal) (err error) {
	query, err := c.query(time.Now())
	if err != nil {
		return err
	}
	if c.Limit < 0 {
		return usage("--limit %d is below zero", c.Limit)
	}
	engine.Settle(ctx, t.folder)
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	if reader.Store == nil {
		t.say("nothing was captured into %s yet; hookglassctl serve captures", t.folder)
		return nil
	}
	if query.Session, err = t.sessionID(ctx, reader, c.Session); err != nil {
		return err
	}
	out := bufio.NewWriter(t.out)
	for left := c.Limit; ; {
		query.Limit = listPage
		if c.Limit > 0 {
			query.Limit = min(left, listPage)
		}
		rows, err := reader.Store.List(ctx, query)
		if err != nil {
			return err
		}
		for i := range rows {
			if err := printRow(out, &rows[i], reader.Mask, c.JSON); err != nil {
				return err
			}
		}
		left -= len(rows)
		if len(rows) < query.Limit || c.Limit > 0 && left <= 0 {
			return out.Flush()
		}
		query.Before = rows[len(rows)-1].ID
	}
}

func printRow(out *bufio.Writer, x *capture.Exchange, mask func(string) string, asJSON bool) error {
	if asJSON {
		return writeJSON(out, rowOf(x, mask))
	}
	_, err := fmt.Fprintln(out, line(x, mask(x.Request.Target)))
	return err
}

type waitCommand struct {
	filters
	Count   int           `help:"Wait for so many (default ${default})." default:"1" placeholder:"N"`
	Timeout time.Duration `help:"Give up after this time; 0 never (default ${default})." default:"60s" placeholder:"T"`
	JSON    bool          `help:"One JSON object a line."`
}

// Help is the long help of the command.
func (c *waitCommand) Help() string {
	return "Counts callbacks that are received from now on, or since --since, and that are answered. Ends with 0 when they have come, with 1 when not."
}

// waitPoll is how often wait looks: the database is the truth, and looking is
// cheap.
const waitPoll = 50 * time.Millisecond

func (c *waitCommand) Run(ctx context.Context, t *terminal) error {
	now := time.Now()
	query, err := c.query(now)
	if err != nil {
		return err
	}
	if c.Count < 1 {
		return usage("--count %d is below one", c.Count)
	}
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Timeout)
		defer cancel()
	}
	var found []capture.Exchange
	reader, err := c.poll(ctx, t, query, &found)
	if reader != nil {
		defer func() { _ = reader.Close() }() // only read
	}
	switch {
	case err != nil:
		return err
	case len(found) < c.Count:
		t.say("%d of %d callbacks came", len(found), c.Count)
		return errNo
	}
	out := bufio.NewWriter(t.out)
	for i := range found[:c.Count] {
		if err := printRow(out, &found[i], reader.Mask, c.JSON); err != nil {
			return err
		}
	}
	return out.Flush()
}

// poll looks until enough callbacks have come or ctx ends. The folder may be
// without a database until the program under test has started.
func (c *waitCommand) poll(ctx context.Context, t *terminal, query store.Query, found *[]capture.Exchange) (*engine.Reader, error) {
	ticker := time.NewTicker(waitPoll)
	defer ticker.Stop()
	var reader *engine.Reader
	for first := true; ; first = false {
		var err error
		if reader == nil || reader.Store == nil {
			reader, err = engine.OpenReader(ctx, t.config())
			if first && err == nil && reader.Store != nil {
				query.After, err = lastBefore(ctx, reader.Store, query.Since)
			}
		}
		if err == nil && reader.Store != nil {
			*found, err = c.answered(ctx, reader.Store, query)
		}
		if ctx.Err() != nil {
			return reader, nil
		}
		if err != nil || len(*found) >= c.Count {
			return reader, err
		}
		select {
		case <-ctx.Done():
			return reader, nil
		case <-ticker.C:
		}
	}
}

// lastBefore returns the id of the newest callback that is older than since, or
// where that is zero, of the newest of all: what comes later counts.
func lastBefore(ctx context.Context, db *store.DB, since time.Time) (int64, error) {
	query := store.Query{Limit: 1}
	if !since.IsZero() {
		query.Since, query.Ascending = since, true
	}
	rows, err := db.List(ctx, query)
	switch {
	case err != nil:
		return 0, err
	case len(rows) == 0 && !since.IsZero():
		return lastBefore(ctx, db, time.Time{})
	case len(rows) == 0:
		return 0, nil
	case since.IsZero():
		return rows[0].ID, nil
	}
	return rows[0].ID - 1, nil
}

// answered returns the callbacks that count, oldest first.
func (c *waitCommand) answered(ctx context.Context, db *store.DB, query store.Query) ([]capture.Exchange, error) {
	query.Limit, query.Ascending = listPage, true
	var found []capture.Exchange
	for {
		rows, err := db.List(ctx, query)
		if err != nil {
			return found, err
		}
		if len(rows) > 0 {
			query.After = rows[len(rows)-1].ID
		}
		full := len(rows) == query.Limit
		found = append(found, slices.DeleteFunc(rows, unanswered)...)
		if len(found) >= c.Count || !full {
			return found, nil
		}
	}
}

// unanswered reports whether the outcome of an exchange is still to come.
func unanswered(x capture.Exchange) bool {
	return x.State == capture.StateReceived || x.State == capture.StateHeld ||
		x.State == capture.StateRefused && x.Response == nil
}
