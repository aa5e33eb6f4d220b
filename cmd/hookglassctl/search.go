package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/store"
)

type searchCommand struct {
	Words   []string `arg:"" help:"Words that must all be there: in a path, a header, a body, also inside encodings, a note. The last one may go on, \"two words\" stand beside each other, and operators work too; see hookglassctl filters."`
	Session string   `help:"Only in this session, by its id or its name." placeholder:"S"`
	Limit   int      `help:"At most so many, newest first; 0 for all (default ${default})." default:"20" placeholder:"N"`
	JSON    bool     `help:"One JSON object a line."`
}

// searchRow is a hit as --json prints it: what list prints, and where it hit.
type searchRow struct {
	row
	Excerpt string   `json:"excerpt"`
	Hits    [][2]int `json:"hits"` // of the excerpt, in bytes
}

// text is the filter that the words make: an argument of several words is a
// phrase.
func (c *searchCommand) text() string {
	words := make([]string, len(c.Words))
	for i, word := range c.Words {
		if strings.ContainsAny(word, " \t") && !strings.ContainsAny(word, `":()`) {
			word = `"` + word + `"`
		}
		words[i] = word
	}
	return strings.Join(words, " ")
}

func (c *searchCommand) Run(ctx context.Context, t *terminal) (err error) {
	if c.Limit < 0 {
		return usage("--limit %d is below zero", c.Limit)
	}
	text := c.text()
	filter, err := capture.ParseFilter(text)
	if err != nil {
		return filterUsage(text, err)
	}
	engine.Settle(ctx, t.folder)
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	if reader.Store == nil {
		t.say("nothing was captured into %s yet; hookglassctl serve captures", t.folder)
		return errNo
	}
	q := store.Query{Filter: filter, Limit: c.Limit, Now: time.Now()}
	if q.Session, err = t.sessionID(ctx, reader, c.Session); err != nil {
		return err
	}
	out, found := bufio.NewWriter(t.out), 0
	err = reader.Store.Find(ctx, q, func(part store.Found) error {
		for _, id := range part.IDs {
			x, err := reader.Store.Exchange(ctx, id)
			if errors.Is(err, store.ErrNotFound) {
				continue // dropped meanwhile
			}
			if err == nil {
				found++
				err = c.print(out, x, &filter, reader)
			}
			if err != nil {
				return err
			}
		}
		return out.Flush()
	})
	if err == nil && found == 0 {
		t.say("nothing was found of which this is true: %s", capture.Visible(filter.Words()))
		return errNo
	}
	return err
}

func (c *searchCommand) print(out *bufio.Writer, x *capture.Exchange, filter *capture.Filter, reader *engine.Reader) error {
	small := *x
	small.Response = nil // words are not looked for in it
	if len(x.Request.Body) > largestExcerpted {
		small.Request.Body = nil
	}
	shown, err := reader.WithoutSecrets(&small)
	if err != nil {
		return fmt.Errorf("callback %d: %w", x.ID, err)
	}
	shown.Request.Target = reader.Mask(x.Request.Target)
	text, hits := excerpt(shown, filter)
	if c.JSON {
		return writeJSON(out, searchRow{rowOf(x, reader.Mask), text, hits})
	}
	if _, err := fmt.Fprintln(out, line(x, shown.Request.Target)); err != nil || text == "" {
		return err
	}
	var b strings.Builder
	done := 0
	for _, hit := range hits {
		b.WriteString(capture.Visible(text[done:hit[0]]) + "«" + capture.Visible(text[hit[0]:hit[1]]) + "»")
		done = hit[1]
	}
	b.WriteString(capture.Visible(text[done:]))
	_, err = fmt.Fprintf(out, "       %s\n", b.String())
	return err
}

// largestExcerpted is the largest body that an excerpt is of: the secrets in it are
// found first, which takes 20 ms a MiB.
const largestExcerpted = 1 << 20

// excerptAround is how much of a text is shown before and behind a hit, in bytes.
const excerptAround = 60

// excerpt is the first text of a callback that was hit, from a little before the
// hit on, and the hits in it. Header fields are not shown.
func excerpt(x *capture.Exchange, filter *capture.Filter) (text string, hits [][2]int) {
	look := func(part string) bool {
		all := filter.Hits(part)
		if len(all) == 0 {
			return true
		}
		from, to := max(all[0][0]-excerptAround, 0), min(all[0][1]+excerptAround, len(part))
		for from > 0 && !utf8.RuneStart(part[from]) {
			from--
		}
		for to < len(part) && !utf8.RuneStart(part[to]) {
			to++
		}
		text = part[from:to]
		for _, hit := range all {
			if hit[1] <= to {
				hits = append(hits, [2]int{hit[0] - from, hit[1] - from})
			}
		}
		return false
	}
	only := *x
	only.Request.Header = nil
	for _, name := range []string{"Content-Encoding", "Content-Type"} { // what a body is read by
		if value, ok := x.Request.Header.First(name); ok {
			only.Request.Header = append(only.Request.Header, capture.Field{Name: name, Value: value})
		}
	}
	capture.Texts(&only, func(part []byte) bool { return look(string(part)) })
	return text, hits
}
