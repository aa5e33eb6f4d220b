package viewmodel

import (
	"context"
	"strings"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/store"
)

// What a key that is being entered is tried on: the newest callbacks of its
// provider, so few and so small that it takes no time to speak of.
const (
	trialCount = 200
	trialBytes = 32 << 20
)

// trial tries what is being typed on what was captured. One try runs at a time:
// what is typed meanwhile is tried when it has ended, however many keys were
// pressed.
type trial struct {
	captured []*capture.Exchange // what it is tried on; nil until loaded
	loaded   bool

	cancel  context.CancelFunc // of the try that runs; nil for none
	pending bool
}

// stop ends the try that runs.
func (t *trial) stop() {
	t.pending = false
	if t.cancel != nil {
		t.cancel()
	}
}

// forget also frees what was loaded.
func (t *trial) forget() {
	t.stop()
	t.captured, t.loaded = nil, false
}

// try says in Key.Result what the value that is being entered proves. A value
// that cannot be used is not tried.
func (s *Settings) try() {
	d, t := s.Key, &s.trial
	d.Result, d.Tone, d.Testing = "", Plain, false
	if d.Problem != "" && d.Public || strings.TrimSpace(d.Value) == "" || len(d.Value) > maxKey {
		t.stop()
		return
	}
	d.Testing = true
	if t.cancel != nil {
		t.pending = true
		t.cancel() // what it finds is no longer wanted
		return
	}
	b, provider := s.app.backend, s.providerOf(d.Credential)
	credential, label, value := d.Credential, d.Label, strings.TrimSpace(d.Value)
	captured, loaded := t.captured, t.loaded
	var stopped context.Context
	stopped, t.cancel = context.WithCancel(s.app.ctx)
	s.app.run(func(context.Context) func() {
		var err error
		if !loaded {
			captured, err = newest(stopped, b.Store, provider)
		}
		var result providers.Trial
		if err == nil {
			result, err = tried(stopped, b, captured, b.Set.Key(credential, label, value))
		}
		return func() { s.triedOut(d, captured, result, err) }
	})
}

// triedOut takes the result of a try, or begins the next one where more was
// typed meanwhile.
func (s *Settings) triedOut(d *KeyDraft, captured []*capture.Exchange, result providers.Trial, err error) {
	t := &s.trial
	if t.cancel != nil {
		t.cancel()
		t.cancel = nil
	}
	if s.Key == nil || s.Key.Credential != d.Credential {
		t.pending = false
		return
	}
	if s.Key == d && captured != nil {
		t.captured, t.loaded = captured, true
	}
	if t.pending || s.Key != d {
		t.pending = false
		s.try()
		s.Changed.Emit()
		return
	}
	d.Testing = false
	switch {
	case err != nil && s.app.ctx.Err() == nil:
		d.Result, d.Tone = "It could not be tried on what was captured: "+sentence(err), Warn
	case err == nil:
		d.Result, d.Tone = result.String(), trialTone(result)
	}
	s.Changed.Emit()
}

func trialTone(t providers.Trial) Tone {
	switch {
	case t.Proven > 0 && t.Wrong == 0:
		return Good
	case t.Proven > 0 || t.Wrong > 0:
		return Warn
	}
	return Secondary
}

// newest loads the newest callbacks of a provider, with their bodies.
func newest(ctx context.Context, db *store.DB, provider string) ([]*capture.Exchange, error) {
	listed, err := db.List(ctx, store.Query{Provider: &provider, Limit: trialCount})
	if err != nil {
		return nil, err
	}
	captured := make([]*capture.Exchange, 0, len(listed))
	room := int64(trialBytes)
	for i := range listed {
		size := listed[i].Request.Size
		if listed[i].Via == capture.ViaReplay || size > providers.DecodeLimit || size > room {
			continue
		}
		x, err := db.Exchange(ctx, listed[i].ID)
		if err != nil {
			return nil, err
		}
		room -= size
		captured = append(captured, x)
	}
	return captured, nil
}

// tried counts what a key proves.
func tried(ctx context.Context, b *Backend, captured []*capture.Exchange, key providers.Key) (providers.Trial, error) {
	var result providers.Trial
	endpoints := b.Endpoints()
	for _, x := range captured {
		if ctx.Err() != nil {
			return result, ctx.Err()
		}
		result.Add(b.Set.Proves(x, endpoints.Find(x.Request.Path()), key))
	}
	return result, nil
}
