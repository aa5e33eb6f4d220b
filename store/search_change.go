package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// readAgain indexes exchanges anew whose text has changed.
func (s *searcher) readAgain(ctx context.Context) error {
	s.touched.Store(false)
	rows, err := s.db.read.QueryContext(ctx, "SELECT id, times FROM touched ORDER BY id LIMIT ?", int64(2*searchStep))
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	var ids, times []int64
	for rows.Next() {
		var id, n int64
		if err := rows.Scan(&id, &n); err != nil {
			return explain(err)
		}
		ids, times = append(ids, id), append(times, n)
	}
	if err := errors.Join(explain(rows.Err()), rows.Close()); err != nil || len(ids) == 0 {
		return err
	}
	s.touched.Store(true) // there may be more
	// What is above the mark is read when its turn comes.
	old, _ := slices.BinarySearch(ids, s.mark+1)
	through := int64(0)
	if old > 0 {
		if through, err = s.replace(ctx, ids[:old]); err != nil {
			return err
		}
	}
	// What has changed once more meanwhile stays touched.
	return s.db.call(ctx, func(w *writer) error {
		for i, id := range ids {
			if i < old && id > through {
				continue
			}
			if _, err := execute(w.conn, "DELETE FROM touched WHERE id = ? AND times = ?", id, times[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// replace indexes exchanges that the index has anew, up to the one that it
// returns.
func (s *searcher) replace(ctx context.Context, ids []int64) (through int64, err error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return 0, err
	}
	docs, through, err := s.docs(ctx, "e.id IN (SELECT value FROM json_each(?1)) AND e.id <= ?2", string(list), ids[len(ids)-1])
	if err != nil {
		return 0, err
	}
	n, _ := slices.BinarySearch(ids, through+1)
	// It must be on the disk before the store forgets that the index is behind.
	if _, err := s.conn.Exec("PRAGMA synchronous = FULL", nil); err != nil {
		return 0, err
	}
	err = s.commit(func() error {
		if err := s.drop(ids[:n]); err != nil {
			return err
		}
		return s.insert(docs)
	})
	_, back := s.conn.Exec("PRAGMA synchronous = NORMAL", nil)
	return through, errors.Join(err, back)
}

// remove takes exchanges out of the index that are gone, and shards that hold
// nothing else.
func (s *searcher) remove(ctx context.Context, ids []int64) error {
	var oldest int64
	if err := s.db.read.QueryRowContext(ctx, "SELECT coalesce(min(id), 0) FROM exchange").Scan(&oldest); err != nil {
		return explain(err)
	}
	if oldest == 0 {
		oldest = s.mark + 1
	}
	return s.commit(func() error {
		for n := range s.shards {
			if n >= oldest>>shardBits {
				continue
			}
			if _, err := s.conn.Exec(fmt.Sprintf("DROP TABLE doc_%d; DELETE FROM shard WHERE n = %d; DELETE FROM block WHERE n < %d",
				n, n, (n+1)<<(shardBits-blockBits)), nil); err != nil {
				return err
			}
			delete(s.shards, n)
		}
		return s.drop(ids)
	})
}

// drop takes exchanges out of the index, where it has them.
func (s *searcher) drop(ids []int64) error {
	for _, id := range ids {
		if id > s.mark || !s.shards[id>>shardBits] {
			continue
		}
		if _, err := execute(s.conn, fmt.Sprintf("DELETE FROM doc_%d WHERE rowid = ?", id>>shardBits), id); err != nil {
			return err
		}
	}
	return nil
}

// sweepRows is how many exchanges of the index are compared with the store in one
// step.
const sweepRows = 4096

// sweep looks for exchanges of the index that are gone: a process may have ended
// before it could remove them.
func (s *searcher) sweep(ctx context.Context) error {
	n := s.swept >> shardBits
	if s.swept > s.mark {
		s.sweeping = false
		return nil
	}
	if !s.shards[n] {
		s.swept = (n + 1) << shardBits
		return nil
	}
	var ids []int64
	p, err := prepare(s.conn, fmt.Sprintf("SELECT id FROM doc_%d_docsize WHERE id >= ? ORDER BY id LIMIT ?", n))
	if err != nil {
		return err
	}
	err = p.each(func(row []driver.Value) error {
		id, _ := row[0].(int64)
		ids = append(ids, id)
		return nil
	}, s.swept, int64(sweepRows))
	if err = errors.Join(err, p.stmt.Close()); err != nil {
		return err
	}
	if len(ids) == 0 {
		s.swept = (n + 1) << shardBits
		return nil
	}
	s.swept = ids[len(ids)-1] + 1
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	gone, err := s.db.idList(ctx, "SELECT j.value AS id FROM json_each(?) j WHERE NOT EXISTS (SELECT 1 FROM exchange WHERE id = j.value)", []any{string(list)})
	if err != nil || len(gone) == 0 {
		return err
	}
	return s.remove(ctx, gone)
}
