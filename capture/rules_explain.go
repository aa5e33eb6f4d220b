package capture

import (
	"fmt"
	"strings"
	"time"
)

// Skip says why a rule did not answer a callback.
type Skip struct {
	ID   int64
	Name string
	Why  string // "it is off", "it is not so that the provider is klix"
}

// Explain is Match with the reasons why the rules above the one that matches did
// not. It goes by the rules as they are: what they were when the callback came is
// not kept. The exchange needs its header and body.
func (rs *Rules) Explain(x *Exchange, e *Endpoint, now time.Time) (rule Rule, found bool, above []Skip) {
	if rs == nil {
		return Rule{}, false, nil
	}
	seen := matched(x)
	for _, r := range rs.all {
		why := r.why(seen, e, now)
		if why == "" {
			return r.now(), true, above
		}
		above = append(above, Skip{r.ID, r.Name, why})
	}
	return Rule{}, false, above
}

// why says why the rule does not answer a callback, or "" where it does.
func (r *readyRule) why(x *Exchange, e *Endpoint, now time.Time) string {
	switch {
	case r.problem != nil:
		return fmt.Sprintf("it cannot be used: %v", r.problem)
	case !r.Enabled:
		return "it is off"
	case r.over(now):
		return "it has ended"
	case r.Endpoint != "" && r.Endpoint != x.Endpoint:
		return fmt.Sprintf("it is only for %s, and this came to %s", r.Endpoint, whereTo(x))
	case !r.filter.Match(x, now):
		return r.filter.whyNot(x, now)
	}
	for _, p := range r.presets {
		if _, why := p.find(x, e); why != "" {
			return why
		}
	}
	return ""
}

func whereTo(x *Exchange) string {
	if x.Endpoint == "" {
		return "no endpoint"
	}
	return x.Endpoint
}

// whyNot says what of a filter that does not match is not so.
func (f Filter) whyNot(x *Exchange, now time.Time) string {
	node := f.root
	for node.Kind == FilterAnd {
		for _, part := range node.Parts {
			if !part.match(x, now) {
				node = part
				break
			}
		}
	}
	if node.Kind == FilterNot {
		return "it is not for those of which is so: " + node.Parts[0].words(false)
	}
	return "this is not so: " + strings.TrimSpace(node.words(false))
}
