package export

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"hookglass/capture"
)

// smallBundle has one of everything: a body in the line, a body as a file, a rule.
func smallBundle(t testing.TB) ([]byte, map[string]*Shared) {
	t.Helper()
	var body bytes.Buffer
	for i := range 8 { // packs well, and not so well that it is stored
		fmt.Fprintf(&body, "%x\n", sha256.Sum256([]byte{byte(i)}))
	}
	body.WriteString(strings.Repeat("A line of a large body.\n", inlineBody/24))
	large := wholeShared()
	large.UID, large.Session = contentUID("large"), 1
	large.Request.Body, large.Request.Size = body.Bytes(), int64(body.Len())
	small := wholeShared()
	small.Session = 1
	file := bundled(t, Share{
		Title: "t", Sessions: []SharedSession{{ID: 1, Name: "s"}},
		Rules: []capture.Rule{{Name: "r", Kind: capture.RuleDrop, Params: capture.RuleParams{Drop: capture.DropClose}}},
	}, small, large)
	return file, map[string]*Shared{small.UID: small, large.UID: large}
}

// sound says what is wrong with what was read of a changed bundle: each exchange
// is there as it was, or named, or all of it is refused.
func sound(t testing.TB, file []byte, want map[string]*Shared) string {
	o, got, err := opened(t, file)
	if err != nil {
		return ""
	}
	if len(got)+len(o.Skipped()) < len(want) {
		return fmt.Sprintf("%d exchanges, skipped %v", len(got), o.Skipped())
	}
	for _, s := range got {
		if !reflect.DeepEqual(s, want[s.UID]) {
			return fmt.Sprintf("exchange %s is not what was written", s.UID)
		}
	}
	return ""
}

func TestBundleCutOff(t *testing.T) {
	file, _ := smallBundle(t)
	for n := range file {
		if _, _, err := opened(t, file[:n]); err == nil {
			t.Fatalf("cut off after %d of %d bytes it could be read", n, len(file))
		}
	}
}

func TestBundleBitFlips(t *testing.T) {
	file, want := smallBundle(t)
	if why := sound(t, file, want); why != "" {
		t.Fatal(why)
	}
	bits := 1
	if os.Getenv("HOOKGLASS_BENCH_LONG") != "" {
		bits = 8
	}
	for at := range file {
		for i := range bits {
			bit := (at + i) % 8
			changed := bytes.Clone(file)
			changed[at] ^= 1 << bit
			if why := sound(t, changed, want); why != "" {
				t.Fatalf("byte %d, bit %d: %s", at, bit, why)
			}
		}
	}
}

func FuzzOpenBundle(f *testing.F) {
	f.Add(bundled(f, Share{Sessions: []SharedSession{{ID: 1}}}, wholeShared()))
	f.Add(zipped(f, entry{name: "exchanges/000001.ndjson", text: goodLine}, entry{name: bodiesFolder + strings.Repeat("ab", 32)}))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, file []byte) {
		o, err := OpenReader(t.Context(), bytes.NewReader(file), int64(len(file)), "")
		if err != nil {
			return
		}
		_ = o.Each(t.Context(), func(s *Shared) error {
			if s.Via != capture.ViaImport || s.Import == nil || !isUID(s.UID) {
				t.Errorf("%+v", s.Exchange)
			}
			return nil
		})
	})
}

// FuzzBundleLine reads a stranger's line, and writes what it read: that reads the
// same again.
func FuzzBundleLine(f *testing.F) {
	f.Add([]byte(goodLine))
	file, _ := smallBundle(f)
	for line := range strings.SplitSeq(unpacked(f, file)["exchanges/000001.ndjson"], "\n") {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		e := entryOf(line)
		if e.shared == nil || e.request != "" || e.answer != "" {
			return
		}
		e.shared.Session = 0
		_, again, err := opened(t, bundled(t, Share{}, e.shared))
		if err != nil || len(again) != 1 {
			t.Fatal(err, len(again))
		}
		if a, b := fmt.Sprintf("%+v %+v", e.shared.Request, e.shared.Annotation), fmt.Sprintf("%+v %+v", again[0].Request, again[0].Annotation); a != b {
			t.Errorf("%s\n%s", a, b)
		}
	})
}

// entry is one of a zip that is made by hand.
type entry struct {
	name, text string
	method     uint16
	size       uint64 // that is claimed; 0 for the true one
}

// zipped makes a zip of entries. Its manifest is filled in, unless there is one.
func zipped(t testing.TB, entries ...entry) []byte {
	t.Helper()
	m := manifest{Format: bundleFormat, Version: bundleVersion}
	digest := sha256.New()
	given := false
	for _, e := range entries {
		given = given || e.name == manifestName
		switch {
		case isPart(e.name):
			_, _ = io.WriteString(digest, e.text)
			m.Counts.Exchanges += int64(strings.Count(e.text, "\n"))
		case isBody(e.name):
			m.Counts.Bodies++
			m.Counts.BodyBytes += int64(len(e.text))
		}
	}
	m.Digest = hex.EncodeToString(digest.Sum(nil))
	if !given {
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, entry{name: manifestName, text: string(text)})
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		p := packed{zip.Store, crc32.ChecksumIEEE([]byte(e.text)), len(e.text), []byte(e.text)}
		if e.method == zip.Deflate {
			p = deflated(t, e.text)
		}
		if e.size == 0 {
			e.size = uint64(p.size)
		}
		file, err := w.CreateRaw(&zip.FileHeader{
			Name: e.name, Method: p.method, CRC32: p.sum, CompressedSize64: uint64(len(p.bytes)), UncompressedSize64: e.size,
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(p.bytes); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// deflated packs whatever it shrinks to.
func deflated(t testing.TB, text string) packed {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	file, err := w.Create("x")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(file, text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	zr, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := zr.File[0].OpenRaw()
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(raw)
	if err != nil {
		t.Fatal(err)
	}
	return packed{zip.Deflate, crc32.ChecksumIEEE([]byte(text)), len(text), data}
}

const goodLine = `{"uid":"01890000-0000-7000-8000-000000000002","via":"local","state":"unknown","request":{"method":"GET","target":"/","proto":"HTTP/1.1"}}` + "\n"

func TestBundleLies(t *testing.T) {
	part := entry{name: "exchanges/000001.ndjson", text: goodLine}
	named := func(name string) entry { return entry{name: name, text: "x"} }
	body := bodiesFolder + strings.Repeat("ab", 32)
	uses := entry{name: part.name, text: strings.Replace(goodLine, `"/"`, `"/","body_file":"`+strings.Repeat("ab", 32)+`"`, 1)}
	saying := func(text string) entry { return entry{name: manifestName, text: text} }
	const digest = `"exchanges_sha256":"` + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" + `"`
	for name, c := range map[string]struct {
		file    []byte
		err     string // of Open or Each
		skipped string
	}{
		"no manifest at all":       {file: zipped(t, saying(""))[:0], err: "empty"},
		"no JSON":                  {file: zipped(t, saying("x")), err: "cannot be read"},
		"another format":           {file: zipped(t, saying(`{"format":"zip","version":1}`)), err: "not that of a bundle"},
		"a newer version":          {file: zipped(t, saying(`{"format":"hookglass-bundle","version":2}`)), err: "newer Hookglass"},
		"no version":               {file: zipped(t, saying(`{"format":"hookglass-bundle"}`)), err: "no version"},
		"no digest":                {file: zipped(t, saying(`{"format":"hookglass-bundle","version":1}`)), err: "no digest"},
		"more exchanges":           {file: zipped(t, saying(`{"format":"hookglass-bundle","version":1,"counts":{"exchanges":1},`+digest+`}`)), err: "1 exchanges, and there are 0"},
		"fewer exchanges":          {file: zipped(t, part, saying(`{"format":"hookglass-bundle","version":1,`+digest+`}`)), err: "0 exchanges, and there are 1"},
		"other exchanges":          {file: zipped(t, part, saying(`{"format":"hookglass-bundle","version":1,"counts":{"exchanges":1},`+digest+`}`)), err: "not those"},
		"more rules":               {file: zipped(t, saying(`{"format":"hookglass-bundle","version":1,"counts":{"rules":1},`+digest+`}`)), err: "1 rules"},
		"more bodies":              {file: zipped(t, saying(`{"format":"hookglass-bundle","version":1,"counts":{"bodies":1},`+digest+`}`)), err: "1 bodies"},
		"wrong sessions":           {file: zipped(t, saying(`{"format":"hookglass-bundle","version":1,"sessions":[{"id":7}],`+digest+`}`)), err: "number the sessions"},
		"two of a name":            {file: zipped(t, part, part), err: "two of its parts"},
		"a path upwards":           {file: zipped(t, part, named("../../../etc/cron.d/x")), skipped: "../../../etc/cron.d/x"},
		"an absolute path":         {file: zipped(t, part, named("/etc/passwd"), named(`C:\x`)), skipped: "/etc/passwd"},
		"a path of the part's":     {file: zipped(t, part, named("exchanges/../../000001.ndjson")), skipped: "no part of a bundle"},
		"a hidden name":            {file: zipped(t, part, named("a\u202eb\x00\n")), skipped: `a\u{202e}b\u{0}\n`},
		"a long name":              {file: zipped(t, part, named(strings.Repeat("n", 60_000))), skipped: strings.Repeat("n", maxName) + "…"},
		"a nested bundle":          {file: zipped(t, part, entry{name: "inner.hookglass", text: string(zipped(t, part))}), skipped: "inner.hookglass"},
		"encoded otherwise":        {file: flagged(zipped(t, part), 0, 9), err: "packed in a way"},
		"encrypted":                {file: flagged(zipped(t, part), 1, 0), err: "encrypted"},
		"a body that is not it":    {file: zipped(t, uses, named(body)), skipped: "not the one whose digest"},
		"a body that is missing":   {file: zipped(t, uses), skipped: "no file of that digest"},
		"a size that is too much":  {file: zipped(t, entry{name: part.name, text: part.text, size: 1 << 20}), err: "damaged"},
		"a size that is too small": {file: zipped(t, entry{name: part.name, text: strings.Repeat(goodLine, 9), size: 200}), err: "damaged"},
		"a line of words":          {file: zipped(t, entry{name: part.name, text: "hello\n" + goodLine}), skipped: "000001.ndjson, line 1"},
		"a state of its own":       {file: zipped(t, entry{name: part.name, text: strings.Replace(goodLine, "unknown", "x\u202e", 1)}), skipped: `is no state`},
		"a verdict of its own":     {file: zipped(t, entry{name: part.name, text: strings.Replace(goodLine, `"uid"`, `"annotation":{"at_arrival":"VALID"},"uid"`, 1)}), skipped: "is no verdict"},
		"a time that cannot be":    {file: zipped(t, entry{name: part.name, text: strings.Replace(goodLine, `"/"`, `"/","received":"9999-01-01T00:00:00Z"`, 1)}), skipped: "a time in it"},
		"a wrong kind":             {file: zipped(t, entry{name: part.name, text: strings.Replace(goodLine, `"/"`, `7`, 1)}), skipped: "the value of request.target is of a wrong kind"},
		"deep":                     {file: zipped(t, entry{name: part.name, text: strings.Repeat("[", 1<<20) + "\n"}), skipped: "not the line"},
		"rules of no kind":         {file: zipped(t, part, entry{name: rulesName, text: `[{"kind":"x"}]`}), err: "0 rules, and there are 1"},
	} {
		t.Run(name, func(t *testing.T) {
			o, _, err := opened(t, c.file)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("error %v, want %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if text := fmt.Sprint(o.Skipped()); !strings.Contains(text, c.skipped) || strings.ContainsAny(text, "\u202e\n\x00") || len(text) > 2000 {
				t.Errorf("skipped %.2000s, want %q", text, c.skipped)
			}
		})
	}
}

// flagged sets flags or the method of the first entry, in front of it and in the
// directory.
func flagged(file []byte, flags, method uint16) []byte {
	for _, place := range []struct {
		mark string
		at   int
	}{{"PK\x03\x04", 6}, {"PK\x01\x02", 8}} {
		at := bytes.Index(file, []byte(place.mark)) + place.at
		binary.LittleEndian.PutUint16(file[at:], flags)
		if method > 0 {
			binary.LittleEndian.PutUint16(file[at+2:], method)
		}
	}
	return file
}

func TestBundleBombs(t *testing.T) {
	zeros := strings.Repeat("\x00", 64<<20)
	part := func(n int) string { return fmt.Sprintf("exchanges/%06d.ndjson", n) }
	var many []entry
	for i := range maxEntries + 1 {
		many = append(many, entry{name: fmt.Sprint(i)})
	}
	wide := make([]entry, 500) // few entries with names that fill the directory
	for i := range wide {
		wide[i].name = fmt.Sprintf("%05d%s", i, strings.Repeat("n", 60_000))
	}
	for name, c := range map[string]struct {
		file []byte
		err  string
	}{
		"ratio":       {zipped(t, entry{part(1), zeros, zip.Deflate, 0}, entry{part(2), zeros, zip.Deflate, 0}), "unpack to more"},
		"claims":      {zipped(t, entry{name: part(1), text: goodLine, size: math.MaxInt64}), "unpack to more"},
		"claims, sum": {zipped(t, entry{name: part(1), text: "x", size: math.MaxUint64 - 5}, entry{name: part(2), text: "x", size: 10}), "unpack to more"},
		"a body":      {zipped(t, entry{name: bodiesFolder + strings.Repeat("a", 64), text: "x", size: maxBundled + 1}), "one of its bodies"},
		"a manifest":  {zipped(t, entry{manifestName, strings.Repeat(" ", maxManifest+1), zip.Deflate, 0}), "larger than 4 MiB"},
		"rules":       {zipped(t, entry{rulesName, strings.Repeat(" ", maxRules+1), zip.Deflate, 0}), "larger than 16 MiB"},
		"entries":     {zipped(t, many...), "at most 100000"},
		"names":       {zipped(t, wide...), "at most 100000"},
		"overlapping": {overlapped(t), "share bytes"},
	} {
		if _, _, err := opened(t, c.file); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %v, want %q", name, err, c.err)
		}
	}
}

// overlapped has the second entry stand inside the first one's data.
func overlapped(t testing.TB) []byte {
	inner := zipped(t, entry{name: "exchanges/000002.ndjson", text: goodLine})
	outer := zipped(t, entry{name: "exchanges/000001.ndjson", text: string(inner)}, entry{name: "exchanges/000002.ndjson", text: goodLine})
	inside := bytes.Index(outer[4:], []byte("PK\x03\x04")) + 4
	second := bytes.LastIndex(outer, []byte("PK\x01\x02")) // the manifest's
	second = bytes.LastIndex(outer[:second], []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(outer[second+42:], uint32(inside))
	return outer
}

// TestBundleLongLine reads a line that is passed over without being held: of 1 GB
// where HOOKGLASS_BENCH_LONG is set.
func TestBundleLongLine(t *testing.T) {
	size := int64(128 << 20)
	if os.Getenv("HOOKGLASS_BENCH_LONG") != "" {
		size = 1 << 30
	}
	file := createFile(t, t.TempDir()+"/long.hookglass")
	w := zip.NewWriter(file)
	digest, sum := sha256.New(), crc32.NewIEEE()
	write := func(out io.Writer) {
		chunk := bytes.Repeat([]byte("x"), 1<<20)
		for range size >> 20 {
			if _, err := out.Write(chunk); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := io.WriteString(out, "\n"+goodLine); err != nil {
			t.Fatal(err)
		}
	}
	write(io.MultiWriter(digest, sum))
	whole := uint64(size) + uint64(len(goodLine)) + 1
	part, err := w.CreateRaw(&zip.FileHeader{Name: "exchanges/000001.ndjson", CRC32: sum.Sum32(), CompressedSize64: whole, UncompressedSize64: whole})
	if err != nil {
		t.Fatal(err)
	}
	write(part)
	head, err := w.Create(manifestName)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = fmt.Fprintf(head, `{"format":"hookglass-bundle","version":1,"counts":{"exchanges":2},"exchanges_sha256":"%x"}`, digest.Sum(nil))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	o, err := Open(t.Context(), file.Name())
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	got := 0
	if err := o.Each(t.Context(), func(*Shared) error { got++; return nil }); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if why := fmt.Sprint(o.Skipped()); got != 1 || !strings.Contains(why, "line 1") || !strings.Contains(why, "longer than 8 MiB") {
		t.Errorf("%d exchanges, skipped %s", got, why)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 64<<20 {
		t.Errorf("%d bytes were allocated for it", allocated)
	}
}

// Nothing that a bundle names is read or written: it is opened where there is
// nothing but itself.
func TestBundleTouchesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	path := dir + "/b.hookglass"
	rules := entry{name: rulesName, text: `[{"kind":"fixed","params":{"answer":{"status":200,"body_file":"/etc/hostname"}}},{"kind":"forward","params":{"forward":{"url":"http://10.0.0.1/"}}}]`}
	m := entry{name: manifestName, text: `{"format":"hookglass-bundle","version":1,"counts":{"rules":2},"exchanges_sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}`}
	if err := os.WriteFile(path, zipped(t, rules, m, entry{name: "../escaped"}, entry{name: dir + "/absolute"}), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Each(t.Context(), func(*Shared) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	for _, r := range o.Share.Rules {
		if r.Enabled || r.Params.Forward.URL != "" || namesFile(&r.Params) {
			t.Errorf("rule %+v", r)
		}
	}
	if text := fmt.Sprint(o.Skipped()); len(o.Share.Rules) != 2 || !strings.Contains(text, "names a file") || !strings.Contains(text, "forwards to") {
		t.Errorf("%d rules, skipped %s", len(o.Share.Rules), text)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("in the folder: %v, %v", left, err)
	}
}
