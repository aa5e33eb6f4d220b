package compare

import "testing"

// TestRuns looks whether the runs are the rows, each once, of their kind.
func TestRuns(t *testing.T) {
	s, err := compareBodies(t.Context(),
		payload{bytes: []byte("a\nb\nc\nd\n")}, payload{bytes: []byte("a\nX\nc\nd\nmore to say\n")}, &Options{})
	if err != nil {
		t.Fatal(err)
	}
	next := 0
	for _, r := range s.Runs() {
		if r.From != next || r.N < 1 {
			t.Errorf("run %+v, want from %d", r, next)
		}
		for _, l := range s.Rows(r.From, r.N) {
			if l.Kind != r.Kind {
				t.Errorf("row %d is %v, its run %v", l.Row, l.Kind, r.Kind)
			}
		}
		next += r.N
	}
	if next != s.Len() || len(s.Runs()) < 3 {
		t.Errorf("%d rows in %d runs, want %d", next, len(s.Runs()), s.Len())
	}
}
