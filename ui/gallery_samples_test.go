package ui

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/ui/viewmodel"
)

// attachSamples gives the window an engine that sends made callbacks: each second
// one is refused.
func (g *gallery) attachSamples(t *testing.T) {
	t.Helper()
	g.attach(t)
	sent := 0
	g.backend.AskMade = func(context.Context, string, capture.ResendConsent) error { return nil }
	g.backend.SendMade = func(context.Context, *capture.Made) (*capture.MadeSent, error) {
		sent++
		status := 200
		if sent%2 == 0 {
			status = 503
		}
		return &capture.MadeSent{Own: true, Answer: &capture.Response{Status: status}}, nil
	}
	g.backend.TestIdentity = func(_ context.Context, provider string, _ bool) error {
		keys := providers.Keys{}
		p := g.set.Find(provider)
		for name, known := range g.set.TestKeys() {
			keys[name] = known
		}
		for i := range p.TestKeys {
			value, err := p.TestKeys[i].Make(g.now)
			if err != nil {
				return err
			}
			made, err := p.TestKeys[i].Keys(value)
			if err != nil {
				return err
			}
			for _, key := range made {
				keys[key.Name] = []providers.Key{key}
			}
		}
		g.set.SetTestKeys(keys)
		return nil
	}
	g.Attach(g.backend)
}

// TestGalleryOfSamples draws "be the provider", and the test identity.
func TestGalleryOfSamples(t *testing.T) {
	sizes := []struct {
		name          string
		width, height float32
	}{{"1440", 1440, 900}, {"1024", 1024, 700}, {"720", 720, 700}}
	some := []string{"dark-1024", "light-720"} // where nobody asked for pictures
	for _, appearance := range galleryLooks {
		for _, size := range sizes[:min(len(sizes), gallerySizes)] {
			if os.Getenv("HOOKGLASS_SHOTS") == "" && !slices.Contains(some, appearance+"-"+size.name) {
				continue
			}
			t.Run(appearance+"-"+size.name, func(t *testing.T) {
				prefix := "samples-" + appearance + "-" + size.name + "-"
				g := newGallery(t, appearance, size.width, size.height)
				g.attachSamples(t)
				g.until(t, "the list is known", func() bool { return !g.List.Loading })
				g.shoot(t, prefix+"empty")
				g.Commands.Do("samples.open")
				g.Samples.Change(func(f *viewmodel.SampleFields) { f.Provider = "klix" })
				g.until(t, "it is made", g.Samples.CanSend)
				g.shoot(t, prefix+"klix")
				g.wantSamples(t, "Klix", "KornitX", "Hookglass itself", "Signed with a test")
				g.tourSamples(t, prefix)
			})
		}
	}
}

func (g *gallery) tourSamples(t *testing.T, prefix string) {
	t.Helper()
	s := g.Samples
	s.Send()
	g.until(t, "it is sent", func() bool { return s.Result != nil && s.CanSend() })
	g.shoot(t, prefix+"sent")
	g.wantSamples(t, "200 OK", "Kept as a sample.", "Signed with Hook")
	s.Change(func(f *viewmodel.SampleFields) {
		f.Provider, f.Here, f.To, f.Values = "kornitx", false, "localhost:3000", "colour=red"
	})
	s.Change(func(f *viewmodel.SampleFields) { f.Values = "colour=red" })
	g.until(t, "it is wrong", func() bool { return s.Problem != "" })
	g.shoot(t, prefix+"wrong")
	g.wantSamples(t, "This callback has no colour")
	s.Change(func(f *viewmodel.SampleFields) {
		f.Stories, f.Scenario, f.Here, f.Values, f.Proof, f.Speed = true, "life", true, "", "tampered", "0"
	})
	g.until(t, "the story is made", s.CanSend)
	g.shoot(t, prefix+"story")
	s.Send()
	g.until(t, "the story is told", func() bool { return s.Result != nil && s.CanSend() })
	g.shoot(t, prefix+"told")
	g.wantSamples(t, "503", "are marked", "Number 1: ")
	s.ShowIdentity()
	g.drain()
	g.shoot(t, prefix+"identity")
	text := words(g.window.Canvas().Overlays().Top())
	for _, want := range []string{"Test identity", "RSA key of 2048 bits", "Make it", "Renew"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not there: %s", want, text)
		}
	}
}

func (g *gallery) wantSamples(t *testing.T, all ...string) {
	t.Helper()
	text := words(g.window.Canvas().Overlays().Top())
	for _, want := range all {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not there: %s", want, text)
		}
	}
}

// TestSamplesDialogKeys goes through it with the keyboard.
func TestSamplesDialogKeys(t *testing.T) {
	g := newGallery(t, "dark", 1280, 820)
	g.attachSamples(t)
	g.until(t, "the list is known", func() bool { return !g.List.Loading })
	if !g.Commands.Press("t") {
		t.Fatal("t does nothing")
	}
	g.until(t, "it is made", g.Samples.CanSend)
	first := g.Samples.Sample
	g.window.dialogs.press("Down")
	if g.Samples.Sample == first || g.Samples.Index() != 1 {
		t.Errorf("Down chose %q", g.Samples.Sample)
	}
	g.window.dialogs.samples.form.order.Focus()
	g.window.dialogs.press("Down")
	if g.Samples.Index() != 1 {
		t.Error("Down in a field chose another")
	}
	g.until(t, "it is made", g.Samples.CanSend)
	g.window.dialogs.press("Mod+Return")
	g.until(t, "it is sent", func() bool { return g.Samples.Result != nil })
	g.window.dialogs.press("Escape")
	if g.Dialog != viewmodel.NoDialog {
		t.Error("Escape does not close it")
	}
}
