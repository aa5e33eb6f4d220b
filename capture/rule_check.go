package capture

import (
	"encoding/base64"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// ErrRule is wrapped by the errors of Rule.Check.
var ErrRule = errors.New("not a rule")

// What a rule may be at the most.
const (
	MaxRuleBody    = 1 << 20 // bytes of a body, also after its variables were filled in
	MaxRuleAnswers = 64      // of a sequence
	MaxRuleDelay   = 10 * time.Minute

	maxRuleName   = 200
	maxRuleFields = 64
	maxRuleHeader = 32 << 10
	maxPresetWord = 2000
)

// Check says in a sentence why a rule cannot be used, or returns nil. Errors of
// its filter wrap a *FilterError, those of variables a *TemplateError. It reads
// no file.
func (r *Rule) Check() error {
	for _, check := range []func() error{r.checkFrame, r.checkFilter, r.checkStrange, r.checkKind, r.checkAnswers} {
		if err := check(); err != nil {
			return fmt.Errorf("%w: %w", ErrRule, err)
		}
	}
	return nil
}

// checkFrame checks what all kinds share.
func (r *Rule) checkFrame() error {
	switch {
	case len(r.Name) > maxRuleName:
		return fmt.Errorf("its name is longer than %d bytes", maxRuleName)
	case strings.ContainsFunc(r.Name, hidden):
		return errors.New("its name holds a character that cannot be seen")
	case r.End.Count < 0 || r.End.Used < 0:
		return errors.New("it cannot end after less than one callback")
	}
	if r.Endpoint != "" {
		e := Endpoint{Path: r.Endpoint}
		return e.Check()
	}
	return nil
}

// checkFilter parses the filter, and refuses what is not known in time.
func (r *Rule) checkFilter() error {
	filter, err := ParseFilter(r.Filter)
	if err != nil {
		return fmt.Errorf("its filter, %w", err)
	}
	for _, t := range filter.Terms() {
		if t.Op != nil && t.Op.late {
			return fmt.Errorf("its filter, %w", &FilterError{
				t.At, t.End,
				fmt.Sprintf("%s is not known before the answer is given, so a rule cannot go by it.", t.Op.Name),
			})
		}
	}
	return nil
}

// checkStrange checks that there is such a kind, and nothing that belongs to
// another one.
func (r *Rule) checkStrange() error {
	p := &r.Params
	switch {
	case !slices.Contains(RuleKinds, r.Kind):
		var kinds []string
		for _, kind := range RuleKinds {
			kinds = append(kinds, string(kind))
		}
		last := len(kinds) - 1
		return fmt.Errorf("%q is no kind of rule; there are %s and %s", string(r.Kind), strings.Join(kinds[:last], ", "), kinds[last])
	case r.Kind != RuleDelayed && (p.Delay != 0 || p.DelayBody != 0):
		return errors.New("only a delayed rule waits")
	case r.Kind != RuleSequence && (len(p.Answers) > 0 || p.Per != ""):
		return errors.New("only a sequence has several answers")
	case r.Kind != RuleHold && p.For != 0:
		return errors.New("only a hold has a time for a person to answer")
	case r.Kind != RuleForward && p.Forward != Forwarding{}:
		return errors.New("only a forward sends callbacks to an app")
	case r.Kind != RuleDrop && p.Drop != "":
		return errors.New("only a drop cuts its sender off")
	}
	return nil
}

// checkKind checks what belongs to its kind.
func (r *Rule) checkKind() error {
	p := &r.Params
	switch r.Kind {
	case RulePreset:
		if p.Answer.Preset == "" {
			return errors.New("the preset is missing")
		}
	case RuleFixed:
		if p.Answer.Status == 0 {
			return errors.New("the status is missing")
		}
	case RuleDelayed:
		if p.Delay < 0 || p.DelayBody < 0 || p.Delay+p.DelayBody == 0 {
			return errors.New("it must wait some time before the head or before the body")
		}
		if p.Delay > MaxRuleDelay || p.DelayBody > MaxRuleDelay || p.Delay+p.DelayBody > MaxRuleDelay {
			return fmt.Errorf("it may wait %.0f minutes at the most", MaxRuleDelay.Minutes())
		}
	case RuleSequence:
		if len(p.Answers) == 0 || len(p.Answers) > MaxRuleAnswers {
			return fmt.Errorf("a sequence has 1 to %d answers", MaxRuleAnswers)
		}
		if p.Answer.given() {
			return errors.New("the answers of a sequence stand in its list")
		}
		if p.Per != "" && !slices.Contains(RulePers, p.Per) {
			return fmt.Errorf("a sequence counts per delivery, order or all, not %q", p.Per)
		}
	case RuleHold:
		if p.For < 0 || p.For > MaxHold {
			return fmt.Errorf("it may hold for %.0f minutes at the most", MaxHold.Minutes())
		}
	case RuleForward:
		return p.Forward.check()
	case RuleDrop:
		return p.checkDrop()
	}
	return nil
}

func (p *RuleParams) checkDrop() error {
	switch {
	case p.Answer.given():
		return errors.New("a drop gives no answer")
	case p.Drop == "":
		return errors.New("how to drop is missing: close, reset, half or never")
	case !slices.Contains(Drops, p.Drop):
		return fmt.Errorf("a drop is close, reset, half or never, not %q", string(p.Drop))
	}
	return nil
}

func (r *Rule) checkAnswers() error {
	answers := r.Answers()
	whole := 0
	for i := range answers {
		err := answers[i].check()
		whole += len(answers[i].Body) + len(answers[i].BodyBase64)
		if err == nil && whole > 4*MaxRuleBody {
			err = errors.New("the bodies of all answers together are too large")
		}
		if err != nil && len(answers) > 1 {
			return fmt.Errorf("answer %d: %w", i+1, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// given reports whether an answer says anything: the zero one stands for the
// answer that the provider takes as success.
func (a *RuleAnswer) given() bool {
	return a.Preset != "" || a.Message != "" || a.Status != 0 || len(a.Header) > 0 || a.Body != "" || a.BodyBase64 != "" || a.BodyFile != ""
}

// check checks one answer.
func (a *RuleAnswer) check() error {
	own := a.Status != 0 || len(a.Header) > 0 || a.Body != "" || a.BodyBase64 != "" || a.BodyFile != ""
	switch {
	case !a.given():
		return nil
	case a.Preset != "" && own:
		return errors.New("it is a preset or an answer of its own, not both")
	case a.Preset == "" && a.Message != "":
		return errors.New("a message belongs to a preset")
	case len(a.Preset) > maxRuleName || len(a.Message) > maxPresetWord:
		return fmt.Errorf("the preset's message is longer than %d bytes", maxPresetWord)
	case a.Preset != "":
		return nil
	case a.Status < 200 || a.Status > 599:
		return fmt.Errorf("the status must be 200 to 599, not %d", a.Status)
	}
	if err := a.checkBody(); err != nil {
		return err
	}
	if err := checkHeader(a.Header); err != nil {
		return err
	}
	if a.Plain {
		return nil
	}
	_, err := readyAnswer(a, []byte(a.Body))
	return err
}

func (a *RuleAnswer) checkBody() error {
	given := 0
	for _, body := range []string{a.Body, a.BodyBase64, a.BodyFile} {
		if body != "" {
			given++
		}
	}
	switch {
	case given > 1:
		return errors.New("its body is a text, bytes in base64, or a file, only one of them")
	case len(a.Body) > MaxRuleBody || base64.StdEncoding.DecodedLen(len(a.BodyBase64)) > MaxRuleBody+2:
		return fmt.Errorf("its body is larger than %d bytes", MaxRuleBody)
	case a.BodyFile != "" && !filepath.IsAbs(a.BodyFile):
		return fmt.Errorf("the file of its body needs its whole path, not %q", a.BodyFile)
	}
	if _, err := base64.StdEncoding.DecodeString(a.BodyBase64); err != nil {
		return fmt.Errorf("its body is not base64: %w", err)
	}
	return nil
}

// checkHeader checks names and the literal text of values.
func checkHeader(header Fields) error {
	if len(header) > maxRuleFields {
		return fmt.Errorf("it has more than %d header fields", maxRuleFields)
	}
	size := 0
	for _, f := range header {
		size += len(f.Name) + len(f.Value)
		switch {
		case !headerName(f.Name):
			return fmt.Errorf("%q is no name of a header field", f.Name)
		case strings.ContainsFunc(f.Value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
			return fmt.Errorf("the value of %s holds a line break or another control character", f.Name)
		case strings.EqualFold(f.Name, "Content-Length"), strings.EqualFold(f.Name, "Transfer-Encoding"), strings.EqualFold(f.Name, "Trailer"):
			return fmt.Errorf("%s is set by Hookglass, to what fits the body", f.Name)
		case strings.EqualFold(f.Name, "Content-Type") && strings.Contains(f.Value, "{{"):
			return errors.New("Content-Type holds no variables: it says how variables in the body are written")
		case size > maxRuleHeader:
			return fmt.Errorf("its header is larger than %d bytes", maxRuleHeader)
		}
	}
	return nil
}

// headerName reports whether a text is a token of RFC 9110.
func headerName(name string) bool {
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return false
		}
	}
	return name != ""
}
