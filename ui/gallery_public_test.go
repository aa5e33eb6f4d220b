package ui

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/test"

	"hookglass/capture"
	"hookglass/capture/ngrok"
	"hookglass/ui/viewmodel"
)

// publicStates are the states of the public address, as an engine tells them.
func publicStates(now time.Time) []struct {
	name   string
	mode   viewmodel.PublicMode
	public capture.Public
} {
	const address = "https://calm-otter.ngrok-free.app"
	reached := capture.Reach{At: now.Add(-40 * time.Second), Outcome: capture.Reached, Took: 84 * time.Millisecond}
	online := capture.Public{
		State: capture.PublicOnline, Since: now.Add(-time.Hour), Via: capture.ViaTunnel, URL: address, Latency: 38 * time.Millisecond,
		Account: "Jane Doe", Plan: "Free", Region: "eu", Reach: reached,
	}
	change := func(f func(*capture.Public)) capture.Public {
		p := online
		f(&p)
		return p
	}
	const tunnel = viewmodel.PublicTunnel
	type state = struct {
		name   string
		mode   viewmodel.PublicMode
		public capture.Public
	}
	return []state{
		{"off", tunnel, capture.Public{State: capture.PublicOff}},
		{"connecting", tunnel, capture.Public{State: capture.PublicConnecting, Via: capture.ViaTunnel}},
		{"online", tunnel, online},
		{"long", tunnel, change(func(p *capture.Public) {
			p.URL = "https://an-account-with-a-very-long-name-for-its-hooks.staging.internal.example-company.ngrok-free.app"
		})},
		{"blocked", tunnel, change(func(p *capture.Public) {
			p.Reach = capture.Reach{At: now, Outcome: capture.Blocked, Status: 403, Text: "The edge is alive; your policy answered 403 to the test."}
		})},
		{"reconnecting", tunnel, change(func(p *capture.Public) {
			p.State, p.Since, p.Latency = capture.PublicReconnecting, now.Add(-4*time.Minute), 0
			p.Reason = "The connection to ngrok was lost: the network is unreachable."
		})},
		{"unreachable", tunnel, change(func(p *capture.Public) {
			p.State = capture.PublicUnreachable
			p.Reason = "The self-test was answered 404 by somebody else (ERR_NGROK_3200): nobody serves this address. Hookglass opens the tunnel anew."
			p.Code = "ERR_NGROK_3200"
			p.Reach = capture.Reach{At: now, Outcome: capture.Unreached, Status: 404, Code: "ERR_NGROK_3200", Text: "ngrok answered 404: nobody serves this address."}
		})},
		{"failed105", tunnel, capture.Public{
			State: capture.PublicFailed, Via: capture.ViaTunnel, Code: "ERR_NGROK_105",
			Reason: "ngrok does not know this token. Copy it again from dashboard.ngrok.com, under Your Authtoken, and paste it here.",
		}},
		{"own", viewmodel.PublicOwn, capture.Public{
			State: capture.PublicOnline, Via: capture.ViaPublic, URL: "https://hooks.example.com/in", Reach: reached,
		}},
	}
}

// publicEvents are a night with a gap.
func publicEvents(now time.Time) []capture.PublicEvent {
	at := func(clock string) time.Time {
		day, err := time.Parse("15:04:05", clock)
		if err != nil {
			panic(err)
		}
		return time.Date(now.Year(), now.Month(), now.Day(), day.Hour(), day.Minute(), day.Second(), 0, time.UTC)
	}
	const address = "https://calm-otter.ngrok-free.app"
	return []capture.PublicEvent{
		{ID: 4, At: at("02:41:20"), State: capture.PublicOnline, URL: address},
		{ID: 3, At: at("02:13:02"), State: capture.PublicReconnecting, URL: address, Reason: "This machine was asleep."},
		{ID: 2, At: at("00:02:11"), State: capture.PublicOnline, URL: address},
		{ID: 1, At: at("00:02:10"), State: capture.PublicConnecting},
	}
}

// attachPublic gives the window a store and an engine that says what it is told.
func (g *gallery) attachPublic(t *testing.T) {
	t.Helper()
	g.attach(t)
	g.backend.PublicEvents = func(context.Context, int) ([]capture.PublicEvent, error) { return publicEvents(g.now), nil }
	g.backend.TunnelToken = func(context.Context) (ngrok.TokenSource, error) { return g.token, nil }
	g.backend.CheckPublic = func() {}
	g.backend.ClosePublic = func(context.Context) error { return nil }
	g.backend.OpenTunnel = func(context.Context, ngrok.Settings) error { return nil }
	g.backend.DiagnosePublic = func(context.Context, ngrok.Settings) []ngrok.Step {
		return []ngrok.Step{
			{Name: "Name resolution", OK: true, Text: "connect.ngrok-agent.com is 3.125.234.140."},
			{Name: "TCP", OK: true, Text: "3.125.234.140:443 answers after 21 ms."},
			{Name: "TLS", Text: "The certificate was made by \"Corp Proxy CA\", which reads along. Name that CA's file in the settings, or ask for an exception."},
		}
	}
	g.Attach(g.backend)
}

// TestGalleryOfPublicAddress draws every state of the public address.
func TestGalleryOfPublicAddress(t *testing.T) {
	sizes := []struct {
		name          string
		width, height float32
	}{{"1440", 1440, 900}, {"1024", 1024, 700}, {"720", 720, 700}}
	for _, appearance := range galleryLooks {
		for _, size := range sizes[:min(len(sizes), gallerySizes)] {
			t.Run(appearance+"-"+size.name, func(t *testing.T) {
				g := newGallery(t, appearance, size.width, size.height)
				g.attachPublic(t)
				g.until(t, "the list is known", func() bool { return !g.List.Loading && len(g.Public.History.Lines) > 0 })
				for _, s := range publicStates(g.now) {
					prefix := "public-" + appearance + "-" + size.name + "-" + s.name
					g.Public.Form.SetMode(s.mode)
					g.Public.Form.SetURL("https://hooks.example.com/in")
					g.PublicChanged(s.public)
					g.until(t, s.name, func() bool { return g.Public.State() == s.public.State })
					g.lay(t, prefix+"-window")
					apart(t, s.name+": top bar", g.window.top.row)
					apart(t, s.name+": status bar", g.window.status.row)
					g.Open(viewmodel.DialogPublic)
					g.until(t, "the history", func() bool { return len(g.Public.History.Gaps) == 1 })
					g.lay(t, prefix)
					text := words(g.window.Canvas().Overlays().Top())
					for _, want := range []string{beginning(g.Public.Word), ending(g.Public.Host), "offline 02:13 to 02:41, 28 min: provider retries may be waiting"} {
						if !strings.Contains(text, want) {
							t.Errorf("%s does not say %q: %s", s.name, want, text)
						}
					}
					g.Open(viewmodel.NoDialog)
				}
				g.Public.Form.SetMode(viewmodel.PublicTunnel)
				g.PublicChanged(publicStates(g.now)[7].public)
				g.until(t, "it has failed", func() bool { return g.Public.State() == capture.PublicFailed })
				if g.window.top.pill.Visible() {
					test.Tap(g.window.top.pill.more)
					g.lay(t, "public-"+appearance+"-"+size.name+"-menu")
					g.window.Canvas().Overlays().Top().Hide()
				}
				g.token = ngrok.TokenSource{From: "keyring"}
				test.Tap(g.window.top.pill)
				g.Public.Diagnose()
				g.until(t, "the diagnosis", func() bool { return len(g.Public.Steps) == 3 })
				g.lay(t, "public-"+appearance+"-"+size.name+"-diagnosis")
				g.Settings.Show(viewmodel.SettingsPublic)
				g.lay(t, "public-"+appearance+"-"+size.name+"-settings")
				g.Connect.Show("klix")
				g.lay(t, "public-"+appearance+"-"+size.name+"-connect")
			})
		}
	}
}

// beginning is what is seen of a long word for sure.
func beginning(word string) string { return word[:min(len(word), 20)] }

// ending is what stays of a long host in a narrow window.
func ending(host string) string { return host[max(len(host)-12, 0):] }

// apart fails where the parts of a row lie over each other or leave it.
func apart(t *testing.T, name string, row *fyne.Container) {
	t.Helper()
	right := float32(0)
	for i, o := range row.Objects {
		if _, spacer := o.(*layout.Spacer); spacer || !o.Visible() {
			continue
		}
		if o.Position().X < right-0.5 {
			t.Errorf("%s: part %d begins at %v, and the one before ends at %v", name, i, o.Position().X, right)
		}
		right = o.Position().X + o.Size().Width
	}
	if width := row.Size().Width; right > width+0.5 {
		t.Errorf("%s: it ends at %v, and its room at %v", name, right, width)
	}
}

// lay is shoot for states that are many: where nobody asked for pictures, it is
// drawn in one of the windows alone, for drawing takes minutes under the race
// detector. What can be asked of a layout is asked in all of them.
func (g *gallery) lay(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("HOOKGLASS_SHOTS") != "" || strings.HasPrefix(name, "public-dark-1024-") {
		g.shoot(t, name)
		return
	}
	g.drain()
}
