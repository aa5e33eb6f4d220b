package store

import (
	"context"

	"hookglass/capture"
)

// maxPublicEvents is how many changes of the public address's state are kept.
const maxPublicEvents = 1000

// PutPublicEvent keeps a change of the public address's state. Of more than a
// thousand, the oldest go.
func (db *DB) PutPublicEvent(ctx context.Context, e capture.PublicEvent) error {
	return db.call(ctx, func(w *writer) error {
		_, err := execute(w.conn, "INSERT INTO public_event (at, state, url, code, reason) VALUES (?, ?, ?, ?, ?)",
			nanoseconds(e.At), string(e.State), e.URL, e.Code, e.Reason)
		if err != nil {
			return err
		}
		_, err = execute(w.conn, "DELETE FROM public_event WHERE id <= (SELECT max(id) FROM public_event) - ?", int64(maxPublicEvents))
		return err
	})
}

// PublicEvents returns the changes of the public address's state, newest first,
// at most limit of them.
func (db *DB) PublicEvents(ctx context.Context, limit int) ([]capture.PublicEvent, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT id, at, state, url, code, reason FROM public_event ORDER BY id DESC LIMIT ?", limit)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var all []capture.PublicEvent
	for rows.Next() {
		var e capture.PublicEvent
		var at int64
		if err := rows.Scan(&e.ID, &at, &e.State, &e.URL, &e.Code, &e.Reason); err != nil {
			return nil, explain(err)
		}
		e.At = moment(at)
		all = append(all, e)
	}
	return all, explain(rows.Err())
}
