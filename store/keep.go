package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"math"
	"time"

	"github.com/mattn/go-sqlite3"

	"hookglass/capture"
)

// keepPause is how often the ages of what a session keeps are looked at.
const keepPause = time.Minute

// keepers hold sessions to what they are to keep. They belong to the writer's
// goroutine.
type keepers struct {
	of     map[int64]*keeper // those that have a limit
	over   bool              // the last step found something, and there may be more
	failed int64             // captures to wait for after an error
}

// keeper is a session with a limit, and what it holds, with rowOverhead for each.
type keeper struct {
	keep         capture.Keep
	count, bytes int64
	over         bool      // above a limit, and not yet down to 1 % under it
	aged         time.Time // when ages were looked at
	stuck        int64     // nothing could go when it held so many
}

func (k *keepers) open(p *preparer) {
	k.of = map[int64]*keeper{}
	if p.err != nil {
		return
	}
	s := p.prepare("SELECT id, keep_exchanges, keep_bytes, keep_age FROM session WHERE keep_exchanges + keep_bytes + keep_age > 0 AND state <> 'gone'")
	if p.err != nil {
		return
	}
	p.err = s.each(func(row []driver.Value) error {
		var n [4]int64
		for i := range n {
			n[i], _ = row[i].(int64)
		}
		k.of[n[0]] = &keeper{keep: capture.Keep{Exchanges: int(n[1]), Bytes: n[2], Age: time.Duration(n[3])}}
		return nil
	})
	for id, keeper := range k.of {
		if p.err == nil {
			p.err = keeper.load(p.conn, id)
		}
	}
	k.over = len(k.of) > 0
}

// ofSession counts what a session holds.
const ofSession = "FROM exchange WHERE facet IN (SELECT id FROM facet WHERE session = ?)"

func (k *keeper) load(conn *sqlite3.SQLiteConn, session int64) (err error) {
	if k.count, err = queryInt(conn, "SELECT count(*) "+ofSession, session); err != nil || k.keep.Bytes == 0 {
		return err
	}
	ids, err := queryInt(conn, "SELECT max(id) - min(id) FROM exchange")
	if err != nil {
		return err
	}
	from := ofSession
	if k.count > ids/8 { // to read all rows in their order takes a fifth of seeking those of a large session
		from = "FROM exchange NOT INDEXED WHERE session = ?"
	}
	k.bytes, err = queryInt(conn, "SELECT sum(size) "+from, session)
	k.bytes += k.count * rowOverhead
	return err
}

// keep sets the limits of a session, inside a transaction.
func (w *writer) keep(session int64, keep capture.Keep) error {
	if old := w.keepers.of[session]; old != nil && old.keep == keep {
		return nil
	}
	k := &keeper{keep: keep}
	if keep != (capture.Keep{}) {
		if err := k.load(w.conn, session); err != nil {
			return err
		}
	}
	w.after = append(w.after, func() {
		if keep == (capture.Keep{}) {
			delete(w.keepers.of, session)
			return
		}
		w.keepers.of[session], w.keepers.over = k, true
	})
	return nil
}

// added notes new exchanges.
func (k *keepers) added(xs []*capture.Exchange) {
	if len(k.of) == 0 {
		return
	}
	for _, x := range xs {
		k.change(x.Session, 1, x.Request.Size+rowOverhead)
	}
	k.failed = max(k.failed-int64(len(xs)), 0)
}

func (k *keepers) change(session, count, bytes int64) {
	if one := k.of[session]; one != nil {
		one.count += count
		one.bytes += bytes
	}
}

// excess returns how many exchanges and bytes must go, as pruner.excess does.
func (k *keeper) excess() (exchanges, bytes int64) {
	most, mostBytes := int64(k.keep.Exchanges), k.keep.Bytes
	if !k.over && (most == 0 || k.count <= most) && (mostBytes == 0 || k.bytes <= mostBytes) || k.stuck > 0 && k.count <= k.stuck {
		return 0, 0
	}
	if most > 0 {
		exchanges = max(k.count-(most-most/100), 0)
	}
	if mostBytes > 0 {
		bytes = max(k.bytes-(mostBytes-mostBytes/100), 0)
	}
	return exchanges, bytes
}

// keepSessions does one step of deleting what sessions are not to keep.
func (w *writer) keepSessions() {
	k := &w.keepers
	if k.over = false; len(k.of) == 0 || w.failing || k.failed > 0 {
		return
	}
	for id, one := range k.of {
		ids, err := w.beyond(id, one)
		if err == nil && len(ids) > 0 {
			err = w.transact(func(*writer) error { return w.remove(ids) })
			k.over = err == nil
		}
		if err != nil {
			k.failed = keptNewest
			w.log.Error("what a session is not to keep cannot be deleted", "error", explain(err))
			return
		}
		if k.over {
			return
		}
	}
}

// beyond chooses what goes next of a session: first by its limits, then by age.
func (w *writer) beyond(id int64, k *keeper) ([]int64, error) {
	mine := func(of *facetKey) bool { return of.session == id }
	exchanges, bytes := k.excess()
	if k.over = exchanges > 0 || bytes > 0; k.over {
		ids, err := w.pruner.victims(mine, w.started, exchanges, bytes)
		if err != nil || len(ids) > 0 {
			k.stuck = 0
			return ids, err
		}
		k.over, k.stuck = false, k.count // pinned ones, and those that wait for an answer
	}
	now := time.Now()
	if k.keep.Age <= 0 || now.Sub(k.aged) < keepPause {
		return nil, nil
	}
	old, err := w.pruner.eldest(w.facets.choose(mine), math.MaxInt64, w.started)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, v := range old {
		if v.received < now.Add(-k.keep.Age).UnixNano() {
			ids = append(ids, v.id)
		}
	}
	if len(ids) == 0 {
		k.aged = now
	}
	return ids, nil
}

// WouldDrop says what a session would lose if it kept so much: how many exchanges,
// the bytes that they take, about, and when the newest of them was received.
// Retention goes down to 1 % under a limit that is passed. With a million exchanges
// it takes a second or two.
func (db *DB) WouldDrop(ctx context.Context, session int64, keep capture.Keep) (exchanges, bytes int64, through time.Time, err error) {
	k := keeper{keep: keep}
	from, err := db.fromSession(ctx, session)
	if err != nil {
		return 0, 0, time.Time{}, err
	}
	if k.count, k.bytes, err = db.holds(ctx, session, from, keep.Bytes > 0); err != nil {
		return 0, 0, time.Time{}, err
	}
	most, mostBytes := k.excess()
	known, err := db.facets(ctx)
	if err != nil {
		return 0, 0, time.Time{}, err
	}
	since := int64(math.MinInt64)
	if keep.Age > 0 {
		since = time.Now().Add(-keep.Age).UnixNano()
	}
	last := int64(0)
	for _, class := range []int64{classUnknown, classUnproven, classLast} {
		if exchanges >= most && bytes >= mostBytes && keep.Age <= 0 {
			break
		}
		var facets []int64
		for i := range known {
			f := &known[i]
			if f.session == session && f.class() == class && f.state != capture.StateReceived && f.state != capture.StateHeld {
				facets = append(facets, f.id)
			}
		}
		if err := db.oldestOf(ctx, facets, from == fromFacets, func(size, received int64) bool {
			if exchanges >= most && bytes >= mostBytes && received >= since {
				return keep.Age > 0 // older ones may come
			}
			exchanges, bytes, last = exchanges+1, bytes+size+rowOverhead, max(last, received)
			return true
		}); err != nil {
			return 0, 0, time.Time{}, err
		}
	}
	return exchanges, bytes, moment(last), nil
}

// holds counts a session, hidden ones too, and where that is asked for the bytes
// that they take.
func (db *DB) holds(ctx context.Context, session int64, from string, sized bool) (exchanges, bytes int64, err error) {
	if !sized {
		err = db.read.QueryRowContext(ctx, "SELECT count(*) "+fromFacets, session).Scan(&exchanges)
		return exchanges, 0, explain(err)
	}
	err = db.read.QueryRowContext(ctx, "SELECT count(*), coalesce(sum(e.size), 0) "+from, session).Scan(&exchanges, &bytes)
	return exchanges, bytes + exchanges*rowOverhead, explain(err)
}

// oldestOf calls f with what may go of some facets, the oldest first, until f says
// that it is enough. Where they are few of all, they are sought one by one.
func (db *DB) oldestOf(ctx context.Context, facets []int64, few bool, f func(size, received int64) bool) error {
	if len(facets) == 0 {
		return nil
	}
	list, err := json.Marshal(facets)
	if err != nil {
		return err
	}
	by := "NOT INDEXED"
	if few {
		by = "INDEXED BY exchange_facet"
	}
	rows, err := db.read.QueryContext(ctx, `SELECT e.size, e.received_at FROM exchange e `+by+`
		WHERE e.facet IN (SELECT value FROM json_each(?)) AND e.pinned = 0 ORDER BY e.id`, string(list))
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var size, received int64
		if err := rows.Scan(&size, &received); err != nil {
			return explain(err)
		}
		if !f(size, received) {
			break
		}
	}
	return explain(rows.Err())
}
