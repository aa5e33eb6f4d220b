package ui

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/capture/redact"
	"hookglass/ui/viewmodel"
)

// attachSharing gives the window an engine that shares and opens files.
func (g *gallery) attachSharing(t *testing.T) {
	t.Helper()
	g.attach(t)
	at := func(ago time.Duration) time.Time { return g.now.Add(-ago) }
	g.backend.PublicEvents = func(context.Context, int) ([]capture.PublicEvent, error) {
		return []capture.PublicEvent{
			{At: at(2 * time.Hour), State: capture.PublicOnline, URL: "https://hookglass-demo.ngrok.app"},
			{At: at(3 * time.Hour), State: capture.PublicReconnecting, URL: "https://hookglass-demo.ngrok.app", Reason: "the connection to ngrok was lost"},
			{At: at(40 * time.Hour), State: capture.PublicOnline, URL: "https://hookglass-demo.ngrok.app"},
		}, nil
	}
	g.backend.PreviewShare = func(_ context.Context, s capture.Sharing, each func(redact.Change), _ capture.Progress) (capture.SharingReport, error) {
		g.changes(s.Redact, each)
		return capture.SharingReport{Exchanges: 24, Bytes: 48_300}, nil
	}
	g.backend.WriteShare = func(_ context.Context, _ capture.Sharing, path string, p capture.Progress) (capture.SharingReport, error) {
		p(24, 24)
		return capture.SharingReport{Path: path, Exchanges: 24, Bytes: 48_300, Replaced: map[string]int64{"secret": 12}}, nil
	}
	g.backend.ShareText = func(context.Context, capture.Sharing) (string, error) { return "text", nil }
	g.backend.OpenFile = func(ctx context.Context, path string, _ capture.Progress) (capture.Opening, error) {
		return g.stage(ctx, path[strings.LastIndex(path, "/")+1:])
	}
	g.backend.OpenText = g.stage
	g.backend.CloseOpened = func(ctx context.Context, id int64) error { return g.db.RemoveSession(ctx, id) }
	g.backend.ImportOpened = func(ctx context.Context, how capture.Importing, _ capture.Progress) (capture.ImportReport, error) {
		session := capture.Session{ID: how.Session, Name: how.Name, State: capture.SessionOpen, Origin: &capture.SessionOrigin{Format: "bundle", Sharer: "Jane Doe"}}
		return capture.ImportReport{Session: session, Kept: 2}, g.db.PutSession(ctx, &session)
	}
	g.Attach(g.backend)
}

// changes are what a preview tells.
func (g *gallery) changes(profile string, each func(redact.Change)) {
	for i := range 40 {
		id := int64(i/4 + 1)
		each(redact.Change{Exchange: id, Where: "header X-Customgateway-Hmac", Kind: "secret", Before: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", After: "signature-removed"})
		if profile == "secrets" {
			continue
		}
		each(redact.Change{Exchange: id, Where: "body $.customer.phone", Kind: "phone", Before: fmt.Sprintf("+371 2000 %04d", i), After: fmt.Sprintf("+%011d", i%7+1)})
		each(redact.Change{Exchange: id, Where: "body $.customer.email", Kind: "email", Before: "jane.doe@example.com", After: "person-1@redacted.example"})
		each(redact.Change{Exchange: id, Where: "body $.new_shipments[0].tracking_url", Kind: "link", Before: "https://track.example.com/parcel/00340434161094015902?postcode=LV-1010&lang=en", After: "https://redacted.example/link-1"})
	}
}

// stage makes the session of an opened file.
func (g *gallery) stage(ctx context.Context, name string) (capture.Opening, error) {
	session := &capture.Session{Name: "Checkout incident", State: capture.SessionStaged, Origin: &capture.SessionOrigin{
		File: name, Format: "bundle", Tool: "Hookglass 0.2.0", Sharer: "Jane Doe", Note: "The second one is the one that failed.",
		Shared: g.now.Add(-26 * time.Hour), Redaction: "secrets, personal data",
	}}
	if err := g.db.PutSession(ctx, session); err != nil {
		return capture.Opening{}, err
	}
	var xs []*capture.Exchange
	for i, p := range []string{"klix", "kornitx"} {
		r := g.set.Find(p).Samples[0].Request()
		r.Received = g.now.Add(-time.Duration(27-i) * time.Hour)
		r.Head, r.Exact = headOf(&r), true
		x := &capture.Exchange{
			Session: session.ID, Via: capture.ViaImport, State: capture.StateAnswered, Request: r,
			Import: &capture.Imported{Via: capture.ViaTunnel, Redacted: true, Mac: "5c1f"}, Response: &capture.Response{Status: 200 + 303*i},
		}
		x.Annotation = g.set.Annotate(&r, nil)
		x.Annotation.Verification.Status, x.Annotation.Verification.Reason = capture.Valid, "valid when captured; body redacted since"
		xs = append(xs, x)
	}
	if err := g.db.CreateAll(ctx, xs); err != nil {
		return capture.Opening{}, err
	}
	return capture.Opening{
		Session: *session, Stats: capture.SessionStats{Exchanges: 2, First: g.now.Add(-27 * time.Hour), Last: g.now.Add(-26 * time.Hour)}, Duplicates: 1,
		Rules: []capture.Rule{
			{Name: "Klix hears 503 twice", Filter: "provider:klix", Kind: capture.RuleSequence}, {Name: "Late", Endpoint: "/komet/confirm", Kind: capture.RuleFixed},
		},
		Skipped: []capture.SkippedPart{
			{Where: "exchanges.ndjson, line 12", Why: "The body that it names is not in the file."},
			{Where: "../../etc/passwd", Why: "Its name leads out of the file; nothing is read or written there."},
		},
	}, nil
}

// TestGalleryOfSessions draws the sessions, sharing, and a file that lies open.
func TestGalleryOfSessions(t *testing.T) {
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
				prefix := "sessions-" + appearance + "-" + size.name + "-"
				g := newGallery(t, appearance, size.width, size.height)
				g.attachSharing(t)
				g.samples(t)
				g.until(t, "all are listed", func() bool { return g.List.Len() > 20 })
				g.tourSessions(t, prefix)
				g.tourShare(t, prefix)
				g.tourOpened(t, prefix)
			})
		}
	}
}

func (g *gallery) tourSessions(t *testing.T, prefix string) {
	t.Helper()
	s := g.Sessions
	first := s.Shown
	s.Open()
	s.Change(func(f *viewmodel.SessionFields) {
		f.Name, f.Note = "Provider trial", "Klix and KornitX, before the launch."
	})
	s.Save()
	g.until(t, "it is named", func() bool { return s.Name() == "Provider trial" })
	for _, name := range []string{"Returns", "Old trial", "Wrong shop"} {
		s.New()
		g.until(t, "it is made", func() bool { return s.Draft != nil && s.Draft.Name == "4 March" && s.Card.State == "Captured into" })
		s.Change(func(f *viewmodel.SessionFields) { f.Name = name })
		s.Save()
		g.until(t, "it is named", func() bool { return s.Name() == name })
	}
	id := func(name string) int64 {
		for _, row := range s.Rows {
			if row.Title == name {
				return row.ID
			}
		}
		t.Fatalf("no session %q", name)
		return 0
	}
	s.Capture(id("Returns"))
	g.until(t, "another is captured into", func() bool { return s.Rows[1].Title == "Returns" })
	s.Archive(id("Old trial"))
	s.Delete(id("Wrong shop"))
	g.until(t, "they are put away", func() bool { return len(s.Rows) == 7 })
	s.Choose(first)
	g.until(t, "it is counted", func() bool { return s.Rows[2].Note != "0 callbacks" })
	g.shoot(t, prefix+"list")
	g.wantTexts(t, "Provider trial", "capturing", "Old trial", "Wrong shop", "https://hookglass-demo.ngrok.app")
	s.Change(func(f *viewmodel.SessionFields) { f.Exchanges, f.Age = "5", "30 days" })
	g.until(t, "it is counted", s.CanSave)
	g.shoot(t, prefix+"keep")
	s.Save()
	g.shoot(t, prefix+"keep-asked")
	g.Answered(false)
	s.Choose(id("Wrong shop"))
	g.shoot(t, prefix+"deleted")
	g.Open(viewmodel.NoDialog)
	s.Show(first)
	g.until(t, "it is shown", func() bool { return g.List.Len() > 20 })
	g.Commands.Do("list.first")
	g.until(t, "the newest is shown", func() bool { return g.Detail.Page != nil })
	g.shoot(t, prefix+"elsewhere")
	g.wantTexts(t, "“Provider trial”", "Capture here")
}

func (g *gallery) tourShare(t *testing.T, prefix string) {
	t.Helper()
	s := g.Share
	g.Open(viewmodel.DialogCopyAs)
	g.shoot(t, prefix+"copyas")
	g.Open(viewmodel.NoDialog)
	s.Open()
	g.until(t, "the changes are known", s.CanWrite)
	g.shoot(t, prefix+"share")
	g.wantTexts(t, "WHAT IS TAKEN OUT", "40 secrets", "signature-removed")
	s.Change(func(f *viewmodel.ShareFields) {
		f.Profile, f.Sharer, f.Note = "personal", "Jane Doe", "The second one failed."
	})
	g.until(t, "the changes are known", s.CanWrite)
	s.ShowRow(0)
	g.shoot(t, prefix+"share-personal")
	s.Change(func(f *viewmodel.ShareFields) {
		f.Profile, f.Format, f.Paths, f.Regexes = "custom", "har", "$.order.reference", "INV-["
	})
	g.until(t, "it is wrong", func() bool { return s.Problem != "" })
	g.shoot(t, prefix+"share-custom")
	s.Change(func(f *viewmodel.ShareFields) { f.Profile = "none" })
	g.until(t, "the changes are known", s.CanWrite)
	s.Write()
	g.shoot(t, prefix+"share-none")
	g.wantTexts(t, "Share it with nothing taken out?")
	g.Answered(false)
	s.Change(func(f *viewmodel.ShareFields) { f.Profile = "secrets" })
	g.until(t, "the changes are known", s.CanWrite)
	s.Write()
	g.shoot(t, prefix+"share-path")
	g.wantTexts(t, "Save as")
	g.window.dialogs.path.Hide()
	g.Open(viewmodel.NoDialog)
}

func (g *gallery) tourOpened(t *testing.T, prefix string) {
	t.Helper()
	g.Open(viewmodel.DialogOpen)
	g.shoot(t, prefix+"open")
	g.Raised([]string{"/home/jane/Downloads/incident.hookglass"})
	g.until(t, "it lies open", func() bool { return g.Opened.Looking() && g.List.Len() == 2 })
	g.Commands.Do("list.first")
	g.until(t, "the newest is shown", func() bool { return g.Detail.Page != nil })
	if g.Narrow {
		g.Enter()
	}
	g.shoot(t, prefix+"opened")
	g.wantTexts(t, "incident.hookglass", "Import …")
	g.Commands.Do("tab.proof")
	g.shoot(t, prefix+"opened-proof")
	g.wantTexts(t, "Valid when captured; body redacted since")
	g.Opened.Review()
	g.shoot(t, prefix+"import")
	g.wantTexts(t, "RULES IN THE FILE", "NOT READ", "Jane Doe")
	g.Opened.Want(0, true)
	g.Opened.Import()
	g.until(t, "it is imported", func() bool { return !g.Opened.Looking() && g.Sessions.Name() == "Checkout incident" })
	g.until(t, "it is listed", func() bool { return g.List.Len() == 2 })
	g.shoot(t, prefix+"imported")
}

// wantTexts looks for texts in what lies on top of the window.
func (g *gallery) wantTexts(t *testing.T, all ...string) {
	t.Helper()
	top := g.window.Canvas().Overlays().Top()
	if top == nil {
		top = g.window.Canvas().Content()
	}
	text := words(top)
	for _, want := range all {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not there: %s", want, text)
		}
	}
}
