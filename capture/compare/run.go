package compare

// Run is a number of rows of one kind that follow each other.
type Run struct {
	Kind    Kind
	From, N int
}

// Runs are all rows of a section in runs, with nothing folded, for those who fold
// by themselves: Rows makes the lines of what is in view.
func (s *Section) Runs() []Run {
	runs := make([]Run, len(s.rows.runs))
	for i, r := range s.rows.runs {
		runs[i] = Run{r.kind, int(r.from), int(r.n)}
	}
	return runs
}
