package export

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"hookglass/capture"
)

// reportRow is a callback as a report has it: the first part is its row, the rest
// is there where it is shown in full.
type reportRow struct {
	Clock, Method, MethodKind, Target, Mark, Provider, Who string
	Verdict, Reason, Tone                                  string
	Answer, AnswerTone, Took                               string
	Failed                                                 bool

	Facts      []reportFact
	Troubles   []string
	Proof      []reportFact
	Sections   []reportSection
	Size       string
	Request    reportMessage
	AnsweredBy string
	Response   *reportMessage
}

type reportFact struct {
	Name, Value, Note string
	Wide              bool // over the whole width
	Prose             bool // a person's words
}

type reportSection struct {
	Title   string
	Notes   []string
	Facts   []reportFact
	Columns []string
	Rows    [][]reportFact
}

type reportMessage struct {
	Lines []capture.Field
	Notes []string
	Body  template.HTML // made by colour, which escapes all that is not its own
}

func (r *report) row(x *Shared) *reportRow {
	q, a := &x.Request, &x.Annotation
	row := &reportRow{
		Clock: q.Received.In(r.zone).Format("15:04:05.000"), Method: field(orElse(q.Method, "?")), Target: field(q.Target),
		Provider: field(a.Provider), Who: field(strings.TrimSpace(orElse(a.Provider, "unknown sender") + " " + a.Event)),
		Mark:    field(string(x.Mark)),
		Verdict: verdictWords(a.Verification.Status), Reason: field(a.Verification.Reason), Tone: verdictTone(a.Verification.Status),
		Answer: field(answerWords(x.Exchange)), AnswerTone: answerTone(answerClass(x.Exchange)), Failed: failed(x.Exchange),
	}
	switch q.Method {
	case "GET", "POST", "PUT", "PATCH", "DELETE":
		row.MethodKind = q.Method
	default:
		row.MethodKind = "other"
	}
	if x.Response != nil {
		row.Took = tookWords(x.Response.Timing.Took)
	}
	return row
}

// verdictWords is a verdict as people read it.
func verdictWords(s capture.Status) string {
	switch s {
	case "":
		return "not checked"
	case capture.Unsigned:
		return "not signed"
	case capture.Unprovable:
		return "cannot be proven"
	case capture.Valid, capture.WeakKey, capture.Invalid, capture.KeyMissing, capture.Malformed:
	}
	return field(words(string(s)))
}

func verdictTone(s capture.Status) string {
	switch s {
	case capture.Valid:
		return "good"
	case capture.WeakKey, capture.KeyMissing:
		return "warn"
	case capture.Invalid, capture.Malformed:
		return "bad"
	case capture.Unsigned, capture.Unprovable:
	}
	return "muted"
}

// answerTone is that of a class: "2xx".
func answerTone(class string) string {
	switch class {
	case "2xx":
		return "good"
	case "4xx", "5xx":
		return "bad"
	case "3xx":
		return "warn"
	}
	return ""
}

func tookWords(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < 10*time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return d.Round(100 * time.Millisecond).String()
}

// fill adds what is shown of a callback in full.
func (r *report) fill(row *reportRow, x *Shared) *reportRow {
	q := &x.Request
	row.Facts, row.Troubles = r.facts(x), troubles(x)
	row.Proof = proofRows(&x.Annotation)
	if x.Decoded != nil {
		row.Sections = decodedSections(x.Decoded)
	}
	if x.Sent != nil {
		row.Sections = append(row.Sections, sentSection(x.Sent))
	}
	row.Size = sizeWords(q.Size)
	row.Request = newReportMessage(q.Header, q.Body, q.Truncated)
	for _, f := range q.Trailers[:min(len(q.Trailers), maxFields)] {
		row.Request.Lines = append(row.Request.Lines, capture.Field{Name: field("(trailer) " + f.Name), Value: field(f.Value)})
	}
	if p := x.Response; p != nil {
		m := newReportMessage(p.Header, p.Body, false)
		row.Response = &m
		row.AnsweredBy = answeredBy(p)
	}
	return row
}

func answeredBy(p *capture.Response) string {
	text := "by " + words(string(p.By))
	switch {
	case p.By == capture.ByRule && p.RuleName != "":
		text += " " + p.RuleName
	case p.RuleName != "":
		text += strings.TrimSuffix(" "+p.Preset, " ") + ", through rule " + p.RuleName
	case p.Preset != "":
		text += " " + p.Preset
	}
	if took := tookWords(p.Timing.Took); took != "" {
		text += ", after " + took
	}
	return field(text)
}

func (r *report) facts(x *Shared) []reportFact {
	q, a := &x.Request, &x.Annotation
	via := x.Via
	if x.Import != nil {
		via = x.Import.Via
	}
	var list factList
	if a.Summary != "" {
		list = append(list, reportFact{Name: "Summary", Value: field(a.Summary), Prose: true})
	}
	list.add("Received", q.Received.In(r.zone).Format("2006-01-02 15:04:05.000000"))
	list.add("From", orElse(q.Source, q.Remote))
	list.add("Via", words(string(via)))
	list.add("Endpoint", x.Endpoint)
	list.add("Order", a.Order)
	list.add("Delivery", a.Delivery)
	if a.Attempt > 0 {
		list.add("Attempt", fmt.Sprint(a.Attempt))
	}
	if len(r.names) > 1 {
		list.add("Session", r.names[x.Session])
	}
	if x.State != capture.StateAnswered {
		list.add("State", words(string(x.State)))
	}
	list.add("Resend of", x.OriginUID)
	list.add("ID", x.UID)
	if x.Note != "" {
		list = append(list, reportFact{Name: "Note", Value: cutLines(x.Note), Wide: true, Prose: true})
	}
	return list
}

// factList leaves out what is empty.
type factList []reportFact

func (l *factList) add(name, value string) {
	if value != "" {
		*l = append(*l, reportFact{Name: name, Value: field(value)})
	}
}

func troubles(x *Shared) []string {
	var list []string
	if x.Error != "" {
		list = append(list, field(x.Error))
	}
	if x.Request.Truncated {
		list = append(list, "The body is not whole: more was sent or announced than was kept.")
	}
	if x.Import != nil && x.Import.Redacted {
		list = append(list, "It was redacted before it came here.")
	}
	return list
}

func proofRows(a *capture.Annotation) []reportFact {
	v := &a.Verification
	var list factList
	if a.AtArrival != "" && a.AtArrival != v.Status {
		list.add("When it arrived", verdictWords(a.AtArrival))
	}
	list.add("Scheme", v.Scheme)
	list.add("Found in", v.Header)
	list.add("Signed", v.Signed)
	list.add("Key", v.Key)
	for _, pair := range [...][2]string{{"Expected", v.Expected}, {"Received", v.Received}} {
		if pair[1] != "" {
			list = append(list, reportFact{Name: pair[0], Value: field(pair[1]), Wide: true})
		}
	}
	for _, c := range v.Checks[:min(len(v.Checks), 20)] {
		list = append(list, reportFact{Name: field(c.Proof), Value: verdictWords(c.Status), Note: field(c.Reason)})
	}
	return list
}

func sentSection(s *capture.Sending) reportSection {
	var list factList
	list.add("To", s.Base)
	for _, part := range [...]struct {
		name string
		took time.Duration
	}{{"Name found in", s.Timings.DNS}, {"Connected in", s.Timings.Connect}, {"TLS in", s.Timings.TLS}, {"First byte after", s.Timings.FirstByte}, {"All of it", s.Timings.Total}} {
		list.add(part.name, tookWords(part.took))
	}
	section := reportSection{Title: "Resend", Facts: list}
	for _, d := range s.Differences[:min(len(s.Differences), maxFields)] {
		section.Notes = append(section.Notes, field(d.String()))
	}
	for _, h := range s.Hops[:min(len(s.Hops), 20)] {
		section.Notes = append(section.Notes, field(fmt.Sprintf("redirected with %d to %s", h.Status, h.Location)))
	}
	return section
}

// maxFields is how many header fields, facts or lines of a table are shown.
const maxFields = 200

func newReportMessage(header capture.Fields, body []byte, truncated bool) reportMessage {
	var m reportMessage
	for _, f := range header[:min(len(header), maxFields)] {
		m.Lines = append(m.Lines, capture.Field{Name: field(f.Name), Value: field(f.Value)})
	}
	if left := len(header) - maxFields; left > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%d more header fields are not shown.", left))
	}
	text := readable(header, body, truncated, maxReportBody)
	for _, note := range text.Notes {
		m.Notes = append(m.Notes, "Body: "+note+".")
	}
	if text.Text != "" {
		m.Body = colour(text)
	}
	return m
}
