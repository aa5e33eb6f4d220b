package ui

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"hookglass/capture"
	"hookglass/capture/ngrok"
	"hookglass/providers"
	"hookglass/providers/all"
	"hookglass/store"
	"hookglass/ui/viewmodel"
)

// gallery is the whole window on a real store, without a display.
type gallery struct {
	*viewmodel.App
	window *Window
	fyne   fyne.App
	db     *store.DB
	set    *providers.Set
	now    time.Time

	backend *viewmodel.Backend
	enabled map[int64]int // how often each rule was switched
	token   ngrok.TokenSource

	mu    sync.Mutex
	queue []func()
}

func (g *gallery) post(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.queue = append(g.queue, f)
}

// drain runs what was posted, on the test's goroutine.
func (g *gallery) drain() int {
	g.mu.Lock()
	queue := g.queue
	g.queue = nil
	g.mu.Unlock()
	for _, f := range queue {
		f()
	}
	return len(queue)
}

// galleryKey signs KornitX's samples.
const galleryKey = "0123456789ABCDEF0123456789A"

func newGallery(t *testing.T, appearance string, width, height float32) *gallery {
	t.Helper()
	g := &gallery{fyne: test.NewTempApp(t), now: time.Date(2026, 3, 4, 10, 42, 18, 0, time.UTC)}
	g.App = viewmodel.New(viewmodel.Config{
		Do: g.post, Version: "0.2.0", Local: time.UTC, Now: func() time.Time { return g.now },
	})
	g.Preferences.Appearance = appearance
	g.Preferences.Width, g.Preferences.Height = width, height
	g.window = New(g.App, g.fyne, g.post)
	g.window.Show()
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// attach gives the window a store.
func (g *gallery) attach(t *testing.T) {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "hookglass.db"), store.Options{Changed: g.Arrived})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	g.db, g.set = db, all.NewSet()
	keys := providers.Keys{}
	for _, name := range []string{"kornitx.api_key", "kornitx.push_key"} {
		keys[name] = []providers.Key{providers.NewKey(name, "live", galleryKey, false)}
	}
	g.set.SetKeys(keys)
	g.backend = &viewmodel.Backend{
		Store: db, Set: g.set, URL: "http://127.0.0.1:4480", Folder: "/home/jane/.local/share/hookglass",
		Mask:      func(target string) string { return capture.MaskTarget(target) },
		Endpoints: g.set.Endpoints,
		Choices:   func() []capture.Choice { return nil },
		Choose:    func(context.Context, capture.Choice) error { return nil },
	}
	g.Attach(g.backend)
}

// keep stores a callback as if it had come some time ago, answered.
func (g *gallery) keep(t *testing.T, ago time.Duration, r capture.Request, change func(*capture.Exchange)) int64 {
	t.Helper()
	r.Received = g.now.Add(-ago)
	r.Remote, r.Source, r.Host = "54.187.216.72:50412", "54.187.216.72", "127.0.0.1:4480"
	r.Head, r.Exact = headOf(&r), true
	endpoints := g.set.Endpoints()
	e := endpoints.Find(r.Path())
	x := &capture.Exchange{State: capture.StateReceived, Via: capture.ViaLocal, Request: r}
	if e != nil {
		x.Endpoint = e.Path
	}
	if err := g.db.Create(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	answer := g.set.Accepted(&r, e)
	answer.Timing = capture.Timing{Answered: r.Received.Add(4 * time.Millisecond), Took: 4 * time.Millisecond}
	x.Response, x.State = &answer, capture.StateAnswered
	x.Annotation = g.set.Annotate(&r, e)
	if change != nil {
		change(x)
	}
	id := x.ID
	if err := g.db.Update(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	return id
}

func headOf(r *capture.Request) []byte {
	head := fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:4480\r\n", r.Method, r.Target)
	for _, f := range r.Header {
		head = fmt.Appendf(head, "%s: %s\r\n", f.Name, f.Value)
	}
	return append(head, "\r\n"...)
}

// samples stores every sample of every provider, and some that went wrong.
func (g *gallery) samples(t *testing.T) {
	t.Helper()
	n := 0
	for _, p := range g.set.All() {
		for i := range p.Samples {
			r := p.Samples[i].Request()
			if p.ID == "kornitx" {
				if err := p.Sign(&r, g.set.Keys()); err != nil {
					t.Fatal(err)
				}
			}
			n++
			g.keep(t, time.Duration(60-n)*37*time.Minute, r, nil)
		}
	}
	g.keep(t, 9*time.Minute, capture.Request{
		Method: "POST", Target: "/hooks/unknown?api_key=s3cret-value", Proto: "HTTP/1.1",
		Header: capture.Fields{{Name: "Content-Type", Value: "application/json"}}, Body: []byte(`{"hello":"world"}`), Size: 17,
	}, nil)
	tampered := g.set.Find("kornitx").Samples[0].Request()
	if err := g.set.Find("kornitx").Sign(&tampered, g.set.Keys()); err != nil {
		t.Fatal(err)
	}
	tampered.Body = append(append([]byte(nil), tampered.Body...), '\n')
	tampered.Size++
	g.keep(t, 6*time.Minute, tampered, func(x *capture.Exchange) { x.Response.Status = 503 })
	g.keep(t, 2*time.Minute, capture.Request{
		Method: "POST", Target: "/komet/confirm", Proto: "HTTP/1.1",
		Header: capture.Fields{{Name: "Content-Type", Value: "application/JSON"}},
		Body:   []byte(`{ "companyId":6316, "orderId":6908 }`), Size: 36,
	}, func(x *capture.Exchange) {
		x.Response.By, x.Response.Preset = capture.ByChoice, "error"
		x.Response.Body = []byte(`{"status":"0","message":"Out of stock","error":"Out of stock"}`)
	})
	if err := g.db.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// until draws until something is so. What runs besides posts back; nothing here
// goes by the clock but the bound.
func (g *gallery) until(t *testing.T, what string, met func() bool) {
	t.Helper()
	bound := time.NewTimer(20 * time.Second)
	defer bound.Stop()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		g.drain()
		if met() {
			return
		}
		select {
		case <-bound.C:
			t.Fatalf("waited in vain until %s", what)
		case <-look.C:
		}
	}
}

// shoot keeps a picture of the window where HOOKGLASS_SHOTS names a folder, and
// fails where there is nothing on it.
func (g *gallery) shoot(t *testing.T, name string) {
	t.Helper()
	g.drain()
	picture := g.window.Canvas().Capture()
	if colors := colorsOf(picture); colors < 20 {
		t.Errorf("%s: only %d colours: nothing is drawn", name, colors)
	}
	folder := os.Getenv("HOOKGLASS_SHOTS")
	if folder == "" {
		return
	}
	file, err := os.Create(filepath.Join(folder, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(file, picture); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

func colorsOf(picture image.Image) int {
	seen := map[[3]uint32]bool{}
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y += 3 {
		for x := bounds.Min.X; x < bounds.Max.X; x += 3 {
			r, g, b, _ := picture.At(x, y).RGBA()
			seen[[3]uint32{r, g, b}] = true
		}
	}
	return len(seen)
}

// TestGallery draws every state of the window, dark and light, wide and narrow.
func TestGallery(t *testing.T) {
	sizes := []struct {
		name          string
		width, height float32
	}{{"1440", 1440, 900}, {"1024", 1024, 700}, {"720", 720, 700}}
	for _, appearance := range galleryLooks {
		for _, size := range sizes[:min(len(sizes), gallerySizes)] {
			t.Run(appearance+"-"+size.name, func(t *testing.T) {
				prefix := "gallery-" + appearance + "-" + size.name + "-"
				g := newGallery(t, appearance, size.width, size.height)
				g.shoot(t, prefix+"starting")
				g.attach(t)
				g.until(t, "the list is known", func() bool { return !g.List.Loading })
				g.shoot(t, prefix+"empty")
				g.samples(t)
				g.until(t, "all are listed", func() bool { return g.List.Len() > 20 })
				g.shoot(t, prefix+"list")
				g.tour(t, prefix)
			})
		}
	}
}

// TestGalleryOfCounts draws one callback, one with long texts, and ten thousand.
func TestGalleryOfCounts(t *testing.T) {
	g := newGallery(t, "dark", 1440, 900)
	g.attach(t)
	long := strings.Repeat("a-rather-long-part/", 30)
	g.keep(t, time.Minute, capture.Request{Method: "PROPFIND", Target: "/hooks/" + long + "?q=" + long, Proto: "HTTP/1.1"}, func(x *capture.Exchange) {
		x.Annotation.Event, x.Annotation.Summary = strings.Repeat("event.", 60), strings.Repeat("summary ", 60)
		x.Error = strings.Repeat("something went wrong ", 30)
	})
	g.until(t, "the long one is listed", func() bool { return g.List.Len() == 1 })
	g.Commands.Do("list.first")
	g.until(t, "it is shown", func() bool { return g.Detail.Page != nil })
	g.shoot(t, "gallery-dark-1440-long")
	sample := g.set.Find("klix").Samples[0]
	for i := range 10_000 {
		g.keep(t, time.Duration(i)*time.Second, sample.Request(), nil)
	}
	g.until(t, "ten thousand are listed", func() bool { return g.List.Len() == 10_001 })
	g.Commands.Do("list.last")
	g.drain()
	g.shoot(t, "gallery-dark-1440-tenthousand")
}

// tour goes through what a person sees of a full list.
func (g *gallery) tour(t *testing.T, prefix string) {
	t.Helper()
	g.Commands.Do("list.first")
	g.until(t, "the newest is shown", func() bool { return g.Detail.Page != nil })
	if g.Narrow {
		g.Enter()
	}
	for _, tab := range []string{"overview", "body", "headers", "proof", "answer", "raw"} {
		g.Commands.Do("tab." + tab)
		g.drain()
		g.shoot(t, prefix+tab)
	}
	for name, dialog := range map[string]viewmodel.Dialog{
		"palette": viewmodel.DialogPalette, "shortcuts": viewmodel.DialogShortcuts, "settings": viewmodel.DialogSettings,
		"connect": viewmodel.DialogConnect, "goto": viewmodel.DialogGoTo,
	} {
		g.Open(dialog)
		g.drain()
		g.shoot(t, prefix+name)
		g.Open(viewmodel.NoDialog)
	}
	g.Confirm("Open this address?", "https://www.url.com/123456 is an address from the payload of a callback.", "Open", false, func() {})
	g.shoot(t, prefix+"confirm")
	g.Answered(false)
	g.Notices.Put(viewmodel.Banner{ID: "disk", Tone: viewmodel.Bad, Text: "Callbacks cannot be stored and are answered 503, so that their senders try again: the disk is full."})
	g.Notices.Say(viewmodel.Good, "Deleted 3 callbacks.", "Undo", func() {})
	g.shoot(t, prefix+"notices")
}
