package export

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"hookglass/capture"
)

// maxRawHead bounds a head: one of its fields of four bytes takes ten times that in
// memory.
const maxRawHead = 4 << 20

// ReadRaw makes an exchange of a raw request, as Raw writes it or as it stands in
// a bug report. when is the time that it gets. Its UID follows from its bytes.
func ReadRaw(raw []byte, when time.Time) (*capture.Exchange, error) {
	if start := raw[:min(len(raw), maxRawHead)]; len(start) < len(raw) && !bytes.Contains(start, []byte("\n\n")) && !bytes.Contains(start, []byte("\n\r\n")) {
		return nil, fmt.Errorf("its head is larger than %d MiB", maxRawHead>>20)
	}
	r, err := capture.ReadRequest(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	if err != nil {
		return nil, err
	}
	r.Received = when
	if len(r.Body) == 0 {
		r.Body = nil
	}
	x := &capture.Exchange{
		UID: contentUID("raw", raw), State: capture.StateUnknown, Via: capture.ViaImport, Import: &capture.Imported{},
		Request: r,
	}
	if r.Truncated {
		x.Error = "The file holds less of the body than its head announces."
	}
	return x, nil
}

// openRaw opens a file that is one raw request.
func (o *Opened) openRaw(text []byte) error {
	x, err := ReadRaw(text, o.when)
	if err != nil {
		return err
	}
	o.Format, o.Share.Count = "raw", 1
	o.each = func(ctx context.Context, f func(*Shared) error) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		own := *x
		return f(&Shared{Exchange: &own})
	}
	return nil
}
