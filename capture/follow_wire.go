package capture

import (
	"bytes"
	"time"
)

// wire reads the requests of one connection as far as it must to tell where
// heads and trailers begin and end: it keeps those and counts bodies. It takes
// whatever net/http takes; where net/http refuses, it may go on, as nobody
// claims what it finds.
type wire struct {
	phase   phase
	skip    int8      // CR and LF bytes that may still come before the next head
	digits  int8      // of the chunk size read so far
	sized   bool      // the chunk size is read, the rest of its line is not
	left    int64     // bytes of body or chunk to come; while in a size line, the size so far
	began   time.Time // when the first byte of the present head came
	partial []byte    // of a head or a trailer section
	scanned int       // partial holds no empty line before this
}

// phase is what the next byte of a connection belongs to.
type phase uint8

const (
	phaseHead  phase = iota
	phaseBody        // of a Content-Length
	phaseSize        // the line before a chunk
	phaseChunk       // a chunk and the CRLF behind it
	phaseTrailer
	phaseOver // nothing more can be told, or is wanted
)

// part is what wire.next completed; mostly nothing.
type part struct {
	head    []byte
	trailer []byte // without the empty line; nil where there are no trailers
}

// maxTrailer is the longest trailer section that net/http reads: its buffer,
// and the LF that nextTrailer puts before it.
const maxTrailer = 4<<10 + 1

// maxSizeDigits is how many hexadecimal digits net/http reads of a chunk size.
const maxSizeDigits = 16

// next takes in some of p, at least one byte, and returns the rest.
func (w *wire) next(p []byte, maxHead int) (part, []byte) {
	switch w.phase {
	case phaseHead:
		return w.nextHead(p, maxHead)
	case phaseBody, phaseChunk:
		n := min(w.left, int64(len(p)))
		if w.left -= n; w.left == 0 && w.phase == phaseBody {
			w.phase = phaseHead
		} else if w.left == 0 {
			w.phase = phaseSize
		}
		return part{}, p[n:]
	case phaseSize:
		return part{}, w.nextSize(p)
	case phaseTrailer:
		return w.nextTrailer(p)
	case phaseOver:
	}
	return part{}, nil
}

func (w *wire) nextHead(p []byte, maxHead int) (part, []byte) {
	if len(w.partial) == 0 {
		if w.skip > 0 {
			n := leadingNewlines(p, int(w.skip))
			w.skip -= int8(n)
			if p = p[n:]; len(p) == 0 {
				return part{}, nil
			}
			w.skip = 0
		}
		w.began = time.Now()
	}
	raw, rest := w.gather(p, maxHead)
	if raw == nil {
		return part{}, rest
	}
	w.body(raw)
	return part{head: raw}, rest
}

// body prepares for what comes behind a head.
func (w *wire) body(head []byte) {
	if bytes.HasPrefix(head, []byte("POST ")) {
		w.skip = buggyPrefix
	}
	f, err := framingOf(head)
	switch {
	case err != nil:
		w.phase = phaseOver // net/http refuses it
	case f.chunked:
		w.phase = phaseSize
	case f.length > 0:
		w.phase, w.left = phaseBody, f.length
	}
}

// gather collects bytes up to and with the empty line that ends a head or a
// trailer section. Where a whole one comes at once, it is copied once. Over most
// bytes it keeps what it has, which may be all that is ever known of a refused
// head, and ends the following.
func (w *wire) gather(p []byte, most int) (raw, rest []byte) {
	if len(w.partial) == 0 {
		if end, _ := emptyLine(p, 0); end > 0 && end <= most {
			return bytes.Clone(p[:end]), p[end:]
		}
	}
	had := len(w.partial)
	taken := p[:min(len(p), most-had)]
	w.partial = append(w.partial, taken...)
	end, scanned := emptyLine(w.partial, w.scanned)
	if end > 0 {
		raw = w.partial[:end:end]
		w.partial, w.scanned = nil, 0
		return raw, p[end-had:]
	}
	w.scanned = scanned
	if len(taken) < len(p) {
		w.phase = phaseOver
	}
	return nil, p[len(taken):]
}

// emptyLine finds the first empty line of b behind another line, and returns
// where it ends, or 0 and from where to look when there is more.
func emptyLine(b []byte, from int) (end, again int) {
	for {
		i := bytes.IndexByte(b[from:], '\n')
		if i < 0 {
			return 0, len(b)
		}
		i += from
		switch tail := b[i+1:]; {
		case len(tail) == 0, len(tail) == 1 && tail[0] == '\r':
			return 0, i
		case tail[0] == '\n':
			return i + 2, 0
		case tail[0] == '\r' && tail[1] == '\n':
			return i + 3, 0
		}
		from = i + 1
	}
}

// nextSize reads the line before a chunk: hexadecimal digits, and perhaps an
// extension, which nobody needs.
func (w *wire) nextSize(p []byte) []byte {
	line, rest, whole := bytes.Cut(p, newline)
	for _, b := range line {
		if w.sized {
			break
		}
		digit, ok := hexDigit(b)
		if !ok {
			w.sized = true
			break
		}
		if w.digits++; w.digits > maxSizeDigits || w.left >= 1<<58 {
			w.phase = phaseOver
			return nil
		}
		w.left = w.left<<4 | int64(digit)
	}
	if !whole {
		return nil
	}
	switch {
	case w.digits == 0:
		w.phase = phaseOver
	case w.left == 0:
		w.phase = phaseTrailer
	default:
		w.phase = phaseChunk
		w.left += 2
	}
	w.digits, w.sized = 0, false
	return rest
}

func hexDigit(b byte) (digit byte, ok bool) {
	switch {
	case '0' <= b && b <= '9':
		return b - '0', true
	case 'a' <= b|0x20 && b|0x20 <= 'f':
		return b | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// nextTrailer reads the trailer section: fields, mostly none, and an empty line.
func (w *wire) nextTrailer(p []byte) (part, []byte) {
	if len(w.partial) == 0 {
		if bytes.HasPrefix(p, []byte("\r\n")) {
			w.phase = phaseHead
			return part{}, p[2:]
		}
		// So that the empty line of an empty section is found like any other.
		w.partial = append(w.partial, '\n')
	}
	raw, rest := w.gather(p, maxTrailer)
	if raw == nil {
		if w.phase == phaseOver {
			w.partial = nil // it is no head
		}
		return part{}, rest
	}
	w.phase = phaseHead
	if raw = raw[1:]; len(raw) <= 2 {
		return part{}, rest
	}
	return part{trailer: raw}, rest
}
