package export

import (
	"context"
	"io"
)

// openHAR opens a HAR. What stands behind its entries is known once they were read.
func (o *Opened) openHAR(ctx context.Context, r io.ReaderAt, size int64) error {
	head, err := readHAR(ctx, io.NewSectionReader(r, 0, size), nil, o.skipped.add)
	if err != nil {
		return err
	}
	o.Format, o.Share = "har", *head
	o.each = func(ctx context.Context, f func(*Shared) error) error {
		whole, err := readHAR(ctx, io.NewSectionReader(r, 0, size), f, o.skipped.add)
		if err == nil {
			o.Share.Redaction.Replaced = whole.Redaction.Replaced
		}
		return err
	}
	return nil
}
