package viewmodel

import (
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

func TestDeleteAndUndo(t *testing.T) {
	b := newListBench(t)
	ids := b.comes(t, 4)
	b.List.Tap(1, false, false)
	b.Commands.Press("Delete")
	b.tick()
	b.wantRows(t, "/x/4 200; >/x/2 200; /x/1 200")
	if b.Detail.ID != ids[1] || b.Notices.Toast.Action != "Undo" || b.Notices.Toast.Text != "Deleted the callback." {
		t.Errorf("detail %d, toast %+v", b.Detail.ID, b.Notices.Toast)
	}
	b.Commands.Press("Mod+Z")
	b.tick()
	b.wantRows(t, "/x/4 200; /x/3 200; >/x/2 200; /x/1 200")
	if b.Commands.Press("Mod+Z") {
		t.Error("there is something more to undo")
	}
}

func TestPinnedOnesStay(t *testing.T) {
	b := newListBench(t)
	b.comes(t, 3)
	b.List.Tap(1, false, false)
	b.Commands.Press("p")
	b.tick()
	b.rows()
	if !b.List.Row(1).Pinned {
		t.Fatal("p does not pin")
	}
	b.Commands.Press("Mod+A")
	b.Commands.Press("Delete")
	b.tick()
	b.wantRows(t, ">/x/2 200")
	if got := b.Notices.Toast.Text; got != "Deleted 2 callbacks. Pinned ones stay." {
		t.Errorf("toast %q", got)
	}
	b.Notices.Toast.Run()
	b.tick()
	b.Notices.Toast.Run = nil
	if got := b.List.Len(); got != 3 {
		t.Errorf("%d rows after undo, want 3", got)
	}
	b.Commands.Press("Mod+L")
	b.tick()
	b.wantRows(t, ">/x/2 200")
	b.List.Select(b.List.window.newest())
	b.Commands.Press("Delete")
	b.tick()
	if got := b.Notices.Toast.Text; !strings.HasPrefix(got, "Pinned callbacks stay.") {
		t.Errorf("toast %q for a pinned one", got)
	}
}

func TestDeleteLeavesPinned(t *testing.T) {
	b := newListBench(t)
	for range 3 {
		b.come(t, nil)
	}
	b.tick()
	b.Commands.Press("g")
	b.Commands.Press("p")
	b.tick()
	kept := b.List.current
	b.Commands.Press("Shift+Down")
	b.Commands.Press("Delete")
	b.tick()
	b.wantRows(t, ">/x/3 200; /x/1 200")
	if b.List.current != kept || b.Detail.ID != kept {
		t.Errorf("list at %d, detail at %d, want %d: the other one is gone", b.List.current, b.Detail.ID, kept)
	}
}

func TestClear(t *testing.T) {
	b := newListBench(t)
	b.come(t, provider("klix"))
	b.come(t, provider("komet"))
	b.come(t, provider("klix"))
	b.tick()
	b.Sidebar.Select(ViewProvider + "klix")
	b.tick()
	b.Commands.Press("Mod+L")
	b.tick()
	if b.List.Len() != 0 || b.Notices.Toast.Text != "Cleared 2 callbacks." {
		t.Errorf("%d rows, toast %q", b.List.Len(), b.Notices.Toast.Text)
	}
	b.Sidebar.Select(ViewAll)
	b.tick()
	b.wantRows(t, "/x/2 200")
	b.Commands.Press("Mod+L")
	b.tick()
	if e := b.List.Empty(); e.Kind != EmptyFirst {
		t.Errorf("empty %+v", e)
	}
	b.come(t, nil)
	b.tick()
	b.wantRows(t, "/x/4 200")
	b.Commands.Press("Mod+Z")
	b.tick()
	b.wantRows(t, "/x/4 200; /x/2 200")
	b.Commands.Press("Mod+Z")
	b.tick()
	b.wantRows(t, "/x/4 200; /x/3 200; /x/2 200; /x/1 200")
}

func TestCopies(t *testing.T) {
	b := newListBench(t)
	b.come(t, func(x *capture.Exchange) { x.Request.Target = "/klix/o'k?token=verysecret" })
	b.tick()
	b.rows()
	if b.Commands.Press("c") {
		t.Error("c works without a callback")
	}
	b.Commands.Press("j")
	b.Commands.Press("c")
	b.settle()
	if !strings.Contains(b.copied, "curl") || !strings.HasPrefix(b.Notices.Toast.Text, "Copied as a curl command.") {
		t.Errorf("copied %q, toast %q", b.copied, b.Notices.Toast.Text)
	}
	b.Commands.Do("callback.path")
	if strings.Contains(b.copied, "verysecret") || b.copied == "" {
		t.Errorf("copied %q", b.copied)
	}
}

func TestParseTime(t *testing.T) {
	now := time.Date(2026, 3, 4, 10, 42, 18, 0, time.UTC)
	for _, test := range []struct{ text, want string }{
		{"10:42", "2026-03-04T10:42:59"},
		{" 9:05 ", "2026-03-04T09:05:59"},
		{"23:00", "2026-03-03T23:00:59"},
		{"10:42:07", "2026-03-04T10:42:07"},
		{"2026-03-01 10:42", "2026-03-01T10:42:59"},
		{"2026-03-01", "2026-03-01T23:59:59"},
		{"1.3.2026 8:00", "2026-03-01T08:00:59"},
		{"yesterday 9:00", "2026-03-03T09:00:59"},
		{"Yesterday", "2026-03-03T23:59:59"},
		{"today 8", "2026-03-04T08:00:00"},
		{"-2h", "2026-03-04T08:42:18"},
		{"-90m", "2026-03-04T09:12:18"},
		{"-3d", "2026-03-01T10:42:18"},
		{"now", "2026-03-04T10:42:18"},
		{"2026-03-01T10:00:00Z", "2026-03-01T10:00:00"},
		{"", ""},
		{"soon", ""},
		{"25:00", ""},
		{"10", ""},
		{"-", ""},
		{"--2h", ""},
		{"-xd", ""},
		{"2026-13-01", ""},
	} {
		got, err := parseTime(test.text, now)
		if test.want == "" {
			if err == nil {
				t.Errorf("%q is %v, want an error", test.text, got)
			}
			continue
		}
		if err != nil || got.Format("2006-01-02T15:04:05") != test.want {
			t.Errorf("%q is %v (%v), want %s", test.text, got, err, test.want)
		}
	}
}

func TestGoTo(t *testing.T) {
	b := newListBench(t)
	b.List.limit = 8
	start := b.now
	for i := range 20 {
		b.now = start.Add(time.Duration(i-20) * time.Minute)
		b.come(t, nil)
	}
	b.now = start
	b.List.load(span{}, nil)
	b.tick()
	if err := b.List.GoTo("nonsense"); err == nil {
		t.Error("nonsense is a time")
	}
	for _, test := range []struct{ text, want string }{
		{"-3m", "/x/18"},
		{"-15m", "/x/6"},
		{"now", "/x/20"},
		{"10:24", "/x/3"},
	} {
		if err := b.List.GoTo(test.text); err != nil {
			t.Errorf("%s: %v", test.text, err)
		}
		b.tick()
		b.rows()
		got := ""
		for i := range b.List.Len() {
			if row := b.List.Row(i); row.Current {
				got = row.Path
			}
		}
		if got != test.want {
			t.Errorf("%s goes to %q, want %q", test.text, got, test.want)
		}
	}
	if err := b.List.GoTo("-10d"); err != nil {
		t.Error(err)
	}
	b.tick()
	if b.Notices.Toast.Tone != Warn {
		t.Errorf("toast %+v", b.Notices.Toast)
	}
}

func TestSidebarCounts(t *testing.T) {
	b := newListBench(t)
	b.come(t, provider("klix"))
	b.come(t, func(x *capture.Exchange) {
		x.Annotation.Provider, x.Annotation.Verification.Status = "klix", capture.Invalid
	})
	b.come(t, provider(""))
	b.tick() // flush: the counts grow at once
	want := map[string]string{ViewAll: "3", ViewFailed: "1", ViewProvider + "klix": "2", ViewProvider: "1", ViewPinned: "", ViewHeld: "absent"}
	check := func(when string) {
		t.Helper()
		got := map[string]string{ViewHeld: "absent", ViewProvider: "absent"}
		for _, section := range b.Sidebar.Sections() {
			for _, item := range section.Items {
				got[item.View] = item.Count
			}
		}
		for view, n := range want {
			if got[view] != n {
				t.Errorf("%s: %s has %q, want %q", when, view, got[view], n)
			}
		}
	}
	check("at once")
	b.now = b.now.Add(time.Minute)
	b.tick()
	b.tick()
	check("counted")
}

func TestRate(t *testing.T) {
	b := newListBench(t)
	for range 3 {
		b.come(t, nil)
		b.now = b.now.Add(20 * time.Second)
	}
	if got := b.List.PerMinute(); got != 2 {
		t.Errorf("%d a minute, want 2: the first is a minute past", got)
	}
	b.now = b.now.Add(24 * time.Hour)
	if got := b.List.PerMinute(); got != 0 {
		t.Errorf("%d a minute after a day", got)
	}
}

func TestTabWhileReading(t *testing.T) {
	b := newListBench(t)
	b.come(t, nil)
	b.tick()
	if b.Commands.Press("2") {
		t.Error("2 works without a callback")
	}
	b.Commands.Press("j")
	if b.Detail.Page != nil {
		t.Fatal("the callback is there at once")
	}
	if b.Commands.Press("2"); b.Detail.Tab != TabBody {
		t.Errorf("tab %q while the callback is read, want %q", b.Detail.Tab, TabBody)
	}
	b.settle()
}
