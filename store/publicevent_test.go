package store

import (
	"fmt"
	"testing"
	"time"

	"hookglass/capture"
)

func TestPublicEvents(t *testing.T) {
	db := open(t, file(t), Options{})
	start := time.Date(2026, 11, 21, 2, 13, 0, 7, time.UTC)
	want := capture.PublicEvent{ID: 1, At: start, State: capture.PublicFailed, URL: "https://x.test", Code: "ERR_NGROK_105", Reason: "Because."}
	if err := db.PutPublicEvent(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	got, err := db.PublicEvents(t.Context(), 10)
	if err != nil || len(got) != 1 || !got[0].At.Equal(want.At) {
		t.Fatalf("got %+v, %v", got, err)
	}
	if got[0].At = want.At; got[0] != want {
		t.Errorf("got %+v, want %+v", got[0], want)
	}
	for i := range maxPublicEvents + 5 {
		if err := db.PutPublicEvent(t.Context(), capture.PublicEvent{At: start, State: capture.PublicOnline, URL: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	got, err = db.PublicEvents(t.Context(), 2*maxPublicEvents)
	if err != nil || len(got) != maxPublicEvents || got[0].URL != fmt.Sprint(maxPublicEvents+4) {
		t.Errorf("%d are kept (%v), the newest %+v", len(got), err, got[0])
	}
}
