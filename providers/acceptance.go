package providers

import (
	"fmt"
	"strings"

	"hookglass/capture"
)

// Acceptance is what a provider would have made of an answer.
type Acceptance = capture.Acceptance

// Accepts says what a provider would have made of an answer to a request; nil is
// that none came. Of an unknown provider it goes by the status alone.
func (s *Set) Accepts(provider string, answer *capture.Response, request *capture.Request) Acceptance {
	p := s.Find(provider)
	switch {
	case p == nil && answer == nil:
		return Acceptance{Words: "the sender would have got no answer"}
	case p == nil && answer.Status/100 == 2:
		return Acceptance{Accepted: true, Words: "a success to most senders"}
	case p == nil:
		return Acceptance{Words: "no success to most senders"}
	case answer == nil && p.Retry.Known:
		return Acceptance{Words: p.Name + " would have got no answer: it may have tried again"}
	case answer == nil:
		return Acceptance{Words: p.Name + " would have got no answer: what it does then is not documented"}
	}
	failed := answer.Status >= 400 || s.Effect(provider, answer).Failed
	if failed {
		return p.refused()
	}
	broken := s.Contract(provider, answer, request)
	switch {
	case len(broken) > 0:
		return Acceptance{Words: strings.TrimSuffix(broken[0], ".")}
	case answer.Status/100 != 2:
		return Acceptance{Words: fmt.Sprintf("what %s makes of %d is not documented", p.Name, answer.Status)}
	}
	return Acceptance{Accepted: true, Words: p.Name + " would have taken it as done"}
}

// refused is what a provider makes of a failure.
func (p *Provider) refused() Acceptance {
	r := &p.Retry
	a := Acceptance{Again: r.Known, Words: p.Name + " would have taken it as a failure: whether it tries again is not documented"}
	if !r.Known {
		return a
	}
	a.Words = p.Name + " would have tried again"
	switch {
	case r.Tries > 0 && r.Every > 0:
		a.Words += fmt.Sprintf(": up to %d times, every %s", r.Tries, Span(r.Every))
	case r.Tries > 0 && r.Within > 0:
		a.Words += fmt.Sprintf(": up to %d times within %s", r.Tries, Span(r.Within))
	case r.Tries > 0:
		a.Words += fmt.Sprintf(": up to %d times", r.Tries)
	}
	return a
}

// Owner returns the provider that a host belongs to, or nil: a host of its
// Domains, or one below them. The host has no port.
func (s *Set) Owner(host string) *Provider {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	for _, p := range s.list {
		for _, domain := range p.Domains {
			if host == domain || strings.HasSuffix(host, "."+domain) {
				return p
			}
		}
	}
	return nil
}
