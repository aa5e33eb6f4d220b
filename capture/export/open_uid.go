package export

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"hookglass/capture"
)

// contentUID is the UID of an exchange that has none: a UUID version 8 (RFC 9562)
// of what it is made from, so that the same file has the same ones when it is read
// again.
func contentUID(kind string, parts ...[]byte) string {
	h := sha256.New()
	_, _ = io.WriteString(h, "hookglass "+kind) // a hash takes all
	var size [8]byte
	for _, part := range parts {
		for i := range size {
			size[i] = byte(len(part) >> (8 * i))
		}
		_, _ = h.Write(size[:])
		_, _ = h.Write(part)
	}
	u := h.Sum(nil)[:16]
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	text := hex.EncodeToString(u)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// IsContentUID reports whether a UID is made from what the exchange holds.
func IsContentUID(uid string) bool { return isUID(uid) && uid[14] == '8' }

// RedactedUID is a UID for an exchange that something was taken out of, in place of
// one that was made from it. number is its place in the share, as two exchanges may
// hold the same now.
func RedactedUID(x *capture.Exchange, number int64) string {
	r := &x.Request
	return contentUID("redacted", []byte(fmt.Sprint(number, " ", r.Received.UnixNano())), r.Head, r.Body)
}

// isUID reports whether a text is a UUID in its usual form, in lower case.
func isUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
