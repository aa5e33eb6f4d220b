package capture

import (
	"context"
	"fmt"
	"time"
)

// Preview returns every answer that a rule can give to a callback by itself, in
// its order, without waiting, forwarding or counting: none of a drop, see Answers. An answer that is a preset which the callback's
// provider does not have is an error, as is a rule that cannot be used. The
// callback is asked about as it is, whether or not the rule would match it.
func (r *Rule) Preview(x *Exchange, e *Endpoint, now time.Time, with RuleSource) ([]Response, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	var all []Response
	for i, a := range r.Answers() {
		responder, err := answerResponder(&a, &with)
		if err != nil {
			return nil, err
		}
		q := Question{Exchange: x, Endpoint: e, Now: now, Hit: r.Hits + int64(i) + 1}
		response, err := responder.Respond(context.Background(), &q)
		if err != nil {
			return nil, fmt.Errorf("answer %d: %w", i+1, err)
		}
		response.By, response.Rule, response.RuleName = ByRule, r.ID, r.Name
		all = append(all, response)
	}
	return all, nil
}
