package all

import (
	"testing"

	"hookglass/providers"
)

// BenchmarkArrival is what is asked of the own provider as a callback arrives,
// for the largest proven fixture of each.
func BenchmarkArrival(b *testing.B) {
	set := NewSet()
	for _, p := range set.All() {
		var f fixture
		for _, next := range readFixtures(b, set, p.ID) {
			if p.Verify(next.callback(true), next.keys).Status.Proven() && len(next.request.Body) > len(f.request.Body) {
				f = next
			}
		}
		b.Run(p.ID, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(f.request.Body)))
			for b.Loop() {
				c := providers.NewCallback(&f.request, f.endpoint, providers.DecodeLimit)
				p.Read(c)
				p.Verify(c, f.keys)
			}
		})
		b.Run(p.ID+"/annotate", func(b *testing.B) {
			b.ReportAllocs()
			set.SetKeys(f.keys)
			for b.Loop() {
				set.Annotate(&f.request, nil)
			}
		})
	}
}
