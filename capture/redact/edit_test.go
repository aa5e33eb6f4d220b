package redact

import (
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// TestManyChangesTakeRoomOnce replaces values that are found in two passes, and so in
// another order than they stand in: what is told of them is not copied for each.
func TestManyChangesTakeRoomOnce(t *testing.T) {
	t.Parallel()
	const values = 4000
	r, err := New(Profile{Personal: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	x := &capture.Exchange{Request: capture.Request{Received: time.Now(), Body: []byte(strings.Repeat("a@b.example +37129876543 ", values/2))}}
	_, changes, err := r.Apply(Source{Exchange: x})
	if err != nil || len(changes) != values {
		t.Fatalf("%d changes (%v), want %d", len(changes), err, values)
	}
	if room := cap(r.room.told); room > 8*values {
		t.Errorf("what is told of %d values took room for %d", values, room)
	}
}
