package ui

import (
	"bytes"
	"context"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/providers/all"
	"hookglass/store"
	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

const kometToken = "komet.authentication_token"

// formBench is an App with a store of its own and a token of Komet.
type formBench struct {
	*viewmodel.App
	set    *providers.Set
	queue  chan func()
	copied string
}

func newFormBench(t *testing.T) *formBench {
	t.Helper()
	test.NewTempApp(t)
	test.ApplyTheme(t, kit.NewTheme(kit.Dark))
	b := &formBench{queue: make(chan func(), 1000), set: all.NewSet()}
	b.App = viewmodel.New(viewmodel.Config{
		Do: func(f func()) { b.queue <- f }, Local: time.UTC, Version: "0.1.0",
		Now:      func() time.Time { return time.Date(2026, 3, 4, 10, 42, 18, 0, time.UTC) },
		Settings: filepath.Join(t.TempDir(), "settings.json"),
	})
	b.Screen = viewmodel.Screen{
		Copy: func(text string) { b.copied = text }, OpenURL: func(string) error { return nil }, Focus: func(viewmodel.Pane) {},
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "hookglass.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	b.set.SetKeys(providers.Keys{kometToken: {b.set.Key(kometToken, "", "hush-hush"), b.set.Key(kometToken, "test", "another")}})
	b.Attach(&viewmodel.Backend{
		Store: db, Set: b.set, URL: "http://127.0.0.1:4480", Folder: "/home/jane/.local/share/hookglass", Endpoints: b.set.Endpoints,
		Mask:    func(target string) string { return capture.MaskTarget(target) },
		Choices: func() []capture.Choice { return nil },
		SaveKey: func(_ context.Context, credential, label, value string) error {
			keys := maps.Clone(b.set.Keys())
			keys[credential] = append(keys[credential], b.set.Key(credential, label, value))
			b.set.SetKeys(keys)
			return nil
		},
	})
	return b
}

// until does what is posted until done.
func (b *formBench) until(t *testing.T, done func() bool) {
	t.Helper()
	for !done() {
		select {
		case f := <-b.queue:
			f()
		case <-t.Context().Done():
			t.Fatal("it does not come")
		}
	}
}

// picture draws an object in a window, and writes it where HOOKGLASS_SHOTS says,
// for a person to look at.
func picture(t *testing.T, name string, o fyne.CanvasObject, appearance kit.Appearance, width, height float32) {
	t.Helper()
	w := test.NewTempWindow(t, kit.Fill(kit.ColorGround, o))
	w.SetPadded(false)
	test.ApplyTheme(t, kit.NewTheme(appearance))
	w.Resize(fyne.NewSize(width, height))
	var out bytes.Buffer
	if err := png.Encode(&out, w.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
	if folder := os.Getenv("HOOKGLASS_SHOTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, "providers-"+name+".png"), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// visit calls f for an object and all that it is made of.
func visit(o fyne.CanvasObject, f func(fyne.CanvasObject)) {
	if !o.Visible() {
		return
	}
	f(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			visit(child, f)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			visit(child, f)
		}
	}
}

// words are all that can be read in an object, whatever the breaks of its lines.
func words(o fyne.CanvasObject) string {
	var all strings.Builder
	visit(o, func(o fyne.CanvasObject) {
		if text, ok := o.(*canvas.Text); ok {
			all.WriteString(text.Text + " ")
		}
	})
	return strings.Join(strings.Fields(all.String()), " ")
}

// entries are the fields in an object.
func entries(o fyne.CanvasObject) []*kit.Entry {
	var all []*kit.Entry
	visit(o, func(o fyne.CanvasObject) {
		if entry, ok := o.(*kit.Entry); ok {
			all = append(all, entry)
		}
	})
	return all
}

func TestSettingsPages(t *testing.T) {
	b := newFormBench(t)
	o := newSettingsDialog(b.App)
	for _, appearance := range []kit.Appearance{kit.Dark, kit.Light} {
		name := map[kit.Appearance]string{kit.Dark: "dark", kit.Light: "light"}[appearance]
		for _, page := range viewmodel.SettingsPages {
			b.Settings.Turn(page.ID)
			b.until(t, func() bool { return page.ID != viewmodel.SettingsRetention || b.Settings.Stored != "" })
			picture(t, "settings-"+string(page.ID)+"-"+name, o, appearance, 860, 640)
			if text := words(o); !strings.Contains(text, page.Title) || strings.Contains(text, "hush-hush") {
				t.Errorf("%s: %s", page.ID, text)
			}
		}
	}
}

func TestSettingsKeyForm(t *testing.T) {
	b := newFormBench(t)
	o := newSettingsDialog(b.App)
	picture(t, "settings-live-dark", o, kit.Dark, 860, 1900)
	b.Settings.AddKey(kometToken)
	fields := entries(o)
	if len(fields) != 2 {
		t.Fatalf("%d fields, want label and value", len(fields))
	}
	fields[1].SetText("third")
	if b.Settings.Key.Value != "third" || !strings.Contains(words(o), "There is a value already") {
		t.Errorf("value %q: %s", b.Settings.Key.Value, words(o))
	}
	fields[0].SetText("live")
	b.until(t, func() bool { return !b.Settings.Key.Testing })
	if again := entries(o); again[0] != fields[0] || again[1] != fields[1] {
		t.Error("the fields were made anew while typing: they lose the keyboard")
	}
	if text := words(o); !strings.Contains(text, "Nothing is captured yet that this key could be tried on.") || strings.Contains(text, "There is a value already") {
		t.Errorf("after typing: %s", text)
	}
	picture(t, "settings-key-dark", o, kit.Dark, 860, 1900)
	b.Settings.SaveKey()
	b.until(t, func() bool { return b.Settings.Key == nil })
	if text := words(o); len(entries(o)) != 0 || !strings.Contains(text, "live") {
		t.Errorf("after saving: %s", text)
	}
	b.Settings.Reveal(kometToken, "live")
	if text := words(o); !strings.Contains(text, "third") || strings.Contains(text, "hush-hush") {
		t.Errorf("revealed: %s", text)
	}
}

func TestSettingsEndpointForm(t *testing.T) {
	b := newFormBench(t)
	o := newSettingsDialog(b.App)
	b.Settings.ChangeEndpoint("/mintsoft/split")
	fields := entries(o)
	if len(fields) != 3 || fields[0].Text() != "/mintsoft/split" || fields[2].Text() != "order.split" {
		t.Fatalf("%d fields", len(fields))
	}
	fields[0].SetText("x")
	picture(t, "settings-endpoint-light", o, kit.Light, 860, 900)
	if text := words(o); !strings.Contains(text, `"x" must begin with /.`) {
		t.Errorf("a wrong path: %s", text)
	}
}

func TestConnectPages(t *testing.T) {
	b := newFormBench(t)
	o := newConnectDialog(b.App)
	for _, appearance := range []kit.Appearance{kit.Dark, kit.Light} {
		name := map[kit.Appearance]string{kit.Dark: "dark", kit.Light: "light"}[appearance]
		for _, tab := range b.Connect.Tabs() {
			b.Connect.Turn(tab.ID)
			picture(t, "connect-"+tab.ID+"-"+name, o, appearance, 860, 980)
			view := b.Connect.View()
			text := words(o)
			for _, want := range []string{tab.Name, view.Addresses[0].Title, view.Source, view.Samples[0].Title[:8]} {
				if !strings.Contains(text, want) {
					t.Errorf("%s does not show %q: %s", tab.ID, want, text)
				}
			}
			if strings.Contains(text, "hush-hush") {
				t.Errorf("%s shows a secret", tab.ID)
			}
		}
	}
}

func TestConnectCard(t *testing.T) {
	b := newFormBench(t)
	o := connectCard(b.App)
	picture(t, "card-dark", kit.Fill(kit.ColorPanel, o), kit.Dark, 372, 760)
	text := words(o)
	for _, want := range []string{"No callbacks yet", "http://127.0.0.1:4480/kornitx/status", "Send a sample of each provider", "Probo"} {
		if !strings.Contains(text, want) {
			t.Errorf("does not show %q: %s", want, text)
		}
	}
	b.Connect.CopyFirst("probo")
	if b.copied != "http://127.0.0.1:4480/probo/order" {
		t.Errorf("copied %q", b.copied)
	}
}
