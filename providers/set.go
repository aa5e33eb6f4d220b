package providers

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"hookglass/capture"
)

// Set is the providers that Hookglass knows, with the keys configured for them.
// It is safe for concurrent use; keys can be replaced at any time.
type Set struct {
	list      []*Provider
	sensitive map[string][]capture.Sensitive // by provider
	keys      atomic.Pointer[Keys]
	test      atomic.Pointer[Keys]
}

// NewSet makes a set. Where two providers are equally sure of a request, the
// earlier one gets it.
func NewSet(list ...*Provider) *Set {
	s := &Set{list: list, sensitive: sensitiveOf(list)}
	s.SetKeys(Keys{})
	s.SetTestKeys(Keys{})
	return s
}

// All returns the providers in their order of detection.
func (s *Set) All() []*Provider { return s.list }

// SetKeys replaces the keys. The map must not be changed afterwards.
func (s *Set) SetKeys(keys Keys) { s.keys.Store(&keys) }

// Keys returns the keys in force.
func (s *Set) Keys() Keys { return *s.keys.Load() }

// Find returns a provider by its ID, or nil.
func (s *Set) Find(id string) *Provider {
	for _, p := range s.list {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// Credential returns a credential by its name and the provider that wants it,
// or nil.
func (s *Set) Credential(name string) (*Provider, *Credential) {
	for _, p := range s.list {
		for i := range p.Credentials {
			if p.Credentials[i].Name == name {
				return p, &p.Credentials[i]
			}
		}
	}
	return nil, nil
}

// Endpoints returns the endpoints that exist from the first start.
func (s *Set) Endpoints() capture.Endpoints {
	var all capture.Endpoints
	for _, p := range s.list {
		all = append(all, p.Endpoints...)
	}
	return all
}

// Identify says whose callback it is: the endpoint's pinned provider, else the
// one that is surest. The notes tell where pin and content disagree. It returns
// nil when nobody claims the request with more than low confidence.
func (s *Set) Identify(c *Callback) (*Provider, Detection, []string) {
	var pinned, best *Provider
	var own, claim Detection
	for _, p := range s.list {
		d := p.Detect(c)
		if c.Pinned(p.ID) {
			pinned, own = p, d
		}
		if d.Confidence > claim.Confidence {
			best, claim = p, d
		}
	}
	if pinned != nil {
		var notes []string
		if claim.Confidence >= High && claim.Confidence > own.Confidence {
			notes = append(notes, fmt.Sprintf("the endpoint %s is pinned to %s, but the request looks like %s (%s: %s)",
				c.Endpoint.Path, pinned.Name, best.Name, claim.Confidence, claim.Why))
		}
		return pinned, Detection{Certain, "the endpoint " + c.Endpoint.Path + " is pinned"}, notes
	}
	var notes []string
	if c.Endpoint != nil && c.Endpoint.Provider != "" {
		notes = append(notes, fmt.Sprintf("the endpoint %s is pinned to %q, which is no provider", c.Endpoint.Path, c.Endpoint.Provider))
	}
	if claim.Confidence <= Low {
		best = nil
	}
	return best, claim, notes
}

// Accepted is the answer to a request that its provider takes as success, and
// 200 {} where nobody claims it. An OPTIONS is told which methods are allowed. At
// a pinned endpoint nobody is asked whose request it is, so that the body is not
// looked at but for Klix's shipping cost; see Provider.Accepted.
func (s *Set) Accepted(r *capture.Request, e *capture.Endpoint) (answer capture.Response) {
	defer func() {
		if recover() != nil {
			answer = Plain(capture.ByDefault, "")
		}
	}()
	c := NewCallback(r, e, DecodeLimit)
	p := s.provider(c)
	options := strings.EqualFold(r.Method, "OPTIONS")
	switch {
	case p == nil && options:
		return OptionsAnswer(capture.ByDefault, "")
	case p == nil:
		return Plain(capture.ByDefault, "")
	case options:
		return OptionsAnswer(capture.ByPreset, "options")
	case p.Accepted == nil:
		return Plain(capture.ByPreset, "accepted")
	}
	return p.Accepted(c)
}

// provider is Identify without its reasons: where the endpoint is pinned, it
// asks nobody.
func (s *Set) provider(c *Callback) *Provider {
	if c.Endpoint != nil && c.Endpoint.Provider != "" {
		if p := s.Find(c.Endpoint.Provider); p != nil {
			return p
		}
	}
	p, _, _ := s.Identify(c)
	return p
}

// Annotate says what the providers make of a request as it arrives: quickly,
// without the ladder, contradictions and what else only a reader wants. A panic
// in a provider becomes the verdict "malformed".
func (s *Set) Annotate(r *capture.Request, e *capture.Endpoint) capture.Annotation {
	a, _ := s.annotate(NewCallback(r, e, DecodeLimit))
	a.AtArrival = a.Verification.Status
	return a
}

func (s *Set) annotate(c *Callback) (a capture.Annotation, p *Provider) {
	defer func() {
		if crash := recover(); crash != nil {
			a.Verification = capture.Verification{
				Status: capture.Malformed,
				Reason: fmt.Sprintf("Hookglass could not read this callback, which is a defect of ours: %v.", crash),
			}
		}
	}()
	p = s.provider(c)
	_, err := c.Body()
	large := errors.Is(err, capture.ErrTooLarge)
	if p == nil {
		a.Verification = capture.Verification{
			Status: capture.Unprovable,
			Reason: "The sender is unknown: no provider claims this request, so there is no proof to check.",
		}
		if large {
			a.Summary = LargeBody
			a.Verification.Reason = "The sender cannot be told from the head alone, and the body is large: it is read when someone looks."
		}
		return a, nil
	}
	a.Provider = p.ID
	reading := p.Read(c)
	if large {
		reading = Reading{Event: reading.Event, Summary: LargeBody}
	}
	if reading.Event == "" {
		reading.Event = c.PinnedEvent()
	}
	a.Event, a.Summary = cut(reading.Event, maxEvent), cut(reading.Summary, maxSummary)
	a.Order, a.Delivery = cut(reading.Order, maxOrder), shortKey(reading.Delivery)
	a.Notes = append(a.Notes, reading.Notes...)
	a.Verification = s.verify(p, c)
	if v := &a.Verification; c.Request.Truncated && v.Status == capture.Invalid && coversBody(v) {
		v.Reason += " The body is not whole here, so that no signature over it can match."
	}
	return a, p
}

// LargeBody is the summary of a callback whose body, over DecodeLimit, is decoded
// only when someone looks.
const LargeBody = "Large body, decoded when you look"

// Look is everything the providers can say of a request when someone looks.
type Look struct {
	Annotation capture.Annotation // without Attempt and AtArrival, which the store knows
	Detection  Detection
	Decoding   capture.Decoding
	Ladder     []capture.Try
}

// generalSecrets are the places where any sender's requests carry secrets.
var generalSecrets = Secrets("header Authorization", "header Proxy-Authorization", "header Cookie", "?apikey", "?token", "?key", "?secret")

// Look annotates a request again and adds the decoding and, where the proof did
// not hold, the ladder.
func (s *Set) Look(r *capture.Request, e *capture.Endpoint) (look Look) {
	c := NewCallback(r, e, LookLimit)
	var p *Provider
	look.Annotation, p = s.annotate(c)
	defer func() {
		if crash := recover(); crash != nil {
			look.Decoding = Undecoded(c, fmt.Errorf("could not be decoded, which is a defect of ours: %v", crash))
		}
		if p != nil {
			look.Decoding.Sensitive = append(look.Decoding.Sensitive, p.Sensitive...)
		}
		look.Decoding.Sensitive = append(look.Decoding.Sensitive, generalSecrets...)
	}()
	var notes []string
	_, look.Detection, notes = s.Identify(c)
	look.Annotation.Notes = append(notes, look.Annotation.Notes...)
	if p == nil {
		look.Decoding = Undecoded(c, nil)
		return look
	}
	if p.Decode != nil {
		look.Decoding = p.Decode(c)
	}
	if p.Ladder != nil && !look.Annotation.Verification.Status.Proven() {
		look.Ladder = p.Ladder(c, s.Keys())
	}
	return look
}

// Reverify computes an annotation again after a key has changed. A verdict that
// proved something is kept where the new one does not: the key that proved it
// may have been rotated since.
func (s *Set) Reverify(x *capture.Exchange, e *capture.Endpoint) capture.Annotation {
	old := x.Annotation
	a, _ := s.annotate(NewCallback(&x.Request, e, DecodeLimit))
	a.AtArrival, a.Attempt = old.AtArrival, old.Attempt
	if a.Provider == old.Provider && old.Verification.Status.Proven() && !a.Verification.Status.Proven() {
		a.Verification = old.Verification
		a.Verification.Reason = strings.TrimSuffix(old.Verification.Reason, rotated) + rotated
	}
	return a
}

const rotated = " (Proven earlier; the key that proved it is no longer configured.)"

// What a stranger may write into the columns of a list, in bytes.
const (
	maxEvent    = 100
	maxOrder    = 200
	maxDelivery = 200
	maxSummary  = 400
)

// cut shortens a text to limit bytes, at the border of a character.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit - len("…")
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// shortKey keeps long keys apart by their hash.
func shortKey(key string) string {
	if len(key) <= maxDelivery {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return "sha256:" + hex.EncodeToString(sum[:])
}
