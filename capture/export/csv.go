package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hookglass/capture"
)

// csvColumns are the columns of a list, in order.
var csvColumns = []string{
	"received_at", "uid", "session", "via", "method", "target", "provider", "event", "order", "delivery", "attempt",
	"verdict", "verdict_at_arrival", "status", "answered_by", "rule", "duration_ms", "state", "error", "size", "truncated",
	"remote", "mark", "pinned", "note", "summary", "redaction",
}

// WriteCSV writes the list of a share for a spreadsheet: a byte order mark, since
// Excel takes it for another encoding without, a line of names, CRLF, every cell in
// quotes. A text that a spreadsheet would take for a formula has an apostrophe in
// front, and what cannot be seen is written as escapes.
func WriteCSV(ctx context.Context, w io.Writer, s *Share) error {
	out := bufio.NewWriterSize(w, 64<<10)
	names := sessionNames(s)
	if _, err := out.WriteString("\ufeff"); err != nil {
		return err
	}
	if err := writeCells(out, csvColumns); err != nil {
		return err
	}
	err := s.each(ctx, func(x *Shared) error {
		return writeCells(out, append(csvCells(x, names), orElse(s.Redaction.Profile, "none")))
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

func csvCells(x *Shared, names map[int64]string) []string {
	r, a := &x.Request, &x.Annotation
	attempt, status, by, rule, took := "", "", "", "", ""
	if a.Attempt > 0 {
		attempt = strconv.Itoa(a.Attempt)
	}
	if x.Response != nil {
		by, rule = string(x.Response.By), x.Response.RuleName
		took = strconv.FormatFloat(float64(x.Response.Timing.Took)/float64(time.Millisecond), 'f', 3, 64)
		if x.Response.Status != 0 {
			status = strconv.Itoa(x.Response.Status)
		}
	}
	return []string{
		r.Received.UTC().Format("2006-01-02T15:04:05.000Z"), x.UID, names[x.Session], string(x.Via), r.Method, r.Target,
		a.Provider, a.Event, a.Order, a.Delivery, attempt,
		string(a.Verification.Status), string(a.AtArrival), status, by, rule, took, string(x.State), x.Error,
		strconv.FormatInt(r.Size, 10), strconv.FormatBool(r.Truncated),
		r.Remote, string(x.Mark), strconv.FormatBool(x.Pinned), x.Note, a.Summary,
	}
}

func writeCells(out *bufio.Writer, cells []string) error {
	for i, cell := range cells {
		if i > 0 {
			_ = out.WriteByte(',') // the first error stays in the writer
		}
		_, _ = out.WriteString(`"` + strings.ReplaceAll(plainCell(cell), `"`, `""`) + `"`)
	}
	_, err := out.WriteString("\r\n")
	return err
}

// maxCell is what a spreadsheet takes in one cell.
const maxCell = 32_000

// plainCell makes a stranger's text one that a spreadsheet neither computes nor
// obeys. A semicolon begins a new cell where a country's comma is a decimal point,
// so that what follows it is looked at too.
func plainCell(text string) string {
	if cut := len(text) - maxCell; cut > 0 {
		text = fmt.Sprintf("%s… (%d bytes)", wholeRunes(text[:maxCell]), len(text))
	}
	text = capture.Visible(text)
	if !strings.ContainsAny(text, "=+-@＝＋－＠") {
		return text
	}
	var b strings.Builder
	begins := true
	for _, r := range text {
		switch {
		case begins && strings.ContainsRune("=+-@＝＋－＠", r):
			b.WriteByte('\'')
			begins = false
		case r == ';':
			begins = true
		case r != '"' && r != '\'' && !unicode.IsSpace(r):
			begins = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// wholeRunes leaves out what a cut has left of a last rune.
func wholeRunes(text string) string {
	for i := 1; i <= utf8.UTFMax && i <= len(text); i++ {
		if utf8.RuneStart(text[len(text)-i]) {
			if !utf8.FullRuneInString(text[len(text)-i:]) {
				return text[:len(text)-i]
			}
			break
		}
	}
	return text
}

// sessionNames are the names of a share's sessions by their IDs.
func sessionNames(s *Share) map[int64]string {
	names := map[int64]string{}
	for i := range s.Sessions {
		names[s.Sessions[i].ID] = s.Sessions[i].Name
	}
	return names
}
