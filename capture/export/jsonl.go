package export

import (
	"bufio"
	"context"
	"io"
)

// jsonLine is a line of a bundle in a file that has no manifest.
type jsonLine struct {
	*bundleLine
	Redaction string `json:"redaction"` // the profile
}

// WriteJSONLines writes a share as JSON lines, one callback each: as the lines of
// a bundle, which README.md describes, but with every body in its line, and with the profile of its redaction.
func WriteJSONLines(ctx context.Context, w io.Writer, s *Share) error {
	out := bufio.NewWriterSize(w, 64<<10)
	lines := newJSONWriter(out)
	err := s.each(ctx, func(x *Shared) error {
		line, err := lineOf(x, func([]byte) (string, bool, error) { return "", false, nil })
		if err != nil {
			return err
		}
		if !line.isText() {
			line.toLatin1()
		}
		return lines.write(jsonLine{line, orElse(s.Redaction.Profile, "none")})
	})
	if err != nil {
		return err
	}
	return out.Flush()
}
