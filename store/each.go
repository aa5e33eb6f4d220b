package store

import (
	"context"
	"encoding/json"
	"math"

	"hookglass/capture"
)

// A page of Each.
const (
	eachRows  = 200
	eachBytes = 4 << 20
)

// Each calls f with every exchange that matches, whole, oldest first, without those
// whose body is above most bytes; 0 is no bound. It reads them in pages of a few
// MiB, the next one while f has the last, and none that are hidden or deleted before
// their page is read. f may take its time, and ends it with an error, which Each
// returns. Limit has its effect, direction has none.
func (db *DB) Each(ctx context.Context, q Query, most int64, f func(*capture.Exchange) error) error {
	if most <= 0 {
		most = math.MaxInt64
	}
	q.Ascending = true
	reading, stop := context.WithCancel(ctx)
	defer stop()
	pages := make(chan []*capture.Exchange)
	var unread error
	go func() {
		defer close(pages)
		unread = db.Find(reading, q, func(found Found) error { return db.pages(reading, found.IDs, most, pages) })
	}()
	var ended error
	for page := range pages {
		for i := 0; i < len(page) && ended == nil; i++ {
			if ended = f(page[i]); ended != nil {
				stop()
			}
		}
	}
	if ended != nil {
		return ended
	}
	return unread
}

// pages reads exchanges page by page.
func (db *DB) pages(ctx context.Context, ids []int64, most int64, pages chan<- []*capture.Exchange) error {
	for len(ids) > 0 {
		page, read, err := db.page(ctx, ids[:min(len(ids), eachRows)], most)
		if err != nil {
			return err
		}
		select {
		case pages <- page:
		case <-ctx.Done():
			return ctx.Err()
		}
		ids = ids[read:]
	}
	return nil
}

// page reads the first of some exchanges, and returns of how many ids they are.
func (db *DB) page(ctx context.Context, ids []int64, most int64) (page []*capture.Exchange, read int, err error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, 0, err
	}
	rows, err := db.read.QueryContext(ctx, wholeColumns+" FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value"+wholeJoins+
		" WHERE e.size <= ? AND "+shown, string(list), most)
	if err != nil {
		return nil, 0, explain(err)
	}
	defer rows.Close()
	read, size := len(ids), 0
	shared := map[int64]bool{}
	var s wholeScan
	for rows.Next() {
		x, sharing, err := s.exchange(rows.Scan)
		if err != nil {
			return nil, 0, explain(err)
		}
		shared[x.ID] = sharing
		page = append(page, x)
		size += len(x.Request.Body) + len(x.Request.Head)
		if x.Response != nil {
			size += len(x.Response.Body)
		}
		if size >= eachBytes {
			for i, id := range ids {
				if id == x.ID {
					read = i + 1
				}
			}
			break
		}
	}
	if err := rows.Err(); err != nil {
		return nil, 0, explain(err)
	}
	if err := rows.Close(); err != nil {
		return nil, 0, explain(err)
	}
	for _, x := range page {
		if x.Via == capture.ViaReplay {
			if err := db.addSending(ctx, x, shared[x.ID]); err != nil {
				return nil, 0, err
			}
		}
	}
	return page, read, db.addImported(ctx, page)
}
