package capture

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Words tells what a rule does: "answers 503, 12 left, until 14:31".
func (r *Rule) Words() string { return r.words(time.Now()) }

func (r *Rule) words(now time.Time) string {
	text := r.does()
	switch left, counted := r.End.Left(); {
	case r.End.Over(now):
		return text + ", ended"
	case counted:
		text += fmt.Sprintf(", %d left", left)
	}
	if until := r.End.Until; !until.IsZero() {
		until = until.In(now.Location())
		layout := "15:04"
		if until.Sub(now) >= 12*time.Hour && until.Format(time.DateOnly) != now.Format(time.DateOnly) {
			layout = "2006-01-02 15:04"
		}
		text += ", until " + until.Format(layout)
	}
	if r.End.Quit {
		text += ", until Hookglass quits"
	}
	return text
}

// does tells what a rule does without its end.
func (r *Rule) does() string {
	p := &r.Params
	switch r.Kind {
	case RulePreset, RuleFixed:
		return "answers " + p.Answer.words()
	case RuleDelayed:
		return "answers " + p.Answer.words() + delayWords(p)
	case RuleSequence:
		words := sequenceWords(p.Answers)
		switch p.Per {
		case PerOrder:
			return "answers " + words + " in turn to each order"
		case PerAll:
			return "answers " + words + " in turn"
		case PerDelivery, "":
			return "answers " + words + " in turn to each delivery"
		}
	case RuleHold:
		return fmt.Sprintf("holds for %s, then answers %s", spanWords(p.held()), p.Answer.words())
	case RuleForward:
		return p.forwardWords()
	case RuleDrop:
		return p.Drop.words()
	}
	return fmt.Sprintf("is of an unknown kind, %q", string(r.Kind))
}

func delayWords(p *RuleParams) string {
	switch {
	case p.DelayBody == 0:
		return fmt.Sprintf(" %s late", p.Delay)
	case p.Delay == 0:
		return fmt.Sprintf(" with the body %s after the head", p.DelayBody)
	}
	return fmt.Sprintf(" %s late, the body %s after the head", p.Delay, p.DelayBody)
}

// forwardWords tells where to, and what the sender gets without the app.
func (p *RuleParams) forwardWords() string {
	text := p.Forward.words()
	switch {
	case p.Forward.Observe:
		text += " and answers " + p.Answer.words() + " itself"
	case p.Answer.given() || p.Forward.DownAccepted:
		text += ", answers " + p.Answer.words() + " while that is down"
	}
	return text
}

// spanWords is a time in few letters: "30s", "10m", not "10m0s".
func spanWords(span time.Duration) string {
	text := span.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// maxTold is how many answers of a sequence are told.
const maxTold = 8

func sequenceWords(answers []RuleAnswer) string {
	var words []string
	for i := range answers {
		if len(words) == maxTold && len(answers) > maxTold+1 {
			words = append(words, "…", answers[len(answers)-1].words())
			break
		}
		words = append(words, answers[i].words())
	}
	if len(words) > 2 && !slices.ContainsFunc(words[1:], func(word string) bool { return word != words[0] }) {
		return fmt.Sprintf("%d × %s", len(answers), words[0])
	}
	return strings.Join(words, ", ")
}

// words names an answer in a few letters.
func (a *RuleAnswer) words() string {
	switch {
	case a.Preset != "" && a.Message != "":
		return fmt.Sprintf("with the preset %s and %q", Visible(a.Preset), a.Message)
	case a.Preset != "":
		return "with the preset " + Visible(a.Preset)
	case a.Status == 0:
		return "as ever"
	}
	return strconv.Itoa(a.Status)
}
