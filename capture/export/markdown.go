package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"hookglass/capture"
)

// maxMarkdownBody is how much of a body is in an issue.
const maxMarkdownBody = 4 << 10

// WriteMarkdown writes a share for an issue tracker. All that anybody wrote stands
// in code, where no tracker makes links, mentions or pictures of it.
func WriteMarkdown(ctx context.Context, w io.Writer, s *Share) error {
	m := markdown{bufio.NewWriterSize(w, 64<<10)}
	if s.Title != "" {
		m.line("## " + span(s.Title))
		m.line("")
	}
	if s.Note != "" {
		m.block("", visibleLines(s.Note))
	}
	err := s.each(ctx, func(x *Shared) error {
		m.exchange(x)
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	m.line(span(s.Redaction.Words()))
	return m.out.Flush()
}

// markdown writes it; the first error stays in the writer.
type markdown struct{ out *bufio.Writer }

func (m markdown) line(text string) { _, _ = m.out.WriteString(text + "\n") }

// fact is a line of a list; an empty value writes none.
func (m markdown) fact(name, value string) {
	if value != "" {
		m.line("- " + name + ": " + span(value))
	}
}

func (m markdown) exchange(x *Shared) {
	r, a := &x.Request, &x.Annotation
	m.line("### " + span(orElse(r.Method, "?")+" "+r.Target) + " " + span(answerWords(x.Exchange)))
	m.line("")
	m.fact("Received", r.Received.UTC().Format("2006-01-02 15:04:05.000 UTC"))
	m.fact("Sender", strings.TrimSpace(orElse(a.Provider, "unknown")+" "+a.Event))
	m.fact("Summary", a.Summary)
	m.fact("Order", a.Order)
	m.fact("Delivery", a.Delivery)
	if a.Attempt > 1 {
		m.fact("Attempt", fmt.Sprint(a.Attempt))
	}
	m.fact("Proof", strings.TrimSuffix(words(string(a.Verification.Status))+". "+a.Verification.Reason, ". "))
	m.fact("Error", x.Error)
	m.fact("Note", x.Note)
	m.line("")
	m.message("Request, "+sizeWords(r.Size), r.Method+" "+r.Target+" "+r.Proto, r.Header, readable(r.Header, r.Body, r.Truncated, maxMarkdownBody))
	if p := x.Response; p != nil && p.Status != 0 {
		m.fact("Answered", answeredBy(p))
		m.line("")
		title := fmt.Sprintf("Answer, %d", p.Status)
		m.message(title, fmt.Sprintf("HTTP/1.1 %d", p.Status), p.Header, readable(p.Header, p.Body, false, maxMarkdownBody))
	}
}

func (m markdown) message(title, first string, header capture.Fields, body bodyText) {
	m.line("<details><summary>" + title + "</summary>")
	m.line("")
	lines := []string{field(first)}
	for _, f := range header {
		lines = append(lines, field(f.Name+": "+f.Value))
	}
	m.block("http", strings.Join(lines, "\n"))
	for _, note := range body.Notes {
		m.fact("Body", note)
	}
	if body.Text != "" {
		language := ""
		if body.JSON {
			language = "json"
		}
		m.block(language, body.Text)
	}
	m.line("</details>")
	m.line("")
}

// block is a text between fences that are longer than any in it.
func (m markdown) block(language, text string) {
	fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	m.line(fence + language)
	m.line(strings.TrimSuffix(text, "\n"))
	m.line(fence)
	m.line("")
}

// span is a text as code on one line.
func span(text string) string {
	text = field(text)
	fence := strings.Repeat("`", longestRun(text, '`')+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") || text == "" {
		text = " " + text + " "
	}
	return fence + text + fence
}

func longestRun(text string, of rune) int {
	longest, run := 0, 0
	for _, r := range text {
		if run++; r != of {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}
