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
	"fyne.io/fyne/v2/test"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/providers/all"
	"hookglass/store"
	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// detailBench is an App on a store of its own, whose work is done by run.
type detailBench struct {
	*viewmodel.App
	db    *store.DB
	set   *providers.Set
	queue chan func()
	now   time.Time
}

func newDetailBench(t *testing.T) *detailBench {
	t.Helper()
	b := &detailBench{queue: make(chan func(), 1000), now: time.Date(2026, 3, 4, 10, 42, 18, 231e6, time.UTC), set: all.NewSet()}
	b.App = viewmodel.New(viewmodel.Config{
		Do: func(f func()) { b.queue <- f }, Now: func() time.Time { return b.now }, Local: time.UTC, Version: "0.1.0",
	})
	b.Screen = viewmodel.Screen{Copy: func(string) {}, OpenURL: func(string) error { return nil }, Focus: func(viewmodel.Pane) {}}
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
	b.db = db
	var chosen []capture.Choice
	b.Attach(&viewmodel.Backend{
		Store: db, Set: b.set, URL: "http://127.0.0.1:4480", Endpoints: b.set.Endpoints,
		Mask:    func(target string) string { return capture.MaskTarget(target) },
		Choices: func() []capture.Choice { return chosen },
		Choose: func(_ context.Context, c capture.Choice) error {
			chosen = []capture.Choice{c}
			return nil
		},
		SaveKey: func(_ context.Context, credential, label, value string) error {
			keys := maps.Clone(b.set.Keys())
			keys[credential] = append(keys[credential], b.set.Key(credential, label, value))
			b.set.SetKeys(keys)
			return nil
		},
		ResendAs: func(context.Context, int64, capture.Resending) (*capture.Resent, error) {
			return nil, capture.ErrReplay
		},
	})
	return b
}

// run does what is posted until done.
func (b *detailBench) run(t *testing.T, done func() bool) {
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

// record keeps a request of a provider's testdata with its keys in force.
func (b *detailBench) record(t *testing.T, fixture string, change func(*capture.Exchange)) int64 {
	t.Helper()
	provider, file, _ := strings.Cut(fixture, "/")
	dir := filepath.Join("..", "providers", provider, "testdata")
	text, err := os.ReadFile(filepath.Join(dir, file+".http"))
	if err != nil {
		t.Fatal(err)
	}
	head, raw, _ := bytes.Cut(text, []byte("---\n"))
	keys := providers.Keys{}
	for line := range strings.SplitSeq(string(head), "\n") {
		name, value, _ := strings.Cut(strings.TrimPrefix(line, "# "), ": ")
		credential, isKey := strings.CutPrefix(name, "key ")
		if !isKey {
			continue
		}
		credential, label, _ := strings.Cut(credential, " (")
		if path, ok := strings.CutPrefix(value, "@"); ok {
			content, err := os.ReadFile(filepath.Join(dir, path))
			if err != nil {
				t.Fatal(err)
			}
			value = string(content)
		}
		keys[credential] = append(keys[credential], b.set.Key(credential, strings.TrimSuffix(label, ")"), value))
	}
	b.set.SetKeys(keys)
	r, err := capture.ReadRequest(raw)
	if err != nil {
		t.Fatal(err)
	}
	r.Received, r.Remote, r.Source = b.now.Add(-5*time.Millisecond), "127.0.0.1:50000", "54.187.216.72"
	return b.keep(t, r, change)
}

// keep keeps a request with its usual answer.
func (b *detailBench) keep(t *testing.T, r capture.Request, change func(*capture.Exchange)) int64 {
	t.Helper()
	x := &capture.Exchange{UID: capture.NewUID(r.Received), State: capture.StateAnswered, Via: capture.ViaLocal, Request: r}
	e := b.set.Endpoints().Find(r.Path())
	if e != nil {
		x.Endpoint = e.Path
	}
	x.Request.Size = int64(len(r.Body))
	x.Annotation = b.set.Annotate(&x.Request, e)
	answer := b.set.Accepted(&x.Request, e)
	answer.Timing = capture.Timing{Answered: b.now, Took: 4 * time.Millisecond}
	x.Response = &answer
	if change != nil {
		change(x)
	}
	if err := b.db.Create(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	id := x.ID
	if err := b.db.Update(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if err := b.db.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	return id
}

// open shows a callback.
func (b *detailBench) open(t *testing.T, id int64) {
	t.Helper()
	b.Detail.Show(id)
	b.run(t, func() bool { return b.Detail.Page != nil && b.Detail.Page.ID == id })
}

// draw shows an object in a window of a size, in both looks, and fails where
// nothing is drawn. Where HOOKGLASS_SHOTS names a folder, the pictures go there,
// for a person to look at.
func draw(t *testing.T, name string, width, height float32, o fyne.CanvasObject) {
	t.Helper()
	w := test.NewTempWindow(t, o)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, height))
	for _, look := range []struct {
		name       string
		appearance kit.Appearance
	}{{"dark", kit.Dark}, {"light", kit.Light}} {
		fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(look.appearance))
		picture := w.Canvas().Capture()
		if folder := os.Getenv("HOOKGLASS_SHOTS"); folder != "" {
			var out bytes.Buffer
			if err := png.Encode(&out, picture); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, "detail-"+name+"-"+look.name+".png"), out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if colors := colorsOf(picture); colors < 20 {
			t.Errorf("%s, %s: only %d colours: nothing is drawn", name, look.name, colors)
		}
	}
}

// TestDetailLooks draws the panes.
func TestDetailLooks(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	onPurpose := func(x *capture.Exchange) {
		x.Response = &capture.Response{Status: 503, By: capture.ByChoice, Preset: "503"}
	}
	for _, c := range []struct {
		name, fixture, tab string
		change             func(*capture.Exchange)
		width, height      float32
		golden             bool
	}{
		{"overview-kornitx", "kornitx/dispatched", viewmodel.TabOverview, onPurpose, 840, 620, true},
		{"overview-klix", "klix/purchase_paid", viewmodel.TabOverview, nil, 840, 620, false},
		{"overview-probo", "probo/shipment_in_transit", viewmodel.TabOverview, nil, 840, 620, false},
		{"overview-komet", "komet/confirmation", viewmodel.TabOverview, nil, 840, 520, false},
		{"overview-mintsoft", "mintsoft/despatched", viewmodel.TabOverview, nil, 840, 620, false},
		{"overview-narrow", "kornitx/dispatched", viewmodel.TabOverview, onPurpose, 456, 560, false},
		{"proof-tampered", "kornitx/dispatched_tampered", viewmodel.TabProof, nil, 840, 760, true},
		{"proof-ladder", "klix/purchase_pretty", viewmodel.TabProof, nil, 840, 760, false},
		{"proof-missing", "kornitx/dispatched_key_missing", viewmodel.TabProof, nil, 840, 700, false},
		{"proof-weak", "klix/purchase_paid", viewmodel.TabProof, nil, 840, 700, false},
		{"headers", "mintsoft/cancelled_both_proofs", viewmodel.TabHeaders, nil, 840, 360, false},
		{"answer", "komet/confirmation", viewmodel.TabAnswer, nil, 840, 700, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newDetailBench(t)
			b.Detail.Select(c.tab)
			pane := newDetailPane(b.App)
			b.open(t, b.record(t, c.fixture, c.change))
			if c.golden || os.Getenv("HOOKGLASS_SHOTS") != "" {
				draw(t, c.name, c.width, c.height, pane)
				return
			}
			w := test.NewTempWindow(t, pane)
			w.Resize(fyne.NewSize(c.width, c.height))
			if w.Canvas().Capture().Bounds().Empty() {
				t.Error("nothing is drawn")
			}
		})
	}
}

func TestUnknownSenderLooks(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	b := newDetailBench(t)
	pane := newDetailPane(b.App)
	head := "POST /hooks/a/path/that/is/so/long/that/it/cannot/stand/beside/the/buttons/whatever/happens HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nUser-Agent: curl/8.5\r\n\r\n"
	r, err := capture.ReadRequest([]byte(head + `{"id":7,"lines":[1,2,3],"customer":{"name":"Ada"},"note":"\u202etxt"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Received, r.Remote = b.now, "127.0.0.1:50000"
	b.open(t, b.keep(t, r, func(x *capture.Exchange) { x.Response, x.State = nil, capture.StateReceived }))
	draw(t, "overview-unknown", 840, 520, pane)
}

func TestAnswerWithMessageLooks(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	b := newDetailBench(t)
	b.Detail.Select(viewmodel.TabAnswer)
	pane := newDetailPane(b.App)
	b.open(t, b.record(t, "komet/confirmation", nil))
	b.Detail.Answer.Pick("komet-0")
	b.Detail.Answer.Use("No stock")
	b.run(t, func() bool { return b.Detail.Answer.Choice.Picked == "komet-0" })
	b.Detail.Answer.Pick("komet-1")
	draw(t, "answer-message", 840, 620, pane)
}

func TestResendLooks(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	b := newDetailBench(t)
	b.Preferences.Targets = []string{"https://staging.example.com/hooks/kornitx"}
	b.open(t, b.record(t, "mintsoft/cancelled_both_proofs", nil))
	b.Detail.Resend.Open()
	f := newResendForm(b.App)
	f.open()
	b.Detail.Resend.Result = &viewmodel.ResendResult{ID: 7, Text: "200 OK", Tone: viewmodel.Good, Note: "84 ms"}
	f.update()
	draw(t, "resend", 900, 420, kit.Fill(kit.ColorPanel, f.root))
}

// TestEveryFixtureIsDrawn draws every tab of every request in the providers'
// testdata.
func TestEveryFixtureIsDrawn(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	b := newDetailBench(t)
	pane := newDetailPane(b.App)
	w := test.NewTempWindow(t, pane)
	w.Resize(fyne.NewSize(640, 480))
	paths, err := filepath.Glob(filepath.Join("..", "providers", "*", "testdata", "*.http"))
	if err != nil || len(paths) < 50 {
		t.Fatalf("%d fixtures, %v", len(paths), err)
	}
	for _, path := range paths {
		provider := filepath.Base(filepath.Dir(filepath.Dir(path)))
		b.open(t, b.record(t, provider+"/"+strings.TrimSuffix(filepath.Base(path), ".http"), nil))
		for _, tab := range b.Detail.Page.Tabs {
			b.Detail.Select(tab.ID)
			if pane.holder.Objects[0].Size().Height < 100 {
				t.Errorf("%s: the tab %s has no room", path, tab.ID)
			}
		}
	}
}

func TestDetailSaysWhyItIsEmpty(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	b := newDetailBench(t)
	pane := newDetailPane(b.App)
	if !pane.nothing.Visible() || pane.whole.Visible() {
		t.Error("with no callback something is shown")
	}
	b.open(t, b.record(t, "probo/queued", nil))
	if pane.nothing.Visible() || !pane.whole.Visible() {
		t.Error("the callback is not shown")
	}
	b.Detail.Show(4711)
	b.run(t, func() bool { return b.Detail.Problem != "" })
	if !pane.nothing.Visible() || pane.whole.Visible() {
		t.Error("a callback that is gone is shown")
	}
	b.SetNarrow(true)
	if !pane.back.Visible() {
		t.Error("nothing leads back in a narrow window")
	}
}

func TestProofTriesAKeyInPlace(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	b := newDetailBench(t)
	b.Detail.Select(viewmodel.TabProof)
	pane := newDetailPane(b.App)
	b.open(t, b.record(t, "kornitx/dispatched_key_missing", nil))
	form := pane.panes[viewmodel.TabProof].(*proofPane).form
	form.value = "not the key at all"
	test.Tap(form.try)
	b.run(t, func() bool { return b.Detail.Proof.Busy == "" })
	if !strings.Contains(b.Detail.Proof.Result, "does not prove") || !form.result.object.Visible() {
		t.Errorf("%q is not said", b.Detail.Proof.Result)
	}
	if form.value == "" {
		t.Error("what was typed is gone")
	}
	draw(t, "proof-tried", 840, 560, pane)
	id := b.Detail.ID
	test.Tap(form.save)
	b.run(t, func() bool { return b.Detail.Proof.Busy == "" && b.Detail.Page.Head.VerdictTone == viewmodel.Bad })
	if form.value != "" || b.Detail.ID != id {
		t.Errorf("the key %q stays in the form", form.value)
	}
}
