// Package kit holds the widgets of the window that know nothing of callbacks:
// the theme, texts, icons, buttons, lists, dialogs, the view of code.
//
// Everything here belongs to the screen's goroutine. Widgets take their colours
// from the theme whenever they are refreshed, so that a change of the theme
// reaches them. Whatever can have the focus and gets a key that it has no use
// for hands it to OtherKey, which the shell sets once.
package kit
