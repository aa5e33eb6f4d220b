package export

import (
	"context"
	"time"
)

// Formats are the ways to write a share, the best to keep first.
var Formats = []Format{
	{
		Name: "bundle", Title: "Hookglass bundle", Extension: ".hookglass", Whole: true, Write: WriteBundle,
		Says: "For others with Hookglass: all of it, with rules and notes. It can be opened, looked at and imported.",
	},
	{
		Name: "har", Title: "HAR 1.2", Extension: ".har", Whole: true, Write: WriteHAR,
		Says: "For browsers' tools and other inspectors. What HAR has no room for, as verdicts and rules, is in fields of our own.",
	},
	{
		Name: "html", Title: "Report", Extension: ".html", Write: WriteReport, Decodes: true,
		Says: "One page to read in any browser, or to print. It cannot be opened here again, and long bodies are cut.",
	},
	{
		Name: "jsonl", Title: "JSON lines", Extension: ".jsonl", Write: WriteJSONLines,
		Says: "One JSON object for each callback, for scripts. It cannot be opened here again.",
	},
	{
		Name: "csv", Title: "CSV of the list", Extension: ".csv", Write: WriteCSV,
		Says: "The list for a spreadsheet. Headers and bodies are not in it.",
	},
	{
		Name: "curl", Title: "curl commands", Extension: ".sh", Write: WriteCurl,
		Says: "A script that sends the requests again, to an address that you give it. Answers and verdicts are not in it.",
	},
	{
		Name: "raw", Title: "Raw HTTP requests", Extension: ".zip", Write: WriteRaw,
		Says: "Each request in a file of its own, as it was on the wire; of one callback that file alone. Answers and verdicts are not in it.",
	},
	{
		Name: "md", Title: "Markdown", Extension: ".md", Write: WriteMarkdown,
		Says: "For an issue tracker or a chat. Long bodies are cut.",
	},
}

// FindFormat returns the format of a name.
func FindFormat(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// ExtensionFor is that of a share of so many exchanges: a raw request alone is no
// zip.
func (f Format) ExtensionFor(exchanges int64) string {
	if f.Name == "raw" && exchanges == 1 {
		return ".http"
	}
	return f.Extension
}

// doneEvery is how often Share.Done is told.
const doneEvery = 50 * time.Millisecond

// each calls f for every exchange of a share, tells Done how far it has come, and
// ends with ctx.
func (s *Share) each(ctx context.Context, f func(*Shared) error) error {
	var done int64
	var told time.Time
	for x, err := range s.Exchanges {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = f(x)
		}
		if err != nil {
			return err
		}
		done++
		if now := time.Now(); s.Done != nil && now.Sub(told) >= doneEvery {
			told = now
			s.Done(done)
		}
	}
	if s.Done != nil {
		s.Done(done)
	}
	return ctx.Err()
}
