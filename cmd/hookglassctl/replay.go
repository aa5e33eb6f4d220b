package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/store"
)

type replayCommand struct {
	IDs []string `arg:"" optional:"" name:"id" help:"The callbacks' ids or uids; or choose them with a filter."`
	filters
	NewestFirst bool `help:"Of what a filter chooses, the newest first."`

	To       string `help:"Where to: with a path, that takes the place of the callback's (default: where the last one of its kind went)." placeholder:"URL"`
	KeepPath bool   `help:"Take scheme and host alone of --to."`
	Edit     string `help:"Change it before: a raw request, as hookglassctl request prints it and an editor leaves it, or JSON such as {\"set\":[{\"name\":\"X-A\",\"value\":\"1\"}],\"body\":\"…\"}, which fits several callbacks too. - is standard input." placeholder:"FILE"`

	Resign      bool `help:"Sign it again, with the configured key."`
	DropSecrets bool `help:"Leave out tokens and the like that it carries."`
	Marker      bool `help:"Say in X-Hookglass-Resend which callback it is."`
	Follow      bool `help:"Follow redirects within the same host."`

	Times         int           `help:"Each so often (default ${default})." default:"1" placeholder:"N"`
	Concurrency   int           `help:"So many at once, 1 to 64 (default 1; of a schedule all)." placeholder:"N"`
	Rate          float64       `help:"So many a second at the most." placeholder:"N"`
	StopAtFailure bool          `help:"Begin no more after the first that is not accepted."`
	Schedule      string        `help:"Try again as this provider would until an answer is accepted; own is whoever sent it." placeholder:"P"`
	Speed         float64       `help:"How much faster the schedule runs than in reality; 0 is without pauses (default ${default})." default:"1" placeholder:"N"`
	Timeout       time.Duration `help:"For each answer (default ${default})." default:"30s" placeholder:"T"`

	RemoteToo   bool `help:"Send to another machine too."`
	ProviderToo bool `help:"Send to a provider's own domain too."`
	DryRun      bool `help:"Send nothing: say how many it would be, and print the first one's raw request."`
	JSON        bool `help:"One JSON object a line."`
}

// Help is the long help of the command.
func (c *replayCommand) Help() string {
	return "Ends with 0 when every answer is one that the callback's provider takes as success (on a schedule, the last one), else with 1."
}

// check says which flags cannot be meant.
func (c *replayCommand) check() error {
	chosen := c.filters != (filters{})
	switch {
	case len(c.IDs) == 0 && !chosen:
		return usage("name callbacks by their ids, or choose them with --filter, --provider and the like")
	case len(c.IDs) > 0 && chosen:
		return usage("name callbacks by their ids or choose them with a filter, not both")
	case c.Times < 1:
		return usage("--times %d is below one", c.Times)
	case c.Concurrency < 0 || c.Concurrency > engine.MostConcurrent:
		return usage("--concurrency %d is not from 1 to %d", c.Concurrency, engine.MostConcurrent)
	case c.Rate < 0, c.Speed < 0, c.Timeout < 0:
		return usage("--rate, --speed and --timeout cannot be below zero")
	case c.Schedule != "" && c.Times > 1:
		return usage("--schedule says by itself how often: leave --times out")
	case c.Schedule != "" && c.Schedule != engine.OwnSchedule:
		return checkProvider(c.Schedule)
	}
	return nil
}

// Run resends what is chosen.
func (c *replayCommand) Run(ctx context.Context, t *terminal) error {
	if err := c.check(); err != nil {
		return err
	}
	job, mask, err := c.job(ctx, t)
	if err != nil || c.DryRun {
		return err
	}
	tuneMemory()
	out := bufio.NewWriter(t.out)
	watch := newResendWatch(t.err, len(job.IDs)*job.Times)
	report, err := engine.ResendIn(ctx, t.config(), job, func(r *engine.Resent) {
		watch.clear()
		c.print(out, r, mask)
		watch.show(r)
	})
	watch.clear()
	err = errors.Join(c.asked(err), out.Flush())
	if report.Total == 0 { // nothing was begun
		return err
	}
	c.sum(t, &report)
	if err == nil && !report.OK() {
		err = errNo
	}
	return err
}

// asked adds to an error what would allow it.
func (c *replayCommand) asked(err error) error {
	var ask *engine.AskError
	if !errors.As(err, &ask) {
		return err
	}
	flags := "--remote-too"
	if ask.Provider != "" {
		flags += " --provider-too"
	}
	return fmt.Errorf("%w; %s allows it", err, flags)
}

// job makes the job, and tells of its first callback what will differ; of a dry
// run it prints that request.
func (c *replayCommand) job(ctx context.Context, t *terminal) (job engine.ResendJob, mask func(string) string, err error) {
	engine.Settle(ctx, t.folder)
	reader, err := t.read(ctx)
	if err != nil {
		return job, nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	job = engine.ResendJob{
		Times: c.Times, Concurrency: c.Concurrency, Rate: c.Rate, StopAtFailure: c.StopAtFailure,
		Schedule: c.Schedule, Speed: c.Speed,
		Resending: engine.Resending{
			To: completeAddress(c.To), KeepPath: c.KeepPath, Resign: c.Resign, DropSecrets: c.DropSecrets, Marker: c.Marker,
			Follow: c.Follow, Timeout: c.Timeout, Consent: engine.Consent{Remote: c.RemoteToo, Provider: c.ProviderToo},
		},
	}
	if job.IDs, err = c.choose(ctx, reader); err != nil {
		return job, nil, err
	}
	first, err := reader.Store.Exchange(ctx, job.IDs[0])
	if err != nil {
		return job, nil, err
	}
	if job.To == "" {
		targets, err := reader.Store.Targets(ctx, first.Annotation.Provider, first.Endpoint)
		if err != nil {
			return job, nil, err
		}
		if len(targets) == 0 {
			return job, nil, usage("--to is missing, and none of its kind was resent before")
		}
		job.To = targets[0]
		t.say("to %s, as the last one of its kind", capture.Visible(job.To))
	}
	if job.Edit, err = c.readEdit(t.in, first, len(job.IDs)); err != nil {
		return job, nil, err
	}
	if err := engine.CheckJob(&job, reader.Set); err != nil {
		return job, nil, usage("%v", err)
	}
	preview, err := reader.Preview(ctx, job.IDs[0], job.Resending, job.Keeps())
	if err != nil {
		return job, nil, err
	}
	return job, reader.Mask, c.tell(t, &job, preview)
}

// choose returns the ids of the callbacks, at least one.
func (c *replayCommand) choose(ctx context.Context, reader *engine.Reader) (ids []int64, err error) {
	for _, name := range c.IDs {
		x, err := find(ctx, reader, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, x.ID)
	}
	if len(ids) > 0 {
		return ids, nil
	}
	query, err := c.query(time.Now())
	if err != nil {
		return nil, err
	}
	if reader.Store != nil {
		query.Ascending = !c.NewestFirst
		if ids, err = reader.Store.IDsOf(ctx, query); err != nil {
			return nil, err
		}
		ids, err = withoutResends(ctx, reader.Store, ids)
	}
	if err == nil && len(ids) == 0 {
		err = errors.New("no callback is like that; hookglassctl list with the same filter shows none")
	}
	return ids, err
}

// withoutResends leaves out what we have sent ourselves: else every run of the same
// command would send more.
func withoutResends(ctx context.Context, db *store.DB, ids []int64) ([]int64, error) {
	resent, err := db.IDsOf(ctx, store.Query{Via: capture.ViaReplay})
	if err != nil || len(resent) == 0 {
		return ids, err
	}
	slices.Sort(resent)
	return slices.DeleteFunc(ids, func(id int64) bool {
		_, found := slices.BinarySearch(resent, id)
		return found
	}), nil
}

// maxEdit bounds the file of an edit: it goes to the process that captures as JSON.
const maxEdit = 11 << 20

// readEdit reads the edit, or returns nil where there is none.
func (c *replayCommand) readEdit(in io.Reader, first *capture.Exchange, callbacks int) (*capture.Edit, error) {
	if c.Edit == "" {
		return nil, nil
	}
	if c.Edit != "-" {
		file, err := os.Open(c.Edit)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }() // only read
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, maxEdit+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > maxEdit:
		return nil, fmt.Errorf("the edit in %s is larger than %s", c.Edit, bytesText(maxEdit))
	}
	origin := &first.Request
	if callbacks > 1 {
		origin = nil
	}
	return capture.ParseEdit(text, origin)
}

// completeAddress adds the scheme that people leave out: "localhost:3000/x",
// ":3000".
func completeAddress(address string) string {
	switch address = strings.TrimSpace(address); {
	case address == "" || strings.Contains(address, "://"):
		return address
	case strings.HasPrefix(address, ":"):
		return "http://localhost" + address
	case capture.Loopback("http://" + address):
		return "http://" + address
	}
	return "https://" + address
}
