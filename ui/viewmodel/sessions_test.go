package viewmodel

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// names are the rows of the sessions: titles in brackets, * what is captured into,
// > what is shown.
func (b *listBench) names() string {
	var all []string
	for _, row := range b.Sessions.Rows {
		name := row.Title
		if row.ID == 0 {
			name = "[" + strings.ToLower(name) + "]"
		}
		if row.Active {
			name = "*" + name
		}
		if row.Shown {
			name = ">" + name
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

func (b *listBench) wantNames(t *testing.T, want string) {
	t.Helper()
	b.tick()
	if got := b.names(); got != want {
		t.Errorf("sessions\n got %s\nwant %s", got, want)
	}
}

// session is the ID of the session with a name.
func (b *listBench) session(t *testing.T, name string) int64 {
	t.Helper()
	for _, row := range b.Sessions.Rows {
		if row.Title == name {
			return row.ID
		}
	}
	t.Fatalf("there is no session %q among %s", name, b.names())
	return 0
}

// rename gives the active session a name.
func (b *listBench) rename(t *testing.T, id int64, name string) {
	t.Helper()
	s := b.Sessions
	s.Choose(id)
	s.Change(func(f *SessionFields) { f.Name = name })
	s.Save()
	b.tick()
	if s.find(id).Name != name {
		t.Fatalf("the name is %q: %q", s.find(id).Name, s.Draft.Problem)
	}
}

func TestSessions(t *testing.T) {
	b := newListBench(t)
	s := b.Sessions
	if !s.Live() || s.Shown == 0 || s.Place().Title != "" {
		t.Fatalf("shown %d, live %v, place %+v", s.Shown, s.Live(), s.Place())
	}
	b.comes(t, 2)
	if !b.Commands.Press("s") || b.Dialog != DialogSessions {
		t.Fatalf("s opened dialog %d", b.Dialog)
	}
	b.tick()
	first := s.Shown
	b.rename(t, first, "Monday")
	b.wantNames(t, "[sessions] >*Monday")
	if row := s.Rows[1]; !strings.HasPrefix(row.Note, "2 callbacks · today 10:42") || row.Mark != "capturing" {
		t.Errorf("row %+v", row)
	}
	if s.Card.CanArchive || s.Card.CanDelete || s.Card.WhyNot == "" {
		t.Errorf("the active one can be put away: %+v", s.Card)
	}

	s.Key("n")
	b.tick()
	second := s.Shown
	b.rename(t, second, "Tuesday")
	b.wantNames(t, "[sessions] >*Tuesday Monday")
	b.wantRows(t, "")
	b.comes(t, 1)
	b.wantRows(t, "/x/3 200")

	b.Open(NoDialog)
	s.Show(first)
	b.tick()
	b.wantRows(t, "/x/2 200; /x/1 200")
	if place := s.Place(); place.Text != "What is captured goes to “Tuesday”, not here." || len(place.Actions) != 2 {
		t.Errorf("place %+v", place)
	}
	b.comes(t, 1) // elsewhere
	b.wantRows(t, "/x/2 200; /x/1 200")
	if title, count := b.List.Heading(); count != "2" {
		t.Errorf("heading %q %q", title, count)
	}

	if !b.Commands.Do("sessions.capture") {
		t.Error("cannot capture into what is shown")
	}
	b.wantNames(t, "[sessions] >*Monday Tuesday")
	b.comes(t, 1)
	b.wantRows(t, "/x/5 200; /x/2 200; /x/1 200")
	b.Notices.Toast.Run()
	b.wantNames(t, "[sessions] *Tuesday >Monday")
}

func TestSessionsPutAway(t *testing.T) {
	b := newListBench(t)
	s := b.Sessions
	first := s.Shown
	b.rename(t, first, "Old")
	b.comes(t, 2)
	s.New()
	b.tick()
	b.rename(t, s.Shown, "New")
	for _, tt := range []struct {
		name string
		do   func()
		want string
	}{
		{"the active one stays", func() { s.Archive(s.Shown); s.Delete(s.Shown) }, "[sessions] >*New Old"},
		{"archive", func() { s.Archive(first) }, "[sessions] >*New [archived] Old"},
		{"undo", func() { b.Notices.Toast.Run() }, "[sessions] >*New Old"},
		{"archive again", func() { s.Archive(first) }, "[sessions] >*New [archived] Old"},
		{"restore", func() { s.Restore(first) }, "[sessions] >*New Old"},
		{"show it", func() { s.Show(first) }, "[sessions] *New >Old"},
		{"delete what is shown", func() { s.Delete(first) }, "[sessions] >*New [deleted, until the next start] Old"},
		{"undo that", func() { b.Notices.Toast.Run() }, "[sessions] *New >Old"},
		{"delete it again", func() { s.Delete(first) }, "[sessions] >*New [deleted, until the next start] Old"},
		{"a deleted one is not captured into", func() { s.Capture(first) }, "[sessions] >*New [deleted, until the next start] Old"},
		{"restore it", func() { s.Restore(first) }, "[sessions] >*New Old"},
	} {
		tt.do()
		b.tick()
		if got := b.names(); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	s.Show(first)
	b.tick()
	b.wantRows(t, "/x/2 200; /x/1 200")
}

func TestClearActsOnTheShownSession(t *testing.T) {
	b := newListBench(t)
	s := b.Sessions
	first := s.Shown
	b.comes(t, 2)
	s.New()
	b.tick()
	second := s.Shown
	b.comes(t, 2)
	b.List.Clear()
	b.tick()
	b.wantRows(t, "")
	if text := b.Notices.Toast.Text; text != "Cleared 2 callbacks." {
		t.Errorf("said %q", text)
	}
	undo := b.Notices.Toast.Run
	s.Show(first)
	b.tick()
	b.wantRows(t, "/x/2 200; /x/1 200")
	s.Show(second)
	b.tick()
	undo()
	b.tick()
	b.wantRows(t, "/x/4 200; /x/3 200")
}

func TestSessionKeep(t *testing.T) {
	b := newListBench(t)
	s := b.Sessions
	b.comes(t, 5)
	s.Open()
	b.tick()
	for _, tt := range []struct {
		count, bytes, age string
		want              capture.Keep
		problem           string
	}{
		{"", "", "", capture.Keep{}, ""},
		{"1 000", "200 MB", "30", capture.Keep{Exchanges: 1000, Bytes: 200 << 20, Age: 30 * aDay}, ""},
		{"", "1GB", "2 weeks", capture.Keep{Bytes: 1 << 30, Age: 14 * aDay}, ""},
		{"", "", "12 h", capture.Keep{Age: 12 * time.Hour}, ""},
		{"none", "", "", capture.Keep{}, "number from 1"},
		{"0", "", "", capture.Keep{}, "number from 1"},
		{"", "much", "", capture.Keep{}, "size"},
		{"", "", "soon", capture.Keep{}, "Write days"},
		{"", "", "-3", capture.Keep{}, "Write days"},
	} {
		f := SessionFields{Exchanges: tt.count, Bytes: tt.bytes, Age: tt.age}
		keep, problem := f.parseKeep()
		if problem == "" && keep != tt.want {
			t.Errorf("%+v: %+v, want %+v", f, keep, tt.want)
		}
		if (problem == "") != (tt.problem == "") || !strings.Contains(strings.ToLower(problem), strings.ToLower(tt.problem)) {
			t.Errorf("%+v: problem %q, want %q", f, problem, tt.problem)
		}
		if again := fieldsOf(&capture.Session{Keep: tt.want}); problem == "" {
			if back, problem := again.parseKeep(); problem != "" || back != tt.want {
				t.Errorf("%+v is written %+v and read %+v %s", tt.want, again, back, problem)
			}
		}
	}
	s.Change(func(f *SessionFields) { f.Exchanges = "2" })
	if s.CanSave() {
		t.Error("it can be saved before it is known what would be dropped")
	}
	b.tick()
	if !strings.HasPrefix(s.Draft.Drops, "3 callbacks (") || !s.CanSave() {
		t.Fatalf("drops %q", s.Draft.Drops)
	}
	s.Save()
	b.tick()
	if b.Confirmation == nil || !strings.Contains(b.Confirmation.Detail, "3 callbacks") {
		t.Fatalf("nothing was asked: %+v", b.Confirmation)
	}
	b.Answered(true)
	b.tick()
	if keep := s.find(s.At).Keep; keep != (capture.Keep{Exchanges: 2}) {
		t.Errorf("kept %+v", keep)
	}
	s.Change(func(f *SessionFields) { f.Name = " " })
	if s.CanSave() || s.Draft.Problem == "" {
		t.Error("a session without a name can be saved")
	}
}

// What is typed is left alone while others change sessions, and a name that was
// typed is kept when the reader goes on.
func TestSessionDraft(t *testing.T) {
	b := newListBench(t)
	s := b.Sessions
	first := s.Shown
	s.New()
	b.tick()
	s.Open()
	s.Choose(first)
	s.Change(func(f *SessionFields) { f.Note = "half a no" })
	s.look(nil)
	b.tick()
	if s.Draft.Note != "half a no" {
		t.Errorf("the note is %q", s.Draft.Note)
	}
	s.Choose(s.Shown)
	b.tick()
	if got := s.find(first).Note; got != "half a no" {
		t.Errorf("kept note %q", got)
	}
	s.Choose(first)
	s.Change(func(f *SessionFields) { f.Name = "First\u202e\x07" })
	s.Save()
	b.tick()
	if row := s.Rows[slices.IndexFunc(s.Rows, func(r SessionRow) bool { return r.ID == first })]; strings.ContainsAny(row.Title, "\u202e\x07") {
		t.Errorf("the name is obeyed: %q", row.Title)
	}
}

func TestSessionPublicAddress(t *testing.T) {
	b := &listBench{bench: newBench(t)}
	at := func(minutes int) time.Time { return b.now.Add(time.Duration(minutes) * time.Minute) }
	events := []capture.PublicEvent{
		{At: at(-5), State: capture.PublicOnline, URL: "https://two.ngrok.app"},
		{At: at(-20), State: capture.PublicReconnecting, URL: "https://one.ngrok.app", Reason: "the line\x1b is dead"},
		{At: at(-90), State: capture.PublicOnline, URL: "https://one.ngrok.app"},
		{At: at(-500), State: capture.PublicOff},
		{At: at(-900), State: capture.PublicOnline, URL: "https://long-gone.ngrok.app"},
	}
	b.List.after = func(_ time.Duration, f func()) { b.later(f) }
	b.attachWith(t, func() {
		b.engine.PublicEvents = func(context.Context, int) ([]capture.PublicEvent, error) { return slices.Clone(events), nil }
	})
	b.tick()
	b.come(t, nil)
	s := b.Sessions
	s.Open()
	b.tick()
	if s.Card.Hint != "No public address was open while it was filled." && len(s.Card.Public) == 0 {
		t.Errorf("card %+v", s.Card)
	}
	s.stats[s.At] = capture.SessionStats{Exchanges: 3, First: at(-60), Last: at(-1)}
	s.show()
	var told []string
	for _, line := range append(slices.Clone(s.Card.Public), s.Card.Gaps...) {
		told = append(told, line.When+" "+line.Text)
	}
	want := "online from 10:37 https://two.ngrok.app; online from 9:12 https://one.ngrok.app; 10:22 to 10:37 15 min: the line\\u{1b} is dead"
	got := strings.Join(told, "; ")
	if strings.ReplaceAll(got, "09:12", "9:12") != want {
		t.Errorf("told\n got %s\nwant %s", got, want)
	}
}

// The sessions of others are offered up to a bound, the shown one always.
func TestSessionMenu(t *testing.T) {
	b := newListBench(t)
	s := b.Sessions
	for i := range maxMenu + 4 {
		session := &capture.Session{Name: fmt.Sprintf("Session %d", i), State: capture.SessionOpen}
		if err := b.engine.Store.PutSession(t.Context(), session); err != nil {
			t.Fatal(err)
		}
	}
	s.look(nil)
	b.tick()
	if n := len(s.Menu()); n != maxMenu {
		t.Errorf("%d offered", n)
	}
	s.Show(b.session(t, "Session 0"))
	b.tick()
	menu := s.Menu()
	if !menu[0].Active || !menu[len(menu)-1].Shown || menu[len(menu)-1].Title != "Session 0" {
		t.Errorf("menu %+v", menu)
	}
}
