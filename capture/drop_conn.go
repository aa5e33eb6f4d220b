package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	// maxNever is how long a sender may wait for the answer that never comes.
	maxNever = 10 * time.Minute

	// parting is how long we wait for a sender to close its side too. Where it has
	// sent more than we read, closing at once would be a reset, and could take from
	// it what we have sent.
	parting = 500 * time.Millisecond
)

// drop cuts the sender off, and returns what a rule did, in words that go on
// "the rule has". It leaves in the response what was sent of it.
func (h *Handler) drop(w http.ResponseWriter, r *http.Request, response *Response) (done string, err error) {
	whole := len(response.Body)
	if response.Drop == DropHalf && whole > 0 {
		if err := h.write(w, r, response); err != nil {
			return "", err
		}
		response.Body = halfOf(response.Body)
	}
	// From here on the connection is ours; the server neither uses it nor waits for it.
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return "", fmt.Errorf("the connection cannot be had: %w", err)
	}
	switch response.Drop {
	case DropReset:
		reset(conn)
		return "reset the connection instead of answering", nil
	case DropNever:
		defer func() { _ = conn.Close() }() // nobody is to be told
		return starve(r.Context(), conn), nil
	case DropHalf:
		defer depart(conn)
		if whole > 0 {
			return fmt.Sprintf("broken the answer off after %d of %d bytes of its body", len(response.Body), whole), nil
		}
		return "broken the answer off in its head", h.writeHalfHead(conn, response.Status)
	case DropClose:
	}
	depart(conn)
	return "closed the connection before an answer", nil
}

// halfOf returns the first half of a body.
func halfOf(body []byte) []byte { return body[:len(body)/2] }

// writeHalfHead writes the begin of an answer that has no body.
func (h *Handler) writeHalfHead(conn net.Conn, status int) error {
	if h.Limits.AnswerTimeout > 0 {
		_ = conn.SetWriteDeadline(time.Now().Add(h.Limits.AnswerTimeout)) // Write says what is wrong
	}
	_, err := fmt.Fprintf(conn, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	return err
}

// depart closes a connection in such a way that the sender sees its regular end.
func depart(conn net.Conn) {
	if half, ok := conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_ = conn.SetReadDeadline(time.Now().Add(parting))
		_, _ = io.Copy(io.Discard, conn) // until it has closed too
	}
	_ = conn.Close() // nobody is to be told
}

// reset closes a connection with a reset, where it is one of TCP.
func reset(conn net.Conn) {
	under := conn
	if followed, ok := conn.(*followed); ok {
		under = followed.Conn
	}
	if tcp, ok := under.(interface{ SetLinger(seconds int) error }); ok {
		_ = tcp.SetLinger(0) // else it is just closed
	}
	_ = conn.Close()
}

// starve lets a sender wait until it gives up, and says what has ended that. It
// reads what the sender still sends, for only so its hanging up is seen.
func starve(ctx context.Context, conn net.Conn) string {
	began := time.Now()
	_ = conn.SetReadDeadline(began.Add(maxNever))
	stop := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(began) })
	defer stop()
	_, err := io.Copy(io.Discard, conn)
	switch {
	case errors.Is(context.Cause(ctx), ErrClosing):
		return fmt.Sprintf("left the sender without an answer for %s, until Hookglass quit", waited(began))
	case ctx.Err() == nil && errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Sprintf("left the sender without an answer for %s", spanWords(maxNever))
	}
	return fmt.Sprintf("left the sender without an answer, and it hung up after %s", waited(began))
}
