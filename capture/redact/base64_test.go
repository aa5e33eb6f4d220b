package redact

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"
)

// What noise sorts out must be what a look at all of it would.
func TestNoise(t *testing.T) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
	random := rand.New(rand.NewPCG(1, 2))
	text := strings.Repeat("Ann Example, 12 Long Street, Rīga; überall — \x01", 20)
	found := 0
	for range 20_000 {
		n := random.IntN(700)
		plain := make([]byte, n)
		mixed := random.IntN(n/2 + 1)
		for i := range plain {
			if plain[i] = text[i%len(text)]; i >= mixed && random.IntN(4) == 0 {
				plain[i] = byte(random.IntN(256))
			}
		}
		run := []byte([...]*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding, base64.RawStdEncoding}[random.IntN(3)].EncodeToString(plain))
		switch random.IntN(4) {
		case 0:
			run = append(run, 'A')
		case 1:
			for i := range run {
				run[i] = letters[random.IntN(len(letters))]
			}
		case 2:
			run = []byte(strings.Repeat("0123456789", n/10))
		}
		if !noise(run) {
			continue
		}
		found++
		if b := base64Of(run); b != nil && worthwhile(b.decoded) {
			t.Fatalf("%q is worthwhile", run)
		}
		if b := base64Of(run[:len(run)-1]); b != nil && worthwhile(b.decoded) {
			t.Fatalf("%q without its last letter is worthwhile", run)
		}
	}
	if found < 1000 {
		t.Errorf("only %d were found to be noise", found)
	}
}
