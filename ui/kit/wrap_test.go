package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
)

// Whatever a line is broken into, nothing of it is lost and no line is too wide.
func TestWrapLine(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(Dark))
	for _, c := range []struct {
		name, text string
		width      float32
		atLeast    int // lines
	}{
		{"short", "paid", 200, 1},
		{"words", strings.Repeat("a word of text ", 60), 200, 10},
		{"one long word", strings.Repeat("abcdefghij", 300), 150, 50},
		{"a long word among others", "see " + strings.Repeat("x", 200) + " there", 120, 8},
		{"letters of several bytes", strings.Repeat("Щж", 60), 90, 10},
		{"narrower than a letter", "WWW", 3, 3},
		{"nothing", "", 100, 1},
	} {
		lines := wrapLine(RoleBody, c.text, c.width)
		if len(lines) < c.atLeast {
			t.Errorf("%s: got %d lines, want %d or more", c.name, len(lines), c.atLeast)
		}
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got, want := squeeze(strings.Join(lines, "")), squeeze(c.text); got != want {
			t.Errorf("%s: got %q, want %q", c.name, got, want)
		}
		for _, line := range lines {
			if width := MeasureText(RoleBody, line).Width; width > c.width && len([]rune(line)) > 1 {
				t.Errorf("%s: %q takes %.1f, want %.1f at most", c.name, line, width, c.width)
			}
		}
	}
}

func TestFit(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(Dark))
	whole := "order.shipment_in_transit"
	if got := Fit(RoleSmall, whole, 500); got != whole {
		t.Errorf("got %q where there is room, want %q", got, whole)
	}
	for _, text := range []string{whole, strings.Repeat(whole, 4000), "…", "ЩжЩжЩжЩжЩжЩжЩжЩж"} {
		got := Fit(RoleSmall, text, 60)
		if width := MeasureText(RoleSmall, got).Width; width > 60 {
			t.Errorf("%.20q takes %.1f, want 60 at most", text, width)
		}
		if text != "…" && !strings.HasSuffix(got, ellipsis) {
			t.Errorf("got %q, want … at its end", got)
		}
	}
}

func TestFitMiddle(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(Dark))
	const address = "https://calm-otter.ngrok-free.app/mintsoft/despatched"
	if got := FitMiddle(RoleMonoSmall, address, 900); got != address {
		t.Errorf("got %q where there is room", got)
	}
	got := FitMiddle(RoleMonoSmall, address, 240)
	if width := MeasureText(RoleMonoSmall, got).Width; width > 240 {
		t.Errorf("%q takes %.1f, want 240 at most", got, width)
	}
	if !strings.HasPrefix(got, "https://") || !strings.HasSuffix(got, "/mintsoft/despatched") || strings.Count(got, ellipsis) != 1 {
		t.Errorf("got %q, want the beginning and the path", got)
	}
	for width := range 60 {
		FitMiddle(RoleMonoSmall, address, float32(width))
	}
}
