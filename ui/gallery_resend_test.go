package ui

import (
	"context"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/ui/viewmodel"
)

// attachResends gives the window an engine that answers resends by itself.
func (g *gallery) attachResends(t *testing.T) {
	t.Helper()
	g.attach(t)
	prepare := func(ctx context.Context, id int64, how *capture.Resending) (*capture.Outgoing, *capture.Exchange, error) {
		x, err := g.db.Exchange(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		p := capture.Preparation{To: how.To, KeepPath: how.KeepPath, Edit: how.Edit, Marker: how.Marker}
		if how.Resign {
			p.Sign = func(r *capture.Request) error { return g.set.Resign(x.Annotation.Provider, r) }
		}
		out, err := capture.Prepare(x, p)
		return out, x, err
	}
	g.backend.PreviewResend = func(ctx context.Context, id int64, how capture.Resending, _ bool) (viewmodel.ResendPreview, error) {
		out, _, err := prepare(ctx, id, &how)
		return viewmodel.ResendPreview{Out: out}, err
	}
	g.backend.ResendAs = func(ctx context.Context, id int64, how capture.Resending) (*capture.Resent, error) {
		if !capture.Loopback(how.To) && !how.Consent.Remote {
			return nil, &capture.AskError{ResendTarget: capture.ResendTarget{Host: "staging.example", Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7")}}}
		}
		out, origin, err := prepare(ctx, id, &how)
		if err != nil {
			return nil, err
		}
		x := &capture.Exchange{
			UID: capture.NewUID(g.now), Origin: id, Via: capture.ViaReplay, State: capture.StateAnswered, Request: out.Request,
			Annotation: origin.Annotation, Endpoint: origin.Endpoint, Sent: &out.Sending,
			Response: &capture.Response{Status: 503, By: capture.ByTarget, Timing: capture.Timing{Took: 12 * time.Millisecond}},
		}
		x.Sent.Timings = capture.Timings{DNS: 1200 * time.Microsecond, Connect: 480 * time.Microsecond, TLS: 9 * time.Millisecond, FirstByte: 11 * time.Millisecond, Total: 12 * time.Millisecond}
		x.Request.Received = g.now
		if err := g.db.Create(ctx, x); err != nil {
			return nil, err
		}
		if err := g.db.Update(ctx, x); err != nil {
			return nil, err
		}
		return &capture.Resent{
			Origin: id, ID: x.ID, UID: x.UID, Method: x.Request.Method, URL: out.URL(), State: x.State, Status: 503, Timings: x.Sent.Timings,
			Verdict: capture.Judge(origin, x), Acceptance: g.set.Accepts(origin.Annotation.Provider, x.Response, &x.Request),
			Hops: []capture.Hop{{Status: 307, Location: "http://localhost:3000/klix/"}},
		}, g.db.Flush(ctx)
	}
	g.Attach(g.backend)
}

// TestGalleryOfResends draws the resend of one callback.
func TestGalleryOfResends(t *testing.T) {
	sizes := []struct {
		name          string
		width, height float32
	}{{"1440", 1440, 900}, {"1024", 1024, 700}}
	for _, appearance := range galleryLooks {
		for _, size := range sizes[:min(len(sizes), gallerySizes)] {
			if os.Getenv("HOOKGLASS_SHOTS") == "" && appearance+size.name != "dark1024" {
				continue
			}
			t.Run(appearance+"-"+size.name, func(t *testing.T) {
				prefix := "resend-" + appearance + "-" + size.name + "-"
				g := newGallery(t, appearance, size.width, size.height)
				g.attachResends(t)
				g.samples(t)
				g.until(t, "all are listed", func() bool { return g.List.Len() > 20 })
				id := g.keep(t, time.Minute, g.signedSample(t), nil)
				g.until(t, "it is listed", func() bool { g.List.Select(id); return g.Detail.Page != nil && g.Detail.Page.ID == id })
				re := g.Detail.Resend
				re.Open()
				g.until(t, "it was previewed", func() bool { return re.Preview.URL != "" })
				g.shoot(t, prefix+"exact")
				re.Change(func(f *viewmodel.ResendFields) {
					f.Edited, f.Body, f.Marker = true, strings.Replace(f.Body, "{", "{ ", 1), true
				})
				g.until(t, "it was previewed", func() bool { return len(re.Preview.Differences) > 3 })
				g.shoot(t, prefix+"edited")
				re.Send()
				g.until(t, "it was sent", func() bool { return re.Result != nil })
				g.shoot(t, prefix+"sent")
				text := words(g.window.Canvas().Overlays().Top())
				for _, want := range []string{"503 Service Unavailable", "Regressed: 503 in place of 200", "KornitX would have tried again", "307 to", "Connect"} {
					if !strings.Contains(text, want) {
						t.Errorf("%q is not there: %s", want, text)
					}
				}
				re.Change(func(f *viewmodel.ResendFields) { f.Body, f.Header = "{\n \"a\": }", "X" })
				re.Send()
				g.window.dialogs.resend.scroll.By(10_000)
				g.shoot(t, prefix+"problem")
				re.Undo()
				re.Change(func(f *viewmodel.ResendFields) { f.URL = "https://staging.example/klix" })
				re.Send()
				g.until(t, "it asks", func() bool { return g.Confirmation != nil })
				g.shoot(t, prefix+"asks")
				g.Answered(false)
				g.Open(viewmodel.NoDialog)
				g.until(t, "the lineage is there", func() bool { return len(g.Detail.Page.Head.Resends) == 1 })
				g.Detail.Select(viewmodel.TabOverview)
				g.shoot(t, prefix+"origin")
				resent := g.Detail.Page.Head.Resends[0].ID
				g.Detail.Go(resent)
				g.until(t, "the resend is shown", func() bool { return g.Detail.Page != nil && g.Detail.Page.ID == resent })
				g.shoot(t, prefix+"resend")
			})
		}
	}
}

// signedSample is a callback of KornitX's with a proof.
func (g *gallery) signedSample(t *testing.T) capture.Request {
	t.Helper()
	p := g.set.Find("kornitx")
	r := p.Samples[0].Request()
	if err := p.Sign(&r, g.set.Keys()); err != nil {
		t.Fatal(err)
	}
	return r
}
