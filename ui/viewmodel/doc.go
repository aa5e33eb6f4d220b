// Package viewmodel says what each pane of the window shows and what each of
// its commands does. It knows no widgets.
//
// One goroutine, the screen's, owns every value of this package: state is read
// and commands are called there only. What blocks (the database, the keyring,
// a resend) runs in a goroutine of App.run and posts its result back through
// the one injected function Config.Do. Two things may be called from anywhere
// and never block: App.Arrived and App.Trouble.
//
// After a change of its state a part emits its Signal; who draws the part
// listens, copies what it shows, and draws. Everything is formatted here: a
// pane decides nothing.
package viewmodel
