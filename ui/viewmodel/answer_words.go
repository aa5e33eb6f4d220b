package viewmodel

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hookglass/capture"
)

// decidedWords say who decided an answer.
func decidedWords(m *material) string {
	r := m.exchange.Response
	name := "its sender"
	if m.provider != nil {
		name = m.provider.Name
	}
	switch r.By {
	case capture.ByChoice:
		if p := presetOf(m.presets, r.Preset); p != nil {
			return "You chose it for the endpoint: " + p.Title + "."
		}
		return "You chose it for the endpoint."
	case capture.ByRule:
		return capital(ruleWords(r)) + " decided it."
	case capture.ByHand:
		return "A person answered it while " + ruleWords(r) + " held it."
	case capture.ByApp:
		return "Your app answered, through " + strings.Replace(ruleWords(r), "your", "the", 1) + "."
	case capture.ByPreset:
		return "The usual answer: what " + name + " takes as success."
	case capture.ByDefault:
		return "The usual answer to an unknown sender: 200 {}."
	case capture.ByLimit:
		return "One of Hookglass's limits decided it."
	case capture.ByServer:
		return "Go's HTTP server refused the request before Hookglass saw it."
	case capture.ByTarget:
		return "The receiver that it was resent to answered this."
	}
	return ""
}

// ruleWords name the rule that answered: `your rule "KornitX down"`.
func ruleWords(r *capture.Response) string {
	if r.RuleName != "" {
		return fmt.Sprintf("your rule %q", capture.Visible(r.RuleName))
	}
	return fmt.Sprintf("your rule %d", r.Rule)
}

func unansweredWords(x *capture.Exchange) string {
	switch x.State {
	case capture.StateReceived:
		return "It is on disk and is about to be answered."
	case capture.StateHeld:
		return "Its sender waits for a person to answer."
	case capture.StateDropped:
		return droppedWords(x)
	case capture.StateGone:
		return "The sender hung up before it was answered."
	case capture.StateFailed:
		if x.Via == capture.ViaReplay {
			return "The receiver gave no good answer."
		}
		return "Hookglass could not answer it."
	case capture.StateRefused:
		return "It never became a request: Go's HTTP server refused its head."
	case capture.StateUnknown:
		return "Hookglass ended before it knew what became of the answer."
	case capture.StateAnswered:
	}
	return ""
}

// passedShown is how many rules that did not answer are listed.
const passedShown = 12

// passedFacts list the rules that were asked before the one that answered.
func passedFacts(passed []capture.Skip) []DetailFact {
	var facts []DetailFact
	for i, skip := range passed {
		if i == passedShown && len(passed) > passedShown+1 {
			more := len(passed) - passedShown
			return append(facts, DetailFact{Label: "and more", Value: groupDigits(int64(more)) + " other rules"})
		}
		name := capture.Visible(skip.Name)
		if name == "" {
			name = "Rule " + strconv.FormatInt(skip.ID, 10)
		}
		facts = append(facts, DetailFact{Label: shorten(name, 40), Value: capture.Visible(sentence(errors.New(skip.Why))), Copy: skip.Why})
	}
	return facts
}
