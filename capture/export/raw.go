package export

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"hookglass/capture"
)

// ErrRaw is wrapped by the errors of Raw, which say in a sentence why there is no
// raw request.
var ErrRaw = errors.New("there is no raw request of it")

// Raw is a request as it was on the wire. The head is the one that came, or, where
// that is not known, one with the same fields. A chunked body is written as one
// chunk: how it was cut is not kept. capture.ReadRequest reads it again.
func Raw(x *capture.Exchange) ([]byte, error) {
	r := &x.Request
	switch {
	case len(r.Head) == 0:
		return nil, fmt.Errorf("%w: its head was not kept", ErrRaw)
	case r.Truncated:
		return nil, fmt.Errorf("%w: only a part of its body was kept", ErrRaw)
	}
	raw := bytes.Clone(r.Head)
	if !chunked(r) {
		return append(raw, r.Body...), nil
	}
	if len(r.Body) > 0 {
		raw = fmt.Appendf(raw, "%x\r\n", len(r.Body))
		raw = append(append(raw, r.Body...), "\r\n"...)
	}
	raw = append(raw, "0\r\n"...)
	for _, f := range r.Trailers {
		raw = append(raw, f.Name+": "+f.Value+"\r\n"...)
	}
	return append(raw, "\r\n"...), nil
}

func chunked(r *capture.Request) bool {
	if r.Proto == "HTTP/1.0" {
		return false
	}
	for _, value := range r.Header.All("Transfer-Encoding") {
		if strings.EqualFold(strings.TrimSpace(value), "chunked") {
			return true
		}
	}
	return false
}
