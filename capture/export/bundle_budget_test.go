package export

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// A bundle that whoever opens it would not be given whole is not written.
func TestBundleOfTooManyLargeBodies(t *testing.T) {
	body := bytes.Repeat([]byte("0123456789abcdefghijklmnopqrstuvwxyz-0123456789"), 1<<20/47)
	for i := range body { // it packs well, and not as well as a bomb
		if i%1500 == 0 {
			body[i] = byte(i / 1500)
		}
	}
	for n, want := range map[int]error{1000: nil, 1100: ErrBundle} {
		s := shareOf()
		s.Exchanges = func(yield func(*Shared, error) bool) {
			x := fixtureDispatched()
			x.Request.Body, x.Request.Size = body, int64(len(body))
			for range n {
				if !yield(x, nil) {
					return
				}
			}
		}
		if err := WriteBundle(t.Context(), io.Discard, s); !errors.Is(err, want) {
			t.Errorf("%d callbacks of %d bytes: got %v, want %v", n, len(body), err, want)
		}
	}
}
