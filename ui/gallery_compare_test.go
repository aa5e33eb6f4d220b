package ui

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"hookglass/capture"
	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// compareKept is how many callbacks comparePairs keeps.
const compareKept = 12

// comparePairs keeps what a person may want to compare, and returns it by name.
func (g *gallery) comparePairs(t *testing.T) map[string][2]int64 {
	t.Helper()
	request := func(target, kind, body string, more ...capture.Field) capture.Request {
		r := capture.Request{
			Method: "PUT", Target: target, Proto: "HTTP/1.1", Body: []byte(body), Size: int64(len(body)),
			Header: capture.Fields{{Name: "Host", Value: "127.0.0.1:4480"}, {Name: "Content-Type", Value: kind}, {Name: "Accept", Value: "*/*"}},
		}
		r.Header = append(r.Header, more...)
		return r
	}
	sample := g.set.Find("kornitx").Samples[0].Request()
	later := sample
	later.Header = append(slices.Clone(sample.Header), capture.Field{Name: "X-Attempt", Value: "2"})
	later.Target = sample.Target + "?page=2"
	later.Body = bytes.Replace(sample.Body, []byte(`Dispatched`), []byte("Shipped\u202e twice"), 1)
	later.Body = bytes.Replace(later.Body, []byte(`"Hermes"`), []byte("null"), 1)
	later.Size = int64(len(later.Body))
	fail := func(x *capture.Exchange) {
		x.Response.Status, x.Response.Body = 503, []byte("Service Unavailable\n")
	}
	const orders = `{"id":7,"items":[{"sku":"A-1","quantity":1},{"sku":"B-2","quantity":4},{"sku":"C-3","quantity":2}],"total":"12.50"}`
	moved := `{"id":7,"items":[{"sku":"C-3","quantity":2},{"sku":"A-1","quantity":1},{"sku":"B-2","quantity":5}],"total":12.50}`
	log := strings.Repeat("10:42:18 worker 3 did the step that it was told to do\n", 40)
	pairs := map[string][2]int64{
		"json": {g.keep(t, 9*time.Minute, sample, fail), g.keep(t, 8*time.Minute, later, nil)},
		"keys": {g.keep(t, 7*time.Minute, request("/hooks/orders?token=abc", "application/json", orders), nil), g.keep(t, 6*time.Minute, request("/hooks/orders?token=abd", "application/json", moved), nil)},
		"text": {
			g.keep(t, 5*time.Minute, request("/hooks/log", "text/plain", log+"the end\n"+log), nil),
			g.keep(t, 4*time.Minute, request("/hooks/log", "text/plain", strings.Replace(log, "worker 3", "worker 4", 1)+"no end\none more\n"+log+strings.Repeat("a long line ", 60)), nil),
		},
		"binary": {
			g.keep(t, 3*time.Minute, request("/hooks/file", "application/octet-stream", "\x00PNG"+strings.Repeat("abcdefgh", 40)), nil),
			g.keep(t, 2*time.Minute, request("/hooks/file", "application/octet-stream", "\x00PNG"+strings.Repeat("abcdefgh", 20)+"1234"+strings.Repeat("abcdefgh", 20)), nil),
		},
	}
	pairs["same"] = [2]int64{g.keep(t, time.Minute, sample, nil), g.keep(t, time.Second, sample, nil)}
	for i, status := range []int{500, 200} {
		g.resent(t, time.Duration(2-i)*100*time.Millisecond, pairs["same"][1], sample, status)
	}
	if err := g.db.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	return pairs
}

// resent keeps a resend, as if it had been sent some time ago.
func (g *gallery) resent(t *testing.T, ago time.Duration, origin int64, r capture.Request, status int) {
	t.Helper()
	r.Received, r.Target = g.now.Add(-ago), "http://localhost:3000/kornitx"
	r.Head, r.Exact = headOf(&r), true
	x := &capture.Exchange{State: capture.StateReceived, Via: capture.ViaReplay, Origin: origin, Request: r}
	if err := g.db.Create(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	x.State, x.Response = capture.StateAnswered, &capture.Response{Status: status, By: capture.ByTarget}
	if err := g.db.Update(t.Context(), x); err != nil {
		t.Fatal(err)
	}
}

// TestGalleryOfComparing draws comparisons of every form, folded and not.
func TestGalleryOfComparing(t *testing.T) {
	sizes := []struct {
		name          string
		width, height float32
	}{{"1440", 1440, 900}, {"1024", 1024, 700}}
	some := []string{"dark-1440", "light-1024"} // where nobody asked for pictures
	for _, appearance := range galleryLooks {
		for _, size := range sizes[:min(len(sizes), gallerySizes)] {
			if os.Getenv("HOOKGLASS_SHOTS") == "" && !slices.Contains(some, appearance+"-"+size.name) {
				continue
			}
			t.Run(appearance+"-"+size.name, func(t *testing.T) {
				g := newGallery(t, appearance, size.width, size.height)
				g.attach(t)
				pairs := g.comparePairs(t)
				g.until(t, "all are listed", func() bool { return g.List.Len() == compareKept })
				for _, name := range []string{"json", "keys", "text", "binary", "same"} {
					g.compare(t, pairs[name])
					prefix := "compare-" + appearance + "-" + size.name + "-" + name
					if got := g.Compare.Wide(); got != (size.width > 1200) {
						t.Fatalf("beside each other: %v", got)
					}
					g.layCompare(t, prefix)
					if name == "json" {
						g.Compare.NextChange(1)
						g.Compare.NextChange(1)
						g.layCompare(t, prefix+"-next")
						g.Compare.Unfold()
						g.layCompare(t, prefix+"-all")
					}
					if name == "keys" {
						g.Compare.TellApart("$.items", "sku")
						g.until(t, "it is compared anew", func() bool { return g.Compare.Len() > 0 && strings.Contains(g.compareText(), "told apart by sku") })
						g.layCompare(t, prefix+"-sku")
					}
					g.Open(viewmodel.NoDialog)
				}
				prefix := "compare-" + appearance + "-" + size.name
				g.Detail.Go(pairs["same"][1])
				g.until(t, "it is shown", func() bool { return g.Detail.Page != nil && g.Detail.Page.ID == pairs["same"][1] })
				g.layCompare(t, prefix+"-ways")
				g.Compare.Chosen()
				g.layCompare(t, prefix+"-with")
				if text := words(g.window.Canvas().Overlays().Top()); !strings.Contains(text, "The attempt before") || !strings.Contains(text, "200 OK, to http") {
					t.Errorf("what it can be compared with: %s", text)
				}
				g.Open(viewmodel.NoDialog)
			})
		}
	}
}

// compare opens a comparison and waits for it.
func (g *gallery) compare(t *testing.T, pair [2]int64) {
	t.Helper()
	g.Compare.Open(pair[0], pair[1])
	g.until(t, "they are compared", g.Compare.Ready)
}

// compareText is what the rows say.
func (g *gallery) compareText() string {
	var b strings.Builder
	for i := range g.Compare.Len() {
		row := g.Compare.Row(i)
		b.WriteString(row.Text + " " + row.A + " | " + row.B + "\n")
	}
	return b.String()
}

// layCompare is lay for the pictures of comparisons.
func (g *gallery) layCompare(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("HOOKGLASS_SHOTS") != "" || slices.Contains([]string{"compare-dark-1440-json", "compare-light-1024-keys"}, name) {
		g.shoot(t, name)
		return
	}
	g.drain()
}

// TestCompareByKeyboard compares two that are selected, walks through what differs
// and comes back, without a mouse.
func TestCompareByKeyboard(t *testing.T) {
	g := newGallery(t, "dark", 1440, 900)
	g.attach(t)
	g.comparePairs(t)
	g.until(t, "all are listed", func() bool { return g.List.Len() == compareKept })
	c := g.window.Canvas()
	g.Commands.Do("list.last")
	g.Commands.Do("list.extendup")
	g.window.press("d")
	g.until(t, "they are compared", g.Compare.Ready)
	diff, ok := c.Focused().(*kit.Diff)
	if !ok || g.Dialog != viewmodel.DialogCompare {
		t.Fatalf("dialog %v, the keyboard is at %T", g.Dialog, c.Focused())
	}
	if g.Compare.Change != 1 || g.Compare.Changes < 4 {
		t.Fatalf("change %d of %d", g.Compare.Change, g.Compare.Changes)
	}
	diff.TypedRune('n')
	diff.TypedRune('n')
	if g.Compare.Change != 3 {
		t.Errorf("after n twice it is %d", g.Compare.Change)
	}
	diff.TypedRune('p')
	if g.Compare.Change != 2 {
		t.Errorf("after p it is %d", g.Compare.Change)
	}
	diff.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	rows := g.Compare.Len()
	if g.Compare.Row(0).Kind != viewmodel.CompareTitle || g.Compare.At != 0 {
		t.Fatalf("at %d: %+v", g.Compare.At, g.Compare.Row(0))
	}
	diff.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if g.Compare.Len() >= rows || g.Compare.Row(0).Open {
		t.Errorf("Return leaves %d of %d rows", g.Compare.Len(), rows)
	}
	diff.TypedRune('c')
	g.until(t, "it is copied", func() bool { return strings.Contains(g.fyne.Clipboard().Content(), "+++ callback") })
	diff.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if g.Dialog != viewmodel.NoDialog || g.Compare.Ready() {
		t.Error("the comparison is still there")
	}
}
