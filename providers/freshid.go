package providers

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// fewestDigits is how many random digits an id has at least: ids of four digits
// would soon repeat.
const fewestDigits = 8

// reshaped makes up an id of the same form: a UUID for a UUID, hexadecimal digits
// for such, and else other digits between the same letters.
func reshaped(old string) string {
	if isUUID(old) {
		return newUUID()
	}
	b := []byte(old)
	if isHex(old) {
		digits := hexDigits
		if strings.ToUpper(old) == old {
			digits = strings.ToUpper(digits)
		}
		for i := range b {
			b[i] = digits[rand.IntN(len(digits))]
		}
		return string(b)
	}
	count, last := 0, -1
	for i, c := range b {
		if c < '0' || c > '9' {
			continue
		}
		first := i == 0 || b[i-1] < '0' || b[i-1] > '9'
		b[i] = digit(first)
		count++
		last = i
	}
	if last < 0 {
		last = len(b) - 1
		b = append(b, '-')
		last++
	}
	var more []byte
	for ; count < fewestDigits; count++ {
		more = append(more, digit(count == 0))
	}
	return string(slices.Insert(b, last+1, more...))
}

// digit is a random digit; the first of a number is not 0.
func digit(first bool) byte {
	if first {
		return '1' + byte(rand.IntN(9))
	}
	return '0' + byte(rand.IntN(10))
}

func isUUID(text string) bool {
	return len(text) == 36 && strings.Count(text, "-") == 4 && text[8] == '-' && isHexDigits(strings.ReplaceAll(text, "-", ""))
}

// isHex reports whether a text is a number in hexadecimal: long, of one case, and
// with digits and letters both.
func isHex(text string) bool {
	one := strings.ToUpper(text) == text || strings.ToLower(text) == text
	return len(text) >= 8 && one && isHexDigits(text) && strings.ContainsAny(text, "0123456789") && strings.Trim(text, "0123456789") != ""
}

func isHexDigits(text string) bool { return strings.Trim(text, "0123456789abcdefABCDEF") == "" }

// newUUID makes a random UUID, version 4.
func newUUID() string {
	a, b := rand.Uint64(), rand.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}
