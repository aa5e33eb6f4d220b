package capture

import (
	"crypto/rand"
	"encoding/hex"
	"time"
)

// NewUID returns a UUID version 7 (RFC 9562) for a moment: 48 bits of Unix
// milliseconds and 74 random bits, so that uids sort by time.
func NewUID(t time.Time) string {
	var u [16]byte
	rand.Read(u[6:]) // never fails (crypto/rand since Go 1.24)
	ms := uint64(t.UnixMilli())
	for i := range 6 {
		u[i] = byte(ms >> (40 - 8*i))
	}
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80

	text := make([]byte, 36)
	hex.Encode(text, u[:4])
	hex.Encode(text[9:], u[4:6])
	hex.Encode(text[14:], u[6:8])
	hex.Encode(text[19:], u[8:10])
	hex.Encode(text[24:], u[10:])
	for _, i := range [...]int{8, 13, 18, 23} {
		text[i] = '-'
	}
	return string(text)
}
