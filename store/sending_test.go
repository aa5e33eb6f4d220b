package store

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"hookglass/capture"
)

// resend is an exchange that x was sent again as.
func resend(x *capture.Exchange, same bool) *capture.Exchange {
	again := arrival(string(x.Request.Body))
	again.Via, again.Origin, again.State = capture.ViaReplay, x.ID, capture.StateFailed
	again.Sent = &capture.Sending{
		Base: "http://localhost:3000", SameBody: same,
		Timings:     capture.Timings{DNS: 1, Connect: 2, TLS: 3, FirstByte: 4, Total: 5},
		Differences: []capture.Difference{{What: "header Host", Was: "a", Is: "b", Why: capture.WhyReceiver}},
		Hops:        []capture.Hop{{Status: 302, Location: "/x"}},
	}
	return again
}

// count counts the rows of a table on the writer's connection.
func count(t *testing.T, db *DB, table string) (n int64) {
	t.Helper()
	err := db.call(t.Context(), func(w *writer) error {
		var err error
		n, err = queryInt(w.conn, "SELECT count(*) FROM "+table)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSendingIsKept(t *testing.T) {
	db := open(t, file(t), Options{})
	x := create(t, db, arrival("body"))
	again := create(t, db, resend(x, true))
	got := load(t, db, again.ID)
	if !reflect.DeepEqual(got.Sent, resend(x, true).Sent) || string(got.Request.Body) != "body" || got.Origin != x.ID {
		t.Errorf("got %+v, %+v", got, got.Sent)
	}
	brief := capture.Sending{Base: "http://localhost:3000", Timings: again.Sent.Timings}
	for name, list := range map[string]func() ([]capture.Exchange, error){
		"Resends": func() ([]capture.Exchange, error) { return db.Resends(t.Context(), x.ID) },
		"List":    func() ([]capture.Exchange, error) { return db.List(t.Context(), Query{Limit: 1}) },
	} {
		got, err := list()
		if err != nil || len(got) != 1 || got[0].Sent == nil || !reflect.DeepEqual(*got[0].Sent, brief) {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, brief)
		}
	}
	if first := load(t, db, x.ID); first.Sent != nil || string(first.Request.Body) != "body" {
		t.Errorf("the first is %+v", first)
	}
}

func TestBodiesAreShared(t *testing.T) {
	db := open(t, file(t), Options{})
	x := create(t, db, arrival("body"))
	var ids []int64
	for i := range 5 {
		ids = append(ids, create(t, db, resend(x, i != 3)).ID) // the third was edited
	}
	again := create(t, db, resend(load(t, db, ids[0]), true)) // a resend of a resend
	bodies := func() (own int64) {
		err := db.call(t.Context(), func(w *writer) error {
			v, err := queryOne(w.conn, "SELECT count(*) FROM message WHERE body IS NOT NULL")
			own, _ = v.(int64)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return own
	}
	if left, own := count(t, db, "body"), bodies(); left != 0 || own != 2 {
		t.Errorf("%d bodies are left and %d are somebody's, want 0 and 2", left, own)
	}
	// With the first gone, and one after the other, the rest keep the body.
	for _, id := range slices.Concat([]int64{x.ID}, ids) {
		if n, err := db.Delete(t.Context(), id); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if got := load(t, db, again.ID); string(got.Request.Body) != "body" {
			t.Fatalf("after %d was deleted: %q", id, got.Request.Body)
		}
		if left := count(t, db, "body"); left != 1 {
			t.Errorf("after %d was deleted %d bodies are left, want 1", id, left)
		}
	}
	if _, err := db.Delete(t.Context(), again.ID); err != nil {
		t.Fatal(err)
	}
	if left := count(t, db, "body"); left != 0 {
		t.Errorf("%d bodies are left, want none", left)
	}
	// Its origin is gone: it keeps the body itself.
	late := create(t, db, resend(x, true))
	if got := load(t, db, late.ID); string(got.Request.Body) != "body" || count(t, db, "body") != 0 {
		t.Errorf("got %q", got.Request.Body)
	}
}

func TestFilterSeesSharedBodies(t *testing.T) {
	db := open(t, file(t), Options{})
	x := create(t, db, arrival("needle"))
	create(t, db, resend(x, true))
	f, err := capture.ParseFilter("body:needle")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := db.IDsOf(t.Context(), Query{Filter: f}); err != nil || len(got) != 2 {
		t.Errorf("found %v, %v, want both", got, err)
	}
}

// What was deleted with its transaction undone is not remembered as there.
func TestSharedBodiesAreForgotten(t *testing.T) {
	db := open(t, file(t), Options{})
	x := create(t, db, arrival("body"))
	create(t, db, resend(x, true)) // now it is known
	if _, err := db.Delete(t.Context(), 1, 2); err != nil {
		t.Fatal(err)
	}
	again := create(t, db, resend(x, true))
	if got := load(t, db, again.ID); string(got.Request.Body) != "body" {
		t.Errorf("got %q", got.Request.Body)
	}
}

// Retention takes the first ones first, and what is shared stays.
func TestRetentionLeavesSharedBodies(t *testing.T) {
	db := open(t, file(t), Options{})
	x := create(t, db, arrival("body"))
	pinned := resend(x, true)
	pinned.Pinned = true
	create(t, db, pinned)
	if err := db.HideThrough(t.Context(), pinned.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exchange(t.Context(), x.ID); err == nil {
		t.Error("the first is there still")
	}
	if got := load(t, db, pinned.ID); string(got.Request.Body) != "body" {
		t.Errorf("got %q", got.Request.Body)
	}
}

func TestTargets(t *testing.T) {
	db := open(t, file(t), Options{})
	now := time.Now()
	var want []string
	for i := range 10 {
		address := fmt.Sprintf("http://localhost:%d", 3000+i)
		if err := db.PutTarget(t.Context(), "klix", "/klix/*", address, now.Add(time.Duration(i))); err != nil {
			t.Fatal(err)
		}
		want = append([]string{address}, want...)
	}
	if err := db.PutTarget(t.Context(), "klix", "/klix/*", want[1], now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	want = slices.Concat([]string{want[1], want[0]}, want[2:8])
	if got, err := db.Targets(t.Context(), "klix", "/klix/*"); err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if got, err := db.Targets(t.Context(), "klix", ""); err != nil || len(got) != 0 {
		t.Errorf("of another endpoint: %v, %v", got, err)
	}
}

// A resend of an older file has no timings, and its own body.
func TestMigrationBeforeResends(t *testing.T) {
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
		if name >= "migrations/0005" {
			delete(older, name)
		}
	}
	if err := migrate(conn, path, older); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`INSERT INTO exchange (id, uid, received_at, via, state, origin, pinned, endpoint,
			remote, source, method, target, proto, host, size, truncated, error)
			VALUES (2, x'00112233445566778899aabbccddeeff', 1, 'replay', 'answered', 1, 0, '', '', '', 'PUT', '/', 'HTTP/1.1', 'h', 4, 0, '')`,
		`INSERT INTO message (exchange_id, exact, head, body) VALUES (2, 1, CAST('PUT / HTTP/1.1' AS BLOB), CAST('body' AS BLOB))`,
		`INSERT INTO replay (id, origin) VALUES (2, 1)`,
	} {
		if _, err := execute(conn, query); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	db := open(t, path, Options{})
	if got := load(t, db, 2); string(got.Request.Body) != "body" || got.Sent == nil || !reflect.DeepEqual(*got.Sent, capture.Sending{}) {
		t.Errorf("got %+v, %+v", got, got.Sent)
	}
	again := create(t, db, resend(load(t, db, 2), true))
	if got := load(t, db, again.ID); string(got.Request.Body) != "body" || !got.Sent.SameBody {
		t.Errorf("its resend is %+v", got)
	}
}

// What is answered and judged already is kept at once, and told as any other is.
func TestSentAndAnswered(t *testing.T) {
	var kept []Kept
	db := open(t, file(t), Options{Changed: func(x *capture.Exchange, k Kept) {
		if x.Via == capture.ViaReplay {
			kept = append(kept, k)
		}
	}})
	x := create(t, db, arrival("body"))
	again := annotate(resend(x, true), "klix", "d-1", capture.Invalid)
	again.Response.By = capture.ByTarget
	want := *again
	create(t, db, again)
	got := load(t, db, again.ID)
	want.ID, want.UID = got.ID, got.UID
	want.Request.Header, want.Session = got.Request.Header, 1
	if !reflect.DeepEqual(got, &want) {
		t.Errorf("got  %+v, %+v\nwant %+v, %+v", got, got.Response, &want, want.Response)
	}
	if string(again.Request.Body) != "body" || !slices.Equal(kept, []Kept{Request, Outcome}) {
		t.Errorf("told of %v; the caller's is %q", kept, again.Request.Body)
	}
}
