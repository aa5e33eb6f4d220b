package viewmodel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/capture/redact"
)

// sharer stands for the engine where files are written.
type sharer struct {
	mu                 sync.Mutex // a preview may begin before the one before has ended
	previewed, written []capture.Sharing
	changes            []redact.Change
	report             capture.SharingReport
	fails              error
	hold               chan struct{} // writing waits for it, or for its end
	paths              []string
	asked              []string // names that were suggested
}

// shareBench is a bench with three callbacks whose engine writes files.
func shareBench(t *testing.T) (*listBench, *sharer) {
	t.Helper()
	p := &sharer{
		changes: []redact.Change{
			{Exchange: 1, Where: "header Authorization", Kind: "secret", Before: "Bearer hush\x1b", After: "secret-1"},
			{Exchange: 1, Where: "body $.phone", Kind: "phone", Before: "+37120000000", After: "+00000000001"},
			{Exchange: 2, Where: "body $.phone", Kind: "phone", Before: "+37120000000", After: "+00000000001"},
			{Where: "note", Kind: "email", Before: "jane@example.com", After: "person-1@redacted.example"},
		},
		report: capture.SharingReport{Exchanges: 3, Bytes: 4_200, Replaced: map[string]int64{"secret": 1, "phone": 2, "email": 1}},
	}
	b := &listBench{bench: newBench(t)}
	b.List.after = func(_ time.Duration, f func()) { b.later(f) }
	b.Share.after = b.List.after
	b.Screen.SaveTo = func(name string, write func(path string)) {
		p.asked = append(p.asked, name)
		write("/tmp/" + name)
	}
	b.attachWith(t, func() {
		b.engine.PreviewShare = func(ctx context.Context, s capture.Sharing, each func(redact.Change), progress capture.Progress) (capture.SharingReport, error) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.previewed = append(p.previewed, s)
			for i, c := range p.changes {
				each(c)
				progress(int64(i), int64(len(p.changes)))
			}
			return p.report, errors.Join(p.fails, ctx.Err())
		}
		b.engine.WriteShare = func(ctx context.Context, s capture.Sharing, path string, progress capture.Progress) (capture.SharingReport, error) {
			p.written = append(p.written, s)
			p.paths = append(p.paths, path)
			progress(1, 3)
			if p.hold != nil {
				select {
				case <-p.hold:
				case <-ctx.Done():
					return capture.SharingReport{}, ctx.Err()
				}
			}
			report := p.report
			report.Path = path
			return report, p.fails
		}
	})
	b.tick()
	b.comes(t, 3)
	return b, p
}

// listed are the changes that are listed.
func (b *listBench) listed() string {
	var rows []string
	for i := range b.Share.Len() {
		c := b.Share.Row(i)
		rows = append(rows, strings.TrimSpace(fmt.Sprintf("%s %s: %s > %s", c.Callback, c.Where, c.Before, c.After)))
	}
	return strings.Join(rows, "; ")
}

func TestSharePreview(t *testing.T) {
	b, p := shareBench(t)
	s := b.Share
	if !b.Commands.Press("Mod+E") || b.Dialog != DialogShare {
		t.Fatalf("Mod+E opened dialog %d", b.Dialog)
	}
	if s.CanWrite() {
		t.Error("it can be written before its changes were shown")
	}
	b.tick()
	want := "#1 header Authorization: •••••••• > secret-1; #1 body $.phone: +37120000000 > +00000000001; " +
		"#2 body $.phone: +37120000000 > +00000000001; note: jane@example.com > person-1@redacted.example"
	if got := b.listed(); got != want {
		t.Errorf("changes\n got %s\nwant %s", got, want)
	}
	var counts []string
	for _, c := range s.Counts() {
		counts = append(counts, c.Text)
	}
	if got := strings.Join(counts, ", "); got != "1 secret, 2 phones, 1 e-mail" {
		t.Errorf("counts %s", got)
	}
	s.ShowRow(0)
	if got := s.Row(0).Before; got != `Bearer hush\u{1b}` {
		t.Errorf("the secret after a click: %q", got)
	}
	s.ShowRow(1) // no secret: nothing to show
	s.Choose("phone")
	if s.Len() != 2 || s.Row(1).Callback != "#2" {
		t.Errorf("only phones: %s", b.listed())
	}
	s.Choose("phone")
	s.ShowRow(0)
	s.ShowSecrets(true)
	if got := s.Row(0).Before; !strings.Contains(got, "hush") {
		t.Errorf("with all secrets shown: %q", got)
	}
	if got := p.previewed[0]; got.Redact != "secrets" || got.Format != "bundle" || got.Session != b.Sessions.Shown || len(got.IDs) != 0 {
		t.Errorf("previewed %+v", got)
	}
	b.Open(NoDialog)
	if s.Len() != 0 {
		t.Error("what must not leave is kept after the dialog is closed")
	}
}

func TestShareFields(t *testing.T) {
	b, p := shareBench(t)
	s := b.Share
	for _, tt := range []struct {
		name    string
		change  func(f *ShareFields)
		redact  string
		problem string
	}{
		{"personal", func(f *ShareFields) { f.Profile = "personal" }, "personal", ""},
		{"custom", func(f *ShareFields) {
			f.Profile, f.Persons, f.Paths, f.Headers, f.Regexes = "custom", false, "$.a\n\n items[].b ", "X-Shop", "INV-[0-9]{2,3}"
		}, "secrets,path:$.a,path:items[].b,header:X-Shop,regex:INV-[0-9]{2,3}", ""},
		{"custom with persons", func(f *ShareFields) { f.Profile, f.Persons, f.Paths = "custom", true, "$.a" }, "personal,path:$.a", ""},
		{"bad pattern", func(f *ShareFields) { f.Profile, f.Regexes = "custom", "(" }, "", "attern"},
		{"none looks for everything", func(f *ShareFields) { f.Profile = "none" }, "personal", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.OpenWith(nil)
			b.tick()
			s.Change(func(f *ShareFields) { *f = ShareFields{Scope: f.Scope, Format: "har", Profile: "secrets"} })
			b.tick()
			before := len(p.previewed)
			s.Change(tt.change)
			b.tick()
			if tt.problem != "" {
				if !strings.Contains(s.Problem, tt.problem) || s.CanWrite() || len(p.previewed) != before {
					t.Errorf("problem %q, can write %v", s.Problem, s.CanWrite())
				}
				return
			}
			if got := p.previewed[len(p.previewed)-1].Redact; got != tt.redact || s.Problem != "" {
				t.Errorf("redact %q, want %q; %s", got, tt.redact, s.Problem)
			}
		})
	}
}

func TestShareScopes(t *testing.T) {
	b, p := shareBench(t)
	s := b.Share
	last := func() capture.Sharing { return p.previewed[len(p.previewed)-1] }
	scopes := func() string {
		var all []string
		for _, c := range s.Scopes() {
			all = append(all, c.Title)
		}
		return strings.Join(all, ", ")
	}
	b.List.SelectAll()
	s.Open()
	b.tick()
	if got := last(); len(got.IDs) != 3 || scopes() != "3 selected, The whole session" {
		t.Errorf("selected: %v of %s", got.IDs, scopes())
	}
	b.Open(NoDialog)
	b.List.Select(b.List.idAt(0))
	b.List.SetFilter("/x/2")
	b.tick()
	b.tick()
	s.Open()
	b.tick()
	if got := last(); got.Filter != "/x/2" || len(got.IDs) != 0 || scopes() != "What is listed, The whole session" {
		t.Errorf("filtered: %+v of %s", got, scopes())
	}
	b.Open(NoDialog)
	b.List.ClearFilter()
	b.List.Pin()
	b.tick()
	b.List.SetView(ViewPinned)
	b.tick()
	s.Open()
	b.tick()
	if got := last(); len(got.IDs) != 1 || got.Filter != "" {
		t.Errorf("a view: %+v", got)
	}
	s.Change(func(f *ShareFields) { f.Scope = ScopeSession })
	b.tick()
	if got := last(); len(got.IDs) != 0 || got.Filter != "" {
		t.Errorf("the session: %+v", got)
	}
}

func TestShareWrites(t *testing.T) {
	b, p := shareBench(t)
	s := b.Share
	s.Open()
	b.tick()
	s.Change(func(f *ShareFields) { f.Sharer, f.Note, f.Rules, f.Keyed = " Jane ", "look at 2", true, true })
	if s.CanWrite() {
		t.Error("it can be written before the new preview")
	}
	b.tick()
	b.tick()
	s.Write()
	b.tick()
	if len(p.written) != 1 || b.Dialog != NoDialog {
		t.Fatalf("written %d, dialog %d, problem %q", len(p.written), b.Dialog, s.Problem)
	}
	if got := p.written[0]; got.Sharer != "Jane" || got.Note != "look at 2" || !got.Rules || !got.Keyed || got.Redact != "secrets" {
		t.Errorf("written %+v", got)
	}
	if !strings.HasSuffix(p.asked[0], "-2026-03-04.hookglass") || strings.ContainsAny(p.asked[0], "/\\ ") {
		t.Errorf("suggested %q", p.asked[0])
	}
	if text := b.Notices.Toast.Text; !strings.HasPrefix(text, "Wrote ") || !strings.HasSuffix(text, "-2026-03-04.hookglass: 3 callbacks, 4 values replaced.") {
		t.Errorf("said %q", text)
	}
	if b.Preferences.Sharer != " Jane " {
		t.Errorf("remembered %q", b.Preferences.Sharer)
	}
}

func TestShareNothingTakenOut(t *testing.T) {
	b, p := shareBench(t)
	s := b.Share
	s.Open()
	s.Change(func(f *ShareFields) { f.Profile = "none" })
	b.tick()
	if got := s.Row(1).After; got != "goes along" {
		t.Errorf("a value that stays: %q", got)
	}
	s.Write()
	if b.Confirmation == nil || !b.Confirmation.Danger || !strings.Contains(b.Confirmation.Detail, "1 secret, 2 phones and 1 e-mail") {
		t.Fatalf("asked %+v", b.Confirmation)
	}
	b.Answered(false)
	b.tick()
	if len(p.written) != 0 {
		t.Fatal("it was written after a no")
	}
	s.Write()
	b.Answered(true)
	b.tick()
	if len(p.written) != 1 || p.written[0].Redact != "none" {
		t.Errorf("written %+v", p.written)
	}
	if !strings.Contains(b.Notices.Toast.Text, "nothing taken out") {
		t.Errorf("said %q", b.Notices.Toast.Text)
	}
	s.Open()
	if s.Profile != "secrets" {
		t.Errorf("nothing is taken out the next time too: %s", s.Profile)
	}
}

func TestShareStops(t *testing.T) {
	b, p := shareBench(t)
	s := b.Share
	p.hold = make(chan struct{})
	s.Open()
	b.tick()
	s.Write()
	if !s.Writing {
		t.Fatal("it is not written")
	}
	before := s.ShareFields
	s.Change(func(f *ShareFields) { f.Format = "har" })
	if s.ShareFields != before {
		t.Error("the format changed while it was written")
	}
	b.Open(NoDialog)
	if place := b.Sessions.Place(); !place.Busy || len(place.Actions) != 1 {
		t.Errorf("with the dialog closed it is not told: %+v", place)
	}
	s.Stop()
	b.tick()
	if s.Writing || b.Notices.Toast.Text != "Nothing was written." {
		t.Errorf("writing %v, said %q", s.Writing, b.Notices.Toast.Text)
	}
	s.Again()
	s.Stop()
	b.tick()
	if !s.Stopped || s.CanWrite() || s.Len() != 0 {
		t.Errorf("stopped %v, %d listed", s.Stopped, s.Len())
	}
	s.Again()
	b.tick()
	if s.Stopped || !s.CanWrite() {
		t.Error("it does not look again")
	}
	p.report.Exchanges = 0
	s.Again()
	b.tick()
	if !s.Nothing() || s.CanWrite() || s.Told() != "There is no callback in it. Show another session, or another filter." {
		t.Errorf("of nothing it tells %q", s.Told())
	}
	p.hold, p.fails = nil, errors.New("the disk is full")
	s.Open()
	b.tick()
	if s.CanWrite() || s.Problem != "The disk is full." {
		t.Errorf("problem %q", s.Problem)
	}
}

func TestShareListsABoundedNumber(t *testing.T) {
	b, p := shareBench(t)
	p.changes = slices.Repeat([]redact.Change{{Kind: "name", Where: strings.Repeat("w", 1000), Before: strings.Repeat("ä", 1000)}}, maxShareChanges+10)
	b.Share.Open()
	b.tick()
	if n := b.Share.Len(); n != maxShareChanges {
		t.Errorf("%d listed", n)
	}
	if told := b.Share.Told(); !strings.Contains(told, "100 010 values") || !strings.Contains(told, "first 100 000 are listed") {
		t.Errorf("told %q", told)
	}
	if row := b.Share.Row(0); len(row.Before) > maxChangeText+8 {
		t.Errorf("%d bytes of a value are kept", len(row.Before))
	}
}

func TestCopyAs(t *testing.T) {
	b, _ := shareBench(t)
	var asked []capture.Sharing
	b.engine.ShareText = func(_ context.Context, s capture.Sharing) (string, error) {
		asked = append(asked, s)
		return "text of " + s.Format + "\n\n", nil
	}
	b.List.Select(b.List.idAt(0))
	for _, tt := range []struct{ id, format, redact, said string }{
		{"callback.copy.raw", "raw", "none", "Copied as a raw HTTP request. Secrets that came along are in there."},
		{"callback.copy.json", "jsonl", "none", "Copied as JSON. Secrets that came along are in there."},
		{"callback.copy.markdown", "md", "personal", "Copied as Markdown. Secrets and personal data were taken out."},
	} {
		if !b.Commands.Do(tt.id) {
			t.Errorf("%s cannot be done", tt.id)
		}
		b.tick()
		last := asked[len(asked)-1]
		if last.Format != tt.format || last.Redact != tt.redact || len(last.IDs) != 1 || b.copied != "text of "+tt.format+"\n" {
			t.Errorf("%s: %+v, copied %q", tt.id, last, b.copied)
		}
		if b.Notices.Toast.Text != tt.said {
			t.Errorf("%s said %q", tt.id, b.Notices.Toast.Text)
		}
	}
	b.List.SelectAll()
	b.Commands.Do("callback.curl")
	b.tick()
	if last := asked[len(asked)-1]; last.Format != "curl" || len(last.IDs) != 3 || b.Notices.Toast.Text != "Copied 3 callbacks as curl commands. Secrets that came along are in there." {
		t.Errorf("several: %+v, said %q", last, b.Notices.Toast.Text)
	}
	if entries := b.CopyEntries(); len(entries) != 10 || entries[0].Keys != "c" {
		t.Errorf("menu %+v", entries)
	}
}
