package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"

	"github.com/mattn/go-sqlite3"
)

const (
	searchID      = 0x686b7365 // the application_id of the index ("hkse")
	searchVersion = 1          // of its tables and of what is in them; another one is made anew

	// shardBits: a shard holds the exchanges of 65,536 ids, and is a table of its
	// own. So the newest are found without the others, a prefix that a million words
	// have is put together in parts of 20 ms, and old ones go as a whole.
	shardBits = 16

	// blockBits: of the exchanges of 256 ids it is known when the first and the last
	// came.
	blockBits = 8
)

// searchSchema makes an empty index. meta holds mark (the exchanges up to it are
// in the index), epoch, and clean (1: all that is gone from the store is gone from
// the index).
const searchSchema = `CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
	CREATE TABLE shard (n INTEGER PRIMARY KEY) STRICT;
	CREATE TABLE block (n INTEGER PRIMARY KEY, low INTEGER NOT NULL, high INTEGER NOT NULL) STRICT;
	INSERT INTO meta VALUES ('mark', 0), ('clean', 1)`

// openFile opens the index, and makes it where there is none that belongs to the
// store. It is not clean until it is closed.
func (s *searcher) openFile(ctx context.Context) error {
	if err := s.openOrMake(ctx); err != nil {
		return err
	}
	_, err := execute(s.conn, "UPDATE meta SET value = 0 WHERE name = 'clean'")
	return err
}

func (s *searcher) openOrMake(ctx context.Context) error {
	if !s.remake {
		err := s.openOld(ctx)
		if err == nil || s.conn == nil && !errors.Is(explain(err), ErrDamaged) && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if s.conn != nil {
			if err := s.conn.Close(); err != nil {
				return err
			}
			s.conn = nil
		}
	}
	return s.makeNew(ctx)
}

// errStale says that an index is of no use for the store.
var errStale = errors.New("the search index belongs to another state of the store")

func (s *searcher) openOld(ctx context.Context) error {
	if _, err := os.Stat(s.path); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	application, err := queryInt(s.conn, "PRAGMA application_id")
	if err != nil {
		return err
	}
	version, err := queryInt(s.conn, "PRAGMA user_version")
	if err != nil {
		return err
	}
	if application != searchID || version != searchVersion {
		return errStale
	}
	epoch, err := queryInt(s.conn, "SELECT value FROM meta WHERE name = 'epoch'")
	if err != nil {
		return err
	}
	if s.mark, err = queryInt(s.conn, "SELECT value FROM meta WHERE name = 'mark'"); err != nil {
		return err
	}
	var wanted, last int64
	err = s.db.read.QueryRowContext(ctx, "SELECT coalesce((SELECT value FROM mark WHERE name = 'search_epoch'), 0), "+lastID).Scan(&wanted, &last)
	if err != nil {
		return err
	}
	if epoch == 0 || epoch != wanted || s.mark > last {
		return errStale
	}
	if err := s.readShards(); err != nil {
		return err
	}
	s.claimed.Store(s.mark)
	clean, err := queryInt(s.conn, "SELECT value FROM meta WHERE name = 'clean'")
	s.sweeping, s.swept = clean == 0, 0
	return err
}

func (s *searcher) readShards() error {
	s.shards = map[int64]bool{}
	list, err := queryText(s.conn, "SELECT coalesce(group_concat(n), '') FROM shard")
	if err != nil {
		return err
	}
	ns, err := parseIDs(list)
	for _, n := range ns {
		s.shards[n] = true
	}
	return err
}

// makeNew throws away what there is, and begins anew.
func (s *searcher) makeNew(ctx context.Context) error {
	for _, suffix := range []string{"-wal", "-shm", ""} {
		if err := os.Remove(s.path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing the old search index: %w", err)
		}
	}
	if err := s.connect(); err != nil {
		return err
	}
	epoch := rand.Int64N(1<<62) + 1
	if _, err := s.conn.Exec(fmt.Sprintf("BEGIN IMMEDIATE;\n%s, ('epoch', %d);\nPRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
		searchSchema, epoch, searchID, searchVersion), nil); err != nil {
		return errors.Join(err, rollback(s.conn))
	}
	s.mark, s.shards, s.remake, s.sweeping = 0, map[int64]bool{}, false, false
	s.claimed.Store(0)
	s.damaged.Store(false)
	return s.db.call(ctx, func(w *writer) error {
		if _, err := w.pruner.mark.exec("search_epoch", epoch); err != nil {
			return err
		}
		_, err := execute(w.conn, "DELETE FROM touched")
		return err
	})
}

// connect opens the connection that writes, and makes the file where it is
// missing.
func (s *searcher) connect() error {
	if _, err := prepareFile(s.path); err != nil {
		return err
	}
	c, err := connect(fileURL(s.path, url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"NORMAL"}, "_txlock": {"immediate"},
		"_busy_timeout": {"5000"}, "_mutex": {"no"}, "_cache_size": {"-8192"},
	}))
	if err != nil {
		return err
	}
	s.conn = c.(*sqlite3.SQLiteConn)
	_, err = s.conn.Exec("PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432", nil)
	return err
}

// forgetSearch has an index that is there made anew by the next process that keeps
// one: this one does not tell it what changes.
func (w *writer) forgetSearch() error {
	n, err := queryInt(w.conn, "SELECT count(*) FROM mark WHERE name = 'search_epoch'")
	if err != nil || n == 0 {
		return err
	}
	_, err = w.conn.Exec("BEGIN IMMEDIATE; DELETE FROM mark WHERE name = 'search_epoch'; DELETE FROM touched; COMMIT", nil)
	return err
}
