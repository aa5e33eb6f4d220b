package capture

import (
	"errors"
	"io"
	"net"
)

// sending is what became of the writing of a request.
type sending struct {
	done  bool
	bytes int64
	err   error
}

// writing is the writing of a request: over, or under way beside the reading, as
// an app may answer before it has read all, or nothing.
type writing struct {
	sending
	ends chan sending // nil where it is over
}

// write writes a request, a large one while the caller goes on.
func (c *appConn) write(o *outgoing) *writing {
	before, behind := o.wire()
	body := o.request.Body
	if len(before)+len(body)+len(behind) <= writtenAtOnce {
		n, err := c.Write(append(append(before, body...), behind...))
		return &writing{sending: sending{true, int64(n), err}}
	}
	w := &writing{ends: make(chan sending, 1)}
	go func() {
		parts := net.Buffers{before, body, behind}
		n, err := parts.WriteTo(c.Conn) // at once, where it is TCP
		w.ends <- sending{true, n, err}
	}()
	return w
}

// soon returns what became of the writing if it is over.
func (w *writing) soon() sending {
	if w.ends != nil {
		select {
		case w.sending = <-w.ends:
			w.ends = nil
		default:
		}
	}
	return w.sending
}

// wait waits for the end of the writing.
func (w *writing) wait() sending {
	if w.ends != nil {
		w.sending, w.ends = <-w.ends, nil
	}
	return w.sending
}

// firstError is how a connection that ends before an answer's first byte is told.
func firstError(err error) error {
	if errors.Is(err, io.EOF) {
		return errNoAnswer
	}
	return err
}
