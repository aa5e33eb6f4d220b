package main

import (
	"bytes"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"

	"hookglass/capture"
)

// writeRules writes rules as rule load reads them.
func writeRules(rules []capture.Rule) ([]byte, error) {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for i := range rules {
		list.Content = append(list.Content, ruleNode(&rules[i]))
	}
	if len(rules) == 0 {
		list.Style = yaml.FlowStyle
	}
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	err := encoder.Encode(mapping{}.put("rules", list).node())
	if err == nil {
		err = encoder.Close()
	}
	return b.Bytes(), err
}

// mapping is a YAML mapping in the order of its making.
type mapping []*yaml.Node

// put adds a value; nil adds nothing.
func (m mapping) put(name string, value *yaml.Node) mapping {
	if value == nil {
		return m
	}
	return append(m, textNode(name), value)
}

func (m mapping) node() *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Content: m}
	if len(m) == 0 {
		n.Style = yaml.FlowStyle
	}
	return n
}

// textNode writes a text so that it is read as it is: line breaks are kept as
// such only where YAML keeps them.
func textNode(text string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	odd := strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) })
	switch {
	case odd || strings.HasPrefix(text, "\n") || strings.HasPrefix(text, " ") && strings.Contains(text, "\n"):
		n.Style = yaml.DoubleQuotedStyle
	case strings.Contains(text, "\n"):
		n.Style = yaml.LiteralStyle
	}
	return n
}

// These return nil for what goes without saying.

func someText(text string) *yaml.Node {
	if text == "" {
		return nil
	}
	return textNode(text)
}

func someFlag(is bool) *yaml.Node {
	if !is {
		return nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"}
}

func someNumber(n int) *yaml.Node {
	if n == 0 {
		return nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(n)}
}

func someSpan(d time.Duration) *yaml.Node {
	if d == 0 {
		return nil
	}
	return textNode(d.String())
}

func ruleNode(r *capture.Rule) *yaml.Node {
	m := mapping{}.put("name", someText(r.Name)).put("endpoint", someText(r.Endpoint)).put("filter", someText(r.Filter))
	if !r.Enabled {
		m = m.put("enabled", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "false"})
	}
	m = m.put("count", someNumber(r.End.Count))
	switch {
	case r.End.Quit:
		m = m.put("until", textNode("quit"))
	case !r.End.Until.IsZero():
		m = m.put("until", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!timestamp", Value: r.End.Until.UTC().Format(time.RFC3339Nano)})
	case r.Fails() && !r.End.Named():
		m = m.put("until", textNode("forever"))
	}
	return m.put(string(r.Kind), kindNode(r)).node()
}

// kindNode writes what belongs to the kind of a rule.
func kindNode(r *capture.Rule) *yaml.Node {
	p := &r.Params
	answer := answerNode(&p.Answer)
	if reflect.ValueOf(p.Answer).IsZero() {
		answer = nil
	}
	switch r.Kind {
	case capture.RuleFixed:
		return answer
	case capture.RulePreset:
		if p.Answer.Message == "" {
			return textNode(p.Answer.Preset)
		}
		return mapping{}.put("id", textNode(p.Answer.Preset)).put("message", textNode(p.Answer.Message)).node()
	case capture.RuleDelayed:
		return mapping{}.put("by", someSpan(p.Delay)).put("body_by", someSpan(p.DelayBody)).put("answer", answer).node()
	case capture.RuleSequence:
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for i := range p.Answers {
			list.Content = append(list.Content, answerNode(&p.Answers[i]))
		}
		return mapping{}.put("answers", list).put("per", someText(string(p.Per))).node()
	case capture.RuleHold:
		return mapping{}.put("for", someSpan(p.For)).put("fallback", answer).node()
	case capture.RuleForward:
		to, gives := &p.Forward, "down"
		if to.Observe {
			gives = "answer"
		} else if answer == nil && to.DownAccepted {
			answer = textNode(accepted)
		}
		return mapping{}.put("to", textNode(to.URL)).put("keep_path", someFlag(to.KeepPath)).put("observe", someFlag(to.Observe)).
			put("proven", someFlag(to.Proven)).put("timeout", someSpan(to.Timeout)).put(gives, answer).node()
	case capture.RuleDrop:
		return textNode(string(p.Drop))
	}
	return nil
}

// answerNode writes an answer, in one word where there is one for it.
func answerNode(a *capture.RuleAnswer) *yaml.Node {
	plain := *a
	plain.Failing = false // who keeps the rule finds that out
	switch {
	case reflect.ValueOf(plain).IsZero():
		return textNode(accepted)
	case a.Status != 0 && reflect.DeepEqual(plain, statusAnswer(a.Status)):
		return someNumber(a.Status)
	}
	m := mapping{}.put("preset", someText(a.Preset)).put("message", someText(a.Message)).put("status", someNumber(a.Status))
	if len(a.Header) > 0 {
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for _, field := range a.Header {
			n := textNode(field.Name + ": " + field.Value)
			list.Content = append(list.Content, n)
		}
		m = m.put("headers", list)
	}
	return m.put("body", someText(a.Body)).put("body_base64", someText(a.BodyBase64)).
		put("body_file", someText(a.BodyFile)).put("plain", someFlag(a.Plain)).node()
}
