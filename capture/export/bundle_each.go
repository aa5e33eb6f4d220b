package export

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
)

// What is read ahead of whoever takes the exchanges, at most twice.
const (
	batchLines = 128
	batchBytes = 512 << 10
)

// batch is what was read ahead: lines with their exchanges, or why there is none.
type batch struct {
	entries []bundleEntry
	err     error // behind the entries
}

type bundleEntry struct {
	where   string // only of one that is skipped
	skipped string
	shared  *Shared
	request string // SHA-256 of a body that is a file
	answer  string
}

// each unpacks and decodes on a goroutine of its own, which has ended when it
// returns, so that two cores work where f writes to a database.
func (b *bundle) each(ctx context.Context, f func(*Shared) error) error {
	ctx, cancel := context.WithCancel(ctx)
	batches := make(chan batch, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(batches)
		r := &lineReader{ctx: ctx, out: batches, digest: sha256.New()}
		if err := r.read(b); err != nil {
			_ = r.send(err) // unless nobody waits for it any more
		}
	}()
	defer func() {
		cancel()
		<-done
	}()
	budget := bodyBudget(b.size)
	for got := range batches {
		for i := range got.entries {
			e := &got.entries[i]
			if err := ctx.Err(); err != nil {
				return err
			}
			if e.skipped == "" {
				e.skipped = b.addBodies(e, &budget)
			}
			if e.skipped != "" {
				b.o.skipped.add(e.where, e.skipped)
				continue
			}
			shared := e.shared
			e.shared = nil // else the bodies of all that were read ahead would stay
			if err := f(shared); err != nil {
				return err
			}
		}
		if got.err != nil {
			return got.err
		}
	}
	return ctx.Err()
}

// addBodies reads the bodies of an exchange that are files. It says in a sentence
// why that cannot be.
func (b *bundle) addBodies(e *bundleEntry, budget *int64) (why string) {
	for _, body := range []struct {
		name string
		into *[]byte
	}{{e.request, &e.shared.Request.Body}, {e.answer, answerBody(e.shared)}} {
		if body.name == "" {
			continue
		}
		data, err := b.body(body.name, budget)
		if err != nil {
			return "A body of it is not right: " + err.Error() + "."
		}
		*body.into = data
	}
	e.shared.Request.Size = int64(len(e.shared.Request.Body))
	return ""
}

func answerBody(s *Shared) *[]byte {
	if s.Response == nil {
		return nil
	}
	return &s.Response.Body
}

func (b *bundle) body(name string, budget *int64) ([]byte, error) {
	f := b.bodies[name]
	if f == nil {
		return nil, errors.New("there is no file of that digest in the bundle")
	}
	if *budget -= int64(f.UncompressedSize64); *budget < 0 {
		return nil, errors.New("too many callbacks share large bodies")
	}
	data, err := readEntry(f, maxBundled)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != name {
		return nil, errors.New("it is not the one whose digest it has")
	}
	return data, nil
}

// lineReader reads lines ahead.
type lineReader struct {
	ctx    context.Context
	out    chan<- batch
	now    batch
	bytes  int
	lines  int64 // exchanges that the file has, skipped ones too
	digest hash.Hash
	long   []byte // a line that is longer than the buffer
}

// send hands over what was read.
func (r *lineReader) send(err error) error {
	r.now.err = err
	select {
	case r.out <- r.now:
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
	r.now, r.bytes = batch{entries: make([]bundleEntry, 0, batchLines)}, 0
	return nil
}

// read reads all parts, and holds them against the manifest.
func (r *lineReader) read(b *bundle) error {
	in := bufio.NewReaderSize(nil, 256<<10)
	for _, f := range b.parts {
		if err := r.part(f, in); err != nil {
			return err
		}
	}
	if err := r.send(nil); err != nil {
		return err
	}
	if r.lines != b.manifest.Counts.Exchanges {
		return fmt.Errorf("its manifest says %d exchanges, and there are %d", b.manifest.Counts.Exchanges, r.lines)
	}
	if hex.EncodeToString(r.digest.Sum(nil)) != b.manifest.Digest {
		return errors.New("its exchanges are not those that its manifest was written for")
	}
	return nil
}

// part reads one part. Where it is damaged, none of its lines can be trusted.
func (r *lineReader) part(f *zip.File, in *bufio.Reader) error {
	file, err := f.Open()
	if err != nil {
		return fmt.Errorf("its %s cannot be read: %w", f.Name, err)
	}
	in.Reset(file)
	err = r.partLines(f, in)
	if err = errors.Join(err, file.Close()); err != nil && r.ctx.Err() == nil {
		return fmt.Errorf("its %s is damaged: %w", f.Name, err)
	}
	return err
}

func (r *lineReader) partLines(f *zip.File, in *bufio.Reader) error {
	var taken uint64
	for n := 1; ; n++ {
		line, size, err := r.line(in)
		if taken += uint64(size); taken > f.UncompressedSize64 {
			return errors.New("it is larger than the directory says")
		}
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return err
		}
		if size > 0 && len(bytes.TrimSpace(line)) > 0 || size > len(line)+1 {
			if err := r.add(f.Name, n, line, size); err != nil {
				return err
			}
		}
		if last {
			return nil
		}
	}
}

// line reads one line, without its end, and says how many bytes it took. One that
// is too long is nil. It is read to its end, and nothing of it kept.
func (r *lineReader) line(in *bufio.Reader) (line []byte, size int, err error) {
	r.long = r.long[:0]
	kept := true
	for {
		piece, err := in.ReadSlice('\n')
		size += len(piece)
		_, _ = r.digest.Write(piece) // a hash takes all
		if !errors.Is(err, bufio.ErrBufferFull) {
			switch {
			case !kept || size > maxLine:
				return nil, size, err
			case len(r.long) > 0:
				r.long = append(r.long, piece...)
				return bytes.TrimSuffix(r.long, []byte("\n")), size, err
			}
			return bytes.TrimSuffix(piece, []byte("\n")), size, err
		}
		if kept = kept && size <= maxLine; kept {
			r.long = append(r.long, piece...)
		} else {
			r.long = r.long[:0]
		}
		if err := r.ctx.Err(); err != nil {
			return nil, size, err
		}
	}
}

// add decodes a line.
func (r *lineReader) add(part string, n int, line []byte, size int) error {
	r.lines++
	var e bundleEntry
	if len(line) == 0 {
		e.skipped = fmt.Sprintf("The line is longer than %d MiB.", maxLine>>20)
	} else {
		e = entryOf(line)
	}
	e.where = fmt.Sprintf("%s, line %d", strings.TrimPrefix(part, partsFolder), n)
	r.now.entries = append(r.now.entries, e)
	if r.bytes += size; r.bytes >= batchBytes || len(r.now.entries) >= batchLines {
		return r.send(nil)
	}
	return nil
}

// entryOf makes an exchange of a line.
func entryOf(line []byte) bundleEntry {
	if crowded(line, maxLineValues) {
		return bundleEntry{skipped: "It cannot be read: " + errCrowded.Error() + "."}
	}
	var l bundleLine
	if !parseLine(line, &l) {
		l = bundleLine{}
		if err := json.Unmarshal(line, &l); err != nil {
			return bundleEntry{skipped: "It is not the line of an exchange: " + plainJSON(err).Error() + "."}
		}
	}
	if err := l.fromLatin1(); err != nil {
		return bundleEntry{skipped: "It cannot be read: " + err.Error() + "."}
	}
	s, err := l.shared()
	if err != nil {
		return bundleEntry{skipped: "It cannot be read: " + err.Error() + "."}
	}
	if s.UID == "" {
		s.UID = contentUID("line", line)
	}
	e := bundleEntry{shared: s, request: l.Request.File}
	if l.Response != nil {
		e.answer = l.Response.File
	}
	return e
}
