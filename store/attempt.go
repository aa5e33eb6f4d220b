package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	"hookglass/capture"
)

// delivery is the key of what a sender sends again until we accept it. The zero
// value means that it cannot be told.
type delivery struct{ provider, key string }

func deliveryOf(x *capture.Exchange) delivery {
	if x.Annotation.Delivery == "" || !x.Via.Live() {
		return delivery{}
	}
	return delivery{x.Annotation.Provider, x.Annotation.Delivery}
}

// try is one attempt of a delivery.
type try struct {
	id     int64
	number int
}

const (
	maxRemembered    = 4096 // deliveries in each of the two generations
	maxRememberedKey = 256
	renumberRows     = 1000
)

// attempts numbers the attempts of deliveries. The last attempt of each recent
// delivery is remembered, so that a flood of equal callbacks costs no look into
// the index.
type attempts struct {
	young, old map[delivery]try   // two generations in place of an LRU list
	late       map[delivery]int64 // the smallest id of a delivery that came after a larger one

	last, before, from, row, set, shift *statement
}

const (
	ofDelivery      = " FROM exchange" + isDelivery
	ofDeliveryShown = " FROM exchange e" + isDelivery + "AND " + shown + " AND e.session IN (" + listedSessions + ") "
	isDelivery      = " WHERE provider = ? AND delivery = ? AND delivery <> '' AND via IN ('local', 'tunnel', 'public') "
)

func (t *attempts) open(p *preparer) {
	t.late = make(map[delivery]int64)
	t.forget()
	t.last = p.prepare("SELECT id, attempt" + ofDelivery + "ORDER BY id DESC LIMIT 1")
	t.before = p.prepare("SELECT id, attempt" + ofDelivery + "AND id < ? ORDER BY id DESC LIMIT 1")
	t.from = p.prepare("SELECT id, attempt" + ofDelivery + "AND id >= ? ORDER BY id LIMIT ?")
	t.row = p.prepare("SELECT provider, delivery, via, attempt FROM exchange WHERE id = ?")
	t.set = p.prepare("UPDATE exchange SET attempt = ? WHERE id = ?")
	t.shift = p.prepare("UPDATE exchange SET attempt = attempt - 1 WHERE id IN (SELECT id" + ofDelivery + "AND id > ?)")
}

// forget drops what is remembered: the index knows it too.
func (t *attempts) forget() { t.young, t.old = make(map[delivery]try), nil }

func (t *attempts) recall(d delivery) (try, bool) {
	if last, ok := t.young[d]; ok {
		return last, true
	}
	last, ok := t.old[d]
	return last, ok
}

func (t *attempts) remember(d delivery, last try) {
	if len(d.key) > maxRememberedKey {
		return
	}
	if _, ok := t.young[d]; !ok {
		if len(t.young) >= maxRemembered {
			t.young, t.old = make(map[delivery]try), t.young
		}
		d.key = strings.Clone(d.key) // it may be a piece of a body
	}
	t.young[d] = last
}

// number returns which attempt x is: 0 where that cannot be told, and for one
// that comes after a later one, until renumber.
func (t *attempts) number(x *capture.Exchange) (int, error) {
	d := deliveryOf(x)
	if d == (delivery{}) {
		return 0, nil
	}
	last, ok := t.recall(d)
	if !ok {
		var err error
		if last, err = one(t.last, d.provider, d.key); err != nil {
			return 0, err
		}
		t.remember(d, last)
	}
	if last.id > x.ID {
		return 0, nil
	}
	return last.number + 1, nil
}

// settle notes that x was written with the number that it has.
func (t *attempts) settle(x *capture.Exchange) {
	d := deliveryOf(x)
	if d == (delivery{}) {
		return
	}
	if x.Annotation.Attempt > 0 {
		t.remember(d, try{x.ID, x.Annotation.Attempt})
		return
	}
	if first, ok := t.late[d]; !ok || x.ID < first {
		t.late[d] = x.ID
	}
}

// renumber numbers each late delivery again, from its first late attempt on,
// and sets the numbers of the exchanges given by id.
func (t *attempts) renumber(exchanges map[int64]*capture.Exchange) error {
	for d, first := range t.late {
		last, err := one(t.before, d.provider, d.key, first)
		if err != nil {
			return err
		}
		var tries []try
		for next := first; ; next = last.id + 1 {
			tries = tries[:0]
			if err := t.from.each(func(row []driver.Value) error {
				tries = append(tries, tryOf(row))
				return nil
			}, d.provider, d.key, next, int64(renumberRows)); err != nil {
				return err
			}
			for _, stored := range tries {
				// Where earlier attempts were deleted, stored is the larger one.
				last = try{stored.id, max(last.number+1, stored.number)}
				if x := exchanges[last.id]; x != nil && deliveryOf(x) == d {
					x.Annotation.Attempt = last.number
				}
				if last.number == stored.number {
					continue
				}
				if _, err := t.set.exec(int64(last.number), last.id); err != nil {
					return err
				}
			}
			if len(tries) < renumberRows {
				break
			}
		}
		t.remember(d, last)
	}
	clear(t.late)
	return nil
}

// numbered is the delivery of a row and its attempt.
type numbered struct {
	delivery delivery
	number   int
}

// of returns what is stored of an exchange's attempt.
func (t *attempts) of(id int64) (n numbered, found bool, err error) {
	err = t.row.each(func(row []driver.Value) error {
		found = true
		provider, _ := row[0].(string)
		key, _ := row[1].(string)
		via, _ := row[2].(string)
		number, _ := row[3].(int64)
		n.number = int(number) // of an imported one it is what the file said
		if key != "" && capture.Via(via).Live() {
			n.delivery = delivery{provider, key}
		}
		return nil
	}, id)
	return n, found, err
}

// leave takes an exchange out of a delivery: later attempts move down.
func (t *attempts) leave(id int64, d delivery) error {
	if d == (delivery{}) {
		return nil
	}
	delete(t.young, d)
	delete(t.old, d)
	_, err := t.shift.exec(d.provider, d.key, id)
	return err
}

func one(s *statement, values ...driver.Value) (found try, err error) {
	err = s.each(func(row []driver.Value) error {
		found = tryOf(row)
		return nil
	}, values...)
	return found, err
}

func tryOf(row []driver.Value) try {
	id, _ := row[0].(int64)
	number, _ := row[1].(int64)
	return try{id, int(number)}
}

// Previous returns the id of the attempt before x: the live exchange with the
// same provider and delivery and the next smaller id that is listed; 0 when
// there is none.
func (db *DB) Previous(ctx context.Context, x *capture.Exchange) (int64, error) {
	return db.attempt(ctx, x, "AND e.id < ? ORDER BY e.id DESC LIMIT 1")
}

// Next is Previous in the other direction: the attempt after x.
func (db *DB) Next(ctx context.Context, x *capture.Exchange) (int64, error) {
	return db.attempt(ctx, x, "AND e.id > ? ORDER BY e.id LIMIT 1")
}

func (db *DB) attempt(ctx context.Context, x *capture.Exchange, which string) (int64, error) {
	if x.Annotation.Delivery == "" {
		return 0, nil
	}
	var id int64
	err := db.read.QueryRowContext(ctx, "SELECT e.id"+ofDeliveryShown+which,
		x.Annotation.Provider, x.Annotation.Delivery, x.ID).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, explain(err)
}
