package export

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"hookglass/capture"
)

// A file cannot make lists read more than they can hold.
func TestOutsized(t *testing.T) {
	long := strings.Repeat("a", maxListed)
	for name, entry := range map[string]string{
		"target":   fmt.Sprintf(`{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"http://h/%s"}}`, long),
		"method":   fmt.Sprintf(`{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"%s","url":"http://h/"}}`, long),
		"provider": fmt.Sprintf(`{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"http://h/"},"_hookglass":{"via":"local","state":"answered","request":{},"annotation":{"provider":"%s"}}}`, long[:maxProvider+1]),
	} {
		t.Run(name, func(t *testing.T) {
			o, err := OpenText(t.Context(), `{"log":{"entries":[`+entry+`]}}`)
			if err != nil {
				t.Fatal(err)
			}
			given := 0
			if err := o.Each(t.Context(), func(*Shared) error { given++; return nil }); err != nil {
				t.Fatal(err)
			}
			skipped := o.Skipped()
			if given != 0 || len(skipped) != 1 || skipped[0].Where != "callback 1" {
				t.Errorf("%d exchanges and skipped %v, want none and callback 1", given, skipped)
			}
		})
	}
}

// What a HAR says of its sessions is no more believed than what a bundle says.
func TestHARWithImpossibleSessions(t *testing.T) {
	o, err := OpenText(t.Context(), `{"log":{"_hookglass":{"created":"9999-12-31T00:00:00Z","sessions":[{"ID":1,"Created":"9999-12-31T00:00:00Z","Public":[`+
		`{"at":"2026-01-01T00:00:00Z","state":"weird"},{"at":"9999-01-01T00:00:00Z","state":"online"},{"at":"2026-01-01T00:00:00Z","state":"online"}]}]},`+
		`"entries":[]}}`)
	if err != nil {
		t.Fatal(err)
	}
	s := o.Share.Sessions
	if !o.Share.Created.IsZero() || len(s) != 1 || !s[0].Created.IsZero() || len(s[0].Public) != 1 {
		t.Errorf("created %v, sessions %+v; want no time and one event", o.Share.Created, s)
	}
}

// Bodies that are files are let go of once they were given out: many lines are read
// ahead, and each may have a large one.
func TestBundleLetsBodiesGo(t *testing.T) {
	var file bytes.Buffer
	share := &Share{Exchanges: func(yield func(*Shared, error) bool) {
		for i := range 20 {
			body := bytes.Repeat([]byte{byte(i)}, 2*inlineBody)
			x := &capture.Exchange{UID: capture.NewUID(time.Unix(1_700_000_000, 0)), Via: capture.ViaLocal, State: capture.StateAnswered}
			x.Request = capture.Request{Method: "POST", Target: "/", Proto: "HTTP/1.1", Body: body, Size: int64(len(body))}
			if !yield(&Shared{Exchange: x}, nil) {
				return
			}
		}
	}}
	if err := WriteBundle(t.Context(), &file, share); err != nil {
		t.Fatal(err)
	}
	o, err := OpenReader(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), "")
	if err != nil {
		t.Fatal(err)
	}
	var given []weak.Pointer[byte]
	err = o.Each(t.Context(), func(s *Shared) error {
		given = append(given, weak.Make(&s.Request.Body[0]))
		return nil
	})
	if err != nil || len(given) != 20 {
		t.Fatalf("%d exchanges (%v), want 20", len(given), err)
	}
	kept := 0
	err = o.Each(t.Context(), func(s *Shared) error {
		if given = append(given, weak.Make(&s.Request.Body[0])); len(given) == 39 {
			runtime.GC()
			for _, body := range given[20:38] {
				if body.Value() != nil {
					kept++
				}
			}
		}
		return nil
	})
	if err != nil || kept > 1 {
		t.Errorf("%d of 18 bodies that were given out are kept (%v)", kept, err)
	}
}
