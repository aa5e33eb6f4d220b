package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// TestBundleVersion1 reads a bundle that the first version wrote. Both files stay
// as they are: what is shared today must be readable for good.
func TestBundleVersion1(t *testing.T) {
	file, err := os.ReadFile("testdata/version-1.hookglass")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/version-1.json")
	if err != nil {
		t.Fatal(err)
	}
	o, all, err := opened(t, file)
	if err != nil || len(o.Skipped()) > 0 {
		t.Fatal(err, o.Skipped())
	}
	if got := spelled(t, o, all); got != string(text) {
		t.Errorf("it is read as\n%s", got)
	}
}

// spelled is what was read, as text.
func spelled(t *testing.T, o *Opened, all []*Shared) string {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", "  ")
	encode := func(v any) {
		if err := encoder.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	m := manifestOf(&o.Share)
	m.Counts.Exchanges = o.Share.Count
	encode(m)
	for i := range o.Share.Rules {
		line, err := ruleLine(&o.Share.Rules[i])
		if err != nil {
			t.Fatal(err)
		}
		encode(line)
	}
	for _, s := range all {
		line, err := lineOf(s, func(body []byte) (string, bool, error) {
			if len(body) <= inlineBody {
				return "", false, nil
			}
			return "the large one", bytes.Equal(body, largeBody()), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if !line.isText() {
			line.toLatin1()
		}
		encode(line)
	}
	return out.String()
}

// largeBody is one that is a file in the bundle.
func largeBody() []byte {
	var body []byte
	for i := range 3000 {
		body = fmt.Appendf(body, "Line %d of a large body.\n", i*i)
	}
	return body
}
