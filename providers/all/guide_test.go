package all

import (
	"encoding/json"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

// TestPresets wants of every provider answers that say what they cause.
func TestPresets(t *testing.T) {
	set := NewSet()
	for _, p := range append(set.All(), &providers.Provider{ID: "nobody"}) {
		seen, failing := map[string]bool{}, 0
		for i, preset := range set.Presets(p.ID) {
			if preset.ID == "" || seen[preset.ID] || preset.Title == "" || preset.Short == "" || !strings.HasSuffix(preset.Text, ".") {
				t.Errorf("%s: preset %d %+v: want an ID of its own, titles and a sentence", p.ID, i, preset)
			}
			seen[preset.ID] = true
			if preset.Failing {
				failing++
			}
			if i == 0 && (preset.Failing || preset.Response.Status != 200) {
				t.Errorf("%s: the first preset is %s, want what is taken as success", p.ID, preset.ID)
			}
			if preset.Response.Status >= 400 && !preset.Failing {
				t.Errorf("%s: %s does not end by itself", p.ID, preset.ID)
			}
			answer, ok := set.Chosen(p.ID, preset.ID, `say "hi"`)
			if !ok || !json.Valid(answer.Body) || strings.Contains(string(answer.Body), `say \"hi\"`) != preset.TakesMessage {
				t.Errorf("%s: %s answers %s", p.ID, preset.ID, answer.Body)
			}
			if preset.Method != "" {
				continue // what its answer causes is not told by the answer alone
			}
			if effect := set.Effect(p.ID, &answer); p.ID != "nobody" && (effect.Text == "" || effect.Failed != preset.Failing) {
				t.Errorf("%s: %s has the effect %+v", p.ID, preset.ID, effect)
			}
		}
		if failing == 0 {
			t.Errorf("%s has no failing preset", p.ID)
		}
	}
}

// TestGuides wants steps with their source, addresses that are taken, and a
// token that, once saved, proves the sample that is sent with it.
func TestGuides(t *testing.T) {
	set := NewSet()
	for _, p := range set.All() {
		g := &p.Guide
		if len(g.Steps) == 0 || len(g.Paths) == 0 || !strings.HasPrefix(g.Source, "https://") {
			t.Errorf("%s: guide with %d steps, %d paths, source %q", p.ID, len(g.Steps), len(g.Paths), g.Source)
		}
		if p.Expects.Text == "" || !strings.HasPrefix(p.Expects.Source, "https://") {
			t.Errorf("%s expects %+v", p.ID, p.Expects)
		}
		for _, path := range g.Paths {
			if e := set.Endpoints().Find(path.Path); e == nil || e.Provider != p.ID || path.Title == "" || path.Field == "" {
				t.Errorf("%s: %+v is at the endpoint %+v", p.ID, path, e)
			}
			checkToken(t, set, p, path)
		}
	}
}

func checkToken(t *testing.T, set *providers.Set, p *providers.Provider, path providers.GuidePath) {
	t.Helper()
	g := &p.Guide
	if g.Token == nil {
		return
	}
	owner, credential := set.Credential(g.Token.Credential)
	if owner != p {
		t.Fatalf("%s: the token becomes %q", p.ID, g.Token.Credential)
	}
	token := providers.NewToken()
	if credential.Check != nil && credential.Check(token) != nil {
		t.Errorf("%s: its own token is refused: %v", p.ID, credential.Check(token))
	}
	key := set.Key(g.Token.Credential, "", token)
	r := p.Samples[0].Request()
	r.Target = strings.TrimPrefix(g.Address("http://127.0.0.1:4480", path, token), "http://127.0.0.1:4480")
	if !g.Token.InAddress() {
		if err := p.Sign(&r, providers.Keys{key.Name: {key}}); err != nil {
			t.Fatal(err)
		}
	}
	x := &capture.Exchange{Request: r}
	e := set.Endpoints().Find(r.Path())
	if e == nil {
		t.Fatalf("%s: %s is at no endpoint", p.ID, r.Target)
	}
	if got := set.Proves(x, e, key); got != capture.Valid {
		t.Errorf("%s: %s is %s with its own token", p.ID, path.Path, got)
	}
	if got := set.Try(x, e, set.Key(g.Token.Credential, "", "another")).Status; got == capture.Valid {
		t.Errorf("%s: %s is %s with another token", p.ID, path.Path, got)
	}
	if len(set.Keys()) != 0 {
		t.Error("a try was kept")
	}
}

// TestSampleEvents wants a sample of every event that Hookglass promises, but
// for the one of an address that tells nothing.
func TestSampleEvents(t *testing.T) {
	set := NewSet()
	given := map[string]bool{"order.event": true}
	for _, p := range set.All() {
		for i := range p.Samples {
			r := p.Samples[i].Request()
			given[set.Annotate(&r, set.Endpoints().Find(r.Path())).Event] = true
		}
	}
	for _, event := range promised {
		if !given[event] {
			t.Errorf("no sample of %s", event)
		}
	}
}

// TestProvesTellsKeysApart tries keys on the fixtures: alone a key proves what
// it proves, whatever else is configured.
func TestProvesTellsKeysApart(t *testing.T) {
	set := NewSet()
	for _, p := range set.All() {
		for _, f := range readFixtures(t, set, p.ID) {
			proven := false
			x := &capture.Exchange{Request: f.request}
			for _, keys := range f.keys {
				for _, key := range keys {
					proven = proven || set.With(f.keys).Proves(x, f.endpoint, key).Proven()
				}
			}
			verdict := f.want["verdict"]
			if verdict == "valid" && !proven {
				t.Errorf("%s is valid, and no key alone proves it", f.name)
			}
			if (verdict == "unsigned" || verdict == "unprovable" || verdict == "malformed") && proven {
				t.Errorf("%s is %s, and a key alone proves it", f.name, verdict)
			}
		}
	}
}
