package capture

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

// smallBody is what is allocated at once for a body, whatever length it
// announces: a stranger can announce much and send nothing.
const smallBody = 16 << 10

// errNoRoom says that the bodies in flight use all the memory they may.
var errNoRoom = errors.New("too many bytes of bodies in flight")

// bodyRead is a body as far as it came.
type bodyRead struct {
	bytes    []byte
	reserved int64 // bytes of the gauge that it holds
	over     bool  // there was more than the limit
	err      error // why it ended early; errNoRoom, a timeout, the sender's hanging up …
}

// readBody reads the body of a request up to limits.Body bytes. Memory is taken
// from the gauge before it is allocated; the caller gives reserved back.
func readBody(w http.ResponseWriter, r *http.Request, limits *Limits, room *gauge) (b bodyRead) {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return b
	}
	if limits.BodyTimeout > 0 {
		conn := http.NewResponseController(w)
		if conn.SetReadDeadline(time.Now().Add(limits.BodyTimeout)) == nil {
			defer func() {
				// After a whole body net/http reads on in the background to notice
				// a sender that hangs up, and our deadline must not end that. Of a
				// body that goes on, it reads more after the answer, and without a
				// deadline it might wait for ever.
				if b.err == nil && !b.over {
					_ = conn.SetReadDeadline(time.Time{})
				}
			}()
		}
	}
	// One byte more than the body makes the read that sees its end fit too.
	size := int64(smallBody)
	if r.ContentLength > 0 {
		size = min(size, r.ContentLength+1)
	}
	if limits.Body > 0 {
		size = min(size, limits.Body+1)
	}
	for {
		if !b.grow(size, room, limits.Bodies) {
			b.err = errNoRoom
			return b
		}
		for len(b.bytes) < cap(b.bytes) {
			n, err := r.Body.Read(b.bytes[len(b.bytes):cap(b.bytes)])
			b.bytes = b.bytes[:len(b.bytes)+n]
			if limits.Body > 0 && int64(len(b.bytes)) > limits.Body {
				b.bytes, b.over = b.bytes[:limits.Body], true
				return b
			}
			if err != nil {
				if !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
					b.err = err
				}
				return b
			}
		}
		size = int64(cap(b.bytes)) * 2
		if limits.Body > 0 {
			size = min(size, limits.Body+1)
		}
	}
}

// grow makes room for size bytes in all, unless the gauge says no.
func (b *bodyRead) grow(size int64, room *gauge, most int64) bool {
	if !room.take(size-b.reserved, most) {
		return false
	}
	b.reserved = size
	grown := make([]byte, len(b.bytes), size)
	copy(grown, b.bytes)
	b.bytes = grown
	return true
}

// incomplete says in a sentence why a body ended early.
func (b *bodyRead) incomplete(announced int64, timeout time.Duration) string {
	came := fmt.Sprintf("%d bytes", len(b.bytes))
	if announced > 0 {
		came = fmt.Sprintf("%d of %d bytes", len(b.bytes), announced)
	}
	if errors.Is(b.err, os.ErrDeadlineExceeded) {
		return fmt.Sprintf("the body did not arrive within %s: %s came", timeout, came)
	}
	if b.gone() {
		return fmt.Sprintf("the sender broke off in the body: %s came (%v)", came, b.err)
	}
	return fmt.Sprintf("the body is malformed after %d bytes: %v", len(b.bytes), b.err)
}

// gone reports whether the body ended because its sender went away.
func (b *bodyRead) gone() bool {
	var broken *net.OpError
	return errors.Is(b.err, io.ErrUnexpectedEOF) || errors.As(b.err, &broken) && !errors.Is(b.err, os.ErrDeadlineExceeded)
}
