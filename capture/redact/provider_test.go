package redact_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hookglass/capture/redact"
	"hookglass/providers/all"
)

// TestSamplesOfProviders redacts what the providers send: JSON stays JSON, and of
// what is known to be personal in the samples nothing is left.
func TestSamplesOfProviders(t *testing.T) {
	t.Parallel()
	set := all.NewSet()
	for _, p := range set.All() {
		for i := range p.Samples {
			sample := &p.Samples[i]
			x := exchange(1, sample.Path, sample.Header, sample.Body)
			x.Annotation = set.Annotate(&x.Request, nil)
			r := redactor(t, "personal")
			s := redact.Source{Exchange: x, Sensitive: set.Sensitive(p.ID)}
			r.Learn(s)
			got, changes := apply(t, r, s)
			if json.Valid(sample.Body) && !json.Valid(got.Request.Body) {
				t.Errorf("%s %s: JSON became none: %s", p.ID, sample.Name, got.Request.Body)
			}
			left := string(everything(got))
			for _, c := range changes {
				if len(c.Before) > 7 && strings.Contains(left, c.Before) && c.Kind != "signature" {
					t.Errorf("%s %s: %s %q stays in %s", p.ID, sample.Name, c.Where, c.Before, left)
				}
			}
			again := set.Annotate(&got.Request, nil)
			if again.Event != x.Annotation.Event {
				t.Errorf("%s %s: event %q became %q", p.ID, sample.Name, x.Annotation.Event, again.Event)
			}
		}
	}
}
