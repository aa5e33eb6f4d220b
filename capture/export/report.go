package export

import (
	"bufio"
	"context"
	_ "embed" // the page and its style
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"
)

//go:embed report.css
var reportStyle string

//go:embed report.html
var reportPage string

// What a report holds: a browser lays out no more in bearable time.
const (
	maxReportBody  = 24 << 10 // of one body
	maxReportBytes = 48 << 20 // of callbacks in full; those after it are rows alone
	maxReportRows  = 20_000   // those after it are counted alone
)

// WriteReport writes a share as one HTML page that needs no script and loads
// nothing: what it may load is forbidden in its head. What was counted while the
// callbacks were written stands behind them and is shown above them. Memory is
// that of one exchange.
func WriteReport(ctx context.Context, w io.Writer, s *Share) error {
	page, err := template.New("report").Parse(reportPage)
	if err != nil {
		return fmt.Errorf("read the page of the report: %w", err)
	}
	counted := &countingWriter{out: bufio.NewWriterSize(w, 64<<10)}
	r := report{
		share: s, page: page, out: counted, glance: newGlance(),
		zone: s.Created.Location(), names: sessionNames(s),
	}
	if err := page.ExecuteTemplate(counted, "head", r.head()); err != nil {
		return err
	}
	if err := s.each(ctx, r.exchange); err != nil {
		return err
	}
	if err := page.ExecuteTemplate(counted, "tail", r.tail()); err != nil {
		return err
	}
	return counted.out.Flush()
}

// report is a report that is being written.
type report struct {
	share  *Share
	page   *template.Template
	out    *countingWriter
	zone   *time.Location
	names  map[int64]string
	glance *glance
	day    string
	rows   int64 // without and with what is in them
	whole  int64
}

type countingWriter struct {
	out *bufio.Writer
	n   int64
}

// Write counts what was written.
func (c *countingWriter) Write(b []byte) (int, error) {
	n, err := c.out.Write(b)
	c.n += int64(n)
	return n, err
}

type reportHead struct {
	Tool, Title, Made, Note, Redaction string
	Plain                              bool // nothing was redacted
	Style                              template.CSS
}

func (r *report) head() reportHead {
	s := r.share
	h := reportHead{
		Tool: field(orElse(s.Tool, "Hookglass")), Title: field(orElse(s.Title, "Callbacks")),
		Note: cutLines(s.Note), Redaction: visibleLines(s.Redaction.Words()), Plain: s.Redaction.Profile == "" || s.Redaction.Profile == "none",
		Style: template.CSS(reportStyle),
	}
	var made []string
	if !s.Created.IsZero() {
		made = append(made, "Made on "+s.Created.Format("2 January 2006, 15:04"))
	}
	if s.Sharer != "" {
		made = append(made, "by "+field(s.Sharer))
	}
	made = append(made, "times are "+zoneName(s.Created))
	h.Made = strings.Join(made, " · ")
	return h
}

func zoneName(t time.Time) string {
	if _, offset := t.Zone(); offset == 0 {
		return "UTC"
	}
	return t.Format("UTC-07:00")
}

// cutLines is a stranger's text of more lines.
func cutLines(text string) string {
	const most = 8 << 10
	if len(text) > most {
		text = wholeRunes(text[:most]) + "…"
	}
	return visibleLines(text)
}

func (r *report) exchange(x *Shared) error {
	r.glance.add(x.Exchange)
	if r.rows >= maxReportRows {
		r.glance.unlisted++
		return nil
	}
	r.rows++
	if day := x.Request.Received.In(r.zone).Format("Monday, 2 January 2006"); day != r.day {
		r.day = day
		if err := r.page.ExecuteTemplate(r.out, "day", day); err != nil {
			return err
		}
	}
	row := r.row(x)
	if r.out.n >= maxReportBytes {
		return r.page.ExecuteTemplate(r.out, "flat", row)
	}
	r.whole++
	return r.page.ExecuteTemplate(r.out, "row", r.fill(row, x))
}

type reportTail struct {
	Left     string // what is not in the list
	Timeline *timeline
	Tiles    []tile
	Tables   []reportTable
	Replaced string
	Says     string
}

type reportTable struct {
	Title   string
	Columns []string
	Rows    [][]string
}

func (r *report) tail() reportTail {
	g := r.glance
	t := reportTail{Timeline: g.timeline(r.zone), Tiles: g.tiles(), Replaced: field(r.share.Redaction.Counts())}
	switch {
	case g.unlisted > 0:
		t.Left = fmt.Sprintf("%s more callbacks are counted above and not listed; of those listed, %s are shown in full.", digits(g.unlisted), digits(r.whole))
	case r.whole < r.rows:
		t.Left = fmt.Sprintf("The first %s callbacks are shown in full, the others as rows.", digits(r.whole))
	case r.rows == 0:
		t.Left = "There are no callbacks in it."
	}
	for i := range r.share.Sessions {
		t.Tables = append(t.Tables, r.public(&r.share.Sessions[i])...)
	}
	if rules := r.rules(); len(rules.Rows) > 0 {
		t.Tables = append(t.Tables, rules)
	}
	t.Says = "All of this page is in this one file: it loads nothing and runs nothing. Addresses in it are text, not links. Bodies longer than " +
		sizeWords(maxReportBody) + " are cut; control and direction characters are shown as escapes."
	return t
}

// public tells what became of the public address meanwhile.
func (r *report) public(s *SharedSession) []reportTable {
	if len(s.Public) == 0 {
		return nil
	}
	const most = 500
	t := reportTable{Title: "Public address", Columns: []string{"When", "State", "Address", "Why"}}
	if len(r.share.Sessions) > 1 {
		t.Title += ", " + field(s.Name)
	}
	for _, e := range s.Public[:min(len(s.Public), most)] {
		why := strings.TrimSpace(e.Code + " " + e.Reason)
		t.Rows = append(t.Rows, []string{e.At.In(r.zone).Format("2006-01-02 15:04:05"), field(string(e.State)), field(e.URL), field(why)})
	}
	if left := len(s.Public) - most; left > 0 {
		t.Rows = append(t.Rows, []string{fmt.Sprintf("and %d more", left), "", "", ""})
	}
	return []reportTable{t}
}

func (r *report) rules() reportTable {
	const most = 200
	t := reportTable{Title: "Rules", Columns: []string{"Name", "For", "Does"}}
	for i := range r.share.Rules[:min(len(r.share.Rules), most)] {
		rule := &r.share.Rules[i]
		does := rule.Words()
		if !rule.Enabled {
			does += " (off)"
		}
		t.Rows = append(t.Rows, []string{field(rule.Name), field(orElse(strings.TrimSpace(rule.Endpoint+" "+rule.Filter), "every callback")), field(does)})
	}
	return t
}

// digits groups a number: 1 284.
func digits(n int64) string {
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "\u202f" + text[at:]
	}
	return text
}
