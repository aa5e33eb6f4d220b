package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/store"
)

// chosen is a choice for an endpoint.
type chosen struct {
	capture.Choice
	detect bool             // the endpoint is pinned to no provider
	answer capture.Response // what it means, unless detect
}

func (c *chosen) over() bool { return !c.Until.IsZero() && !time.Now().Before(c.Until) }

// Choices returns the answers chosen by hand that are in force, sorted by path.
// It does not block.
func (e *Engine) Choices() []capture.Choice {
	var all []capture.Choice
	for _, c := range *e.choices.Load() {
		if !c.over() {
			all = append(all, c.Choice)
		}
	}
	return all
}

// Choose has an endpoint answer with a preset of its provider from the next
// callback on, also after a restart, and until choice.Until. At an endpoint that
// is pinned to none it is a preset of whoever a callback is detected as, and a
// callback whose sender has no such preset is answered as ever. So are OPTIONS
// requests. The zero Preset takes a choice back. It returns ErrNotFound where
// there is no endpoint with exactly that path.
func (e *Engine) Choose(ctx context.Context, choice capture.Choice) error {
	e.changing.Lock()
	defer e.changing.Unlock()
	if choice.Preset == "" {
		if err := e.Store.RemoveChoice(ctx, choice.Path); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return e.loadChoices(ctx)
	}
	endpoint := e.endpointAt(choice.Path)
	if endpoint == nil {
		return fmt.Errorf("choose an answer for %s: there is no such endpoint: %w", choice.Path, ErrNotFound)
	}
	if !e.hasPreset(endpoint, choice.Preset) {
		return fmt.Errorf("choose an answer for %s: %q is no preset of its provider", choice.Path, choice.Preset)
	}
	if err := e.Store.PutChoice(ctx, choice); err != nil {
		return err
	}
	return e.loadChoices(ctx)
}

// hasPreset reports whether a preset can be an answer of an endpoint.
func (e *Engine) hasPreset(endpoint *capture.Endpoint, preset string) bool {
	if _, ok := e.Set.Preset(endpoint.Provider, preset); ok {
		return true
	}
	return endpoint.Provider == "" && slices.ContainsFunc(e.Set.All(), func(p *providers.Provider) bool {
		_, ok := e.Set.Preset(p.ID, preset)
		return ok
	})
}

// endpointAt returns the endpoint with exactly that path, or nil.
func (e *Engine) endpointAt(path string) *capture.Endpoint {
	endpoints := *e.endpoints.Load()
	for i := range endpoints {
		if endpoints[i].Path == path {
			return &endpoints[i]
		}
	}
	return nil
}

// loadChoices takes the choices as they are now. One whose endpoint or preset is
// gone has no effect.
func (e *Engine) loadChoices(ctx context.Context) error {
	kept, err := e.Store.Choices(ctx)
	if err != nil {
		return fmt.Errorf("read the chosen answers: %w", err)
	}
	var all []chosen
	for _, choice := range kept {
		endpoint := e.endpointAt(choice.Path)
		if endpoint == nil {
			continue
		}
		answer, _ := e.Set.Chosen(endpoint.Provider, choice.Preset, choice.Message)
		if c := (chosen{choice, endpoint.Provider == "", answer}); e.hasPreset(endpoint, choice.Preset) && !c.over() {
			all = append(all, c)
		}
	}
	e.choices.Store(&all)
	return nil
}

// answer is what a request is answered: what a person chose for its endpoint,
// else what its provider takes as success.
func (e *Engine) answer(r *capture.Request, endpoint *capture.Endpoint) capture.Response {
	if endpoint != nil && !strings.EqualFold(r.Method, "OPTIONS") {
		choices := *e.choices.Load()
		for i := range choices {
			if c := &choices[i]; c.Path == endpoint.Path && !c.over() {
				if answer, ok := e.answerOf(c, r, endpoint); ok {
					return answer
				}
			}
		}
	}
	return e.Set.Accepted(r, endpoint)
}

// answerOf is what a choice means for a request, and whether it means anything.
func (e *Engine) answerOf(c *chosen, r *capture.Request, endpoint *capture.Endpoint) (answer capture.Response, ok bool) {
	if !c.detect {
		return c.answer, true
	}
	defer func() {
		if crash := recover(); crash != nil { // a provider's, as in Set.Accepted
			e.config.Log.Error("a callback's sender could not be told", "crash", crash)
			answer, ok = capture.Response{}, false
		}
	}()
	var id string
	if p, _, _ := e.Set.Identify(providers.NewCallback(r, endpoint, providers.DecodeLimit)); p != nil {
		id = p.ID
	}
	return e.Set.Chosen(id, c.Preset, c.Message)
}
