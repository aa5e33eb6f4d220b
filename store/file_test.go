package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"hookglass/capture"
)

func contents(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// filled makes a closed file with some exchanges.
func filled(t testing.TB) string {
	t.Helper()
	path := file(t)
	db := open(t, path, Options{})
	for i := range 50 {
		create(t, db, annotate(arrival(strings.Repeat(fmt.Sprint(i), 500)), "klix", "d", capture.Valid))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDamagedFile(t *testing.T) {
	whole := contents(t, filled(t))
	foreign := func(queries string) []byte {
		path := filepath.Join(t.TempDir(), "other.db")
		conn, err := openWriting(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(queries, nil); err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
		return contents(t, path)
	}
	header := bytes.Clone(whole)
	copy(header[100:], bytes.Repeat([]byte{0xa5}, 4096))
	tests := map[string][]byte{
		"text":              []byte("not a database"),
		"random":            bytes.Repeat([]byte{0x5a, 0x17, 0xe3}, 10_000),
		"cut in a page":     whole[:len(whole)-1000],
		"cut at a page":     whole[:8192],
		"cut in the head":   whole[:50],
		"first page gone":   header,
		"another program's": foreign("CREATE TABLE theirs (x)"),
		"another's, empty":  foreign("PRAGMA user_version = 1"),
		"without a format":  foreign(fmt.Sprintf("CREATE TABLE exchange (x); PRAGMA application_id = %d", applicationID)),
		"without tables":    foreign(fmt.Sprintf("PRAGMA user_version = 1; PRAGMA application_id = %d", applicationID)),
	}
	for name, damaged := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "hookglass.db")
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrDamaged) {
				t.Errorf("Open = %v, want ErrDamaged", err)
			}
			r, err := OpenReader(t.Context(), path)
			if err == nil {
				r.Close()
			}
			if readable := name == "cut in a page"; !readable && !errors.Is(err, ErrDamaged) || readable && err != nil {
				t.Errorf("OpenReader = %v, want ErrDamaged: %v", err, !readable)
			}
			if !bytes.Equal(contents(t, path), damaged) {
				t.Error("the file was changed")
			}
			aside, err := MoveAside(path)
			if err != nil || !strings.HasPrefix(aside, path+".damaged-") || !bytes.Equal(contents(t, aside), damaged) {
				t.Errorf("MoveAside = %q, %v", aside, err)
			}
			create(t, open(t, path, Options{}), arrival("b"))
		})
	}
}

// Open may end, or be seen by a reader, at any moment before the first tables
// are there.
func TestUnfilledFile(t *testing.T) {
	unfilled := func(t *testing.T, path string) {
		t.Helper()
		r, err := OpenReader(t.Context(), path)
		if err == nil {
			r.Close()
		}
		if !errors.Is(err, ErrUnfilled) || errors.Is(err, ErrDamaged) {
			t.Errorf("OpenReader = %v, want ErrUnfilled", err)
		}
	}
	path := filepath.Join(t.TempDir(), "hookglass.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	unfilled(t, path)
	conn, err := openWriting(path) // makes a page that says WAL
	if err != nil {
		t.Fatal(err)
	}
	unfilled(t, path)
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if len(contents(t, path)) == 0 {
		t.Error("the file is still empty")
	}
	unfilled(t, path)
	create(t, open(t, path, Options{}), arrival("b"))
}

func TestReaderWhileFilling(t *testing.T) {
	for range 10 {
		path := file(t)
		done := make(chan error, 1)
		go func() {
			db, err := Open(t.Context(), path, Options{})
			if err == nil {
				err = db.Close()
			}
			done <- err
		}()
		for opening := true; opening; {
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				opening = false
			default:
			}
			r, err := OpenReader(t.Context(), path)
			if err == nil {
				err = r.Close()
			}
			if err != nil && !errors.Is(err, ErrUnfilled) && !errors.Is(err, os.ErrNotExist) {
				t.Errorf("OpenReader while the file is made = %v, want ErrUnfilled", err)
			}
		}
	}
}

func TestDamageInside(t *testing.T) {
	path := filled(t)
	damaged := contents(t, path)
	for i := len(damaged) - 3*4096; i < len(damaged); i += 4096 { // behind the schema
		copy(damaged[i:], bytes.Repeat([]byte{0xff}, 64))
	}
	if err := os.WriteFile(path, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.IntegrityCheck(t.Context()); !errors.Is(err, ErrDamaged) {
		t.Errorf("IntegrityCheck = %v, want ErrDamaged", err)
	}
}

func TestMoveAsideOverwritesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "h.db")
	names := map[string]bool{}
	for i := range 3 {
		for _, suffix := range []string{"", "-wal"} {
			if err := os.WriteFile(path+suffix, []byte(fmt.Sprint(i, suffix)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		aside, err := MoveAside(path)
		if err != nil {
			t.Fatal(err)
		}
		names[aside] = true
		if got := string(contents(t, aside+"-wal")); got != fmt.Sprint(i, "-wal") {
			t.Errorf("-wal of %d holds %q", i, got)
		}
	}
	if len(names) != 3 {
		t.Errorf("names %v, want three", names)
	}
	if _, err := MoveAside(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("MoveAside of nothing = %v, want ErrNotExist", err)
	}
}

func TestNewerFile(t *testing.T) {
	path := filled(t)
	conn, err := openWriting(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := execute(conn, "PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	before := contents(t, path)
	if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrNewer) {
		t.Errorf("Open = %v, want ErrNewer", err)
	}
	if _, err := OpenReader(t.Context(), path); !errors.Is(err, ErrNewer) {
		t.Errorf("OpenReader = %v, want ErrNewer", err)
	}
	if !bytes.Equal(contents(t, path), before) {
		t.Error("the file was changed")
	}
}

// present are the migrations that there are.
func present(t testing.TB) fstest.MapFS {
	t.Helper()
	steps := fstest.MapFS{}
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := migrations.ReadFile("migrations/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		steps["migrations/"+e.Name()] = &fstest.MapFile{Data: text}
	}
	return steps
}

// A file of the first format keeps what it holds, and its pinned exchanges are
// spared by HideThrough.
func TestMigrationOfTheFirstFormat(t *testing.T) {
	path := file(t)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	conn, err := openWriting(path)
	if err != nil {
		t.Fatal(err)
	}
	first := present(t)
	for name := range first {
		if name != "migrations/0001_exchanges.sql" {
			delete(first, name)
		}
	}
	if err := migrate(conn, path, first); err != nil {
		t.Fatal(err)
	}
	for id := 1; id <= 3; id++ {
		if _, err := execute(conn, `INSERT INTO exchange (id, uid, received_at, via, state, origin, pinned, endpoint,
			remote, source, method, target, proto, host, size, truncated, error)
			VALUES (?, ?, 1, 'local', 'answered', 0, ?, '', '', '', 'PUT', '/', '', '', 0, 0, '')`, int64(id), []byte(fmt.Sprint(id)), id == 2); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	db := open(t, path, Options{})
	if got, err := db.IDsOf(t.Context(), Query{}); err != nil || !slices.Equal(got, []int64{3, 2, 1}) {
		t.Errorf("listed %v, %v", got, err)
	}
	if err := db.HideThrough(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if got, err := db.IDsOf(t.Context(), Query{}); err != nil || !slices.Equal(got, []int64{2}) {
		t.Errorf("after HideThrough %v, %v, want the pinned one", got, err)
	}
}

func TestMigration(t *testing.T) {
	path := filled(t)
	conn, err := openWriting(path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	steps := present(t)
	version := len(steps)
	name := func(n int, what string) string { return fmt.Sprintf("migrations/%04d_%s.sql", version+n, what) }
	steps[name(1, "more")] = &fstest.MapFile{Data: []byte("CREATE TABLE more (x); -- a comment")}
	steps[name(2, "broken")] = &fstest.MapFile{Data: []byte("CREATE TABLE most (x); INSERT INTO nowhere VALUES (1);")}
	if err := migrate(conn, path, steps); err == nil || !conn.AutoCommit() {
		t.Errorf("a broken step: %v, want an error and no open transaction", err)
	}
	for query, want := range map[string]int64{
		"PRAGMA user_version": int64(version + 1),
		"SELECT count(*) FROM sqlite_schema WHERE name = 'more'": 1,
		"SELECT count(*) FROM sqlite_schema WHERE name = 'most'": 0,
		"SELECT count(*) FROM exchange":                          50,
	} {
		if got, err := queryInt(conn, query); err != nil || got != want {
			t.Errorf("%s = %d, %v, want %d", query, got, err, want)
		}
	}
	copied := fmt.Sprintf("%s.before-v%d", path, version+2)
	kept, err := OpenReader(t.Context(), copied)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	if x, err := kept.Exchange(t.Context(), 50); err != nil || x.Annotation.Attempt != 50 {
		t.Errorf("the copy: %v, %v", x, err)
	}
	if info, err := os.Stat(copied); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the copy %v, %v, want 0600", info.Mode(), err)
	}
	steps[name(2, "broken")] = &fstest.MapFile{Data: []byte("CREATE TABLE most (x);")}
	if err := migrate(conn, path, steps); err != nil {
		t.Errorf("after the repair: %v", err)
	}
	if err := migrate(conn, path, fstest.MapFS{}); !errors.Is(err, ErrNewer) {
		t.Errorf("an older program: %v, want ErrNewer", err)
	}
}

func TestReaderWhileWriting(t *testing.T) {
	path := file(t)
	if _, err := OpenReader(t.Context(), path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("OpenReader of nothing = %v, want ErrNotExist", err)
	}
	db := open(t, path, Options{})
	r, err := OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				x := arrival("b")
				if err := db.Create(t.Context(), x); err != nil {
					t.Error(err)
					return
				}
				if got, err := r.Exchange(t.Context(), x.ID); err != nil || got.UID != x.UID {
					t.Errorf("the reader does not see %d: %v", x.ID, err)
				}
			}
		})
	}
	wg.Wait()
	x := arrival("b")
	for name, err := range map[string]error{
		"Create": r.Create(t.Context(), x), "Update": r.Update(t.Context(), x), "Reannotate": r.Reannotate(t.Context(), x),
		"Flush": r.Flush(t.Context()), "PutEndpoint": r.PutEndpoint(t.Context(), capture.Endpoint{Path: "/x"}),
	} {
		if !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s of a reader = %v, want ErrReadOnly", name, err)
		}
	}
	if _, err := r.read.ExecContext(t.Context(), "DELETE FROM exchange"); err == nil {
		t.Error("the reader's connections can write")
	}
	if mode, _, err := r.Pragmas(t.Context()); mode != "wal" || err != nil {
		t.Errorf("Pragmas of a reader = %q, %v", mode, err)
	}
}

func TestReaderLeavesTheFile(t *testing.T) {
	path := filled(t)
	before := contents(t, path)
	r, err := OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := r.Stats(t.Context()); err != nil || s.Exchanges != 50 {
		t.Errorf("%+v, %v, want 50 exchanges", s, err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(contents(t, path), before) {
		t.Error("the file was changed")
	}
	create(t, open(t, path, Options{}), arrival("b"))
}
