package store

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"sync"

	"hookglass/capture"
)

// A page of Each.
const (
	eachRows  = 200
	eachBytes = 4 << 20
)

// eachReaders is how many pages Each reads at a time, ahead of its function.
const eachReaders = 2

// Each calls f with every exchange that matches, whole, oldest first, without those
// whose body is above most bytes; 0 is no bound. It reads them in pages of a few
// MiB, the next ones while f has the last, and none that are hidden or deleted
// before their page is read. f may take its time, and ends it with an error, which
// Each returns. Limit has its effect, direction has none.
func (db *DB) Each(ctx context.Context, q Query, most int64, f func(*capture.Exchange) error) error {
	if most <= 0 {
		most = math.MaxInt64
	}
	q.Ascending = true
	reading, stop := context.WithCancel(ctx)
	var wait sync.WaitGroup
	defer wait.Wait()
	defer stop()
	asked, inOrder := make(chan *chunk), make(chan *chunk, eachReaders)
	var unfound error
	wait.Go(func() {
		defer close(asked)
		defer close(inOrder)
		unfound = db.Find(reading, q, func(found Found) error {
			for ids := range slices.Chunk(found.IDs, eachRows) {
				c := &chunk{ids: ids, pages: make(chan []*capture.Exchange)}
				for _, to := range [...]chan<- *chunk{asked, inOrder} { // first who will close its pages
					select {
					case to <- c:
					case <-reading.Done():
						return reading.Err()
					}
				}
			}
			return nil
		})
	})
	for range eachReaders {
		wait.Go(func() {
			for c := range asked {
				c.unread = db.pages(reading, c.ids, most, c.pages)
				close(c.pages)
			}
		})
	}
	for c := range inOrder {
		for page := range c.pages {
			for _, x := range page {
				if err := f(x); err != nil {
					return err
				}
			}
		}
		if c.unread != nil {
			return c.unread
		}
	}
	return unfound
}

// chunk is some ids, and what is read of them.
type chunk struct {
	ids    []int64
	pages  chan []*capture.Exchange
	unread error // known when pages is closed
}

// pages reads exchanges page by page.
func (db *DB) pages(ctx context.Context, ids []int64, most int64, pages chan<- []*capture.Exchange) error {
	for len(ids) > 0 {
		page, read, err := db.page(ctx, ids, most)
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
			read = slices.Index(ids, x.ID) + 1
			break
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
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
