//go:build linux

package main_test

import (
	"testing"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/store"
)

// TestWindowFollows changes what the window shows from another process, as
// hookglassctl does: nobody touches the window, and it shows that.
func TestWindowFollows(t *testing.T) {
	d := newDesk(t)
	d.start()
	d.send("POST", "/hooks/unknown", "text/plain", "hello")
	d.untilStored("a callback", store.Query{}, func(list []capture.Exchange) bool { return list[0].State == capture.StateAnswered })
	d.settle()
	d.click(350, 212)
	d.settle()

	id, session := d.stored(store.Query{})[0].ID, d.stored(store.Query{})[0].Session
	for _, change := range []engine.Change{
		{Action: engine.MarkCallbacks, IDs: []int64{id}, Mark: "amber"},
		{Action: engine.NoteCallbacks, IDs: []int64{id}, Note: "ask the carrier"},
		{Action: engine.PinCallbacks, IDs: []int64{id}},
		{Action: engine.PutSession, Session: capture.Session{ID: session, Name: "Renamed elsewhere"}},
	} {
		config := engine.Config{Folder: d.folder, Getenv: func(string) string { return "" }}
		if _, err := engine.Apply(t.Context(), config, change); err != nil {
			t.Fatal(err)
		}
	}
	d.looks("follow-session")
	d.looks("follow-counts")
	d.looks("follow-row")
	d.looks("follow-detail")
	d.quit(true)
	d.quiet()
}
