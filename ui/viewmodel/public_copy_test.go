package viewmodel

import (
	"strings"
	"testing"

	"hookglass/capture"
)

// bannerText is the text of a banner, "" where it is not there.
func (b *publicBench) bannerText(id string) string {
	for _, shown := range b.Notices.Banners {
		if shown.ID == id {
			return shown.Text
		}
	}
	return ""
}

func TestPublicAddressIsHandedOut(t *testing.T) {
	b := newPublicBench(t)
	b.Commands.Do("app.copyurl")
	if b.copied != "http://127.0.0.1:4480" || b.Commands.Do("public.copy") {
		t.Errorf("off: copied %q", b.copied)
	}
	b.tell(onlinePublic())
	for _, tt := range []struct{ command, want string }{
		{"app.copyurl", testURL},
		{"public.copy", testURL},
		{"app.copylocal", "http://127.0.0.1:4480"},
		{"public.copy.klix", testURL + "/klix/purchases"},
		{"public.copy.kornitx", testURL + "/kornitx/status"},
	} {
		if !b.Commands.Do(tt.command) || b.copied != tt.want {
			t.Errorf("%s: copied %q, want %q", tt.command, b.copied, tt.want)
		}
	}
	for _, c := range b.Public.Copies() {
		b.copied = ""
		if c.Run(); b.copied == "" {
			t.Errorf("%s copies nothing", c.Title)
		}
	}
	b.Connect.Turn("klix")
	v := b.Connect.View()
	if !strings.HasPrefix(v.Addresses[0].Shown, testURL+"/klix/") || v.Reach != "" {
		t.Errorf("connect: %+v, %q", v.Addresses[0], v.Reach)
	}
	if f := b.Connect.FirstRun(); !strings.HasPrefix(f.Addresses[0].Shown, testURL) || !strings.Contains(f.Curl, "http://127.0.0.1:4480/") {
		t.Errorf("first run: %+v", f)
	}
	b.tell(capture.Public{State: capture.PublicFailed, Via: capture.ViaTunnel, URL: testURL, Reason: "Stopped."})
	b.Commands.Do("public.copy.klix")
	if b.Notices.Toast.Tone != Warn {
		t.Errorf("nobody gets through, and it says %q", b.Notices.Toast.Text)
	}
}

// A banner comes only where an address was handed out that no longer leads here.
func TestPublicCopiedAddressThatIsNoLongerOurs(t *testing.T) {
	const other = "https://brave-fox.ngrok-free.app"
	for _, tt := range []struct {
		name   string
		copied string
		public capture.Public
		warns  bool
	}{
		{"local, off", "http://127.0.0.1:4480", capture.Public{}, false},
		{"local, and a public one now", "http://127.0.0.1:4480", onlinePublic(), false},
		{"an earlier port", "http://127.0.0.1:4999", onlinePublic(), true},
		{"the same public one", testURL, onlinePublic(), false},
		{"public, while it connects", testURL, capture.Public{State: capture.PublicConnecting}, false},
		{"public, off now", testURL, capture.Public{}, false},
		{"another public one", other, onlinePublic(), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newPublicBench(t)
			b.Preferences.Copied = map[string]string{"/klix/purchases": tt.copied}
			b.tell(tt.public)
			b.Connect.moved()
			if got := b.bannerText(addressBanner) != ""; got != tt.warns {
				t.Errorf("warns: %t, want %t", got, tt.warns)
			}
			b.Connect.Turn("klix")
			if got := b.Connect.View().Addresses[0].Note != ""; got != tt.warns {
				t.Errorf("note at the address: %t, want %t", got, tt.warns)
			}
		})
	}
}
