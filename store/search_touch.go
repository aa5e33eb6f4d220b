package store

import (
	"database/sql/driver"

	"hookglass/capture"
)

// toucher notes changes of what words are looked for in. It belongs to the
// writer's goroutine.
type toucher struct {
	search *searcher // nil where no index is kept
	noted  bool      // something, in the present transaction

	changed, note *statement
}

const onceMore = " ON CONFLICT (id) DO UPDATE SET times = times + 1"

func (t *toucher) open(p *preparer) {
	t.changed = p.prepare(`INSERT INTO touched (id, times) SELECT id, 1 FROM exchange
		WHERE id = ? AND (provider, event, summary, order_key, delivery) IS NOT (?, ?, ?, ?, ?)` + onceMore)
	t.note = p.prepare("INSERT INTO touched (id, times) SELECT id, 1 FROM exchange WHERE id = ?" + onceMore)
}

// annotating is called before the annotation of x is written.
func (t *toucher) annotating(x *capture.Exchange) error {
	a := &x.Annotation
	return t.touch(t.changed, x.ID, x.ID, a.Provider, a.Event, a.Summary, a.Order, a.Delivery)
}

// noting is called where the note of an exchange is written.
func (t *toucher) noting(id int64) error { return t.touch(t.note, id, id) }

func (t *toucher) touch(s *statement, id int64, values ...driver.Value) error {
	if t.search == nil || id > t.search.claimed.Load() {
		return nil
	}
	n, err := s.exec(values...)
	t.noted = t.noted || n > 0
	return err
}
