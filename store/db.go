package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/mattn/go-sqlite3"

	"hookglass/capture"
)

// What callers of this package test for.
var (
	ErrNotFound = errors.New("not found")
	ErrNewer    = errors.New("written by a newer version of Hookglass")
	ErrDamaged  = errors.New("damaged, or not a file of Hookglass")
	ErrUnfilled = errors.New("the file holds nothing yet")
	ErrNoFTS5   = errors.New("built without full-text search: build with -tags sqlite_fts5 (make does)")
	ErrReadOnly = errors.New("opened for reading only")
	ErrDenied   = errors.New("the file may not be written")
	ErrClosed   = errors.New("the store is closed")
)

// Options are the choices of Open. The zero value keeps everything for ever.
type Options struct {
	// Changed is called by the writer's goroutine after a commit, and says what
	// of x was kept. It must not block or change x, and may keep x only after an
	// Outcome or an Annotation: after a Request, x is the caller's again. nil:
	// nobody is told.
	Changed func(x *capture.Exchange, kept Kept)

	Retention Retention
	Logger    *slog.Logger // nil: discard

	// Brief is of a process that makes a change and ends: sessions that are deleted
	// are left to one that stays, so that it can be taken back.
	Brief bool

	// Search keeps a search index beside the file, in a goroutine of its own. Without
	// it words are looked for in the exchanges themselves, and an index that is there
	// is made anew the next time.
	Search bool
}

// Kept says what of an exchange a commit has kept.
type Kept int

// What can be kept of an exchange.
const (
	Request    Kept = iota // by Create
	Outcome                // by Update
	Annotation             // by Reannotate
)

// DB is an open file.
type DB struct {
	path   string
	read   *sql.DB
	writer *writer // nil for a reader

	counter    *counter
	dictionary dictionary
	searches   searchPool
}

// Read-only connections see each commit as it is made.
const readers = 4

// Open opens the file for the process that captures. It creates file and folder
// where they are missing (0600 and 0700), and brings an older file up to date
// after keeping a copy of it. A damaged or foreign file gives ErrDamaged and
// stays as it is, a newer one ErrNewer. An empty file is filled: a process may
// have died before it could.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := requireFTS5(); err != nil {
		return nil, err
	}
	fresh, err := prepareFile(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	if !fresh {
		if err := inspect(ctx, path); err != nil {
			return nil, fmt.Errorf("opening %s: %w", path, err)
		}
	}
	conn, err := openWriting(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, explain(err))
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	w, err := newWriter(&preparer{conn: conn}, path, o)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, explain(err))
	}
	db := &DB{path: path, read: openPool(readDSN(path, false)), writer: w, counter: w.counter}
	if o.Search {
		w.search = newSearcher(db, o.Logger)
		w.toucher.search = w.search
	}
	go w.run()
	w.search.start()
	return db, nil
}

// OpenReader opens an existing file for reading only. It never creates or
// migrates a file and never writes into it, whether another process has it open
// or not. A file on a medium that cannot be written is read as it stands. An
// empty one, or one that Open is about to fill, gives ErrUnfilled.
func OpenReader(ctx context.Context, path string) (*DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := requireFTS5(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("opening: %w", err)
	}
	var failed error
	for _, immutable := range []bool{false, true} {
		if immutable && !onlyImmutable(path, failed) {
			break
		}
		pool := openPool(readDSN(path, immutable))
		if failed = checkReadable(ctx, pool); failed == nil {
			return &DB{path: path, read: pool, counter: &counter{}}, nil
		}
		pool.Close()
	}
	return nil, fmt.Errorf("opening %s: %w", path, explain(failed))
}

// onlyImmutable reports whether err is SQLite's way of saying that it cannot
// make the -shm file that WAL needs, where no unmerged -wal is beside the file
// that an immutable view would miss.
func onlyImmutable(path string, err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) || e.Code != sqlite3.ErrCantOpen && e.Code != sqlite3.ErrReadonly {
		return false
	}
	return !logged(path)
}

// Close commits what is queued, waits for the writer and closes the file. It
// returns an error where an Update could not be committed even now.
func (db *DB) Close() error {
	if db.writer == nil {
		return errors.Join(db.searches.close(), db.read.Close())
	}
	// The connection that writes goes last: only it can merge the log into the
	// file and remove it. So it is with the search index.
	err := db.searches.close()
	db.writer.search.close()
	return errors.Join(err, db.writer.close(), db.read.Close(), db.writer.statements.close())
}

// Path returns the absolute path of the file.
func (db *DB) Path() string { return db.path }

// Stats says how much the file holds.
type Stats struct {
	Exchanges int64
	Bytes     int64 // of the file's pages that are in use
	Oldest    int64 // ids; 0 when there is none
	Newest    int64
}

// Stats counts; with a million exchanges that takes some 10 ms.
func (db *DB) Stats(ctx context.Context) (Stats, error) {
	var s Stats
	err := db.read.QueryRowContext(ctx, `SELECT count(*), coalesce(min(id), 0), coalesce(max(id), 0),
		((SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count))
			* (SELECT page_size FROM pragma_page_size)
		FROM exchange`).Scan(&s.Exchanges, &s.Oldest, &s.Newest, &s.Bytes)
	return s, err
}

// Pragmas reads the journal mode and the synchronous setting back: from the
// connection that writes, or for a reader from one that reads.
func (db *DB) Pragmas(ctx context.Context) (journalMode string, synchronous int, err error) {
	if db.writer == nil {
		err = db.read.QueryRowContext(ctx, "SELECT journal_mode, synchronous FROM pragma_journal_mode, pragma_synchronous").
			Scan(&journalMode, &synchronous)
		return journalMode, synchronous, err
	}
	err = db.call(ctx, func(w *writer) error {
		if journalMode, err = queryText(w.conn, "PRAGMA journal_mode"); err != nil {
			return err
		}
		n, err := queryInt(w.conn, "PRAGMA synchronous")
		synchronous = int(n)
		return err
	})
	return journalMode, synchronous, err
}

// prepareFile makes the folder and the file, and reports whether the file is
// new. An existing file, and those beside it, lose any right of group and
// others; an existing folder is left as it is.
func prepareFile(path string) (fresh bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, err
	}
	// SQLite gives -wal and -shm the mode of the file itself.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		return true, f.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return false, err
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm()&0o077 == 0 {
			continue
		}
		if err := os.Chmod(name, 0o600); err != nil {
			return false, err
		}
	}
	return false, nil
}

func openWriting(path string) (*sqlite3.SQLiteConn, error) {
	// One goroutine uses the connection, so SQLite need not lock it.
	dsn := fileURL(path, url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_txlock": {"immediate"},
		"_busy_timeout": {"5000"}, "_foreign_keys": {"1"}, "_mutex": {"no"},
		"_cache_size": {"-16384"},
	})
	c, err := connect(dsn)
	if err != nil {
		return nil, err
	}
	conn := c.(*sqlite3.SQLiteConn)
	mode, err := queryText(conn, "PRAGMA journal_mode")
	if err == nil && mode != "wal" {
		err = fmt.Errorf("the journal mode is %q, not wal: this file system cannot hold the file safely", mode)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

func readDSN(path string, immutable bool) string {
	// Half of what reading one exchange takes is preparing its statement.
	v := url.Values{"mode": {"ro"}, "_query_only": {"1"}, "_busy_timeout": {"5000"}, "_stmt_cache_size": {"16"}}
	if immutable {
		v.Set("immutable", "1")
	}
	return fileURL(path, v)
}

// fileURL makes the URI of a file; on Windows "C:\x" becomes "file:///C:/x".
func fileURL(path string, v url.Values) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: v.Encode()}).String()
}

// connect opens one connection. On macOS, fsync leaves data in the drive's
// cache; fullfsync does not.
func connect(dsn string) (driver.Conn, error) {
	d := sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		if err := addFunctions(c); err != nil {
			return err
		}
		if runtime.GOOS != "darwin" {
			return nil
		}
		_, err := c.Exec("PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1", nil)
		return err
	}}
	return d.Open(dsn)
}

type connector struct{ dsn string }

func (c connector) Connect(context.Context) (driver.Conn, error) { return connect(c.dsn) }
func (connector) Driver() driver.Driver                          { return &sqlite3.SQLiteDriver{} }

func openPool(dsn string) *sql.DB {
	pool := sql.OpenDB(connector{dsn})
	pool.SetMaxOpenConns(readers)
	pool.SetMaxIdleConns(readers)
	return pool
}
