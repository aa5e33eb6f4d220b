package export

import (
	"fmt"

	"hookglass/capture"
)

// maxSkipped is how many skipped parts are told apart.
const maxSkipped = 100

// partOf stands before the place of what is not missing as a whole.
const partOf = "a part of "

// skipping gathers what was not read.
type skipping struct {
	file, now []capture.SkippedPart // of the file, and of the Each that runs
	more      int64
	running   bool
}

// add notes a part that is not read. Both texts may hold a stranger's words.
func (s *skipping) add(where, why string) {
	if len(s.file)+len(s.now) >= maxSkipped {
		s.more++
		return
	}
	part := capture.SkippedPart{Where: short(where), Why: short(why)}
	if s.running {
		s.now = append(s.now, part)
		return
	}
	s.file = append(s.file, part)
}

// again begins an Each: what the one before skipped is forgotten.
func (s *skipping) again() { s.running, s.now, s.more = true, nil, 0 }

func (s *skipping) parts() []capture.SkippedPart {
	parts := append(append([]capture.SkippedPart{}, s.file...), s.now...)
	if s.more > 0 {
		parts = append(parts, capture.SkippedPart{Where: "the rest", Why: fmt.Sprintf("%d more parts were skipped.", s.more)})
	}
	return parts
}

// short makes a stranger's words safe to show on one line, and not too long.
func short(text string) string {
	const most = 300
	if len(text) > most {
		text = text[:most] + "…"
	}
	return capture.Visible(text)
}
