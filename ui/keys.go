package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// press takes a key that the widget with the focus had no use for: an open
// dialog gets it, else the command that has it.
func (w *Window) press(key string) bool {
	if w.dialogs.open() {
		return w.dialogs.press(key)
	}
	return w.app.Commands.Press(viewmodel.Key(key))
}

// setKeys has the window hear every key while nothing has the focus, and the
// shortcuts always.
func (w *Window) setKeys() {
	c := w.window.Canvas()
	c.SetOnTypedRune(func(r rune) { w.press(kit.KeyOfRune(r)) })
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if key := kit.KeyOf(e, kit.ShiftHeld()); key != "" {
			w.press(key)
		}
	})
	for _, command := range w.app.Commands.All() {
		for _, key := range command.Keys {
			if shortcut := shortcutOf(string(key)); shortcut != nil {
				c.AddShortcut(shortcut, func(fyne.Shortcut) { w.press(string(key)) })
			}
		}
	}
}

// shortcutOf is Fyne's shortcut for one of our keys; nil for a key that is typed
// plainly. Some have names of their own there, and come by no other.
func shortcutOf(key string) fyne.Shortcut {
	switch key {
	case "Mod+C":
		return &fyne.ShortcutCopy{}
	case "Mod+V":
		return &fyne.ShortcutPaste{}
	case "Mod+X":
		return &fyne.ShortcutCut{}
	case "Mod+A":
		return &fyne.ShortcutSelectAll{}
	case "Mod+Z":
		return &fyne.ShortcutUndo{}
	case "Mod+Y":
		return &fyne.ShortcutRedo{}
	}
	var modifier fyne.KeyModifier
	rest := key
	for {
		head, tail, ok := strings.Cut(rest, "+")
		if !ok || tail == "" {
			break
		}
		switch head {
		case "Mod":
			modifier |= fyne.KeyModifierShortcutDefault
		case "Alt":
			modifier |= fyne.KeyModifierAlt
		case "Shift":
			modifier |= fyne.KeyModifierShift
		}
		rest = tail
	}
	if modifier&^fyne.KeyModifierShift == 0 {
		return nil
	}
	return &desktop.CustomShortcut{KeyName: fyne.KeyName(rest), Modifier: modifier}
}
