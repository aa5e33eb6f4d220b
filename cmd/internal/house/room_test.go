package house_test

import (
	"testing"

	"hookglass/cmd/internal/house"
)

func TestRoomForbids(t *testing.T) {
	for _, tt := range []struct {
		dir, imported string
		forbidden     bool
	}{
		{"capture", "net/http", false},
		{"capture", "github.com/tidwall/gjson", true},
		{"capture", "hookglass/store", true},
		{"capture/ngrok", "golang.ngrok.com/ngrok/v2", false},
		{"capture/ngrok", "hookglass/capture", true},
		{"cmd/internal/engine", "golang.ngrok.com/ngrok/v2", true},
		{"cmd/internal/engine", "hookglass/providers/klix", false},
		{"cmd/internal/engine", "hookglass/ui", true},
		{"providers", "hookglass/capture", false},
		{"providers", "hookglass/capture/export", true},
		{"providers/klix", "hookglass/providers", false},
		{"providers/klix", "hookglass/providers/komet", true},
		{"providers/klix", "hookglass/store", true},
		{"providers/all", "hookglass/providers/komet", false},
		{"providers/anew", "hookglass/capture", false},
		{"store", "hookglass/capture", false},
		{"store", "hookglass/providers", true},
		{"ui/viewmodel", "fyne.io/fyne/v2", true},
		{"ui/viewmodel", "hookglass/store", false},
		{"ui", "fyne.io/fyne/v2", false},
		{"ui", "fyne.io/fyne/v2/app", true},
		{"ui", "hookglass/store", true},
		{"ui/kit", "hookglass/assets", false},
		{"cmd/hookglass", "fyne.io/fyne/v2/app", false},
		{"cmd/hookglassctl", "fyne.io/fyne/v2", true},
		{"cmd/internal/hello", "fyne.io/fyne/v2/app", false},
		{"cmd/internal/hello", "hookglass/ui", true},
	} {
		room := house.FindRoom(tt.dir)
		if room == nil {
			t.Errorf("%s is in no room", tt.dir)
			continue
		}
		if why := room.Forbids(tt.imported); (why != "") != tt.forbidden {
			t.Errorf("%s imports %s: got %q, want it forbidden: %t", tt.dir, tt.imported, why, tt.forbidden)
		}
	}
	if room := house.FindRoom("cmd/internal/anew"); room != nil {
		t.Errorf("a package that nobody planned is in the room %s, want none", room.Dir)
	}
}
