package export

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// jsonWalk goes through JSON of any size without holding it: whoever walks says
// of each value whether it is kept, and up to which size. Values that are passed
// over are only followed to their end, not checked.
type jsonWalk struct {
	ctx  context.Context
	in   *bufio.Reader
	read int64  // bytes that were taken
	kept []byte // of the value that value returned last
}

// errTooLong says that a value is longer than what may be kept of one.
var errTooLong = errors.New("it is too long")

// roomyValue is what is kept allocated from one value to the next.
const roomyValue = 4 << 20

func newJSONWalk(ctx context.Context, r io.Reader) *jsonWalk {
	w := &jsonWalk{ctx: ctx, in: bufio.NewReaderSize(r, 64<<10)}
	if mark, err := w.in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" { // Fiddler's
		w.take(3)
	}
	return w
}

func (w *jsonWalk) take(n int) {
	_, _ = w.in.Discard(n) // it was peeked at
	w.read += int64(n)
}

// broken is a sentence on what is wrong with the JSON, and where.
func (w *jsonWalk) broken(why string) error {
	return fmt.Errorf("its JSON is broken at byte %d: %s", w.read, why)
}

// ended is the error for a reader that has no more.
func (w *jsonWalk) ended(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("it ends in the middle, after %d bytes: %w", w.read, io.ErrUnexpectedEOF)
	}
	return err
}

// next is the next byte that is no white space; it is not taken.
func (w *jsonWalk) next() (byte, error) {
	for {
		b, err := w.in.Peek(1)
		if err != nil {
			return 0, w.ended(err)
		}
		switch b[0] {
		case ' ', '\t', '\r', '\n':
			w.take(1)
		default:
			return b[0], nil
		}
	}
}

// object calls each with the key of every member, whose value it must take.
func (w *jsonWalk) object(each func(key string) error) error {
	return w.list('{', '}', func(int) error {
		if c, err := w.next(); err != nil {
			return err
		} else if c != '"' {
			return w.broken("a key is missing")
		}
		const longestKey = 1 << 10
		raw, err := w.value(longestKey)
		if err != nil {
			return err
		}
		var key string
		if json.Unmarshal(raw, &key) != nil {
			return w.broken("a key cannot be read")
		}
		if c, err := w.next(); err != nil {
			return err
		} else if c != ':' {
			return w.broken("there is no colon behind a key")
		}
		w.take(1)
		return each(key)
	})
}

// array calls each with the index of every element, which it must take.
func (w *jsonWalk) array(each func(i int) error) error { return w.list('[', ']', each) }

func (w *jsonWalk) list(open, end byte, each func(i int) error) error {
	c, err := w.next()
	if err != nil {
		return err
	}
	if c != open {
		return w.broken(fmt.Sprintf("%q is missing", open))
	}
	w.take(1)
	for i := 0; ; i++ {
		if c, err = w.next(); err != nil {
			return err
		}
		if c == end {
			w.take(1)
			return nil
		}
		if i > 0 {
			if c != ',' {
				return w.broken("there is no comma between two values")
			}
			w.take(1)
		}
		if err := each(i); err != nil {
			return err
		}
	}
}

// skip passes a value over.
func (w *jsonWalk) skip() error {
	if _, err := w.value(0); err != nil && !errors.Is(err, errTooLong) {
		return err
	}
	return nil
}

// value takes a value and returns its text, which is valid until the next call.
// With errTooLong it is taken too, and what comes behind it can be read.
func (w *jsonWalk) value(most int) ([]byte, error) {
	if cap(w.kept) > roomyValue {
		w.kept = nil
	}
	w.kept = w.kept[:0]
	if _, err := w.next(); err != nil {
		return nil, err
	}
	var end valueEnd
	long := false
	for {
		if err := w.ctx.Err(); err != nil {
			return nil, err
		}
		if _, err := w.in.Peek(1); err != nil {
			return nil, w.ended(err)
		}
		chunk, _ := w.in.Peek(w.in.Buffered())
		n, done := end.in(chunk)
		if !long && len(w.kept)+n <= most {
			w.kept = append(w.kept, chunk[:n]...)
		} else {
			long = true
		}
		w.take(n)
		switch {
		case !done:
		case long:
			return nil, errTooLong
		case len(w.kept) == 0:
			return nil, w.broken("a value is missing")
		default:
			return w.kept, nil
		}
	}
}

// valueEnd finds where a value ends. It counts brackets of either kind alike:
// whether they fit is for who reads the value.
type valueEnd struct {
	quoted, escaped, bare bool
	depth                 int
}

// in says how many bytes of a chunk belong to the value, and whether it ends there.
func (v *valueEnd) in(chunk []byte) (n int, done bool) {
	for i, c := range chunk {
		if v.quoted {
			switch {
			case v.escaped:
				v.escaped = false
			case c == '\\':
				v.escaped = true
			case c == '"':
				v.quoted = false
				if v.depth == 0 {
					return i + 1, true
				}
			}
			continue
		}
		switch c {
		case '"':
			if v.bare {
				return i, true
			}
			v.quoted = true
		case '{', '[':
			if v.bare {
				return i, true
			}
			v.depth++
		case '}', ']':
			if v.depth == 0 {
				return i, true // of what the value is in
			}
			v.depth--
			if v.depth == 0 {
				return i + 1, true
			}
		case ',', ':', ' ', '\t', '\r', '\n':
			if v.depth == 0 {
				return i, true
			}
		default:
			v.bare = v.bare || v.depth == 0
		}
	}
	return len(chunk), false
}
