package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

func TestThemeDefinesEverything(t *testing.T) {
	for _, a := range []Appearance{FollowSystem, Dark, Light} {
		test.AssertAllColorNamesDefined(t, NewTheme(a), "hookglass")
	}
}

func TestThemeFollowsTheSystem(t *testing.T) {
	for _, c := range []struct {
		appearance Appearance
		system     fyne.ThemeVariant
		want       palette
	}{
		{FollowSystem, theme.VariantDark, darkPalette},
		{FollowSystem, theme.VariantLight, lightPalette},
		{Dark, theme.VariantLight, darkPalette},
		{Light, theme.VariantDark, lightPalette},
	} {
		for _, name := range []fyne.ThemeColorName{ColorText, ColorGround} {
			if got := NewTheme(c.appearance).Color(name, c.system); got != c.want[name] {
				t.Errorf("appearance %d, system %d: got %v for %s, want %v", c.appearance, c.system, got, name, c.want[name])
			}
		}
	}
}

func TestThemeSizes(t *testing.T) {
	for name, want := range map[fyne.ThemeSizeName]float32{
		theme.SizeNameText:            13,
		theme.SizeNamePadding:         4,
		theme.SizeNameInnerPadding:    6,
		theme.SizeNameScrollBar:       10,
		theme.SizeNameModalBlurRadius: 0,
	} {
		if got := NewTheme(Dark).Size(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// A role without a font of its own would be drawn in Fyne's.
func TestRolesHaveFonts(t *testing.T) {
	for role := RoleBody; role <= RoleBadge; role++ {
		source, size := Font(role)
		if source == nil || size < 10 {
			t.Errorf("role %d: got font %v in %v", role, source, size)
		}
	}
}
