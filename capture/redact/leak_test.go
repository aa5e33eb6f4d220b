package redact_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"html"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"hookglass/capture"
	"hookglass/capture/redact"
)

// everything is all text of an exchange.
func everything(x *capture.Exchange) []byte {
	type plain capture.Exchange // prints every field, also those that have no JSON
	b, _ := json.Marshal((*plain)(x))
	parts := [][]byte{b, x.Request.Head, x.Request.Body, []byte(x.Request.Target), []byte(x.Error), []byte(x.Note), []byte(x.Annotation.Summary)}
	for _, fields := range []capture.Fields{x.Request.Header, x.Request.Trailers} {
		for _, f := range fields {
			parts = append(parts, []byte(f.Name+": "+f.Value))
		}
	}
	if x.Response != nil {
		parts = append(parts, x.Response.Body)
		for _, f := range x.Response.Header {
			parts = append(parts, []byte(f.Name+": "+f.Value))
		}
	}
	return bytes.Join(parts, []byte("\n|\n"))
}

var (
	base64Run = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}`)
	blanks    = regexp.MustCompile(`[\s+]+`)
)

// found looks for a canary in every form that it can be read in, by other means than
// the package has.
func found(data []byte, text string, depth int) string {
	want := strings.ToLower(text)
	bare := regexp.MustCompile(`[^\pL\pN]+`).ReplaceAllString(want, "")
	for _, s := range []string{
		string(data), string(latin1Text(data)), utf16Text(data, 0, binary.LittleEndian), utf16Text(data, 1, binary.LittleEndian), utf16Text(data, 0, binary.BigEndian), utf16Text(data, 1, binary.BigEndian),
	} {
		lower := strings.ToLower(s)
		if strings.Contains(lower, want) || strings.Contains(blanks.ReplaceAllString(lower, " "), want) || strings.Contains(lower, bare) {
			return s[:min(len(s), 400)]
		}
	}
	if depth == 0 {
		return ""
	}
	var next [][]byte
	s := string(data)
	if u := unpercent(s); u != s {
		next = append(next, []byte(u))
	}
	if u := html.UnescapeString(s); u != s {
		next = append(next, []byte(u))
	}
	if u := unescaped(s); u != s {
		next = append(next, []byte(u))
	}
	for _, run := range base64Run.FindAllString(s, -1) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
		for at := range min(4, len(run)) {
			part := run[at:]
			for len(part)%4 == 1 {
				part = part[:len(part)-1]
			}
			if b, err := base64.RawStdEncoding.DecodeString(part); err == nil {
				next = append(next, b)
			}
		}
	}
	next = append(next, inflated(data)...)
	for _, n := range next {
		if len(n) > 0 && !bytes.Equal(n, data) {
			if f := found(n, text, depth-1); f != "" {
				return f
			}
		}
	}
	return ""
}

func inflated(data []byte) (all [][]byte) {
	for at := range data {
		rest := data[at:]
		switch {
		case bytes.HasPrefix(rest, []byte("\x1f\x8b\x08")):
			if z, err := gzip.NewReader(bytes.NewReader(rest)); err == nil {
				b, _ := io.ReadAll(z)
				all = append(all, b)
			}
		case len(rest) > 6 && rest[0] == 0x78 && rest[1] == 0x9c:
			if z, err := zlib.NewReader(bytes.NewReader(rest)); err == nil {
				b, _ := io.ReadAll(z)
				all = append(all, b)
			}
		case bytes.HasPrefix(rest, []byte("PK\x03\x04")):
			end := bytes.Index(rest, []byte("\n|\n"))
			if end < 0 {
				end = len(rest)
			}
			if z, err := zip.NewReader(bytes.NewReader(rest[:end]), int64(end)); err == nil {
				for _, f := range z.File {
					if r, err := f.Open(); err == nil {
						b, _ := io.ReadAll(r)
						all = append(all, b)
					}
				}
			}
		}
	}
	return all
}

func latin1Text(data []byte) []rune {
	all := make([]rune, len(data))
	for i, b := range data {
		all[i] = rune(b)
	}
	return all
}

func utf16Text(data []byte, from int, order binary.ByteOrder) string {
	var units []uint16
	for i := from; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	return string(utf16.Decode(units))
}

func unpercent(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if x, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				b.WriteByte(x[0])
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

var escapes = regexp.MustCompile(`(\\u[0-9a-fA-F]{4})+|\\.`)

func unescaped(s string) string {
	return escapes.ReplaceAllStringFunc(s, func(e string) string {
		var out string
		if json.Unmarshal([]byte(`"`+e+`"`), &out) == nil {
			return out
		}
		return e
	})
}

// TestNoCanaryLeaves puts canaries into every place, in every form. With
// HOOKGLASS_LEAK_ALL=1 it is every canary in each of them, which takes minutes.
func TestNoCanaryLeaves(t *testing.T) {
	t.Parallel()
	all := os.Getenv("HOOKGLASS_LEAK_ALL") != ""
	places := leakers()
	for _, profile := range []string{"secrets", "personal"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			covered := canaries
			if profile == "secrets" {
				covered = slices.DeleteFunc(slices.Clone(canaries), func(c canary) bool { return c.personal })
			}
			n := 0
			for _, place := range slices.Sorted(maps.Keys(places)) {
				n++ // so that the turns do not follow the number of forms
				for _, form := range slices.Sorted(maps.Keys(forms)) {
					n++
					for i, c := range covered {
						if all || i == n%len(covered) {
							checkCanary(t, profile, c, form, place, places[place])
						}
					}
				}
			}
		})
	}
}

func checkCanary(t *testing.T, profile string, c canary, form, place string, leak func(string) *capture.Exchange) {
	t.Helper()
	r := redactor(t, profile, knownCanary.text)
	first, second := teacher(), leak(forms[form](c.text))
	r.Learn(redact.Source{Exchange: second})
	r.Learn(redact.Source{Exchange: first, Sensitive: seedPlaces})
	got, _, err := r.Apply(redact.Source{Exchange: second})
	if err != nil {
		t.Fatal(err)
	}
	if f := found(everything(got), c.text, 3); f != "" {
		t.Errorf("%s as %s in %s leaves: %q", c.name, form, place, f)
	}
}

// TestTeacherLeavesNothing is the exchange itself in which the canaries are known.
func TestTeacherLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"secrets", "personal"} {
		r := redactor(t, profile, knownCanary.text)
		got, changes, err := r.Apply(redact.Source{Exchange: teacher(), Sensitive: seedPlaces})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range canaries {
			if c.personal && profile == "secrets" {
				continue
			}
			if f := found(everything(got), c.text, 3); f != "" {
				t.Errorf("%s: %s leaves: %q", profile, c.name, f)
			}
		}
		if len(changes) == 0 {
			t.Errorf("%s: nothing changed", profile)
		}
	}
}

// TestCanariesAreSeen proves that the search finds what was not redacted.
func TestCanariesAreSeen(t *testing.T) {
	t.Parallel()
	places := leakers()
	r := redactor(t, "none")
	unseen := 0
	for place, leak := range places {
		for form, write := range forms {
			x, _, err := r.Apply(redact.Source{Exchange: leak(write(tokenCanary.text))})
			if err != nil {
				t.Fatal(err)
			}
			if found(everything(x), tokenCanary.text, 3) == "" {
				if unseen++; unseen < 5 && form == "plain" {
					t.Errorf("the search does not see %s in %s", form, place)
				}
			}
		}
	}
	if most := len(places) * len(forms) / 8; unseen > most {
		t.Errorf("the search does not see %d of %d, at most %d are too deep for it", unseen, len(places)*len(forms), most)
	}
}

func redactor(t *testing.T, profile string, known ...string) *redact.Redactor {
	t.Helper()
	p, err := redact.ParseProfile(profile)
	if err != nil {
		t.Fatal(err)
	}
	r, err := redact.New(p, known)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
