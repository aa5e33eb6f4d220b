package viewmodel

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// opener stands for the engine where files are opened: a file becomes a staged
// session with two callbacks.
type opener struct {
	opened, texts []string
	imported      []capture.Importing
	closed        []int64
	fails         error
	hold          chan struct{} // opening waits for it, or for its end
	change        func(x *capture.Exchange)
	origin        capture.SessionOrigin
}

// stage makes a staged session as the engine does.
func (p *opener) stage(ctx context.Context, b *listBench, name string) (capture.Opening, error) {
	if p.hold != nil {
		select {
		case <-p.hold:
		case <-ctx.Done():
			return capture.Opening{}, ctx.Err()
		}
	}
	if p.fails != nil {
		return capture.Opening{}, p.fails
	}
	origin := p.origin
	origin.File = name
	session := &capture.Session{Name: "Friday", State: capture.SessionStaged, Origin: &origin}
	if err := b.engine.Store.PutSession(ctx, session); err != nil {
		return capture.Opening{}, err
	}
	var xs []*capture.Exchange
	for _, target := range []string{"/file/1", "/file/2"} {
		x := &capture.Exchange{
			Session: session.ID, Via: capture.ViaImport, State: capture.StateAnswered, Import: &capture.Imported{Via: capture.ViaTunnel},
			Request:  capture.Request{Received: b.now.Add(-time.Hour), Method: "POST", Target: target, Proto: "HTTP/1.1", Body: []byte(`{}`), Size: 2},
			Response: &capture.Response{Status: 200},
		}
		if p.change != nil {
			p.change(x)
		}
		xs = append(xs, x)
	}
	if err := b.engine.Store.CreateAll(ctx, xs); err != nil {
		return capture.Opening{}, err
	}
	return capture.Opening{
		Session: *session, Stats: capture.SessionStats{Exchanges: 2, First: b.now.Add(-time.Hour), Last: b.now.Add(-time.Hour)}, Duplicates: 1,
		Rules:   []capture.Rule{{Name: "Fail \u202etwice", Filter: "provider:klix", Kind: capture.RuleFixed}, {Name: "Late", Kind: capture.RuleFixed}},
		Skipped: []capture.SkippedPart{{Where: "exchanges.ndjson, line 3", Why: "It is no \x1bJSON."}},
	}, nil
}

func openBench(t *testing.T) (*listBench, *opener) {
	t.Helper()
	p := &opener{origin: capture.SessionOrigin{Format: "bundle", Sharer: "Jane\x07", Shared: time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC), Redaction: "secrets, personal data"}}
	b := &listBench{bench: newBench(t)}
	b.List.after = func(_ time.Duration, f func()) { b.later(f) }
	b.Opened.after = b.List.after
	b.Screen.Paste = func() string { return "curl https://x" }
	b.attachWith(t, func() {
		b.engine.OpenFile = func(ctx context.Context, path string, progress capture.Progress) (capture.Opening, error) {
			p.opened = append(p.opened, path)
			progress(1, 2)
			return p.stage(ctx, b, path[strings.LastIndex(path, "/")+1:])
		}
		b.engine.OpenText = func(ctx context.Context, text string) (capture.Opening, error) {
			p.texts = append(p.texts, text)
			return p.stage(ctx, b, "")
		}
		b.engine.ImportOpened = func(ctx context.Context, how capture.Importing, _ capture.Progress) (capture.ImportReport, error) {
			p.imported = append(p.imported, how)
			session, err := sessionOf(ctx, b, how.Session)
			if err != nil {
				return capture.ImportReport{}, err
			}
			session.Name, session.State = how.Name, capture.SessionOpen
			err = b.engine.Store.PutSession(ctx, session)
			return capture.ImportReport{Session: *session, Kept: 2, Duplicates: 1, Rules: len(how.Rules)}, errors.Join(err, p.fails)
		}
		b.engine.CloseOpened = func(ctx context.Context, id int64) error {
			p.closed = append(p.closed, id)
			return b.engine.Store.RemoveSession(ctx, id)
		}
	})
	b.tick()
	b.comes(t, 1)
	return b, p
}

func sessionOf(ctx context.Context, b *listBench, id int64) (*capture.Session, error) {
	list, err := b.engine.Store.Sessions(ctx)
	for i := range list {
		if list[i].ID == id {
			return &list[i], err
		}
	}
	return nil, errors.Join(err, errors.New("there is no such session"))
}

func TestOpenLooksFirst(t *testing.T) {
	b, p := openBench(t)
	o := b.Opened
	b.Raised([]string{"/home/me/incident.hookglass"})
	if o.Busy == "" || b.Sessions.Place().Title != "Opening incident.hookglass …" {
		t.Errorf("busy %q, place %+v", o.Busy, b.Sessions.Place())
	}
	b.tick()
	b.wantRows(t, "/file/2 200; /file/1 200")
	place := b.Sessions.Place()
	want := "says it is from Jane\\u{7} · shared 3 Mar 09:00 · secrets, personal data taken out · 2 callbacks, 1 here already · 1 part not read. Only looked at: nothing is kept."
	if place.Title != "incident.hookglass" || place.Text != want {
		t.Errorf("place %q\n got %s\nwant %s", place.Title, place.Text, want)
	}
	if skipped := o.Skipped(); len(skipped) != 1 || strings.Contains(skipped[0].Why, "\x1b") {
		t.Errorf("skipped %+v", skipped)
	}
	if title := o.Rules[0].Title; strings.Contains(title, "\u202e") || o.Rules[0].Wanted {
		t.Errorf("rule %+v", o.Rules[0])
	}
	for _, id := range []string{"callback.pin", "callback.delete", "list.clear", "callback.mark", "callback.note"} {
		b.List.Select(b.List.idAt(0))
		b.tick()
		if b.Commands.Find(id).Enabled() {
			t.Errorf("%s can be done to a file that is only looked at", id)
		}
	}
	if row := b.List.Row(0); row.OriginIcon != "folder-open" || !strings.HasPrefix(row.Meta, "from a file · ") {
		t.Errorf("row %+v", row)
	}
	if note := b.Detail.Page.Head.Note; note != "from a file, captured by Jane\\u{7} at a public address" {
		t.Errorf("note %q", note)
	}
	o.Close()
	b.tick()
	b.wantRows(t, "/x/1 200")
	if len(p.closed) != 1 || o.Looking() || len(b.Sessions.Rows) != 2 {
		t.Errorf("closed %v, looking %v, sessions %s", p.closed, o.Looking(), b.names())
	}
}

func TestImport(t *testing.T) {
	b, p := openBench(t)
	o := b.Opened
	b.Commands.Press("Mod+O")
	if b.Dialog != DialogOpen {
		t.Fatalf("Mod+O opened dialog %d", b.Dialog)
	}
	o.OpenPath(` "file:///home/me/incident.hookglass" `)
	b.tick()
	if len(p.opened) != 1 || p.opened[0] != "/home/me/incident.hookglass" {
		t.Errorf("opened %q", p.opened)
	}
	b.Commands.Do("file.import")
	if b.Dialog != DialogOpened || o.Name != "Friday" || !o.Verify {
		t.Fatalf("dialog %d, name %q, verify %v", b.Dialog, o.Name, o.Verify)
	}
	o.SetName(" Incident ")
	o.Want(1, true)
	o.SetVerify(false)
	p.fails = errors.New("the disk is full")
	o.Import()
	b.tick()
	if o.Problem != "Not imported: The disk is full." || b.Dialog != DialogOpened {
		t.Errorf("problem %q", o.Problem)
	}
	p.fails = nil
	o.Import()
	b.tick()
	if got := p.imported[1]; got.Name != "Incident" || got.Verify || len(got.Rules) != 1 || got.Rules[0] != 1 {
		t.Errorf("imported %+v", got)
	}
	if b.Dialog != NoDialog || b.Notices.Toast.Text != "Imported 2 callbacks. 1 was here already. 1 rule came in, switched off." {
		t.Errorf("dialog %d, said %q", b.Dialog, b.Notices.Toast.Text)
	}
	b.wantRows(t, "/file/2 200; /file/1 200")
	if place := b.Sessions.Place(); place.Title != "“Incident”" || b.Sessions.Live() {
		t.Errorf("place %+v", place)
	}
	b.List.Select(b.List.idAt(0))
	if !b.Commands.Find("callback.pin").Enabled() {
		t.Error("what was imported cannot be pinned")
	}
}

func TestOpenFilesInTurn(t *testing.T) {
	b, p := openBench(t)
	b.Opened.Files([]string{"/a.har", " ", "/b.har"})
	b.tick()
	if len(p.opened) != 1 {
		t.Fatalf("opened %v", p.opened)
	}
	b.Opened.Close()
	b.tick()
	if len(p.opened) != 2 || p.opened[1] != "/b.har" {
		t.Errorf("opened %v", p.opened)
	}
	b.Commands.Do("file.clipboard")
	b.tick()
	if len(p.texts) != 0 || !strings.Contains(b.Notices.Toast.Text, "lies open") {
		t.Errorf("texts %v, said %q", p.texts, b.Notices.Toast.Text)
	}
	b.Opened.Close()
	b.tick()
	p.fails = errors.New("it is no \x1bzip")
	b.Opened.Files([]string{"/c.har", "/d.har"})
	b.tick()
	if len(p.opened) != 4 || b.Notices.Toast.Text != "“c.har” was not opened: It is no \\u{1b}zip.\n“d.har” was not opened: It is no \\u{1b}zip." {
		t.Errorf("opened %v, said %q", p.opened, b.Notices.Toast.Text)
	}
}

func TestOpenStops(t *testing.T) {
	b, p := openBench(t)
	p.hold = make(chan struct{})
	b.Opened.Files([]string{"/a.har"})
	b.Opened.Stop()
	b.tick()
	if b.Opened.Busy != "" || b.Opened.Looking() || len(b.Sessions.Rows) != 2 {
		t.Errorf("busy %q, sessions %s", b.Opened.Busy, b.names())
	}
}

func TestPaste(t *testing.T) {
	b, p := openBench(t)
	if !b.Commands.Press("Mod+I") {
		t.Fatal("Mod+I does nothing")
	}
	b.tick()
	if len(p.texts) != 1 || p.texts[0] != "curl https://x" || !b.Opened.Looking() {
		t.Errorf("texts %q", p.texts)
	}
	b.Opened.Close()
	b.tick()
	b.Screen.Paste = func() string { return " \n" }
	b.Opened.Paste()
	if !strings.Contains(b.Notices.Toast.Text, "no text on the clipboard") {
		t.Errorf("said %q", b.Notices.Toast.Text)
	}
}

// A file that is named before there is an engine is opened as soon as there is.
func TestOpenBeforeTheEngine(t *testing.T) {
	b := newBench(t)
	b.Raised([]string{"/a.har"})
	var opened string
	b.attachWith(t, func() {
		b.engine.OpenFile = func(_ context.Context, path string, _ capture.Progress) (capture.Opening, error) {
			opened = path
			return capture.Opening{}, errors.New("no")
		}
	})
	if opened != "/a.har" {
		t.Errorf("opened %q", opened)
	}
}

// A proof of what was redacted is not checked again, and one of a stranger's file
// is not believed.
func TestImportedProof(t *testing.T) {
	for _, tt := range []struct {
		name         string
		status       capture.Status
		redacted     bool
		title, head  string
		tone         Tone
		credentials  bool
		wantsCompare bool
	}{
		{"valid and redacted", capture.Valid, true, "Valid when captured; body redacted since", "HMAC valid when captured, redacted since", Secondary, false, false},
		{"invalid and redacted", capture.Invalid, true, "Did not match when captured; body redacted since", "HMAC did not match when captured", Warn, false, false},
		{"valid, says the file", capture.Valid, false, "HMAC valid, raw body, says the file", "HMAC valid, raw body, says the file", Warn, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, p := openBench(t)
			p.change = func(x *capture.Exchange) {
				x.Import.Redacted, x.Import.Mac = tt.redacted, "0123"
				x.Endpoint = "/kornitx/dispatched"
				x.Request.Target = "/kornitx/dispatched"
				x.Request.Header = capture.Fields{{Name: "X-CustomGateway-Hmac", Value: "deadbeef"}}
				if tt.redacted {
					x.Request.Header = capture.Fields{{Name: "X-CustomGateway-Hmac", Value: "signature-removed"}}
				}
				x.Annotation.Provider = "kornitx"
				x.Annotation.Verification = capture.Verification{
					Status: tt.status, Scheme: "hmac-sha256", Header: "X-CustomGateway-Hmac", Signed: "raw body", Reason: "valid when captured; body redacted since",
				}
			}
			b.Opened.Files([]string{"/a.hookglass"})
			b.tick()
			b.List.Select(b.List.idAt(0))
			b.tick()
			view := b.Detail.Proof.View
			if view.Title != tt.title || view.Tone != tt.tone || (view.Compare != nil) != tt.wantsCompare {
				t.Errorf("proof %q %v %+v", view.Title, view.Tone, view.Compare)
			}
			if head := b.Detail.Page.Head; head.Verdict != tt.head || head.VerdictTone != tt.tone {
				t.Errorf("head %q %v", head.Verdict, head.VerdictTone)
			}
			if got := len(b.Detail.Proof.Credentials) > 0; got != tt.credentials {
				t.Errorf("keys can be added: %v", got)
			}
			for _, fact := range view.Facts {
				if tt.redacted && strings.Contains(fact.Label, "SHA-256") {
					t.Errorf("a sum of what is not what was captured: %+v", fact)
				}
			}
			if !b.Commands.Find("callback.resend").Enabled() && b.engine.ResendAs != nil {
				t.Error("it cannot be resent")
			}
		})
	}
}

// A file of which all is here already leaves nothing behind: the session before it is
// shown again, with its callbacks.
func TestImportOfDuplicates(t *testing.T) {
	b, _ := openBench(t)
	b.engine.ImportOpened = func(ctx context.Context, how capture.Importing, _ capture.Progress) (capture.ImportReport, error) {
		return capture.ImportReport{Duplicates: 1}, b.engine.Store.RemoveSession(ctx, how.Session)
	}
	b.Opened.Files([]string{"/a.har"})
	b.tick()
	b.wantRows(t, "/file/2 200; /file/1 200")
	b.Opened.Import()
	b.tick()
	b.tick()
	b.wantRows(t, "/x/1 200")
	if want := "Nothing was imported: 1 callback was here already."; b.Notices.Toast.Text != want {
		t.Errorf("said %q, want %q", b.Notices.Toast.Text, want)
	}
}
