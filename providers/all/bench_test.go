package all

import (
	"testing"

	"hookglass/capture"
)

// BenchmarkAnnotate is what a callback costs as it arrives, for the largest
// proven fixture of each provider: at the provider's own endpoint, and where it
// has to be detected.
func BenchmarkAnnotate(b *testing.B) {
	set := NewSet()
	for _, p := range set.All() {
		var f fixture
		for _, next := range readFixtures(b, set, p.ID) {
			if p.Verify(next.callback(true), next.keys).Status.Proven() && len(next.request.Body) > len(f.request.Body) {
				f = next
			}
		}
		pinned := f.endpoint
		if pinned == nil {
			pinned = &capture.Endpoint{Path: "/x/*", Provider: p.ID}
		}
		for _, way := range []struct {
			name     string
			endpoint *capture.Endpoint
		}{{"pinned", pinned}, {"detected", nil}} {
			b.Run(p.ID+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(f.request.Body)))
				set.SetKeys(f.keys)
				for b.Loop() {
					set.Annotate(&f.request, way.endpoint)
				}
			})
		}
	}
}
