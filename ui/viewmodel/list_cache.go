package viewmodel

import "container/list"

// maxCached is how many formatted rows are kept.
const maxCached = 4000

// rowCache keeps the formatted rows that were looked at last, by id: an arrival
// shifts places, never ids.
type rowCache struct {
	rows  map[int64]*list.Element
	order *list.List // of *Row, the one that was used last in front
}

func newRowCache() *rowCache {
	return &rowCache{rows: map[int64]*list.Element{}, order: list.New()}
}

// get returns a row and counts as a look at it; nil where there is none.
func (c *rowCache) get(id int64) *Row {
	e := c.rows[id]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	row, _ := e.Value.(*Row)
	return row
}

func (c *rowCache) has(id int64) bool { return c.rows[id] != nil }

func (c *rowCache) put(row *Row) {
	if e := c.rows[row.ID]; e != nil {
		e.Value = row
		c.order.MoveToFront(e)
		return
	}
	c.rows[row.ID] = c.order.PushFront(row)
	for len(c.rows) > maxCached {
		oldest := c.order.Back()
		if row, ok := c.order.Remove(oldest).(*Row); ok {
			delete(c.rows, row.ID)
		}
	}
}

func (c *rowCache) drop(id int64) {
	if e := c.rows[id]; e != nil {
		c.order.Remove(e)
		delete(c.rows, id)
	}
}

func (c *rowCache) clear() {
	clear(c.rows)
	c.order.Init()
}
