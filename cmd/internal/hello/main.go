// Command hello is what the window's benchmark measures the program against:
// the least that Fyne can show.
package main

import (
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	window := app.New().NewWindow("Hello")
	window.SetContent(widget.NewLabel("Hello, world"))
	window.ShowAndRun()
}
