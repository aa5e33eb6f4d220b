package store

import (
	"context"
	"strings"

	"hookglass/capture"
)

// Update queues what became of an exchange: state, error, answer, and the
// annotation where there is one. x belongs to the store from then on, which
// drops its head, header, trailers and body. An exchange that was deleted
// meanwhile stays so. While the disk refuses updates they wait, and Update blocks
// once 2,048 do.
func (db *DB) Update(ctx context.Context, x *capture.Exchange) error {
	return db.change(ctx, change{x: x})
}

// Reannotate queues a new annotation of an existing exchange, as Update does.
// The verdict at arrival stays, unless there was none.
func (db *DB) Reannotate(ctx context.Context, x *capture.Exchange) error {
	return db.change(ctx, change{x: x, again: true})
}

func (db *DB) change(ctx context.Context, c change) error {
	if db.writer == nil {
		return ErrReadOnly
	}
	lighten(c.x)
	return enqueue(ctx, db.writer, db.writer.changes, c)
}

// lighten leaves of x what is to be written, and what a line about it shows. Its
// texts may be pieces of a whole head or body, which must not stay in memory for
// them while x waits here, or longer with whoever Changed tells.
func lighten(x *capture.Exchange) {
	r, a := &x.Request, &x.Annotation
	r.Head, r.Header, r.Trailers, r.Body = nil, nil, nil, nil
	texts := [...]*string{
		&r.Remote, &r.Source, &r.Method, &r.Target, &r.Proto, &r.Host,
		&a.Event, &a.Summary, &a.Order, &a.Delivery,
	}
	size := 0
	for _, text := range texts {
		size += len(*text)
	}
	var b strings.Builder
	b.Grow(size)
	for _, text := range texts {
		b.WriteString(*text)
	}
	all := b.String()
	for _, text := range texts {
		*text, all = all[:len(*text)], all[len(*text):]
	}
}

// annotated reports whether the providers were asked: a verdict is never empty.
func annotated(x *capture.Exchange) bool { return x.Annotation.Verification.Status != "" }

// The classes of exchanges, in the order in which retention gives them up.
const (
	classUnknown  int64 = iota // no known sender
	classUnproven              // a proof is missing or wrong
	classLast
)

const (
	annotationColumns = `annotated = 1, facet = ?, provider = ?, event = ?, summary = ?, order_key = ?, delivery = ?,
		attempt = ?, status = ?, at_arrival = CASE at_arrival WHEN '' THEN ? ELSE at_arrival END,
		scheme = ?, proof = ?, proof_key = ?, reason = ?`
	outcomeColumns = `facet = ?, state = ?, error = ?, answer_status = ?, answer_by = ?, answer_preset = ?, answer_rule = ?, answer_rule_name = ?,
		answered_at = ?, took = ?, answer_id = ?`
)

// updater writes what became of exchanges.
type updater struct {
	attempts attempts
	answers  answers
	facets   *facets
	toucher  *toucher

	both, annotation, outcome *statement
}

func (u *updater) open(p *preparer, f *facets, t *toucher) {
	u.facets, u.toucher = f, t
	// Nearly every update is the first annotation of its row, so this one looks
	// at no other row and at no old value.
	u.both = p.prepare("UPDATE exchange SET " + annotationColumns + ", " + strings.TrimPrefix(outcomeColumns, "facet = ?, ") + " WHERE id = ? AND annotated = 0")
	u.annotation = p.prepare("UPDATE exchange SET " + annotationColumns + " WHERE id = ?")
	u.outcome = p.prepare("UPDATE exchange SET " + outcomeColumns + " WHERE id = ?")
	u.attempts.open(p)
	u.answers.open(p)
}

func (u *updater) apply(c change) error {
	x := c.x
	if c.again {
		return u.reannotate(x)
	}
	answer, err := u.answers.row(x)
	if err != nil {
		return err
	}
	if !annotated(x) {
		_, err := u.writeOutcome(x, answer)
		return err
	}
	if x.Session == 0 { // who made x knew it before it was kept
		k, found, err := u.facets.of(x.ID)
		if err != nil || !found {
			return err
		}
		x.Session = k.session
	}
	facet, err := u.facets.id(facetOf(x))
	if err != nil {
		return err
	}
	a, v := &x.Annotation, &x.Annotation.Verification
	if x.Via != capture.ViaImport {
		if a.Attempt, err = u.attempts.number(x); err != nil {
			return err
		}
	}
	if err := u.toucher.annotating(x); err != nil {
		return err
	}
	changed, err := u.both.exec(facet, a.Provider, a.Event, a.Summary, a.Order, a.Delivery, int64(a.Attempt),
		string(v.Status), string(atArrival(a)), v.Scheme, v.Header, v.Key, v.Reason,
		string(x.State), x.Error, answer.status, answer.by, answer.preset, answer.rule, answer.ruleName, answer.answered, answer.took, answer.id,
		x.ID)
	if err != nil {
		return err
	}
	if changed == 1 {
		u.attempts.settle(x)
		return nil
	}
	// Annotated before, or deleted.
	if changed, err = u.writeOutcome(x, answer); err != nil || changed == 0 {
		return err
	}
	return u.reannotate(x)
}

// reannotate writes the annotation of a row that may have one, and moves it
// from its old delivery to the new one.
func (u *updater) reannotate(x *capture.Exchange) error {
	old, found, err := u.attempts.of(x.ID)
	if err != nil || !found {
		return err
	}
	k, _, err := u.facets.of(x.ID)
	if err != nil {
		return err
	}
	facet, err := u.facets.id(k.withAnnotation(x))
	if err != nil {
		return err
	}
	if err := u.toucher.annotating(x); err != nil {
		return err
	}
	a, v := &x.Annotation, &x.Annotation.Verification
	same := old.delivery == deliveryOf(x)
	if same {
		a.Attempt = old.number
	} else {
		if err := u.attempts.leave(x.ID, old.delivery); err != nil {
			return err
		}
		if a.Attempt, err = u.attempts.number(x); err != nil {
			return err
		}
	}
	if _, err := u.annotation.exec(facet, a.Provider, a.Event, a.Summary, a.Order, a.Delivery, int64(a.Attempt),
		string(v.Status), string(atArrival(a)), v.Scheme, v.Header, v.Key, v.Reason, x.ID); err != nil {
		return err
	}
	if !same {
		u.attempts.settle(x)
	}
	return nil
}

func (u *updater) writeOutcome(x *capture.Exchange, answer answerRow) (int64, error) {
	k, found, err := u.facets.of(x.ID)
	if err != nil || !found {
		return 0, err
	}
	facet, err := u.facets.id(k.withOutcome(x))
	if err != nil {
		return 0, err
	}
	return u.outcome.exec(facet, string(x.State), x.Error, answer.status, answer.by, answer.preset, answer.rule, answer.ruleName,
		answer.answered, answer.took, answer.id, x.ID)
}

func atArrival(a *capture.Annotation) capture.Status {
	if a.AtArrival != "" {
		return a.AtArrival
	}
	return a.Verification.Status
}

// renumber puts the attempts right that a late annotation has moved.
func (u *updater) renumber(created []*creation, changed []change) error {
	if len(u.attempts.late) == 0 {
		return nil
	}
	exchanges := make(map[int64]*capture.Exchange, len(created)+len(changed))
	for _, c := range created {
		exchanges[c.x.ID] = c.x
	}
	for _, c := range changed {
		exchanges[c.x.ID] = c.x
	}
	return u.attempts.renumber(exchanges)
}
