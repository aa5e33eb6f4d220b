package engine

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"hookglass/capture"
	"hookglass/store/secret"
)

// sharerCredential is the name, among the secrets, of the key with which a person
// can prove what they captured. It never leaves.
const sharerCredential = "hookglass.sharer_key"

// sharerKey returns the sharer's key, and makes it where there is none.
func sharerKey(ctx context.Context, secrets *secret.Store) ([]byte, error) {
	entry, _, err := secrets.Keep(ctx, sharerCredential, func() (capture.Secret, error) {
		var key [sha256.Size]byte
		rand.Read(key[:]) // never fails
		return capture.NewSecret(hex.EncodeToString(key[:])), nil
	})
	if err != nil {
		return nil, fmt.Errorf("the key that proves what you captured: %w", err)
	}
	return []byte(entry.Value.Reveal()), nil
}

// madeSharerKey returns the sharer's key, and nil where none was made yet.
func madeSharerKey(ctx context.Context, secrets *secret.Store) ([]byte, error) {
	entries, err := secrets.All(ctx, []string{sharerCredential})
	if err != nil {
		return nil, fmt.Errorf("the key that proves what you captured: %w", err)
	}
	if len(entries) == 0 {
		return nil, nil
	}
	return []byte(entries[0].Value.Reveal()), nil
}

// macOf binds a captured request to the sharer's key. The head ends with an empty
// line, so that no other head and body give the same.
func macOf(key []byte, r *capture.Request) string {
	h := hmac.New(sha256.New, key)
	h.Write(r.Head)
	h.Write(r.Body)
	return hex.EncodeToString(h.Sum(nil))
}
