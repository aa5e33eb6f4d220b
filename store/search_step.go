package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"hookglass/capture"
)

// step does a part of what there is to do, and returns 0; where there is nothing
// to do, how long to wait at the most.
func (s *searcher) step(ctx context.Context) (time.Duration, error) {
	if s.touched.Load() {
		return 0, s.readAgain(ctx)
	}
	if ids := s.takeRemoved(); len(ids) > 0 {
		return 0, s.remove(ctx, ids)
	}
	if s.sweeping && !s.capturing(time.Now()) {
		return 0, s.sweep(ctx)
	}
	return s.readNew(ctx)
}

func (s *searcher) takeRemoved() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost {
		s.lost, s.sweeping, s.swept = false, true, 0
	}
	n := min(len(s.removed), searchLongStep)
	ids := s.removed[:n:n]
	s.removed = s.removed[n:]
	return ids
}

// readNew indexes what was captured since.
func (s *searcher) readNew(ctx context.Context) (time.Duration, error) {
	most := int64(searchLongStep)
	if s.capturing(time.Now()) {
		most = searchStep
	}
	last, wait, err := s.ready(ctx, most)
	if err != nil || last == s.mark {
		return wait, err
	}
	if err := s.claim(ctx, last); err != nil {
		return 0, err
	}
	docs, last, err := s.docs(ctx, "e.id > ?1 AND e.id <= ?2", s.mark, last)
	if err != nil {
		return 0, err
	}
	err = s.commit(func() error {
		if err := s.insert(docs); err != nil {
			return err
		}
		if err := s.addBlocks(docs); err != nil {
			return err
		}
		_, err := execute(s.conn, "UPDATE meta SET value = ? WHERE name = 'mark'", last)
		return err
	})
	if err != nil {
		return 0, err
	}
	s.mark = last
	return 0, nil
}

// ready returns the last of the next most exchanges that can be indexed: before
// the first whose answer and annotation are to come soon. wait says when to look
// again.
func (s *searcher) ready(ctx context.Context, most int64) (last int64, wait time.Duration, err error) {
	var young int64
	now := time.Now()
	err = s.db.read.QueryRowContext(ctx, `SELECT coalesce(max(id), 0),
		coalesce(min(id) FILTER (WHERE annotated = 0 AND state IN ('received', 'held') AND received_at BETWEEN ? AND ?), 0)
		FROM (SELECT id, annotated, state, received_at FROM exchange WHERE id > ? ORDER BY id LIMIT ?)`,
		now.Add(-searchYoung).UnixNano(), now.Add(searchYoung).UnixNano(), s.mark, most).Scan(&last, &young)
	switch {
	case err != nil:
		return 0, 0, explain(err)
	case young > 0:
		return max(young-1, s.mark), searchYoung / 4, nil
	}
	return max(last, s.mark), time.Hour, nil
}

// claim has changes of exchanges up to an id noted in touched, and waits until no
// commit is on its way that did not know.
func (s *searcher) claim(ctx context.Context, id int64) error {
	s.claimed.Store(max(id, s.claimed.Load()))
	return s.db.call(ctx, func(*writer) error { return nil })
}

// doc is what the index holds of an exchange.
type doc struct {
	id       int64
	received int64
	words    string
}

// docs reads exchanges whose ids are meant by a condition, until there is much of
// them. through is how far that came.
func (s *searcher) docs(ctx context.Context, condition string, args ...any) (docs []doc, through int64, err error) {
	rows, err := s.db.read.QueryContext(ctx, "SELECT e.id, e.received_at, "+textOf+" FROM exchange e WHERE "+condition+" ORDER BY e.id", args...)
	if err != nil {
		return nil, 0, explain(err)
	}
	defer rows.Close()
	through, _ = args[len(args)-1].(int64)
	size := 0
	for rows.Next() {
		var d doc
		var x capture.Exchange
		var head []byte
		r, a := &x.Request, &x.Annotation
		if err := rows.Scan(&d.id, &d.received, &r.Target, &r.Method, &a.Provider, &a.Event, &a.Summary, &a.Order, &a.Delivery, &x.Note, &head, &r.Body); err != nil {
			return nil, 0, explain(err)
		}
		r.Header = headerOf(head)
		d.words = indexed(&x)
		docs = append(docs, d)
		if size += len(r.Body); size > searchBytes || ctx.Err() != nil {
			through = d.id
			break
		}
	}
	return docs, through, errors.Join(explain(rows.Err()), ctx.Err())
}

// maxIndexed is how much of a word the index holds. A longer one is looked for in
// the exchange, too.
const maxIndexed = 64

// indexed are the words of an exchange, with a space between them: the index's
// tokenizer takes them apart there, and nowhere else.
func indexed(x *capture.Exchange) string {
	var all []byte
	capture.Texts(x, func(text []byte) bool {
		capture.EachWord(text, func(word []byte) {
			all = append(append(all, word[:min(len(word), maxIndexed)]...), ' ')
		})
		return true
	})
	return string(all)
}

// commit runs f in a transaction of the index.
func (s *searcher) commit(f func() error) error {
	if _, err := s.conn.Exec("BEGIN IMMEDIATE", nil); err != nil {
		return err
	}
	err := f()
	if err == nil {
		_, err = s.conn.Exec("COMMIT", nil)
	}
	if err != nil {
		return errors.Join(err, rollback(s.conn), s.readShards())
	}
	return nil
}

// insert adds docs, which stand in the order of their ids.
func (s *searcher) insert(docs []doc) error {
	for len(docs) > 0 {
		shard := docs[0].id >> shardBits
		n := slices.IndexFunc(docs, func(d doc) bool { return d.id>>shardBits != shard })
		if n < 0 {
			n = len(docs)
		}
		if err := s.insertInto(shard, docs[:n]); err != nil {
			return err
		}
		docs = docs[n:]
	}
	return nil
}

func (s *searcher) insertInto(shard int64, docs []doc) error {
	if !s.shards[shard] {
		// Without the places of words the index takes a quarter of the room; phrases
		// are looked at in the exchange.
		if _, err := s.conn.Exec(fmt.Sprintf(`CREATE VIRTUAL TABLE doc_%d USING fts5(words, content = '', contentless_delete = 1,
			tokenize = 'ascii', detail = none); INSERT INTO shard VALUES (%d)`, shard, shard), nil); err != nil {
			return err
		}
		s.shards[shard] = true
	}
	p, err := prepare(s.conn, fmt.Sprintf("INSERT INTO doc_%d (rowid, words) VALUES (?, ?)", shard))
	if err != nil {
		return err
	}
	defer p.stmt.Close()
	for _, d := range docs {
		if _, err := p.exec(d.id, d.words); err != nil {
			return err
		}
	}
	return nil
}

// addBlocks notes when docs came.
func (s *searcher) addBlocks(docs []doc) error {
	p, err := prepare(s.conn, `INSERT INTO block VALUES (?, ?, ?)
		ON CONFLICT (n) DO UPDATE SET low = min(low, excluded.low), high = max(high, excluded.high)`)
	if err != nil {
		return err
	}
	defer p.stmt.Close()
	for len(docs) > 0 {
		n, low, high := docs[0].id>>blockBits, int64(math.MaxInt64), int64(math.MinInt64)
		for len(docs) > 0 && docs[0].id>>blockBits == n {
			low, high = min(low, docs[0].received), max(high, docs[0].received)
			docs = docs[1:]
		}
		if _, err := p.exec(n, low, high); err != nil {
			return err
		}
	}
	return nil
}
