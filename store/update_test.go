package store

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"hookglass/capture"
)

// An exchange that waits for its commit, or for whoever Changed told, keeps no
// head or body in memory through its texts.
func TestUpdateIsLight(t *testing.T) {
	const waiting = 200
	var told []*capture.Exchange
	db := open(t, file(t), Options{Changed: func(x *capture.Exchange, kept Kept) {
		if kept == Outcome {
			told = append(told, x)
		}
	}})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range waiting {
		x := create(t, db, arrival("b"))
		body := strings.Repeat(fmt.Sprintf("%08d", i), big/8)
		head := strings.Repeat(fmt.Sprintf("/%07d", i), big/8)
		annotate(x, "klix", body[:8], capture.Valid)
		x.Request.Source, x.Request.Target = head[8:16], head[:8]
		x.Annotation.Order, x.Annotation.Summary = body[8:16], body[16:32]
		x.Request.Trailers = capture.Fields{{Name: "X", Value: head}}
		if err := db.Update(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	flush(t, db)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > waiting*big/10 {
		t.Errorf("%d exchanges keep %d bytes, want a few hundred each", waiting, grown)
	}
	for i, x := range told {
		a, text := &x.Annotation, fmt.Sprintf("%08d", i)
		if a.Delivery != text || a.Order != text || a.Summary != text+text || a.Event != "purchase.paid" ||
			x.Request.Target != fmt.Sprintf("/%07d", i) || x.Request.Method != "POST" || x.Request.Host != "h.test" {
			t.Fatalf("the texts of %d have changed: %+v", x.ID, x)
		}
	}
	if len(told) != waiting {
		t.Errorf("told of %d, want %d", len(told), waiting)
	}
}
