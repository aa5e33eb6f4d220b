package store

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hookglass/capture"
)

// beforeSessions makes a file of format 5 that holds so many exchanges: of three
// providers in turn, every tenth not annotated, with an event of its own for each of
// the first events of them.
func beforeSessions(t testing.TB, rows, events int64, body int) string {
	t.Helper()
	path := file(t)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	conn, err := openWriting(path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	older := present(t)
	for name := range older {
		if name >= "migrations/0006" {
			delete(older, name)
		}
	}
	if err := migrate(conn, path, older); err != nil {
		t.Fatal(err)
	}
	const numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) "
	if _, err := conn.Exec("BEGIN", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := execute(conn, numbers+`INSERT INTO exchange (id, uid, received_at, via, state, origin, pinned, endpoint,
		remote, source, method, target, proto, host, size, truncated, error, annotated, class, provider, event, summary, order_key, delivery,
		attempt, status, at_arrival, scheme, proof, proof_key, reason, answer_status, answer_by, answer_preset, answered_at, took)
		SELECT i, randomblob(16), 1700000000000000000 + i * 1000000, 'local', iif(i % 10 = 0, 'received', 'answered'), 0, i = 3, '/klix/*',
		'127.0.0.1:50000', '127.0.0.1', 'POST', '/klix/callback', 'HTTP/1.1', 'hooks.example.test', ?2, 0, '', i % 10 <> 0,
		CASE WHEN i % 10 = 0 THEN NULL WHEN i % 3 = 1 THEN 0 WHEN i % 3 = 2 THEN 1 END,
		CASE WHEN i % 10 = 0 OR i % 3 = 1 THEN '' WHEN i % 3 = 2 THEN 'klix' ELSE 'kornitx' END,
		CASE WHEN i % 10 = 0 THEN '' WHEN i <= ?3 THEN 'event-' || i ELSE 'order.dispatched' END, 'Dispatched, order 3165671600-PSTEST4', '3165671600', 'd-' || i,
		1, CASE WHEN i % 10 = 0 THEN '' WHEN i % 3 = 2 THEN 'invalid' ELSE 'valid' END, 'valid', 'hmac-sha256', 'X-Signature', 'live', 'It matches.',
		iif(i % 10 = 0, 0, 200), iif(i % 10 = 0, '', 'preset'), 'accepted', 0, 1000 FROM n`, rows, int64(body), events); err != nil {
		t.Fatal(err)
	}
	if _, err := execute(conn, numbers+"INSERT INTO message (exchange_id, exact, head, body) SELECT i, 1, zeroblob(300), zeroblob(?2) FROM n", rows, int64(body)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec("INSERT INTO spared VALUES (3, 9223372036854775807); COMMIT", nil); err != nil {
		t.Fatal(err)
	}
	return path
}

// What there was before sessions is the first one's, with facets; and of events
// beyond a bound the row tells.
func TestMigrationBeforeSessions(t *testing.T) {
	const rows, events = 6000, 3000
	db := open(t, beforeSessions(t, rows, events, 10), Options{})
	sessions, err := db.Sessions(t.Context())
	if err != nil || len(sessions) != 1 {
		t.Fatalf("sessions %v, %v, want one", sessions, err)
	}
	want := capture.Session{ID: 1, Name: "First session", State: capture.SessionOpen, Active: true, Created: time.Unix(1700000000, 1000000).UTC()}
	if sessions[0] != want {
		t.Errorf("got %+v, want %+v", sessions[0], want)
	}
	if x := load(t, db, 3); x.Session != 1 || !x.Pinned {
		t.Errorf("exchange 3 is of session %d, pinned %v", x.Session, x.Pinned)
	}
	counts, err := db.Counts(t.Context(), 1)
	if err != nil || counts.Total != rows || counts.Pinned != 1 || counts.Providers["klix"] != rows*9/30 || counts.Verdicts[""] != rows/10 || counts.Answers[2] != rows*9/10 {
		counts.kinds = nil
		t.Errorf("counts %+v, %v", counts, err)
	}
	var facets, without int
	if err := db.read.QueryRowContext(t.Context(), "SELECT count(*), (SELECT count(*) FROM exchange WHERE facet IS NULL) FROM facet").Scan(&facets, &without); err != nil || without != 0 || facets > maxFacets+10 {
		t.Errorf("%d facets, %d exchanges without (%v)", facets, without, err)
	}
	wantFacets(t, db, "event:event-2999", "event:event-1", "provider:klix", "event:order.* verified:no", "not event:event-5", "status:none")

	x := annotate(arrival("b"), "klix", "d-1", capture.Valid)
	create(t, db, x)
	if got := load(t, db, x.ID); got.Session != 1 {
		t.Errorf("what comes is of session %d", got.Session)
	}
	fresh := open(t, file(t), Options{})
	if sessions, err := fresh.Sessions(t.Context()); err != nil || len(sessions) != 1 || !sessions[0].Active || time.Since(sessions[0].Created).Abs() > time.Hour {
		t.Errorf("a new file has %+v, %v", sessions, err)
	}
}

// wantFacets holds what facets say of filters to what the rows say.
func wantFacets(t *testing.T, db *DB, filters ...string) {
	t.Helper()
	for _, text := range filters {
		q := Query{Filter: filter(t, text)}
		certain, possible, err := db.facetsFor(t.Context(), &q)
		if err != nil {
			t.Fatal(err)
		}
		where, args := q.where(shown)
		for _, part := range []struct {
			facets []int64
			wrong  string
		}{
			{certain, " AND NOT "}, // none of these may differ
			{append(certain, possible...), " OR NOT "},
		} {
			list := fmt.Sprint("e.facet IN (0", join(part.facets), ")")
			query := "SELECT count(*) FROM exchange e WHERE " + list + " AND e.id NOT IN (SELECT e.id FROM exchange e" + where + ")"
			if part.wrong == " OR NOT " {
				query = "SELECT count(*) FROM exchange e" + where + " AND NOT (" + list + ")"
			}
			var wrong int
			if err := db.read.QueryRowContext(t.Context(), query, args...).Scan(&wrong); err != nil || wrong != 0 {
				t.Errorf("%s: %d rows are against %d certain and %d possible facets (%v)", text, wrong, len(certain), len(possible), err)
			}
		}
	}
}

func join(ids []int64) (list string) {
	for _, id := range ids {
		list += fmt.Sprintf(", %d", id)
	}
	return list
}

// BenchmarkMigrationBeforeSessions brings one file up to date, and tells the time
// of that alone.
func BenchmarkMigrationBeforeSessions(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		path := beforeSessions(b, int64(benchRows()), 100, 1350)
		conn, err := openWriting(path)
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if err := keepCopy(conn, path+".copy"); err != nil {
			b.Fatal(err)
		}
		copied := time.Since(began)
		b.StartTimer()
		if err := migrate(conn, path, migrations); err != nil {
			b.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(copied.Seconds(), "s/copy")
	}
}
