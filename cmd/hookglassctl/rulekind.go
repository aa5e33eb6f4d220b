package main

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
)

// ownAnswer are the flags of an answer of the person's own.
type ownAnswer struct {
	Header []string `help:"A header field; again for more. Case and repeats are kept; the value may hold variables such as {{order}}." placeholder:"NAME: VALUE" sep:"none"`
	Body   string   `help:"The body, in which variables are filled in, or @FILE for one of your own." placeholder:"TEXT|@FILE"`
	Plain  bool     `help:"Take {{ in header and body as it stands."`
}

// answer reads the flags.
func (o *ownAnswer) answer(status int) (capture.RuleAnswer, error) {
	a := capture.RuleAnswer{Status: status, Plain: o.Plain}
	for _, field := range o.Header {
		name, value, ok := strings.Cut(field, ":")
		if !ok {
			return a, usage("--header %q is not like 'Retry-After: 30'", field)
		}
		a.Header = append(a.Header, capture.Field{Name: name, Value: strings.Trim(value, " \t")})
	}
	file, named := strings.CutPrefix(o.Body, "@")
	if !named {
		a.Body = o.Body
		return a, nil
	}
	path, err := filepath.Abs(file) // who captures may stand in another folder
	if err != nil || file == "" {
		return a, usage("--body %q names no file", o.Body)
	}
	a.BodyFile = path
	return a, nil
}

type ruleFixedCommand struct {
	Status int `help:"The status, 200 to 599." required:"" placeholder:"CODE"`
	ownAnswer
}

func (c *ruleFixedCommand) Run(ctx context.Context, t *terminal, add *ruleAddCommand) error {
	if err := checkStatus("--status", c.Status); err != nil {
		return err
	}
	answer, err := c.answer(c.Status)
	if err != nil {
		return err
	}
	return add.add(ctx, t, capture.Rule{Kind: capture.RuleFixed, Params: capture.RuleParams{Answer: answer}})
}

type ruleDelayedCommand struct {
	By     time.Duration `help:"How long the answer waits, such as 2s." placeholder:"T"`
	BodyBy time.Duration `help:"How long the body waits after the head." placeholder:"T"`
	Status *int          `help:"The status; without, the answer is what it is without a rule." placeholder:"CODE"`
	ownAnswer
}

func (c *ruleDelayedCommand) Run(ctx context.Context, t *terminal, add *ruleAddCommand) error {
	if c.By < 0 || c.BodyBy < 0 || c.By+c.BodyBy == 0 {
		return usage("say how long: --by 2s for the answer, --body-by 1s for its body")
	}
	status := 0
	switch {
	case c.Status != nil:
		if err := checkStatus("--status", *c.Status); err != nil {
			return err
		}
		status = *c.Status
	case len(c.Header) > 0 || c.Body != "":
		return usage("--header and --body belong to an answer of your own: add --status")
	}
	answer, err := c.answer(status)
	if err != nil {
		return err
	}
	params := capture.RuleParams{Delay: c.By, DelayBody: c.BodyBy, Answer: answer}
	return add.add(ctx, t, capture.Rule{Kind: capture.RuleDelayed, Params: params})
}

type ruleSequenceCommand struct {
	Answers []string `help:"What is answered in turn: statuses, IDs of presets, or accepted for what is answered without a rule." required:"" placeholder:"503,503,200"`
	Per     string   `help:"What is counted: the attempts of a delivery, the callbacks of an order, or all (default ${default})." enum:"delivery,order,all" default:"delivery" placeholder:"delivery|order|all"`
}

func (c *ruleSequenceCommand) Run(ctx context.Context, t *terminal, add *ruleAddCommand) error {
	params := capture.RuleParams{Per: capture.RulePer(c.Per)}
	for _, word := range c.Answers {
		answer, err := shortAnswer("--answers", strings.TrimSpace(word))
		if err != nil {
			return err
		}
		params.Answers = append(params.Answers, answer)
	}
	return add.add(ctx, t, capture.Rule{Kind: capture.RuleSequence, Params: params})
}

// shortAnswer reads an answer of one word, which flag gives: a status, the ID of a
// preset, or accepted. A status is answered with {}, as the presets do.
func shortAnswer(flag, word string) (capture.RuleAnswer, error) {
	status, err := strconv.Atoi(word)
	switch {
	case err == nil:
		err := checkStatus(flag, status)
		return statusAnswer(status), err
	case word == "":
		return capture.RuleAnswer{}, usage("%s has an empty place", flag)
	}
	return presetAnswer(word), nil
}

// accepted is the word for what a sender takes as success.
const accepted = "accepted"

// presetAnswer is the preset of an id, or what accepted stands for.
func presetAnswer(id string) capture.RuleAnswer {
	if id == accepted {
		return capture.RuleAnswer{}
	}
	return capture.RuleAnswer{Preset: id}
}

// statusAnswer is a status with the body {} where it may have one.
func statusAnswer(status int) capture.RuleAnswer {
	answer := capture.RuleAnswer{Status: status}
	if status != 204 && status != 304 {
		answer.Header = capture.Fields{{Name: "Content-Type", Value: "application/json"}}
		answer.Body = "{}"
	}
	return answer
}

func checkStatus(flag string, status int) error {
	if status < 200 || status > 599 {
		return usage("%s must be 200 to 599, not %d", flag, status)
	}
	return nil
}

type rulePresetCommand struct {
	ID      string `arg:"" help:"The preset's id."`
	Message string `help:"Words of your own, where the preset takes some." placeholder:"M"`
}

func (c *rulePresetCommand) Run(ctx context.Context, t *terminal, add *ruleAddCommand) error {
	answer := capture.RuleAnswer{Preset: c.ID, Message: c.Message}
	return add.add(ctx, t, capture.Rule{Kind: capture.RulePreset, Params: capture.RuleParams{Answer: answer}})
}
