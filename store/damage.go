package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"

	"hookglass/capture"
)

// applicationID marks our files in their header ("hkgl"), so that another
// program's database is not taken for an old one of ours.
const applicationID = 0x686b676c

// inspect looks at an existing file without changing it.
func inspect(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Size() == 0 {
		return err
	}
	pool := openPool(readDSN(path, false))
	defer pool.Close()
	if _, err := check(ctx, pool); err != nil {
		return explain(err)
	}
	// SQLite itself notices where whole pages are missing. A piece of one may
	// stand at the end only while the log has the page whole.
	var page int64
	if err := pool.QueryRowContext(ctx, "PRAGMA page_size").Scan(&page); err != nil {
		return explain(err)
	}
	if !logged(path) && info.Size()%page != 0 {
		return fmt.Errorf("the file is %w: its end is missing", ErrDamaged)
	}
	return nil
}

// logged reports whether a log beside the file may hold commits that the file
// itself does not have yet.
func logged(path string) bool {
	wal, err := os.Stat(path + "-wal")
	return err == nil && wal.Size() > 0 || err != nil && !errors.Is(err, fs.ErrNotExist)
}

// check reads what Open and OpenReader rely on. It returns the file's format: 0
// for one that was made and not filled.
func check(ctx context.Context, pool *sql.DB) (version int64, err error) {
	var application, tables int64
	err = pool.QueryRowContext(ctx, `SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`).Scan(&application, &version, &tables)
	switch {
	case err != nil:
		return 0, err
	case (tables > 0 || version > 0) && application != applicationID:
		return 0, fmt.Errorf("the file is %w: it is a database of another program", ErrDamaged)
	case (tables > 0) != (version > 0): // a migration brings both or neither
		return 0, fmt.Errorf("the file is %w: it has %d tables in format %d", ErrDamaged, tables, version)
	case version > newest():
		return 0, fmt.Errorf("the file was %w (its format is %d, this one knows %d): update Hookglass", ErrNewer, version, newest())
	}
	return version, nil
}

// checkReadable is check for a reader, which cannot bring a file up to date.
func checkReadable(ctx context.Context, pool *sql.DB) error {
	version, err := check(ctx, pool)
	switch {
	case err != nil:
		return err
	case version == 0:
		return ErrUnfilled
	case version < newest():
		return fmt.Errorf("the file has the older format %d: start Hookglass once to bring it up to date", version)
	}
	return nil
}

// explain wraps the errors of SQLite in those that callers test for.
func explain(err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case e.Code == sqlite3.ErrFull, e.SystemErrno == syscall.ENOSPC, e.SystemErrno == syscall.EDQUOT:
		return fmt.Errorf("%w: %w", capture.ErrFull, err)
	case e.Code == sqlite3.ErrCorrupt, e.Code == sqlite3.ErrNotADB:
		return fmt.Errorf("the file is %w: %w", ErrDamaged, err)
	case e.Code == sqlite3.ErrReadonly, e.Code == sqlite3.ErrPerm:
		return fmt.Errorf("%w: %w", ErrDenied, err)
	}
	return err
}

// environmental reports whether an error is the fault of disk, memory or
// another process, so that the same write can succeed later.
func environmental(err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrCantOpen, sqlite3.ErrReadonly, sqlite3.ErrNomem,
		sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrProtocol, sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return true
	}
	return false
}

// MoveAside renames a damaged file, with the -wal and -shm files that belong to
// it, and returns its new name. The file must not be open. A name that is taken
// gets a number: nothing is ever overwritten.
func MoveAside(path string) (string, error) {
	base := path + ".damaged-" + time.Now().UTC().Format("20060102T150405Z")
	aside := base
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return "", err
		}
		aside = fmt.Sprintf("%s-%d", base, n)
	}
	// The log first: left alone beside a new file, it would be a stranger to it.
	for _, suffix := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(path+suffix, aside+suffix); err != nil && (suffix == "" || !errors.Is(err, fs.ErrNotExist)) {
			return "", fmt.Errorf("moving the damaged file aside: %w", err)
		}
	}
	return aside, nil
}

// IntegrityCheck reads the whole file and says what SQLite finds wrong with it:
// nil, or an error that wraps ErrDamaged. It takes seconds per gigabyte.
func (db *DB) IntegrityCheck(ctx context.Context) error {
	rows, err := db.read.QueryContext(ctx, "PRAGMA integrity_check(10)")
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return explain(err)
		}
		if line != "ok" {
			found = append(found, line)
		}
	}
	if err := rows.Err(); err != nil {
		return explain(err)
	}
	if len(found) > 0 {
		return fmt.Errorf("the file is %w: %s", ErrDamaged, strings.Join(found, "; "))
	}
	return nil
}
