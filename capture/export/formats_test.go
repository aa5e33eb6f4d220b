package export

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestFormatsGolden compares every format of text with a file.
func TestFormatsGolden(t *testing.T) {
	for _, name := range []string{"har", "html", "jsonl", "csv", "md", "curl"} {
		t.Run(name, func(t *testing.T) {
			got := written(t, name, shareOf(sharedFixtures()...))
			f, _ := FindFormat(name)
			file := filepath.Join("testdata", "formats", "share"+f.Extension)
			if *update {
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal([]byte(got), want) {
				t.Errorf("%s is not as in %s; -update writes it anew\n%s", name, file, got)
			}
		})
	}
}

// TestFormatsEnd has every format end with its context and with an error of the
// exchanges, and tell how far it came.
func TestFormatsEnd(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, f := range Formats {
		if f.Title == "" || f.Says == "" || f.Extension == "" {
			t.Errorf("%s: it does not say what it is", f.Name)
		}
		s := shareOf(sharedFixtures()...)
		told := int64(0)
		s.Done = func(n int64) { told = n }
		if err := f.Write(t.Context(), &bytes.Buffer{}, s); err != nil || told != s.Count {
			t.Errorf("%s: got %d of %d, %v", f.Name, told, s.Count, err)
		}
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		if err := f.Write(cancelled, &bytes.Buffer{}, s); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: cancelled: got %v", f.Name, err)
		}
		s.Exchanges = func(yield func(*Shared, error) bool) { yield(nil, broken) }
		if err := f.Write(t.Context(), &bytes.Buffer{}, s); !errors.Is(err, broken) {
			t.Errorf("%s: got %v, want %v", f.Name, err, broken)
		}
	}
}

// TestFormatsFlat writes and reads many callbacks, and has the memory in use not
// grow with them. HOOKGLASS_BENCH_LONG=1 reads a HAR of 2 GB.
func TestFormatsFlat(t *testing.T) {
	const most = 6 << 20
	for _, f := range Formats {
		s := many(1500)
		heap := newHeap()
		all := s.Exchanges
		s.Exchanges = func(yield func(*Shared, error) bool) {
			for x, err := range all {
				heap.look(300)
				if !yield(x, err) {
					return
				}
			}
		}
		if err := f.Write(t.Context(), new(counter), s); err != nil {
			t.Fatal(err)
		}
		if heap.grown > most {
			t.Errorf("%s: %d bytes more in use", f.Name, heap.grown)
		}
	}
	size := int64(16 << 20)
	if os.Getenv("HOOKGLASS_BENCH_LONG") != "" {
		size = 2 << 30
	}
	heap := newHeap()
	har := newEndlessHAR(t, size)
	_, err := readHAR(t.Context(), har, func(*Shared) error { heap.look(2000); return nil }, func(where, why string) { t.Fatal(where, why) })
	if err != nil || heap.grown > most {
		t.Errorf("%d bytes more in use for a HAR of %d, %v", heap.grown, har.given, err)
	}
}

// heap watches how much memory is in use.
type heap struct {
	before, grown int64
	looks         int
}

func newHeap() *heap {
	h := &heap{}
	h.before = h.inUse()
	return h
}

func (h *heap) inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// look looks at every so many calls.
func (h *heap) look(every int) {
	if h.looks++; h.looks%every == 0 {
		h.grown = max(h.grown, h.inUse()-h.before)
	}
}

// endlessHAR is a HAR that repeats one entry until it is of a size.
type endlessHAR struct {
	entry, now, end []byte
	given, size     int64
}

func newEndlessHAR(t *testing.T, size int64) *endlessHAR {
	head, rest, _ := bytes.Cut([]byte(written(t, "har", many(1))), []byte(`"entries":[`))
	entry, end, _ := bytes.Cut(rest, []byte("\n]"))
	return &endlessHAR{entry: append(bytes.Clone(entry), ','), now: append(head, `"entries":[`...), end: append(append(entry, "\n]"...), end...), size: size}
}

func (e *endlessHAR) Read(b []byte) (int, error) {
	if len(e.now) == 0 {
		switch {
		case e.given < e.size:
			e.now = e.entry
		case e.end == nil:
			return 0, io.EOF
		default:
			e.now, e.end = e.end, nil
		}
	}
	n := copy(b, e.now)
	e.now = e.now[n:]
	e.given += int64(n)
	return n, nil
}

// TestWriteRaw unpacks what many requests are written as, and reads one.
func TestWriteRaw(t *testing.T) {
	text := written(t, "raw", shareOf(sharedFixtures()...))
	files, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range files.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(in)
		if err := errors.Join(err, in.Close()); err != nil {
			t.Fatal(err)
		}
		got[f.Name] = string(body)
	}
	for name, want := range map[string]string{
		"000001.http": "PUT /kornitx/orders?ref=8679&x=%20a HTTP/1.1\r\n",
		"000004.http": "GET / HTTP/1.1\r\nX-Bad: \xff\xfe\r\n",
		"README.txt":  "000003.http  2026-11-21 14:14:09.123 UTC  unknown sender, unprovable, 200: there is no raw request of it: only a part of its body was kept\n",
	} {
		if !strings.Contains(got[name], want) {
			t.Errorf("%s: got %q, want %q in it", name, got[name], want)
		}
	}
	if _, ok := got["000003.http"]; ok || len(got) != 5 {
		t.Errorf("%d files", len(got))
	}
	f, _ := FindFormat("raw")
	if got := written(t, "raw", shareOf(fixturePaid())); !strings.HasPrefix(got, "POST /klix/purchases HTTP/1.1\r\n") || f.ExtensionFor(1) != ".http" || f.ExtensionFor(2) != ".zip" {
		t.Errorf("of one: %q", got)
	}
}

// TestOpenHAR opens a written HAR as any file, and twice.
func TestOpenHAR(t *testing.T) {
	o, err := OpenText(t.Context(), written(t, "har", shareOf(sharedFixtures()...)))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		n := 0
		if err := o.Each(t.Context(), func(*Shared) error { n++; return nil }); err != nil || n != 5 {
			t.Errorf("got %d, %v", n, err)
		}
	}
	if o.Format != "har" || o.Share.Title != "Split orders" || o.Share.Redaction.Counts() != "secret 12, token 3" || len(o.Skipped()) > 0 {
		t.Errorf("got %+v, skipped %v", o.Share, o.Skipped())
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}

func TestRedactionWords(t *testing.T) {
	for _, c := range []struct {
		redaction Redaction
		want      string
	}{
		{Redaction{}, "Nothing was redacted"},
		{Redaction{Profile: "none"}, "Nothing was redacted"},
		{Redaction{Profile: "secrets"}, "Personal data stand in it as they came."},
		{Redaction{Profile: "personal"}, "secrets and personal data were replaced"},
		{Redaction{Profile: "custom", Rules: []string{"header X-A", "a pattern"}}, "Also looked for: header X-A, a pattern."},
	} {
		if got := c.redaction.Words(); !strings.Contains(got, c.want) {
			t.Errorf("%+v: got %q, want %q in it", c.redaction, got, c.want)
		}
	}
}

// TestReportGlance counts over a second and over years, in few bars and all of them.
func TestReportGlance(t *testing.T) {
	for _, step := range []time.Duration{0, time.Millisecond, time.Second, time.Minute, 5 * time.Hour, 40 * 24 * time.Hour} {
		g := newGlance()
		for i := range 500 {
			x := fixtureDispatched()
			x.Request.Received = x.Request.Received.Add(time.Duration(i) * step)
			g.add(x.Exchange)
		}
		sum := bar{}
		for _, b := range g.bars {
			sum.all, sum.failed = sum.all+b.all, sum.failed+b.failed
		}
		if len(g.bars) > maxBars || sum != (bar{500, 500}) {
			t.Errorf("%s: %d bars of %s with %+v", step, len(g.bars), g.width, sum)
		}
		if line := g.timeline(time.UTC); line.Says != "500 callbacks, 500 failed, a bar is "+widthWords(g.width) || len(line.Bars) != len(g.bars) {
			t.Errorf("%s: %+v", step, line)
		}
	}
	if newGlance().timeline(time.UTC) != nil {
		t.Error("there is a timeline of nothing")
	}
}

// TestReportBounds writes callbacks behind those that are shown in full, and behind
// those that are listed.
func TestReportBounds(t *testing.T) {
	page, err := template.New("report").Parse(reportPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rows, bytes int64
		want, left  string
	}{
		{0, 0, `<details class="row failed">`, ""},
		{0, maxReportBytes, `<div class="row flat failed">`, "The first 0 callbacks are shown in full, the others as rows."},
		{maxReportRows, maxReportBytes, "", "1 more callbacks are counted above and not listed; of those listed, 0 are shown in full."},
	} {
		var text bytes.Buffer
		out := &countingWriter{out: bufio.NewWriter(&text), n: c.bytes}
		r := report{share: shareOf(), page: page, out: out, zone: time.UTC, glance: newGlance(), rows: c.rows}
		if err := errors.Join(r.exchange(fixtureDispatched()), out.out.Flush()); err != nil {
			t.Fatal(err)
		}
		if got := text.String(); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("got %q, want %q in it", got, c.want)
		}
		if left := r.tail().Left; left != c.left || r.glance.all != 1 {
			t.Errorf("left %q, want %q", left, c.left)
		}
	}
}
