// Package ui draws the view models with Fyne: the shell of the window and its
// panes. A pane listens to the signal of its view model, copies what it shows,
// and calls commands; it decides nothing and formats nothing.
//
// Everything here runs on the screen's goroutine.
package ui
