package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// A file from before public addresses keeps what it holds, and counts deliveries
// that come through one among the others.
func TestMigrationBeforePublicAddresses(t *testing.T) {
	path := file(t)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	conn, err := openWriting(path)
	if err != nil {
		t.Fatal(err)
	}
	older := present(t)
	for name := range older {
		if name >= "migrations/0003" {
			delete(older, name)
		}
	}
	if err := migrate(conn, path, older); err != nil {
		t.Fatal(err)
	}
	if _, err := execute(conn, `INSERT INTO exchange (id, uid, received_at, via, state, origin, pinned, endpoint,
		remote, source, method, target, proto, host, size, truncated, error, provider, delivery, attempt)
		VALUES (1, ?, 1, 'local', 'answered', 0, 0, '', '', '', 'PUT', '/', '', '', 0, 0, '', 'klix', 'd-1', 1)`, []byte("1")); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}

	db := open(t, path, Options{})
	if events, err := db.PublicEvents(t.Context(), 10); err != nil || len(events) != 0 {
		t.Errorf("events %v, %v, want none", events, err)
	}
	if err := db.PutPublicEvent(t.Context(), capture.PublicEvent{At: time.Now(), State: capture.PublicOnline}); err != nil {
		t.Error(err)
	}
	second := annotate(arrival("b"), "klix", "d-1", capture.Valid)
	second.Via = capture.ViaPublic
	create(t, db, second)
	if x, err := db.Exchange(t.Context(), second.ID); err != nil || x.Via != capture.ViaPublic || x.Annotation.Attempt != 2 {
		t.Errorf("the second try came %s as number %d (%v)", x.Via, x.Annotation.Attempt, err)
	}
	var index string
	if err := db.read.QueryRowContext(t.Context(), "SELECT sql FROM sqlite_schema WHERE name = 'exchange_delivery'").Scan(&index); err != nil || !strings.Contains(index, "'public'") {
		t.Errorf("the index is %q (%v)", index, err)
	}
	if _, err := os.Stat(fmt.Sprintf("%s.before-v%d", path, newest())); err != nil {
		t.Errorf("no copy was kept: %v", err)
	}
}
