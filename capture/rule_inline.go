package capture

import (
	"encoding/base64"
	"fmt"
	"slices"
	"unicode/utf8"
)

// Inline returns a copy of a rule that names no file: what the files of its bodies
// hold now stands in it. A body that is no text holds no variables any more.
func (r *Rule) Inline() (Rule, error) {
	whole := *r
	whole.Params.Answers = slices.Clone(r.Params.Answers)
	answers := []*RuleAnswer{&whole.Params.Answer}
	for i := range whole.Params.Answers {
		answers = append(answers, &whole.Params.Answers[i])
	}
	for _, a := range answers {
		if a.BodyFile == "" {
			continue
		}
		body, err := a.body()
		if err != nil {
			return Rule{}, fmt.Errorf("rule %s: %w", Visible(r.Name), err)
		}
		a.BodyFile = ""
		if utf8.Valid(body) {
			a.Body = string(body)
		} else {
			a.BodyBase64 = base64.StdEncoding.EncodeToString(body)
		}
	}
	return whole, nil
}
