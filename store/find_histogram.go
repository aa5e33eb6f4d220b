package store

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"hookglass/capture"
)

// Histogram says how many exchanges came when.
type Histogram struct {
	From, To time.Time     // of the first bar's beginning and the last one's end
	Width    time.Duration // of a bar
	Bars     []Bar
	AtLeast  bool // there may be more: only the newest of what matches were counted
}

// Bar is one of a Histogram.
type Bar struct {
	Count  int64
	Failed int64 // of them: the proof is invalid or malformed
}

var failedVerdicts = []capture.Status{capture.Invalid, capture.Malformed}

const (
	// histogramRows is how many exchanges a histogram looks for, where no index tells
	// them all.
	histogramRows = 100_000

	// timedRows is how many exchanges are read for when they came; of others it is
	// told by their neighbours.
	timedRows = 50_000
)

// Listed is what is known to match: the newest, and whether there may be more.
type Listed struct {
	IDs  []int64
	More bool
}

// Histogram counts what matches over time, in at most about so many bars of a
// round width, from the oldest that matches to the newest. Where the filter says
// from when or until when, or Since and Until do, it begins and ends there. No
// bars are told where nothing matches. Limit and direction of q have no effect.
func (db *DB) Histogram(ctx context.Context, q Query, bars int) (Histogram, error) {
	return db.HistogramOf(ctx, q, bars, nil)
}

// HistogramOf does what Histogram does, and searches for nothing: where no index of
// facets tells what matches, what is listed is counted. With nil it searches.
func (db *DB) HistogramOf(ctx context.Context, q Query, bars int, listed *Listed) (Histogram, error) {
	q.Limit, q.Ascending = 0, false
	if q.Now.IsZero() {
		q.Now = time.Now()
	}
	var h Histogram
	c, err := db.collect(ctx, &q, &h, listed)
	if err != nil || len(c.blocks) == 0 {
		return h, err
	}
	if err := c.know(ctx); err != nil {
		return h, err
	}
	from, to := c.span()
	asked, until := (&finder{q: q}).span()
	if asked > math.MinInt64 {
		from = drawn(asked)
	}
	if until < math.MaxInt64 {
		to = drawn(until)
	}
	h.divide(time.Unix(0, from).UTC(), time.Unix(0, max(from, to)).UTC(), bars)
	return h, c.fill(ctx, &h)
}

// collected are exchanges that match, by blocks of ids.
type collected struct {
	db     *DB
	blocks map[int64]*collectedBlock
}

type collectedBlock struct {
	low, high int64 // when its first and its last came; both 0 where that is not known
	ids       []int64
	failed    map[int64]bool
}

func (c *collected) add(ids []int64, failed bool) {
	var last *collectedBlock
	n := int64(-1)
	for _, id := range ids {
		if id>>blockBits != n {
			n = id >> blockBits
			if last = c.blocks[n]; last == nil {
				last = &collectedBlock{}
				c.blocks[n] = last
			}
		}
		last.ids = append(last.ids, id)
		if failed {
			if last.failed == nil {
				last.failed = map[int64]bool{}
			}
			last.failed[id] = true
		}
	}
}

// collect reads what matches: where facets tell all of it, from their index alone.
func (db *DB) collect(ctx context.Context, q *Query, h *Histogram, listed *Listed) (*collected, error) {
	c := &collected{db: db, blocks: map[int64]*collectedBlock{}}
	certain, possible, err := db.facetsFor(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(possible) > 0 || q.Before > 0 || q.After > 0 || !q.Since.IsZero() || !q.Until.IsZero() {
		if listed == nil {
			return c, c.find(ctx, *q, h)
		}
		h.AtLeast = listed.More
		return c, c.addAll(ctx, listed.IDs)
	}
	known, err := db.facets(ctx)
	if err != nil {
		return nil, err
	}
	wanted := map[int64]bool{}
	for _, id := range certain {
		wanted[id] = true
	}
	for i := range known {
		f := &known[i]
		if !wanted[f.id] {
			continue
		}
		ids, err := db.idList(ctx, "SELECT e.id FROM exchange e INDEXED BY exchange_facet WHERE e.facet = ? AND ("+
			"+"+shownAbove+" OR "+shownSpared+")", []any{f.id})
		if err != nil {
			return nil, err
		}
		c.add(ids, slices.Contains(failedVerdicts, f.status))
	}
	return c, nil
}

// find collects what Find finds, the newest of it where there is much.
func (c *collected) find(ctx context.Context, q Query, h *Histogram) error {
	q.Limit = histogramRows
	ids, err := c.db.IDsOf(ctx, q)
	if err != nil || len(ids) == 0 {
		return err
	}
	h.AtLeast = len(ids) == histogramRows
	return c.addAll(ctx, ids)
}

// addAll adds exchanges, of which it reads whether their proof failed.
func (c *collected) addAll(ctx context.Context, ids []int64) error {
	for part := range slices.Chunk(ids, timedRows) {
		list, err := json.Marshal(part)
		if err != nil {
			return err
		}
		failed, err := c.db.idList(ctx, `SELECT e.id FROM json_each(?) j CROSS JOIN exchange e ON e.id = j.value
			WHERE e.status IN ('invalid', 'malformed')`, []any{string(list)})
		if err != nil {
			return err
		}
		is := make(map[int64]bool, len(failed))
		for _, id := range failed {
			is[id] = true
		}
		c.add(failed, true)
		c.add(slices.DeleteFunc(slices.Clone(part), func(id int64) bool { return is[id] }), false)
	}
	return nil
}

// know asks the search index when the blocks came, and the exchanges themselves
// where it does not know.
func (c *collected) know(ctx context.Context) error {
	if ix := c.db.index(ctx); ix != nil {
		if err := c.ask(ctx, ix); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			c.db.failedIndex(ix, err)
		}
	}
	for _, b := range c.blocks {
		if b.high != 0 {
			continue
		}
		low, high := slices.Min(b.ids), slices.Max(b.ids)
		if err := c.db.read.QueryRowContext(ctx, "SELECT coalesce(min(received_at), 0), coalesce(max(received_at), 0) FROM exchange WHERE id BETWEEN ? AND ?",
			low, high).Scan(&b.low, &b.high); err != nil {
			return explain(err)
		}
	}
	for _, b := range c.blocks {
		b.low, b.high = drawn(b.low), drawn(b.high)
	}
	return nil
}

// latest is the end of any histogram, in 2122.
const latest = 48 * 1e17

// drawn is where a time stands in a histogram: a file can name any, and the width of
// bars must be one that can be told.
func drawn(at int64) int64 { return min(max(at, 0), latest) }

func (c *collected) ask(ctx context.Context, ix *index) error {
	rows, err := ix.pool.QueryContext(ctx, "SELECT n, low, high FROM block WHERE n < ?", (ix.mark+1)>>blockBits)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var n, low, high int64
		if err := rows.Scan(&n, &low, &high); err != nil {
			return err
		}
		if b := c.blocks[n]; b != nil {
			b.low, b.high = low, high
		}
	}
	return rows.Err()
}

// span returns when the first and the last came.
func (c *collected) span() (from, to int64) {
	from, to = math.MaxInt64, math.MinInt64
	for _, b := range c.blocks {
		from, to = min(from, b.low), max(to, b.high)
	}
	return from, to
}

// fill counts into the bars.
func (c *collected) fill(ctx context.Context, h *Histogram) error {
	var apart []int64 // those whose block lies in several bars
	for _, b := range c.blocks {
		at := h.bar(b.low)
		switch {
		case at == h.bar(b.high):
			h.count(at, int64(len(b.ids)), int64(len(b.failed)))
		case len(apart) < timedRows:
			apart = append(apart, b.ids...)
		default:
			for i, id := range b.ids {
				failed := int64(0)
				if b.failed[id] {
					failed = 1
				}
				h.count(h.bar(b.low+(b.high-b.low)/int64(len(b.ids))*int64(i)), 1, failed)
			}
		}
	}
	for part := range slices.Chunk(apart, 10_000) {
		if err := c.fillExactly(ctx, h, part); err != nil {
			return err
		}
	}
	return nil
}

func (c *collected) fillExactly(ctx context.Context, h *Histogram, ids []int64) error {
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	rows, err := c.db.read.QueryContext(ctx, `SELECT (at - ?1) / ?2, failed, count(*)
		FROM (SELECT min(max(e.received_at, 0), ?4) AS at, e.status IN ('invalid', 'malformed') AS failed
			FROM json_each(?3) j CROSS JOIN exchange e ON e.id = j.value)
		WHERE at >= ?1 GROUP BY 1, 2`,
		h.From.UnixNano(), int64(h.Width), string(list), int64(latest))
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var at, n int64
		var failed bool
		if err := rows.Scan(&at, &failed, &n); err != nil {
			return explain(err)
		}
		if h.count(int(min(at, math.MaxInt32)), n, 0); failed {
			h.count(int(min(at, math.MaxInt32)), 0, n)
		}
	}
	return explain(rows.Err())
}

// barWidths are the widths that a bar can have, and beyond the last its doubles.
var barWidths = []time.Duration{
	time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond,
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour,
}

// divide chooses the bars for a span of time.
func (h *Histogram) divide(from, to time.Time, bars int) {
	bars = max(bars, 1)
	span := to.Sub(from)
	for _, h.Width = range barWidths {
		if span/h.Width < time.Duration(bars) {
			break
		}
	}
	for span/h.Width >= time.Duration(bars) {
		h.Width *= 2
	}
	h.From = from.Truncate(h.Width)
	n := int(to.Sub(h.From)/h.Width) + 1
	h.Bars = make([]Bar, n)
	h.To = h.From.Add(time.Duration(n) * h.Width)
}

// bar returns the index of the bar of a time, which may not be there.
func (h *Histogram) bar(at int64) int {
	if at < h.From.UnixNano() {
		return -1
	}
	return int((at - h.From.UnixNano()) / int64(h.Width))
}

func (h *Histogram) count(bar int, n, failed int64) {
	if bar >= 0 && bar < len(h.Bars) {
		h.Bars[bar].Count += n
		h.Bars[bar].Failed += failed
	}
}
