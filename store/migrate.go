package store

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// Number n of these, sorted by name, brings a file from user_version n-1 to n.
//
//go:embed migrations/*.sql
var migrations embed.FS

// newest is the user_version that this build writes.
func newest() int64 {
	entries, _ := migrations.ReadDir("migrations") // embedded: cannot fail
	return int64(len(entries))
}

// migrate brings a file up to date, each step in a transaction of its own that
// also moves user_version; an empty file takes all of them in one, so that no
// reader takes it for an older one. A file that holds something is copied first,
// to path + ".before-vN", where N is the version that it becomes.
func migrate(conn *sqlite3.SQLiteConn, path string, from fs.FS) error {
	steps, err := fs.Glob(from, "migrations/*.sql") // sorted
	if err != nil {
		return err
	}
	version, err := queryInt(conn, "PRAGMA user_version")
	if err != nil {
		return err
	}
	if version > int64(len(steps)) {
		return fmt.Errorf("the file was %w", ErrNewer)
	}
	if version > 0 && version < int64(len(steps)) {
		if err := keepCopy(conn, fmt.Sprintf("%s.before-v%d", path, len(steps))); err != nil {
			return fmt.Errorf("keeping a copy before the file's format changes: %w", err)
		}
	}
	for n := version + 1; n <= int64(len(steps)); n++ {
		text, err := fs.ReadFile(from, steps[n-1])
		for ; version == 0 && err == nil && n < int64(len(steps)); n++ {
			var next []byte
			next, err = fs.ReadFile(from, steps[n])
			text = append(append(text, '\n'), next...)
		}
		if err != nil {
			return err
		}
		step := fmt.Sprintf("BEGIN IMMEDIATE;\n%s\nPRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", text, applicationID, n)
		if _, err := conn.Exec(step, nil); err != nil {
			return errors.Join(fmt.Errorf("bringing the file to format %d: %w", n, err), rollback(conn))
		}
	}
	return nil
}

// keepCopy writes a copy of the file under another name. The name appears only
// when the copy is whole.
func keepCopy(conn *sqlite3.SQLiteConn, name string) error {
	part := name + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) // VACUUM INTO takes an empty file
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := conn.Exec("VACUUM INTO '"+strings.ReplaceAll(part, "'", "''")+"'", nil); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil { // Windows renames no open file
		return err
	}
	return os.Rename(part, name)
}

// requireFTS5 says whether SQLite was built with full-text search.
func requireFTS5() error {
	c, err := connect(":memory:")
	if err != nil {
		return err
	}
	defer c.Close()
	n, err := queryInt(c.(*sqlite3.SQLiteConn), "SELECT count(*) FROM pragma_module_list WHERE name = 'fts5'")
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrNoFTS5
	}
	return nil
}
