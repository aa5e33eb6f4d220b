package export

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"hookglass/capture"
)

// A file of a few MiB does not become hundreds of them in memory.
func TestCrowdedFiles(t *testing.T) {
	list := func(value string, bytes int) string {
		return "[" + strings.Repeat(value+",", bytes/(len(value)+1)) + value + "]"
	}
	line := `{"uid":"","via":"local","state":"answered","request":{"method":"GET","target":"/","proto":"HTTP/1.1"},"sent":{"differences":` + list("{}", 7<<20) + `}}`
	begin := `{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"http://h/"`
	for name, file := range map[string]string{
		"rules of a bundle":     string(zipped(t, entry{name: rulesName, text: list("{}", 15<<20)})),
		"few rules of a bundle": string(zipped(t, entry{name: rulesName, text: list("{}", 1<<20-10)})),
		"few rules of a HAR":    `{"log":{"_hookglass":{},"_rules":` + list("{}", 1<<20-10) + `,"entries":[]}}`,
		"few sessions":          string(zipped(t, entry{name: manifestName, text: `{"format":"hookglass-bundle","version":1,"sessions":` + list("{}", 1<<20-100) + `}`})),
		"sessions of a bundle":  string(zipped(t, entry{name: manifestName, text: `{"format":"hookglass-bundle","version":1,"sessions":` + list("{}", 3<<20) + `}`})),
		"a line of a bundle":    string(zipped(t, entry{name: "exchanges/000001.ndjson", text: line + "\n"})),
		"fields of a HAR":       `{"log":{"entries":[` + begin + `,"headers":` + list("{}", 60<<20) + `}}]}}`,
		"our line in a HAR":     `{"log":{"entries":[` + begin + `},"_hookglass":{"sent":{"hops":` + list("0", 60<<20) + `}}}]}}`,
		"rules of a HAR":        `{"log":{"_hookglass":{},"_rules":` + list("{}", 15<<20) + `,"entries":[]}}`,
		"a raw head":            "GET / HTTP/1.1\r\n" + strings.Repeat("a:\n", 10<<20) + "\n",
		"words of a script":     "curl h" + strings.Repeat(";a", 20<<20),
	} {
		t.Run(name, func(t *testing.T) {
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			given := 0
			o, err := OpenReader(t.Context(), strings.NewReader(file), int64(len(file)), "")
			if err == nil {
				err = o.Each(t.Context(), func(*Shared) error { given++; return nil })
			}
			runtime.ReadMemStats(&after)
			if took := int64(after.TotalAlloc - before.TotalAlloc); took > 6*int64(len(file))+(200<<20) {
				t.Errorf("%d MiB were allocated for a file of %d KiB", took>>20, len(file)>>10)
			}
			if given != 0 || err == nil && len(o.Skipped()) == 0 {
				t.Errorf("%d exchanges were given out, and nothing was said of it", given)
			}
		})
	}
}

// More rules than are read are not written.
func TestTooManyRules(t *testing.T) {
	s := Share{Rules: make([]capture.Rule, maxFileRules+1), Exchanges: listed(nil)}
	for _, write := range []func(*Share) error{
		func(s *Share) error { return WriteBundle(t.Context(), io.Discard, s) },
		func(s *Share) error { return WriteHAR(t.Context(), io.Discard, s) },
	} {
		if err := write(&s); !errors.Is(err, ErrBundle) {
			t.Errorf("got %v, want ErrBundle", err)
		}
	}
}
