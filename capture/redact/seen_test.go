package redact_test

import (
	"encoding/base64"
	"reflect"
	"strings"
	"testing"

	"hookglass/capture/redact"
)

// TestLearnedLater takes a value out of bodies that held nothing while they were
// learned: what was found clean is looked at again for what is known since.
func TestLearnedLater(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("lorem ipsum ", 30)
	const secret = "s3cretValue99"
	for name, body := range map[string]string{
		"value":          `{"a":"x ` + secret + ` y"}`,
		"name":           `{"` + secret + `":1}`,
		"escaped":        `{"a":"s3cret\u0056alue99"}`,
		"escaped name":   `{"s3cret\u0056alue99":1}`,
		"percent name":   `{"s3cret%56alue99":1}`,
		"base64":         `{"a":"` + base64.StdEncoding.EncodeToString([]byte("it is "+secret+".")) + `"}`,
		"base64 name":    `{"` + base64.StdEncoding.EncodeToString([]byte("it is "+secret+".")) + `":1}`,
		"long text":      `{"a":"` + long + secret + `"}`,
		"deep":           strings.Repeat(`{"a":[`, 600) + `"` + secret + `"` + strings.Repeat(`]}`, 600),
		"form":           `a=1&b=` + secret,
		"text":           `about ` + secret + `.`,
		"XML":            `<a b="` + secret + `">` + secret + `</a>`,
		"JSON in a text": `{"a":"{\"b\":\"` + secret + `\"}"}`,
	} {
		r := redactor(t, "secrets")
		var sources []redact.Source
		for id := range int64(3) { // alike, so that names and texts were seen before
			sources = append(sources, redact.Source{Exchange: exchange(id+1, "/", nil, []byte(strings.Replace(body, "1", string(rune('1'+id)), 1)))})
		}
		sources = append(sources, sources[0], redact.Source{Exchange: exchange(9, "/?token="+secret, nil, nil)})
		for _, s := range sources {
			r.Learn(s)
		}
		for i, s := range sources {
			got, changes, err := r.Apply(s)
			if err != nil || len(changes) == 0 {
				t.Errorf("%s: %d changes in callback %d (%v)", name, len(changes), i, err)
			}
			left := string(got.Request.Body)
			if strings.Contains(left, secret) || i < 4 && left == string(s.Exchange.Request.Body) {
				t.Errorf("%s: callback %d leaves as %s", name, i, left)
			}
		}
	}
}

// TestSameTextDeeper learns a text where it stands too deep to be looked into, and then
// where it does not.
func TestSameTextDeeper(t *testing.T) {
	t.Parallel()
	inner := `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghij `
	for range 2 {
		inner = base64.StdEncoding.EncodeToString([]byte("a text: " + inner))
	}
	text := `{"a":"` + strings.Repeat("lorem ", 20) + inner + `"}`
	deep := text
	for range 3 {
		deep = base64.StdEncoding.EncodeToString([]byte(deep))
	}
	r := redactor(t, "secrets")
	first, second := redact.Source{Exchange: exchange(1, "/", nil, []byte(deep))}, redact.Source{Exchange: exchange(2, "/", nil, []byte(text))}
	r.Learn(first)
	r.Learn(second)
	got, changes := apply(t, r, second)
	if len(changes) == 0 {
		t.Errorf("the token stays in %s", got.Request.Body)
	}
}

// TestReplaceIsApply replaces the same, and counts the same, without the list.
func TestReplaceIsApply(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"none", "secrets", "personal", "personal,regex:REF-([0-9]+)"} {
		told, untold := redactor(t, profile, knownCanary.text), redactor(t, profile, knownCanary.text)
		teach := redact.Source{Exchange: teacher(), Sensitive: seedPlaces}
		told.Learn(teach)
		untold.Learn(teach)
		for _, c := range canaries {
			for name, leak := range leakers() {
				s := redact.Source{Exchange: leak(c.text), Sensitive: seedPlaces}
				want, changes := apply(t, told, s)
				got, changed, err := untold.Replace(s)
				if err != nil || !reflect.DeepEqual(got, want) || changed != (len(changes) > 0) {
					t.Errorf("%s: %s in %s: got %+v, %v (%v)\nwant %+v with %d changes", profile, c.name, name, got, changed, err, want, len(changes))
				}
			}
		}
		if got, want := untold.Replaced(), told.Replaced(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: counted %v, want %v", profile, got, want)
		}
	}
	if _, _, err := redactor(t, "secrets").Replace(redact.Source{}); err == nil {
		t.Error("no exchange: no error")
	}
}
