package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"

	"hookglass/capture"
)

const (
	// What one commit of CreateAll takes: as much as is worth one while nobody
	// waits, and not much while callbacks do.
	importRows  = 256
	importBytes = 1 << 20
	importTime  = time.Millisecond
)

// imports writes what is known of exchanges because they came from a file. It
// belongs to the writer's goroutine.
type imports struct {
	insert *statement
	count  int64 // of imported exchanges, which the limits of Retention do not count
	bytes  int64 // that they take, about
}

func (i *imports) open(p *preparer) {
	i.insert = p.prepare("INSERT INTO imported (id, via, redacted, mac, uid, origin, rest) VALUES (?, ?, ?, ?, ?, ?, ?)")
	i.count = p.integer("SELECT count(*) FROM imported")
	i.bytes = p.integer("SELECT sum("+importedSize+") FROM imported i CROSS JOIN exchange e ON e.id = i.id") + i.count*rowOverhead
}

// importedSize is what imported exchange e takes besides its row: an answer can be
// larger than what it answers, and the size that a file names another one.
const importedSize = `(SELECT coalesce(length(body), 0) + coalesce(length(head), 0) FROM message WHERE exchange_id = e.id)
	+ coalesce((SELECT length(body) FROM answer WHERE id = -e.id), 0)`

// importedSize is the same of an exchange that is to be written.
func (w *writer) importedSize(x *capture.Exchange) int64 {
	size := len(x.Request.Body) + len(x.Request.Head)
	if x.Response != nil && !w.updater.answers.content(x.Response) {
		size += len(x.Response.Body)
	}
	return int64(size)
}

// put keeps what is apart; own is the UID that the exchange has in its file, where
// the row has another one.
func (i *imports) put(x *capture.Exchange, own []byte) error {
	from := x.Import
	if from == nil {
		from = &capture.Imported{}
	}
	v := &x.Annotation.Verification
	rest := importedRest{Sent: x.Sent, Signed: v.Signed, Expected: v.Expected, Received: v.Received, Checks: v.Checks, Notes: x.Annotation.Notes}
	if x.Response != nil {
		rest.Trailers = x.Response.Trailers
	}
	text, err := json.Marshal(&rest)
	if err != nil {
		return err
	}
	_, err = i.insert.exec(x.ID, string(from.Via), from.Redacted, from.Mac, own, from.Origin, string(text))
	return err
}

// importedRest is what a file says of an exchange that is not kept of others: with
// the key at hand it can be computed again, and here the key is missing.
type importedRest struct {
	Sent     *capture.Sending `json:"sent,omitempty"`
	Signed   string           `json:"signed,omitempty"`
	Expected string           `json:"expected,omitempty"`
	Received string           `json:"received,omitempty"`
	Checks   []capture.Check  `json:"checks,omitempty"`
	Notes    []string         `json:"notes,omitempty"`
	Trailers capture.Fields   `json:"trailers,omitempty"`
}

// give puts it back.
func (r *importedRest) give(x *capture.Exchange) {
	v := &x.Annotation.Verification
	x.Sent, x.Annotation.Notes = r.Sent, r.Notes
	v.Signed, v.Expected, v.Received, v.Checks = r.Signed, r.Expected, r.Received, r.Checks
	if x.Response != nil {
		x.Response.Trailers = r.Trailers
	}
}

// added notes imported exchanges.
func (i *imports) added(exchanges int, bytes int64) {
	i.count += int64(exchanges)
	i.bytes += bytes + int64(exchanges)*rowOverhead
}

// CreateAll keeps exchanges of a file, each with all that is known of it, in a
// session that is there; their Via is import. It returns when all are on disk, with
// their IDs set, or with an error, and then some may be. It commits as much at once
// as callbacks that come meanwhile allow. A UID that another exchange has is kept
// as well: see CommitSession. Nobody is told through Options.Changed.
func (db *DB) CreateAll(ctx context.Context, xs []*capture.Exchange) error {
	uids := make([][16]byte, len(xs))
	for i, x := range xs {
		if x.UID == "" {
			x.UID = capture.NewUID(x.Request.Received)
		}
		var err error
		if uids[i], err = parseUID(x.UID); err != nil {
			return err
		}
		if x.Via != capture.ViaImport {
			return fmt.Errorf("exchange %s came via %q, not from a file", x.UID, x.Via)
		}
	}
	for len(xs) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := 0
		if err := db.call(ctx, func(w *writer) (err error) {
			n, err = w.importSome(xs, uids)
			return err
		}); err != nil {
			return fmt.Errorf("keeping what was imported: %w", err)
		}
		xs, uids = xs[n:], uids[n:]
	}
	return nil
}

// importSome writes the first of some exchanges, and returns how many.
func (w *writer) importSome(xs []*capture.Exchange, uids [][16]byte) (n int, err error) {
	session, began, size := int64(-1), time.Now(), int64(0)
	for n < len(xs) && n < importRows && size < importBytes {
		if n > 0 && len(w.creations) > 0 && time.Since(began) >= importTime {
			break
		}
		x := xs[n]
		if x.Session == 0 {
			x.Session = w.creator.active
		}
		if x.Session != session {
			session = x.Session
			if err := w.takes(session); err != nil {
				return 0, err
			}
		}
		if err := w.importOne(x, uids[n]); err != nil {
			return 0, err
		}
		size += w.importedSize(x)
		n++
	}
	w.after = append(w.after, func() {
		w.creator.imports.added(n, size)
		w.keepers.added(xs[:n])
		w.search.committed(n, false) // its index waits, as while callbacks come
	})
	return n, nil
}

// takes returns an error where nothing can be put into a session.
func (w *writer) takes(session int64) error {
	n, err := queryInt(w.conn, "SELECT count(*) FROM session WHERE id = ? AND state NOT IN ('deleted', 'gone')", session)
	if err == nil && n == 0 {
		err = fmt.Errorf("session %d: %w", session, ErrNotFound)
	}
	return err
}

func (w *writer) importOne(x *capture.Exchange, uid [16]byte) error {
	x.ID = w.next
	var own []byte
	err := w.createWhole(x, uid)
	var failed sqlite3.Error
	if errors.As(err, &failed) && failed.ExtendedCode == sqlite3.ErrConstraintUnique {
		own = uid[:]
		fresh, parsed := parseUID(capture.NewUID(x.Request.Received))
		if parsed != nil {
			return parsed
		}
		err = w.createWhole(x, fresh)
	}
	if err != nil {
		return err
	}
	w.next++ // after a rollback the id is not given again, which does no harm
	return w.creator.imports.put(x, own)
}

// importedColumns are what addImported reads of a row of imported.
const importedColumns = "id, via, redacted, mac, uid, origin, rest"

// addImported reads what is known of those of a list that came from a file, and
// gives them the UID that they have there.
func (db *DB) addImported(ctx context.Context, list []*capture.Exchange) error {
	byID := map[int64]*capture.Exchange{}
	var ids []int64
	for _, x := range list {
		if x.Via == capture.ViaImport {
			byID[x.ID] = x
			ids = append(ids, x.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	rows, err := db.read.QueryContext(ctx, "SELECT "+importedColumns+" FROM imported WHERE id IN (SELECT value FROM json_each(?))", string(text))
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var from capture.Imported
		var uid []byte
		var text string
		if err := rows.Scan(&id, &from.Via, &from.Redacted, &from.Mac, &uid, &from.Origin, &text); err != nil {
			return explain(err)
		}
		x := byID[id]
		x.Import = &from
		if uid != nil {
			x.UID = formatUID(uid)
		}
		var rest importedRest
		if text != "{}" {
			if err := json.Unmarshal([]byte(text), &rest); err != nil {
				return fmt.Errorf("reading what is known of exchange %d: %w", id, err)
			}
		}
		rest.give(x)
	}
	return explain(rows.Err())
}

// pointers are the exchanges of a list.
func pointers(list []capture.Exchange) []*capture.Exchange {
	all := make([]*capture.Exchange, len(list))
	for i := range list {
		all[i] = &list[i]
	}
	return all
}
