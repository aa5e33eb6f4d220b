package all

import (
	"testing"

	"hookglass/capture"
)

// TestContracts wants a contract of every provider, which the answers that it
// takes as success keep, for everything that it sends.
func TestContracts(t *testing.T) {
	set := NewSet()
	for _, p := range set.All() {
		if p.Contract == nil {
			t.Errorf("%s has no contract", p.ID)
			continue
		}
		for _, sample := range p.Samples {
			r := sample.Request()
			answer := set.Accepted(&r, set.Endpoints().Find(r.Path()))
			if broken := set.Contract(p.ID, &answer, &r); len(broken) > 0 {
				t.Errorf("%s, %s: the accepted answer is said to break the contract: %q", p.ID, sample.Name, broken)
			}
		}
		for _, method := range []string{"POST", "PUT", "OPTIONS"} {
			r := capture.Request{Method: method, Target: "/"}
			answer := set.Accepted(&r, &capture.Endpoint{Path: "/", Provider: p.ID})
			if broken := set.Contract(p.ID, &answer, &r); len(broken) > 0 {
				t.Errorf("%s, %s: the accepted answer is said to break the contract: %q", p.ID, method, broken)
			}
		}
		first, _ := set.Chosen(p.ID, p.Presets[0].ID, "words")
		if broken := set.Contract(p.ID, &first, &capture.Request{Method: "POST"}); len(broken) > 0 {
			t.Errorf("%s: its first preset is said to break the contract: %q", p.ID, broken)
		}
		html := capture.Response{Status: 200, Header: capture.Fields{{Name: "Content-Type", Value: "text/html"}}, Body: []byte("<p>fine</p>")}
		if broken := set.Contract(p.ID, &html, &capture.Request{Method: "POST"}); len(broken) == 0 {
			t.Errorf("%s takes HTML for JSON", p.ID)
		}
	}
}
