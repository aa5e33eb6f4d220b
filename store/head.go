package store

import "hookglass/capture"

// headerOf reads the header fields of a stored head: none where net/http refused
// it and they cannot be told.
func headerOf(head []byte) capture.Fields {
	if len(head) == 0 {
		return nil
	}
	r, err := capture.ReadRequest(head)
	if err != nil {
		return nil
	}
	return r.Header
}
