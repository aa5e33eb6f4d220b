package ui

import (
	"testing"

	"hookglass/assets"
)

func TestCommandsHaveTheirIcons(t *testing.T) {
	g := newGallery(t, "dark", 1024, 700)
	for _, c := range g.Commands.All() {
		if c.Icon == "" {
			continue
		}
		if _, err := assets.Icons.ReadFile("icons/" + c.Icon + ".svg"); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
	}
}
