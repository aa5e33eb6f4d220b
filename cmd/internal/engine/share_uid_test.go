package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hookglass/capture"
)

// Callbacks that are equal once something was taken out of them stay as many as they
// were, in a file and in whoever imports it.
func TestShareKeepsEqualCallbacksApart(t *testing.T) {
	var entries []string
	const n = 200
	for i := range n {
		entries = append(entries, fmt.Sprintf(`{"startedDateTime":"2026-01-02T03:04:05Z","request":{"method":"PUT","url":"http://h/kornitx/orders",`+
			`"headers":[{"name":"X-CustomGateway-Hmac","value":"%064x"}],"postData":{"mimeType":"application/json",`+
			`"text":"{\"id\":1,\"ref\":\"A\",\"external_ref\":\"SHOP-1\",\"status\":8,\"shipping_tracking\":\"H023YA0000361469\"}"}}}`, i))
	}
	s := start(t, t.TempDir(), nil)
	opened, err := s.OpenText(t.Context(), `{"log":{"entries":[`+strings.Join(entries, ",")+`]}}`)
	if err != nil {
		t.Fatal(err)
	}
	report, err := s.ImportOpened(t.Context(), capture.Importing{Session: opened.Session.ID}, nil)
	if err != nil || report.Kept != n {
		t.Fatalf("%d kept (%v), want %d", report.Kept, err, n)
	}
	path := filepath.Join(t.TempDir(), "x.jsonl")
	if _, err := s.WriteShare(t.Context(), capture.Sharing{Format: "jsonl", Redact: "personal", Session: report.Session.ID}, path, nil); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	uids := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		uids[line[:strings.IndexByte(line, ',')]] = true
	}
	if len(uids) != n {
		t.Errorf("%d callbacks have %d UIDs", n, len(uids))
	}
}
