package providers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/tidwall/gjson"

	"hookglass/capture"
)

// General are the presets for senders of whom nothing is known.
var General = []capture.Preset{
	StatusPreset(200, "done", "Most senders take 200 as done."),
	StatusPreset(400, "refused", "The sender is unknown: whether it sends again is not known."),
	StatusPreset(404, "not found", "The sender is unknown: some senders switch an address off that answers like this."),
	StatusPreset(500, "our mistake", "The sender is unknown: many senders send again after a 5xx."),
	StatusPreset(503, "busy, later", "The sender is unknown: many senders send again after a 5xx."),
}

// StatusPreset makes a preset that answers {} with a status. From 400 on it is
// a failing one. text says in a sentence what it causes.
func StatusPreset(status int, word, text string) capture.Preset {
	number := strconv.Itoa(status)
	return capture.Preset{
		ID: number, Title: number + ": " + word, Short: number, Text: text,
		Response: capture.Response{
			Status: status,
			Header: capture.Fields{{Name: "Content-Type", Value: JSONType}},
			Body:   []byte("{}"),
		},
		Failing: status >= 400,
	}
}

// Presets returns the answers that a provider suggests, and the general ones
// for a provider that is unknown or "".
func (s *Set) Presets(provider string) []capture.Preset {
	if p := s.Find(provider); p != nil && len(p.Presets) > 0 {
		return p.Presets
	}
	return General
}

// Preset returns one of Presets by its ID, and whether there is one.
func (s *Set) Preset(provider, id string) (capture.Preset, bool) {
	for _, preset := range s.Presets(provider) {
		if preset.ID == id {
			return preset, true
		}
	}
	return capture.Preset{}, false
}

// Chosen makes the answer of a preset that a person chose, with their words
// where it takes a message, and reports whether there is such a preset.
func (s *Set) Chosen(provider, id, message string) (capture.Response, bool) {
	preset, ok := s.Preset(provider, id)
	if !ok {
		return capture.Response{}, false
	}
	answer := Fill(preset, message)
	answer.By, answer.Preset = capture.ByChoice, preset.ID
	return answer, true
}

// maxMessage bounds a person's words in an answer, in bytes.
const maxMessage = 2000

// Fill makes the answer of a preset. A message takes the place of the words of
// the template: of the texts called message and error in its JSON object. An
// empty message, and a preset that takes none, leave the template as it is.
func Fill(preset capture.Preset, message string) capture.Response {
	answer := preset.Response
	answer.Header = append(capture.Fields(nil), answer.Header...)
	answer.Body = bytes.Clone(answer.Body)
	if !preset.TakesMessage || message == "" {
		return answer
	}
	words := jsonText(cut(message, maxMessage))
	var body []byte
	end := 0
	gjson.ParseBytes(answer.Body).ForEach(func(key, value gjson.Result) bool {
		if value.Type == gjson.String && (key.Str == "message" || key.Str == "error") && value.Index >= end {
			body = append(append(body, answer.Body[end:value.Index]...), words...)
			end = value.Index + len(value.Raw)
		}
		return true
	})
	answer.Body = append(body, answer.Body[end:]...)
	return answer
}

// jsonText writes a text as a JSON string. What is not UTF-8 in it becomes U+FFFD.
func jsonText(text string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return []byte(`""`) // a string always encodes
	}
	return bytes.TrimSpace(b.Bytes())
}

// Effect is what an answer of ours causes at the sender.
type Effect struct {
	Failed bool   // the sender takes it as a failure
	Shown  string // the words that the sender shows its own user; "" for none
	Text   string // one sentence
}

// Effect says what an answer causes at a provider: what the provider itself
// says of it, else what its preset with that status says.
func (s *Set) Effect(provider string, answer *capture.Response) (effect Effect) {
	defer func() {
		if recover() != nil {
			effect = Effect{}
		}
	}()
	p := s.Find(provider)
	if p == nil {
		return Effect{}
	}
	if p.Effect != nil {
		return p.Effect(answer)
	}
	var near *capture.Preset
	for i := range p.Presets {
		preset := &p.Presets[i]
		switch status := preset.Response.Status; {
		case status == answer.Status:
			return Effect{Failed: preset.Failing, Text: preset.Text}
		case near == nil && status >= 400 && status/100 == answer.Status/100:
			near = preset
		}
	}
	if near != nil {
		return Effect{Failed: true, Text: near.Text}
	}
	return Effect{Text: fmt.Sprintf("What %s makes of %d is not documented.", p.Name, answer.Status)}
}
