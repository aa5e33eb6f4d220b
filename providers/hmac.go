package providers

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// MAC is a received HMAC-SHA256.
type MAC struct {
	Sum      []byte // 32 bytes
	Encoding string // "hex" or "base64"
}

// ParseMAC reads an HMAC-SHA256 in hex of any case, or in base64 of either
// alphabet with or without padding. Nothing is trimmed: a value that is not
// exactly that is an error that says what it looks like.
func ParseMAC(value string) (MAC, error) {
	if value == "" {
		return MAC{}, errors.New("empty")
	}
	sum, err := hex.DecodeString(value)
	switch {
	case err == nil && len(sum) == sha256.Size:
		return MAC{sum, "hex"}, nil
	case strings.Trim(value, "0123456789abcdefABCDEF") == "":
		return MAC{}, fmt.Errorf("%d hex digits; an HMAC-SHA256 has 64", len(value))
	}
	if sum, err = decodeBase64(value); err != nil {
		return MAC{}, errors.New("neither hex nor base64")
	}
	if len(sum) != sha256.Size {
		return MAC{}, fmt.Errorf("base64 of %d bytes; an HMAC-SHA256 has 32", len(sum))
	}
	return MAC{sum, "base64"}, nil
}

// decodeBase64 decodes base64 of either alphabet with or without padding. It takes no
// white space and no spare bits: there is one spelling of a value.
func decodeBase64(value string) ([]byte, error) {
	if strings.ContainsAny(value, "\r\n") { // encoding/base64 skips them
		return nil, errors.New("a line end inside base64")
	}
	coding := base64.StdEncoding
	if strings.ContainsAny(value, "-_") {
		coding = base64.URLEncoding
	}
	if len(value)%4 != 0 {
		coding = coding.WithPadding(base64.NoPadding)
	}
	return coding.Strict().DecodeString(value)
}

// SumHMAC returns the HMAC-SHA256 of a message.
func SumHMAC(key string, message []byte) []byte {
	h := hmac.New(sha256.New, []byte(key))
	h.Write(message)
	return h.Sum(nil)
}

// Equal compares with another sum in constant time.
func (m MAC) Equal(sum []byte) bool { return hmac.Equal(m.Sum, sum) }

// Encode writes a sum as the received one was written, in hex or base64.
func (m MAC) Encode(sum []byte) string {
	if m.Encoding == "base64" {
		return base64.StdEncoding.EncodeToString(sum)
	}
	return hex.EncodeToString(sum)
}
