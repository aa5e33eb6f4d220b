package ui

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"hookglass/capture"
	"hookglass/store"
	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// rowsOfEveryKind are rows that look each in its own way.
func rowsOfEveryKind() []viewmodel.Row {
	row := func(method, path, provider string, hue int, event, answer string, tone viewmodel.Tone) viewmodel.Row {
		return viewmodel.Row{
			ID: 1, Method: method, Path: path, Provider: provider, Hue: hue, Event: event,
			VerdictIcon: "shield-check", VerdictTone: viewmodel.Good, Answer: answer, AnswerTone: tone,
			Time: "10:42:18", Meta: "496 B · 84 ms · attempt 2 · Dispatched · order 3165671600",
		}
	}
	selected := row("PUT", "/kornitx/orders", "KornitX", 1, "order.dispatched", "503", viewmodel.Bad)
	selected.Selected, selected.Current = true, true
	also := row("PUT", "/klix/purchases", "Klix", 2, "purchase.paid", "200", viewmodel.Good)
	also.Selected, also.Pinned = true, true
	plain := row("POST", "/mintsoft/despatched", "Mintsoft", 3, "order.despatched", "200", viewmodel.Good)
	probo := row("POST", "/probo", "Probo", 4, "order.shipment_in_transit", "pending", viewmodel.Muted)
	probo.VerdictIcon, probo.OriginIcon = "", "flask-conical"
	komet := row("POST", "/komet/confirm", "Komet Sales", 5, "order.confirmation", "K:0", viewmodel.Warn)
	komet.Day = "Yesterday"
	failed := row("PUT", "/klix/purchases", "Klix", 2, "purchase.failed", "400", viewmodel.Warn)
	failed.VerdictIcon, failed.VerdictTone, failed.Attempt, failed.Cut = "shield-x", viewmodel.Bad, "#12", true
	refused := row("OPTIONS", "/hooks/unknown/with/a/path/that/is/much/too/long", "Unknown sender", 6, "", "refused 400", viewmodel.Warn)
	refused.VerdictIcon, refused.OriginIcon, refused.Pinned = "", "rotate-cw", true
	current := row("DELETE", "/a", "Klix", 2, "a.very.long.name.of.an.event.that.does.not.fit", "failed", viewmodel.Bad)
	current.Selected, current.Current, current.Day = true, true, "Wednesday 31 December 2025"
	return []viewmodel.Row{
		selected, also, plain, probo, komet, failed, refused, current,
		{Kind: viewmodel.RowWaiting, ID: 2},
		{Kind: viewmodel.RowOlder, Title: "Older callbacks …"},
	}
}

func TestRowsLook(t *testing.T) {
	for _, look := range looks {
		for _, meta := range []bool{false, true} {
			name, pitch := "rows-"+look.name, float32(rowPitch)
			if meta {
				name, pitch = "rows-meta-"+look.name, rowPitchMeta
			}
			t.Run(name, func(t *testing.T) {
				app := test.NewTempApp(t)
				app.Settings().SetTheme(kit.NewTheme(look.appearance))
				rows := rowsOfEveryKind()
				free := container.NewWithoutLayout()
				for i, row := range rows {
					view := newRowView()
					view.Resize(fyne.NewSize(372, pitch))
					view.Move(fyne.NewPos(0, float32(i)*pitch))
					view.set(row, i == 2 || i == 6, meta)
					free.Add(view)
				}
				w := test.NewTempWindow(t, kit.Fill(kit.ColorPanel, free))
				w.SetPadded(false)
				w.Resize(fyne.NewSize(372, float32(len(rows))*pitch))
				test.AssertImageMatches(t, "list/"+name+".png", w.Canvas().Capture())
			})
		}
	}
}

var looks = []struct {
	name       string
	appearance kit.Appearance
}{{"dark", kit.Dark}, {"light", kit.Light}}

// listScene is the list with the sidebar beside it.
type listScene struct {
	*detailBench
	pane   *listPane
	window fyne.Window
}

func newListScene(t *testing.T, appearance kit.Appearance) *listScene {
	t.Helper()
	fyneApp := test.NewTempApp(t)
	fyneApp.Settings().SetTheme(kit.NewTheme(appearance))
	s := &listScene{detailBench: newDetailBench(t)}
	s.pane = newListPane(s.App)
	side := kit.Frame(nil, nil, nil, kit.VLine(), kit.Fixed(196, 0, newSidebar(s.App)))
	s.window = test.NewTempWindow(t, kit.Frame(nil, nil, side, nil, s.pane))
	s.window.SetPadded(false)
	s.window.Resize(fyne.NewSize(196+372, 620))
	return s
}

// come keeps callbacks and tells the window.
func (s *listScene) come(t *testing.T, n int) {
	t.Helper()
	kinds := []struct{ method, path, provider, event string }{
		{"PUT", "/kornitx/orders", "kornitx", "order.dispatched"},
		{"PUT", "/klix/purchases", "klix", "purchase.paid"},
		{"POST", "/mintsoft/despatched", "mintsoft", "order.despatched"},
		{"POST", "/probo", "probo", "order.shipment_in_transit"},
		{"POST", "/komet/confirm", "komet", "order.confirmation"},
		{"POST", "/hooks/unknown", "", ""},
	}
	for i := range n {
		kind := kinds[i%len(kinds)]
		x := &capture.Exchange{
			Via: capture.ViaLocal, State: capture.StateReceived,
			Request: capture.Request{
				Received: s.now.Add(time.Duration(i-n) * time.Minute), Method: kind.method, Target: kind.path, Proto: "HTTP/1.1",
				Head: []byte("POST / HTTP/1.1\r\nHost: a\r\n\r\n"), Size: 496,
			},
		}
		if err := s.db.Create(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		s.Arrived(x, store.Request)
		x.State = capture.StateAnswered
		x.Response = &capture.Response{Status: 200, By: capture.ByPreset, Timing: capture.Timing{Answered: s.now, Took: 4 * time.Millisecond}}
		x.Annotation = capture.Annotation{
			Provider: kind.provider, Event: kind.event, Summary: "Dispatched · order " + fmt.Sprint(1000+i), Attempt: 1,
			Verification: capture.Verification{Status: capture.Valid, Scheme: "kornitx-hmac-sha256"},
		}
		if i%7 == 3 {
			x.Response.Status, x.Annotation.Verification.Status = 503, capture.Invalid
		}
		if err := s.db.Update(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		if err := s.db.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Arrived(x, store.Outcome)
	}
}

// all reports whether every row in view is there.
func (s *listScene) all() bool {
	first, last := s.pane.rows.VisibleRange()
	for i := first; i < last; i++ {
		if row := s.List.Row(i); row.Kind == viewmodel.RowWaiting || row.Answer == "pending" {
			return false
		}
	}
	return s.List.Len() > 0 && s.counted() && s.Histogram.Current()
}

// counted reports whether the sidebar's senders add up to all callbacks: what
// arrives is counted ahead, and exactly a moment later.
func (s *listScene) counted() bool {
	senders, total := 0, ""
	for _, section := range s.Sidebar.Sections() {
		for _, item := range section.Items {
			n, _ := strconv.Atoi(item.Count) // "" is none
			switch {
			case item.View == viewmodel.ViewAll:
				total = item.Count
			case section.Title == "Providers":
				senders += n
			}
		}
	}
	return strconv.Itoa(senders) == total && total == strconv.Itoa(s.List.Len()+s.List.Waiting)
}

func TestListLooks(t *testing.T) {
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			s := newListScene(t, look.appearance)
			s.come(t, 24)
			s.run(t, func() bool { return s.List.Len() == 24 && s.all() })
			s.List.Tap(0, false, false)
			test.AssertImageMatches(t, "list/list-"+look.name+".png", s.window.Canvas().Capture())
		})
	}
}

// TestListPill has callbacks come in while the reader is further down.
func TestListPill(t *testing.T) {
	s := newListScene(t, kit.Dark)
	s.come(t, 24)
	s.run(t, func() bool { return s.List.Len() == 24 && s.all() })
	s.pane.rows.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -3*rowPitch-10)})
	if top, _ := s.pane.rows.Top(); top != 3 || s.List.Following {
		t.Fatalf("top %d, following %t", top, s.List.Following)
	}
	s.come(t, 2)
	s.run(t, func() bool { return s.List.Len() == 26 && s.all() })
	if top, rest := s.pane.rows.Top(); top != 5 || rest != 10 {
		t.Errorf("top %d and %v pixels, want 5 and 10", top, rest)
	}
	if !s.pane.float.Visible() {
		t.Error("no pill")
	}
	test.AssertImageMatches(t, "list/list-pill.png", s.window.Canvas().Capture())
	test.Tap(s.pane.pill)
	if !s.pane.rows.AtTop() || s.pane.float.Visible() {
		t.Error("the pill does not lead to the top")
	}
}

func TestListStates(t *testing.T) {
	s := newListScene(t, kit.Dark)
	s.run(t, func() bool { return s.List.Empty().Kind == viewmodel.EmptyFirst })
	s.come(t, 3)
	s.run(t, func() bool { return s.List.Len() == 3 && s.all() })
	s.List.Pause()
	s.come(t, 2)
	s.run(t, func() bool { return s.List.Waiting == 2 && s.all() })
	s.List.SelectAll()
	test.AssertImageMatches(t, "list/list-paused.png", s.window.Canvas().Capture())
	s.List.Pause()
	s.List.SetFilter("nowhere to be seen")
	s.run(t, func() bool { return s.List.Empty().Kind == viewmodel.EmptyFiltered && s.Histogram.Current() })
	test.AssertImageMatches(t, "list/list-filtered.png", s.window.Canvas().Capture())
}

// TestSelectedRowStaysInView walks down with the keyboard.
func TestSelectedRowStaysInView(t *testing.T) {
	s := newListScene(t, kit.Light)
	s.come(t, 30)
	s.run(t, func() bool { return s.List.Len() == 30 && s.all() })
	for range 20 {
		s.Commands.Press("j")
	}
	first, last := s.pane.rows.VisibleRange()
	if current := s.List.Row(19); !current.Current || first > 19 || last <= 19 {
		t.Errorf("row 19 is current: %t; rows %d to %d are in view", current.Current, first, last)
	}
	s.Commands.Press("g")
	if top, _ := s.pane.rows.Top(); top != 0 {
		t.Errorf("top %d after g", top)
	}
}
