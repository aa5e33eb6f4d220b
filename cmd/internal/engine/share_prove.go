package engine

import (
	"context"
	"crypto/hmac"
	"errors"

	"hookglass/capture/export"
	"hookglass/store"
)

// Proof tells what became of the callbacks of a shared file.
type Proof struct {
	Proven    int // their codes are those of what is here, and they show it
	Redacted  int // their codes are too, but something was taken out: nothing proves what they show
	Different int // what is here is not what was shared, or the key is another one
	Unknown   int // are not here any more
	Bare      int // have no code
}

// Prove compares the codes in a shared file with those that the sharer's key makes
// of what is here.
func (r *Reader) Prove(ctx context.Context, path string) (p Proof, err error) {
	if r.Store == nil {
		return p, ErrEmpty
	}
	key, err := madeSharerKey(ctx, r.secrets) // who has none has shared nothing with a code
	if err != nil {
		return p, err
	}
	file, err := export.Open(ctx, path)
	if err != nil {
		return p, err
	}
	err = file.Each(ctx, func(s *export.Shared) error {
		if s.Import == nil || s.Import.Mac == "" {
			p.Bare++
			return nil
		}
		x, err := r.Store.ByUID(ctx, s.UID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			p.Unknown++
		case err != nil:
			return err
		case key == nil || !hmac.Equal([]byte(s.Import.Mac), []byte(macOf(key, &x.Request))):
			p.Different++
		case s.Import.Redacted:
			p.Redacted++
		case !hmac.Equal([]byte(s.Import.Mac), []byte(macOf(key, &s.Request))): // somebody has changed it since
			p.Different++
		default:
			p.Proven++
		}
		return nil
	})
	return p, errors.Join(err, file.Close())
}
