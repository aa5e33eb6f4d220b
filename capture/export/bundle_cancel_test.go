package export

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"go.uber.org/goleak"
)

// Whoever stops in the middle gets their own error, and leaves nothing running.
func TestBundleStopped(t *testing.T) {
	defer goleak.VerifyNone(t)
	const n = 5_000
	var file bytes.Buffer
	if err := WriteBundle(t.Context(), &file, &Share{Exchanges: benchShared(n)}); err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	for _, at := range []int{1, 200, n - 1} {
		o, err := OpenReader(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), "")
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		if err := o.Each(t.Context(), func(*Shared) error {
			if got++; got == at {
				return enough
			}
			return nil
		}); !errors.Is(err, enough) || errors.Is(err, ErrOpen) {
			t.Errorf("stopped at %d: %v", at, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		got = 0
		if err := o.Each(ctx, func(*Shared) error {
			if got++; got == at {
				cancel()
			}
			return nil
		}); !errors.Is(err, context.Canceled) || errors.Is(err, ErrOpen) || got > at {
			t.Errorf("cancelled at %d of %d: %v", got, at, err)
		}
		cancel()

		ctx, cancel = context.WithCancel(t.Context())
		told := int64(0)
		share := &Share{Exchanges: func(yield func(*Shared, error) bool) {
			i := 0
			for s, err := range benchShared(n) {
				if i++; i == at {
					cancel()
				}
				if !yield(s, err) {
					return
				}
			}
		}, Done: func(exchanges int64) { told = exchanges }}
		if err := WriteBundle(ctx, io.Discard, share); !errors.Is(err, context.Canceled) || told > int64(at) {
			t.Errorf("writing cancelled at %d, told of %d: %v", at, told, err)
		}
		cancel()
	}
}

// full is a disk with room for so many bytes.
type full struct{ room int }

var errFull = errors.New("no space left")

func (w *full) Write(b []byte) (int, error) {
	if w.room -= len(b); w.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestBundleDiskFull(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, room := range []int{0, 1 << 10, 300 << 10} {
		if err := WriteBundle(t.Context(), &full{room}, &Share{Exchanges: benchShared(2_000)}); !errors.Is(err, errFull) {
			t.Errorf("with room for %d bytes: %v", room, err)
		}
	}
}
