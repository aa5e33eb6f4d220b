package export

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"hookglass/capture"
)

// ErrBundle is wrapped by the errors of WriteBundle that are not the writer's or
// the exchanges' own.
var ErrBundle = errors.New("there is no bundle of it")

// partBytes is how many bytes of lines are packed together: that is what is held
// in memory, a few times over.
const partBytes = 1 << 20

// WriteBundle writes a share as a bundle; README.md describes the format. The same
// share makes the same bytes. It holds a few MiB, whatever there is to write, and
// packs on a goroutine of its own that has ended when it returns.
func WriteBundle(ctx context.Context, w io.Writer, s *Share) (err error) {
	b := &bundleWriter{ctx: ctx, zip: zip.NewWriter(w), digest: sha256.New(), bodies: map[[sha256.Size]byte]bool{}, sessions: sessionNumbers(s)}
	defer b.wait()
	b.begin()
	if s.Exchanges != nil {
		for x, err := range s.Exchanges {
			if err == nil {
				err = ctx.Err()
			}
			if err == nil {
				err = b.add(x)
			}
			if err != nil {
				return err
			}
			if s.Done != nil && b.counts.Exchanges%256 == 0 {
				s.Done(b.counts.Exchanges)
			}
		}
	}
	if err := b.end(s); err != nil {
		return err
	}
	if s.Done != nil {
		s.Done(b.counts.Exchanges)
	}
	return nil
}

type bundleWriter struct {
	ctx      context.Context
	zip      *zip.Writer
	counts   manifestCounts
	sessions numbers
	bodies   map[[sha256.Size]byte]bool

	lines   *bytes.Buffer // of the part that is being filled
	encoder *json.Encoder
	parts   int
	spare   *bytes.Buffer
	packing *packing // the part before it, or nil
	digest  hash.Hash
	packer  packer

	packed int64 // bytes of parts
	shared int64 // bytes of bodies that are files, as often as an exchange has them
}

// begin starts a part.
func (b *bundleWriter) begin() {
	b.lines, b.spare = b.spare, nil
	if b.lines == nil {
		b.lines = bytes.NewBuffer(make([]byte, 0, partBytes+partBytes/4))
	}
	b.lines.Reset()
	b.encoder = json.NewEncoder(b.lines)
	b.encoder.SetEscapeHTML(false)
}

// add writes the line of an exchange.
func (b *bundleWriter) add(s *Shared) error {
	if s.Request.Size > 0 && len(s.Request.Body) == 0 {
		return fmt.Errorf("%w: the body of %s was not loaded", ErrBundle, s.UID)
	}
	line, err := lineOf(s, b.body)
	if err != nil {
		return err
	}
	line.Session = b.sessions.of(s)
	before := b.lines.Len()
	if text, ok := appendLine(b.lines.AvailableBuffer(), line); ok {
		_, _ = b.lines.Write(text) // a buffer takes all
	} else {
		if !line.isText() {
			line.toLatin1()
		}
		if err := b.encoder.Encode(line); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrBundle, s.UID, err)
		}
	}
	if b.lines.Len()-before > maxLine {
		return fmt.Errorf("%w: what is known of %s is larger than %d MiB", ErrBundle, s.UID, maxLine>>20)
	}
	b.counts.Exchanges++
	if b.lines.Len() >= partBytes {
		return b.flush()
	}
	return nil
}

// body writes a body as a file where it is too large for a line and is not there
// yet, and returns its name.
func (b *bundleWriter) body(body []byte) (name string, ok bool, err error) {
	if len(body) <= inlineBody {
		return "", false, nil
	}
	if len(body) > maxBundled {
		return "", true, fmt.Errorf("%w: a body of %d bytes is too large", ErrBundle, len(body))
	}
	b.shared += int64(len(body))
	sum := sha256.Sum256(body)
	name = hex.EncodeToString(sum[:])
	if b.bodies[sum] {
		return name, true, nil
	}
	if len(b.bodies) >= maxEntries/2 {
		return "", true, fmt.Errorf("%w: there are more than %d large bodies; share fewer exchanges at a time", ErrBundle, maxEntries/2)
	}
	b.bodies[sum] = true
	b.counts.Bodies++
	b.counts.BodyBytes += int64(len(body))
	var p packer // not the parts' one, which may be at work
	packed, err := p.pack(body)
	if err != nil {
		return "", true, err
	}
	return name, true, b.write(bodiesFolder+name, packed)
}

// flush has the part packed, while the next one is filled.
func (b *bundleWriter) flush() error {
	if err := b.settle(); err != nil {
		return err
	}
	b.parts++
	if b.parts > maxEntries/2 {
		return fmt.Errorf("%w: it is too large; share fewer exchanges at a time", ErrBundle)
	}
	p := &packing{name: fmt.Sprintf("%s%06d%s", partsFolder, b.parts, partsSuffix), lines: b.lines, done: make(chan struct{})}
	b.packing = p
	go func() {
		defer close(p.done)
		_, _ = b.digest.Write(p.lines.Bytes()) // a hash takes all
		p.packed, p.err = b.packer.pack(p.lines.Bytes())
	}()
	b.begin()
	return nil
}

// settle writes the part that is being packed.
func (b *bundleWriter) settle() error {
	p := b.packing
	if p == nil {
		return nil
	}
	b.wait()
	if p.err != nil {
		return p.err
	}
	err := b.write(p.name, p.packed)
	b.spare = p.lines
	return err
}

// wait ends the packing.
func (b *bundleWriter) wait() {
	if b.packing != nil {
		<-b.packing.done
		b.packing = nil
	}
}

// end writes the last part, the rules and the manifest.
func (b *bundleWriter) end(s *Share) error {
	if b.lines.Len() > 0 {
		if err := b.flush(); err != nil {
			return err
		}
	}
	if err := b.settle(); err != nil {
		return err
	}
	if b.shared > bodyBudget(b.packed) { // whoever reads it would skip the last of them
		return fmt.Errorf("%w: too many of its callbacks have the same large body; share fewer of them at a time", ErrBundle)
	}
	if err := b.rules(s.Rules); err != nil {
		return err
	}
	m := manifestOf(s)
	m.Counts = b.counts
	m.Digest = hex.EncodeToString(b.digest.Sum(nil))
	if err := b.document(manifestName, m, maxManifest); err != nil {
		return err
	}
	return b.zip.Close()
}

// rules writes the rules, without what is of one person's machine alone.
func (b *bundleWriter) rules(rules []capture.Rule) error {
	if len(rules) == 0 {
		return nil
	}
	list, err := ruleLines(rules)
	if err != nil {
		return err
	}
	b.counts.Rules = int64(len(list))
	return b.document(rulesName, list, maxRules)
}

// document writes a file of JSON for people to read.
func (b *bundleWriter) document(name string, v any, most int) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrBundle, name, err)
	}
	if text.Len() > most {
		return fmt.Errorf("%w: %s would be larger than %d MiB", ErrBundle, name, most>>20)
	}
	var p packer
	packed, err := p.pack(text.Bytes())
	if err != nil {
		return err
	}
	return b.write(name, packed)
}

// write adds a file that is packed already, so that its sizes stand in front of it.
// All have the same date, and none of the machine's.
func (b *bundleWriter) write(name string, p packed) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	header, err := zip.FileInfoHeader(entryInfo{name, p.size})
	if err != nil {
		return err
	}
	header.Name, header.Method, header.CRC32, header.CompressedSize64 = name, p.method, p.sum, uint64(len(p.bytes))
	w, err := b.zip.CreateRaw(header)
	if err != nil {
		return err
	}
	b.packed += int64(len(p.bytes))
	_, err = w.Write(p.bytes)
	return err
}
