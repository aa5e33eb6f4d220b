package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// KeyOf names a key without Ctrl, Cmd or Alt: "Up", "Return", "Escape", "F3",
// "Delete", "Shift+F3". Letters and signs come as runes: see KeyOfRune; for them
// it is "".
func KeyOf(e *fyne.KeyEvent, shift bool) string {
	name := string(e.Name)
	switch e.Name {
	case fyne.KeyEnter:
		name = "Return"
	case fyne.KeyPageUp:
		name = "PageUp"
	case fyne.KeyPageDown:
		name = "PageDown"
	default: // the others are called as in Fyne
	}
	if len(name) == 1 || e.Name == fyne.KeySpace {
		return ""
	}
	if shift {
		name = "Shift+" + name
	}
	return name
}

// KeyOfRune names a typed character: "j", "G", "/", "Space".
func KeyOfRune(r rune) string {
	if r == ' ' {
		return "Space"
	}
	return string(r)
}

// KeyOfShortcut names a shortcut: "Mod+K", "Mod+Shift+C", "Alt+Left". Mod is
// Ctrl, on a Mac Cmd.
func KeyOfShortcut(s fyne.Shortcut) string {
	var modifier fyne.KeyModifier
	var key fyne.KeyName
	switch s := s.(type) {
	case *desktop.CustomShortcut:
		modifier, key = s.Modifier, s.KeyName
	case *fyne.ShortcutCopy:
		return "Mod+C"
	case *fyne.ShortcutPaste:
		return "Mod+V"
	case *fyne.ShortcutCut:
		return "Mod+X"
	case *fyne.ShortcutSelectAll:
		return "Mod+A"
	case *fyne.ShortcutUndo:
		return "Mod+Z"
	case *fyne.ShortcutRedo:
		return "Mod+Y"
	default:
		return ""
	}
	var b strings.Builder
	if modifier&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0 {
		b.WriteString("Mod+")
	}
	if modifier&fyne.KeyModifierAlt != 0 {
		b.WriteString("Alt+")
	}
	if modifier&fyne.KeyModifierShift != 0 {
		b.WriteString("Shift+")
	}
	b.WriteString(string(key))
	return b.String()
}

// ShiftHeld reports whether Shift is held down just now.
func ShiftHeld() bool {
	if driver, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return driver.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
	}
	return false
}

// typedElsewhere hands on a key that a widget has no use for.
func typedElsewhere(e *fyne.KeyEvent) {
	if key := KeyOf(e, ShiftHeld()); key != "" {
		otherKey(key)
	}
}

// shortcutElsewhere hands on a shortcut that a widget has no use for.
func shortcutElsewhere(s fyne.Shortcut) {
	if key := KeyOfShortcut(s); key != "" {
		otherKey(key)
	}
}
