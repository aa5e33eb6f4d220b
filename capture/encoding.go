package capture

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrTooLarge says that a body, or what it decodes to, is larger than the
// caller's limit.
var ErrTooLarge = errors.New("larger than the limit for decoding")

// maxCodings bounds how many Content-Encodings are peeled off one body.
const maxCodings = 4

// DecodeBody removes the Content-Encodings of a body, given as the values of
// its Content-Encoding fields. It knows gzip, deflate (with and without zlib's
// header) and identity. It is a view: the stored body stays as it was sent.
// It returns ErrTooLarge, wrapped, where body or result are over limit bytes.
func DecodeBody(encodings []string, body []byte, limit int) ([]byte, error) {
	if len(body) > limit {
		return nil, fmt.Errorf("the body of %d bytes is %w (%d)", len(body), ErrTooLarge, limit)
	}
	var codings []string
	for _, value := range encodings {
		for coding := range strings.SplitSeq(value, ",") {
			coding = strings.ToLower(strings.TrimSpace(coding))
			if coding != "" && coding != "identity" {
				codings = append(codings, coding)
			}
		}
	}
	if len(codings) > maxCodings {
		return nil, fmt.Errorf("the body has %d content encodings; at most %d are decoded", len(codings), maxCodings)
	}
	for i := len(codings) - 1; i >= 0; i-- {
		decoded, err := decodeOne(codings[i], body, limit)
		if err != nil {
			return nil, err
		}
		body = decoded
	}
	return body, nil
}

func decodeOne(coding string, body []byte, limit int) ([]byte, error) {
	var r io.Reader
	var err error
	switch coding {
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		// RFC 9110 means zlib's format; some senders leave its header out.
		if r, err = zlib.NewReader(bytes.NewReader(body)); err != nil {
			r, err = flate.NewReader(bytes.NewReader(body)), nil
		}
	default:
		return nil, fmt.Errorf("the content encoding %q is not one that Hookglass decodes", coding)
	}
	if err != nil {
		return nil, fmt.Errorf("the body is not %s: %w", coding, err)
	}
	decoded, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err != nil {
		return nil, fmt.Errorf("the %s body is broken after %d decoded bytes: %w", coding, len(decoded), err)
	}
	if len(decoded) > limit {
		return nil, fmt.Errorf("the %s body is, decoded, %w (%d)", coding, ErrTooLarge, limit)
	}
	return decoded, nil
}
