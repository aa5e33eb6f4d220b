package export

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/flate"

	"hookglass/capture"
)

// bundle is a bundle that is open.
type bundle struct {
	o        *Opened
	size     int64
	manifest manifest
	parts    []*zip.File // in order
	bodies   map[string]*zip.File
}

// openBundle reads a bundle's directory, manifest and rules, and checks that its
// parts can be what they say before any is unpacked. No name in it is ever used as
// one of this machine.
func (o *Opened) openBundle(ctx context.Context, r io.ReaderAt, size int64) error {
	directory := &thriftyReaderAt{in: r, left: maxDirectory}
	zr, err := zip.NewReader(directory, size)
	switch {
	case directory.left < 0 || err == nil && len(zr.File) > maxEntries:
		return fmt.Errorf("its directory is too large: a bundle has at most %d parts", maxEntries)
	case err != nil:
		return fmt.Errorf("it is a zip that is damaged or cut off: %w", err)
	}
	directory.left = -1 // it may be read freely from here on
	directory.free = true
	zr.RegisterDecompressor(zip.Deflate, func(in io.Reader) io.ReadCloser { return flate.NewReader(in) })
	b := &bundle{o: o, size: size, bodies: map[string]*zip.File{}}
	var head, rules *zip.File
	if head, rules, err = b.sort(zr.File); err != nil {
		return err
	}
	if err := b.measure(); err != nil {
		return err
	}
	if err := overlapping(zr.File); err != nil {
		return err
	}
	if err := b.readManifest(head); err != nil {
		return err
	}
	o.Format, o.Share, o.each = "bundle", b.manifest.share(), b.each
	return b.readRules(ctx, rules)
}

// sort tells what each entry is. What belongs to no bundle is skipped.
func (b *bundle) sort(files []*zip.File) (head, rules *zip.File, err error) {
	seen := make(map[string]bool, len(files))
	for _, f := range files {
		if seen[f.Name] {
			return nil, nil, fmt.Errorf("two of its parts have the name %s", short(f.Name))
		}
		seen[f.Name] = true
		switch {
		case f.Name == manifestName:
			head = f
		case f.Name == rulesName:
			rules = f
		case isPart(f.Name):
			b.parts = append(b.parts, f)
		case isBody(f.Name):
			b.bodies[strings.TrimPrefix(f.Name, bodiesFolder)] = f
		default:
			b.o.skipped.add(entryName(f.Name), "It is no part of a bundle.")
			continue
		}
		if f.Flags&1 != 0 {
			return nil, nil, fmt.Errorf("its part %s is encrypted", short(f.Name))
		}
		if f.Method != zip.Store && f.Method != zip.Deflate {
			return nil, nil, fmt.Errorf("its part %s is packed in a way that bundles are not", short(f.Name))
		}
	}
	if head == nil {
		return nil, nil, errors.New("it is a zip, but no bundle: there is no " + manifestName)
	}
	slices.SortFunc(b.parts, func(x, y *zip.File) int { return strings.Compare(x.Name, y.Name) })
	return head, rules, nil
}

// isPart reports whether a name is of lines: "exchanges/000001.ndjson".
func isPart(name string) bool {
	number, ok := strings.CutPrefix(name, partsFolder)
	if !ok {
		return false
	}
	number, ok = strings.CutSuffix(number, partsSuffix)
	return ok && len(number) == 6 && strings.Trim(number, "0123456789") == ""
}

// isBody reports whether a name is of a body: "bodies/" and a SHA-256 in hex.
func isBody(name string) bool {
	sum, ok := strings.CutPrefix(name, bodiesFolder)
	return ok && isDigest(sum)
}

func isDigest(sum string) bool { return len(sum) == 64 && strings.Trim(sum, "0123456789abcdef") == "" }

func entryName(name string) string {
	if len(name) > maxName {
		name = name[:maxName] + "…"
	}
	return name
}

// measure refuses what would unpack to far more than it is. What the directory
// says of sizes is held against what is read later.
func (b *bundle) measure() error {
	limit := min(maxUnpacked, freeUnpacked+maxRatio*b.size)
	var whole int64
	grow := func(f *zip.File) error {
		n := f.UncompressedSize64
		if n > uint64(limit) || whole+int64(n) > limit {
			return fmt.Errorf("it would unpack to more than %d MiB, which is no bundle's way", limit>>20)
		}
		whole += int64(n)
		return nil
	}
	for _, f := range b.parts {
		if err := grow(f); err != nil {
			return err
		}
	}
	for _, f := range b.bodies {
		if f.UncompressedSize64 > maxBundled {
			return fmt.Errorf("one of its bodies is larger than %d MiB", maxBundled>>20)
		}
		if err := grow(f); err != nil {
			return err
		}
	}
	return nil
}

// overlapping refuses entries that share bytes: a small file can hold a large one
// many times over so.
func overlapping(files []*zip.File) error {
	type span struct{ from, to int64 }
	spans := make([]span, 0, len(files))
	for _, f := range files {
		at, err := f.DataOffset()
		if err != nil {
			return fmt.Errorf("its part %s is not where its directory says: %w", short(entryName(f.Name)), err)
		}
		const localHeader = 30
		size := int64(min(f.CompressedSize64, 1<<62))
		spans = append(spans, span{at - localHeader - int64(len(f.Name)), at + size})
	}
	slices.SortFunc(spans, func(x, y span) int { return int(max(min(x.from-y.from, 1), -1)) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return errors.New("two of its parts share bytes, which no bundle's do")
		}
	}
	return nil
}

// readManifest reads what the bundle says of itself.
func (b *bundle) readManifest(f *zip.File) error {
	text, err := readEntry(f, maxManifest)
	if err != nil {
		return err
	}
	if crowded(text, maxHeadValues) {
		return fmt.Errorf("its %s cannot be read: %w", manifestName, errCrowded)
	}
	var kind struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(text, &kind); err != nil {
		return fmt.Errorf("its %s cannot be read: %w", manifestName, plainJSON(err))
	}
	switch {
	case kind.Format != bundleFormat:
		return fmt.Errorf("its %s is not that of a bundle", manifestName)
	case kind.Version > bundleVersion:
		return fmt.Errorf("it is a bundle of version %d, which a newer Hookglass has written; this one reads up to version %d", kind.Version, bundleVersion)
	case kind.Version < 1:
		return fmt.Errorf("its %s has no version", manifestName)
	}
	if err := json.Unmarshal(text, &b.manifest); err != nil {
		return fmt.Errorf("its %s cannot be read: %w", manifestName, plainJSON(err))
	}
	return b.believe()
}

// believe holds what the manifest says against what is there.
func (b *bundle) believe() error {
	var bytes int64
	for _, f := range b.bodies {
		bytes += int64(f.UncompressedSize64)
	}
	c := &b.manifest.Counts
	if c.Exchanges < 0 || c.Bodies != int64(len(b.bodies)) || c.BodyBytes != bytes {
		return fmt.Errorf("its manifest says %d bodies of %d bytes, and there are %d of %d", c.Bodies, c.BodyBytes, len(b.bodies), bytes)
	}
	if !isDigest(b.manifest.Digest) {
		return errors.New("its manifest has no digest of the exchanges")
	}
	if !possible(b.manifest.Created) {
		return errors.New("the time in its manifest cannot be")
	}
	for i := range b.manifest.Sessions {
		if err := b.manifest.Sessions[i].check(i); err != nil {
			return err
		}
	}
	return nil
}

// check holds the session with an index against what can be.
func (s *manifestSession) check(i int) error {
	times := []time.Time{s.Created}
	if s.Stats != nil {
		times = append(times, s.Stats.First, s.Stats.Last)
	}
	for j := range s.Public {
		if !slices.Contains(publicStates, capture.PublicState(s.Public[j].State)) {
			return fmt.Errorf("its manifest has a public address that is %q, which means nothing", short(s.Public[j].State))
		}
		times = append(times, s.Public[j].At)
	}
	switch {
	case s.ID != int64(i+1):
		return errors.New("its manifest does not number the sessions from 1")
	case slices.ContainsFunc(times, func(t time.Time) bool { return !possible(t) }):
		return errors.New("a time in its manifest cannot be")
	}
	return nil
}

// readRules reads the rules, where there are any.
func (b *bundle) readRules(ctx context.Context, f *zip.File) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var n int64
	if f != nil {
		text, err := readEntry(f, maxRules)
		if err != nil {
			return err
		}
		if b.o.Share.Rules, n, err = b.o.readRules(bytes.NewReader(text)); err != nil {
			return fmt.Errorf("its %s cannot be read: %w", rulesName, err)
		}
	}
	if n != b.manifest.Counts.Rules {
		return fmt.Errorf("its manifest says %d rules, and there are %d", b.manifest.Counts.Rules, n)
	}
	return nil
}

// readEntry reads one entry whole, up to most bytes.
func readEntry(f *zip.File, most int64) ([]byte, error) {
	if f.UncompressedSize64 > uint64(most) {
		return nil, fmt.Errorf("its %s is larger than %d MiB", f.Name, most>>20)
	}
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("its %s cannot be read: %w", f.Name, err)
	}
	var text bytes.Buffer
	// What is announced is not taken for granted: a small entry may say that it is large.
	text.Grow(int(min(f.UncompressedSize64, 16*f.CompressedSize64+64<<10)) + bytes.MinRead)
	_, err = text.ReadFrom(io.LimitReader(in, most+1))
	err = errors.Join(err, in.Close())
	if err == nil && uint64(text.Len()) != f.UncompressedSize64 {
		err = errors.New("its size is not what the directory says")
	}
	if err != nil {
		return nil, fmt.Errorf("its %s is damaged: %w", f.Name, err)
	}
	return text.Bytes(), nil
}

// plainJSON says what is wrong with JSON without the names of our types.
func plainJSON(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("the value of %s is of a wrong kind", short(wrong.Field))
	}
	return errors.New(short(err.Error()))
}

// thriftyReaderAt reads up to a number of bytes: what a directory may have.
type thriftyReaderAt struct {
	in   io.ReaderAt
	left int64
	free bool
}

var errDirectory = errors.New("the directory is too large")

func (r *thriftyReaderAt) ReadAt(b []byte, at int64) (int, error) {
	if !r.free {
		if r.left -= int64(len(b)); r.left < 0 {
			return 0, errDirectory
		}
	}
	return r.in.ReadAt(b, at)
}
