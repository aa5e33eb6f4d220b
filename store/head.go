package store

import (
	"bytes"

	"hookglass/capture"
)

// headerOf reads the header fields of a stored head: none where they cannot be
// told.
//
// A request with this head need not be one that capture.ReadRequest takes: net/http
// also passes on "PRI * HTTP/2.0", and a refused head is stored for what is wrong
// with it, such as its version or its framing.
func headerOf(head []byte) capture.Fields {
	line := len(head) - len(bytes.TrimLeft(head, "\r\n")) // old clients send empty lines in front
	end := bytes.IndexByte(head[line:], '\n')
	if end < 0 {
		return nil
	}
	fields, err := capture.ReadFields(head[line+end+1:])
	if err != nil || len(fields) == 0 {
		return nil
	}
	return fields
}
