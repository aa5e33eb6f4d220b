package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/providers"
)

type triggerCommand struct {
	Provider string `arg:"" optional:"" help:"The provider; without one, they are listed."`
	Event    string `arg:"" optional:"" help:"The event, such as purchase.paid, or the name of a sample; without one, those of the provider are listed."`

	To    string   `help:"Where to: with a path, that is the callback's own; scheme and host alone, or a path that ends in /, are put before the sample's." placeholder:"URL"`
	Set   []string `help:"A value of your own: payment.status=FAILED, new_shipments[0].tracking=X, ?action=paid; with := the value is JSON." sep:"none" placeholder:"PATH=VALUE"`
	Order string   `help:"The order that it is about (default: a new one)." placeholder:"O"`

	Unsigned bool `help:"Leave out the proof of its origin." xor:"proof"`
	Tampered bool `help:"Change the body after it was signed." xor:"proof"`
	StaleKey bool `help:"Sign it with a key that nobody knows." xor:"proof"`
	TestKey  bool `help:"Sign it with the test identity, also where a key of yours could."`

	Scenario string  `help:"Tell a story in several callbacks, in place of one event." placeholder:"NAME"`
	Speed    float64 `help:"How much faster a scenario runs than in reality; 1 is as it happens, 0 without pauses (default ${default}: an hour in a second)." default:"3600" placeholder:"N"`

	RemoteToo   bool `help:"Send to another machine too."`
	ProviderToo bool `help:"Send to a provider's own domain too."`
	DryRun      bool `help:"Send nothing: print the raw requests."`
	JSON        bool `help:"One JSON object a line."`
}

// Help is the long help of the command.
func (c *triggerCommand) Help() string {
	return "Sends callbacks as a provider would, with new ids and times, signed with your key where it can sign, else with a test identity of Hookglass's own (see hookglassctl identity). " +
		"At an address of the hookglass that captures into the same folder they are marked as samples and never taken for real. " +
		"Ends with 0 when the provider would take every answer as success, else with 1."
}

// Run lists, or sends.
func (c *triggerCommand) Run(ctx context.Context, t *terminal) error {
	if c.Provider == "" {
		return c.listProviders(t)
	}
	if err := checkProvider(c.Provider); err != nil {
		return err
	}
	if c.Event == "" && c.Scenario == "" {
		return c.listEvents(t)
	}
	assignments, err := c.check()
	if err != nil {
		return err
	}
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	set := reader.Set
	if err := reader.Close(); err != nil {
		return err
	}
	s := &stage{t: t, set: set, p: set.Find(c.Provider), command: c, last: assignments}
	if !c.DryRun {
		if err := s.ask(ctx); err != nil {
			return err
		}
	}
	if c.Scenario != "" {
		return s.play(ctx)
	}
	return s.once(ctx)
}

// check says which flags cannot be meant, and reads the assignments.
func (c *triggerCommand) check() ([]providers.Assignment, error) {
	switch {
	case c.Event != "" && c.Scenario != "":
		return nil, usage("name an event or a --scenario, not both")
	case c.Speed < 0:
		return nil, usage("--speed %v is below zero", c.Speed)
	case c.To == "" && !c.DryRun:
		return nil, usage("say where to: --to http://%s is the hookglass of this machine", engine.DefaultListen)
	}
	var all []providers.Assignment
	for _, text := range c.Set {
		a, err := providers.ParseAssignment(text)
		if err != nil {
			return nil, usage("--set: %v", err)
		}
		all = append(all, a)
	}
	return all, nil
}

func (c *triggerCommand) proof() providers.Proof {
	switch {
	case c.Unsigned:
		return providers.NoProof
	case c.Tampered:
		return providers.Tampered
	case c.StaleKey:
		return providers.StaleProof
	}
	return providers.Signed
}

// stage is where the callbacks of one command are made and sent.
type stage struct {
	t       *terminal
	set     *providers.Set
	p       *providers.Provider
	command *triggerCommand
	last    []providers.Assignment
}

// ask makes sure that a person wants this to go where it goes.
func (s *stage) ask(ctx context.Context) error {
	c := s.command
	to, err := addressFor(completeAddress(c.To), "/")
	if err != nil {
		return err
	}
	err = engine.AskMade(ctx, s.set, s.t.config(), to, engine.Consent{Remote: c.RemoteToo, Provider: c.ProviderToo})
	ask, asks := errors.AsType[*engine.AskError](err)
	switch {
	case asks && ask.Provider != "":
		return fmt.Errorf("%w; --remote-too --provider-too allows it", err)
	case asks:
		return fmt.Errorf("%w; --remote-too allows it", err)
	}
	return err
}

func (s *stage) once(ctx context.Context) error {
	c := s.command
	sample := s.p.Sample(c.Event)
	if sample == nil {
		return usage("%s has no event or sample %q; hookglassctl trigger %s lists them", s.p.Name, c.Event, s.p.ID)
	}
	fresh := &providers.Fresh{Order: c.Order, Now: time.Now()}
	r, err := fresh.Request(s.p, sample, nil, s.last)
	if err != nil {
		return s.wrong(err)
	}
	accepted, err := s.send(ctx, &r, sample.Name)
	if err == nil && !accepted {
		return errNo
	}
	return err
}

// play tells a scenario. An interrupt ends it, and it says how far it came.
func (s *stage) play(ctx context.Context) error {
	c := s.command
	story := s.p.Scenario(c.Scenario)
	if story == nil {
		return usage("%s has no scenario %q; hookglassctl trigger %s lists them", s.p.Name, c.Scenario, s.p.ID)
	}
	fresh := &providers.Fresh{Order: c.Order}
	began, all := time.Now(), true
	for i := range story.Scenes {
		if !c.DryRun && !wait(ctx, story.Pause(i, c.Speed)) {
			return s.stopped(i, len(story.Scenes))
		}
		fresh.Now = story.Now(began, i, c.Speed)
		r, err := story.Request(s.p, i, fresh, story.Fitting(s.p, i, s.last))
		if err != nil {
			return s.wrong(err)
		}
		accepted, err := s.send(ctx, &r, story.Scenes[i].Sample)
		if ctx.Err() != nil {
			return s.stopped(i, len(story.Scenes))
		}
		if err != nil {
			return err
		}
		all = all && accepted
	}
	if !all {
		return errNo
	}
	return nil
}

func (s *stage) stopped(sent, of int) error {
	s.t.say("stopped: %d of %d callbacks were sent", sent, of)
	return errNo
}

// wrong turns what a person typed wrong into wrong usage.
func (s *stage) wrong(err error) error {
	if _, ok := errors.AsType[*providers.UnknownPathError](err); ok {
		return usage("--set: %v", err)
	}
	return err
}

// wait reports whether a pause ended by itself.
func wait(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// send gives a callback its proof and sends it, or prints it, and reports whether
// its provider would take the answer as success.
func (s *stage) send(ctx context.Context, r *capture.Request, sample string) (bool, error) {
	signer, err := s.prove(ctx, r)
	if err != nil {
		return false, err
	}
	if s.command.DryRun {
		return true, s.printRaw(r)
	}
	to, err := addressFor(completeAddress(s.command.To), r.Target)
	if err != nil {
		return false, err
	}
	began := time.Now()
	sent, err := engine.SendMade(ctx, s.t.config(), &engine.Made{URL: to, Method: r.Method, Header: r.Header, Body: r.Body})
	if err != nil {
		return false, err
	}
	accepted := s.set.Accepts(s.p.ID, sent.Answer, r)
	return accepted.Accepted, s.print(&triggered{
		request: r, sample: sample, to: to, signer: signer, sent: sent, took: time.Since(began), accepted: accepted,
	})
}

// prove signs a callback, with a test identity that is made where there is none.
func (s *stage) prove(ctx context.Context, r *capture.Request) (providers.Signer, error) {
	c := s.command
	unsigned := *r
	signer, err := s.set.Prove(s.p, r, c.proof(), c.TestKey)
	if !errors.Is(err, providers.ErrNoKey) {
		return signer, err
	}
	all, err := engine.Identities(ctx, s.t.config(), s.set, s.p.ID, false)
	if err != nil {
		return signer, err
	}
	for i := range all {
		if all[i].Made {
			s.t.say("a test identity was made for %s; hookglassctl identity --provider %s shows what your app needs to know of it", s.p.Name, s.p.ID)
			break
		}
	}
	*r = unsigned
	return s.set.Prove(s.p, r, c.proof(), c.TestKey)
}

// addressFor is capture.MadeURL for what was typed behind --to.
func addressFor(to, target string) (string, error) {
	address, err := capture.MadeURL(to, target)
	if err != nil {
		return "", usage("--to %q is no address such as http://localhost:3000/path", to)
	}
	return address, nil
}
