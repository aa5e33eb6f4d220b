package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/mattn/go-sqlite3"
)

// What lists show of exchange e, see migration 2. Of what is spared one row is
// sought, and not all read: any number may be pinned.
const (
	clearedID = "coalesce((SELECT value FROM mark WHERE name = 'cleared_id'), 0)"

	shownAbove  = "e.id > " + clearedID + " AND e.id NOT IN (SELECT id FROM hidden)"
	shownSpared = "EXISTS (SELECT 1 FROM spared WHERE id = e.id AND through >= " + clearedID + ")"

	// shown is both, for queries that seek single rows.
	shown = "(" + shownAbove + " OR " + shownSpared + ")"
)

// How many exchanges one transaction hides, shows again or marks, and how many it
// pins, whose rows it writes: callbacks wait for it.
const (
	hideRows = 2000
	pinRows  = 500
)

// Hide deletes exchanges softly: they are listed no more until Unhide, and the
// next process that opens the file removes them. Pinned ones stay. It returns
// how many it hid. Many are hidden in several commits.
func (db *DB) Hide(ctx context.Context, ids ...int64) (int, error) {
	return db.inParts(ctx, ids, hideRows, func(w *writer, list string) (int64, error) {
		n, err := execute(w.conn, `INSERT OR IGNORE INTO hidden (id, session)
			SELECT e.id, ? FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value
			WHERE e.pinned = 0 AND `+shown, w.purger.session, list)
		if err != nil {
			return 0, err
		}
		// Named one by one: to go through all that is hidden takes longer with every part.
		_, err = execute(w.conn, "DELETE FROM spared WHERE id IN (SELECT h.id FROM json_each(?) j CROSS JOIN hidden h ON h.id = j.value)", list)
		return n, err
	})
}

// Unhide takes Hide back for those that are there still, also where HideThrough
// has covered them since.
func (db *DB) Unhide(ctx context.Context, ids ...int64) error {
	_, err := db.inParts(ctx, ids, hideRows, func(w *writer, list string) (int64, error) {
		_, err := execute(w.conn, `INSERT OR IGNORE INTO spared (id, through)
			SELECT h.id, `+clearedID+` FROM json_each(?) j CROSS JOIN hidden h ON h.id = j.value
			WHERE h.id <= `+clearedID, list)
		if err != nil {
			return 0, err
		}
		return execute(w.conn, "DELETE FROM hidden WHERE id IN (SELECT value FROM json_each(?))", list)
	})
	return err
}

// inParts calls f with the ids, as JSON, in a transaction for so many rows each, and
// adds up what f returns of those that were committed.
func (db *DB) inParts(ctx context.Context, ids []int64, rows int, f func(w *writer, list string) (int64, error)) (int, error) {
	total := 0
	for part := range slices.Chunk(ids, rows) {
		list, err := json.Marshal(part)
		if err != nil {
			return total, err
		}
		n := int64(0)
		if err := db.call(ctx, func(w *writer) error {
			return w.recounted(string(list), func() (err error) {
				n, err = f(w, string(list))
				return err
			})
		}); err != nil {
			return total, err
		}
		total += int(n)
	}
	return total, nil
}

// HideThrough hides every exchange up to an id but the pinned ones, at once
// however many they are. SetCleared with what Cleared was before takes it back.
func (db *DB) HideThrough(ctx context.Context, id int64) error {
	return db.call(ctx, func(w *writer) error {
		old, err := cleared(w.conn)
		if err != nil || id <= old {
			return err
		}
		w.recount = true
		_, err = w.pruner.mark.exec("cleared_id", id)
		return err
	})
}

// Cleared returns the largest id that HideThrough was given, or SetCleared the
// last time; 0 for none.
func (db *DB) Cleared(ctx context.Context) (int64, error) {
	var id int64
	err := db.read.QueryRowContext(ctx, "SELECT "+clearedID).Scan(&id)
	return id, explain(err)
}

func cleared(conn *sqlite3.SQLiteConn) (int64, error) { return queryInt(conn, "SELECT "+clearedID) }

// SetCleared sets what Cleared returns. What an earlier process has cleared
// stays so.
func (db *DB) SetCleared(ctx context.Context, id int64) error {
	return db.call(ctx, func(w *writer) error {
		w.recount = true
		_, err := w.pruner.mark.exec("cleared_id", max(id, w.purger.through))
		return err
	})
}

// Pin has retention, Hide and HideThrough leave an exchange alone, or takes that
// back: then it stays listed even where HideThrough has covered it. Pinning a
// hidden one shows it again. It returns ErrNotFound where there is none.
func (db *DB) Pin(ctx context.Context, id int64, pinned bool) error {
	found, err := db.PinAll(ctx, pinned, id)
	if err == nil && found == 0 {
		return fmt.Errorf("exchange %d: %w", id, ErrNotFound)
	}
	return err
}

// PinAll does what Pin does with many, in several commits, and returns how many
// there were.
func (db *DB) PinAll(ctx context.Context, pinned bool, ids ...int64) (int, error) {
	return db.inParts(ctx, ids, pinRows, func(w *writer, list string) (int64, error) { return w.pin(list, pinned) })
}

// pin pins those of a list in JSON, or takes that back, and returns how many there
// are.
func (w *writer) pin(list string, pinned bool) (int64, error) {
	const listed = "id IN (SELECT value FROM json_each(?))"
	n, err := execute(w.conn, "UPDATE exchange SET pinned = ? WHERE "+listed, pinned, list)
	if err != nil || n == 0 {
		return n, err
	}
	if !pinned {
		_, err := execute(w.conn, "UPDATE spared SET through = "+clearedID+" WHERE through = ? AND "+listed, int64(math.MaxInt64), list)
		if err == nil { // what lies above needs no sparing
			_, err = execute(w.conn, "DELETE FROM spared WHERE through = "+clearedID+" AND id > "+clearedID+" AND "+listed, list)
		}
		return n, err
	}
	if _, err := execute(w.conn, "DELETE FROM hidden WHERE "+listed, list); err != nil {
		return n, err
	}
	_, err = execute(w.conn, "INSERT OR REPLACE INTO spared (id, through) SELECT id, ? FROM exchange WHERE "+listed, int64(math.MaxInt64), list)
	return n, err
}

// spare notes that an exchange is pinned.
func (c *creator) spare(id int64) error {
	_, err := c.spared.exec(id, int64(math.MaxInt64))
	return err
}
