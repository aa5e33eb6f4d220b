package providers

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
)

func TestParseMAC(t *testing.T) {
	sum := SumHMAC("It's a Secret to Everybody", []byte("Hello, World!"))
	text := hex.EncodeToString(sum)
	if want := "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"; text != want {
		t.Fatalf("got %s, want GitHub's documented %s", text, want)
	}
	long := SumHMAC("a", nil)
	tests := []struct{ name, value, encoding, err string }{
		{"hex", text, "hex", ""},
		{"upper-case hex", strings.ToUpper(text), "hex", ""},
		{"base64", base64.StdEncoding.EncodeToString(sum), "base64", ""},
		{"base64 without padding", base64.RawStdEncoding.EncodeToString(sum), "base64", ""},
		{"base64url", base64.URLEncoding.EncodeToString(sum), "base64", ""},
		{"base64url without padding", base64.RawURLEncoding.EncodeToString(sum), "base64", ""},
		{"short hex", text[:40], "", "40 hex digits"},
		{"odd hex", text[:63], "", "63 hex digits"},
		{"other base64", "aGVsbG8=", "", "base64 of 5 bytes"},
		{"spare bits", "dXEH6g6yUJ_CESIczphLijdXC211hsIsRvQ3nIsEPhd=", "", "neither"},
		{"line end", text[:32] + "\n" + text[32:], "", "neither"},
		{"line end in base64", base64.StdEncoding.EncodeToString(long)[:20] + "\n" + base64.StdEncoding.EncodeToString(long)[20:], "", "neither"},
		{"prefix", "sha256=" + text, "", "neither"},
		{"empty", "", "", "empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mac, err := ParseMAC(tt.value)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want an error with %q", err, tt.err)
				}
				return
			}
			if err != nil || mac.Encoding != tt.encoding || !mac.Equal(sum) || mac.Equal(long) {
				t.Errorf("got %+v, %v; want %s of the sum", mac, err, tt.encoding)
			}
		})
	}
}
