package main

import (
	"context"
	"time"

	"hookglass/capture"
)

// edgePatience is how long a callback is held at the most that came through the
// tunnel.
const edgePatience = 4 * time.Minute

type ruleHoldCommand struct {
	For      time.Duration `help:"How long a person has to answer, 10m at the most (default 30s)." placeholder:"T"`
	Fallback string        `help:"What is answered when nobody has: a status, the id of a preset, or accepted for what is answered without a rule (default ${default})." default:"accepted" placeholder:"STATUS|PRESET|accepted"`
}

// Help is the long help of the command.
func (c *ruleHoldCommand) Help() string {
	return "The sender waits until hookglassctl answer, or somebody in the window, says what it is answered; hookglassctl held shows who waits."
}

func (c *ruleHoldCommand) Run(ctx context.Context, t *terminal, add *ruleAddCommand) error {
	fallback, err := shortAnswer("--fallback", c.Fallback)
	if err != nil {
		return err
	}
	if c.For > edgePatience {
		t.say("what comes through the tunnel waits %.0f minutes at the most: its edge ends idle requests after 5", edgePatience.Minutes())
	}
	return add.add(ctx, t, capture.Rule{Kind: capture.RuleHold, Params: capture.RuleParams{For: c.For, Answer: fallback}})
}

type ruleForwardCommand struct {
	To       string        `help:"The address of your app, such as http://localhost:3000/klix." required:"" placeholder:"URL"`
	KeepPath bool          `help:"Send the callback's path as it came, not the address's with what follows the endpoint's."`
	Observe  bool          `help:"Only keep what the app answers; the sender gets --answer at once."`
	Proven   bool          `help:"Only callbacks whose proof holds."`
	Timeout  time.Duration `help:"How long the app has to answer (default 10s)." placeholder:"T"`
	Down     string        `help:"What is answered while the app is down: a status, the id of a preset, or accepted; without this, 502 with a sentence." placeholder:"STATUS|PRESET|accepted" xor:"answer"`
	Answer   string        `help:"With --observe, what the sender gets (default accepted)." placeholder:"STATUS|PRESET|accepted" xor:"answer"`
}

func (c *ruleForwardCommand) Run(ctx context.Context, t *terminal, add *ruleAddCommand) error {
	flag, word := "--down", c.Down
	switch {
	case c.Observe && c.Down != "":
		return usage("with --observe the sender does not hear of the app: say --answer in place of --down")
	case !c.Observe && c.Answer != "":
		return usage("--answer belongs to --observe; what is answered while the app is down is --down")
	case c.Observe:
		flag, word = "--answer", c.Answer
	}
	params := capture.RuleParams{Forward: capture.Forwarding{
		URL: c.To, KeepPath: c.KeepPath, Observe: c.Observe, Proven: c.Proven, Timeout: c.Timeout,
	}}
	if word != "" {
		var err error
		if params.Answer, err = shortAnswer(flag, word); err != nil {
			return err
		}
		params.Forward.DownAccepted = c.Down == accepted
	}
	return add.add(ctx, t, capture.Rule{Kind: capture.RuleForward, Params: params})
}

type ruleDropCommand struct {
	How string `help:"Close the connection before answering, reset it, close it halfway through the answer, or never answer." enum:"close,reset,half,never" required:"" placeholder:"close|reset|half|never"`
}

func (c *ruleDropCommand) Run(ctx context.Context, t *terminal, add *ruleAddCommand) error {
	how := capture.Drop(c.How)
	if err := add.add(ctx, t, capture.Rule{Kind: capture.RuleDrop, Params: capture.RuleParams{Drop: how}}); err != nil {
		return err
	}
	t.say("%s", how.Effect())
	return nil
}
