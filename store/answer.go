package store

import (
	"encoding/binary"

	"hookglass/capture"
)

// Small answers are shared: nearly every callback gets one of a few presets.
const (
	maxSharedAnswer = 4 << 10
	maxKnownAnswers = 256
	maxForgotten    = 10_000 // shared answers made before those without an exchange are swept up
)

// answers keeps the headers and bodies of answers.
type answers struct {
	known map[string]int64 // key of the content → id
	key   []byte
	next  int64
	made  int

	insert, replace, sweeper *statement
}

type answerRow struct {
	status         int64
	by, preset     string
	rule           int64
	ruleName       string
	answered, took int64
	id             int64
}

func (s *answers) open(p *preparer) {
	s.forget()
	s.insert = p.prepare("INSERT INTO answer (id, header, body) VALUES (?, ?, ?)")
	s.replace = p.prepare("INSERT OR REPLACE INTO answer (id, header, body) VALUES (?, ?, ?)")
	s.sweeper = p.prepare(`DELETE FROM answer WHERE id >= 1
		AND id NOT IN (SELECT answer_id FROM exchange WHERE answer_id >= 1)`)
	s.next = max(p.integer("SELECT max(id) FROM answer")+1, 1)
	s.made = int(p.integer("SELECT count(*) FROM answer WHERE id >= 1"))
}

func (s *answers) forget() { s.known = make(map[string]int64) }

// row keeps the answer of x where it is not kept yet.
func (s *answers) row(x *capture.Exchange) (answerRow, error) {
	r := x.Response
	if r == nil {
		return answerRow{}, nil
	}
	row := answerRow{
		status: int64(r.Status), by: string(r.By), preset: r.Preset, rule: r.Rule, ruleName: r.RuleName,
		answered: nanoseconds(r.Timing.Answered), took: int64(r.Timing.Took),
	}
	if len(r.Header) == 0 && len(r.Body) == 0 {
		return row, nil
	}
	shared := s.content(r)
	if shared {
		if row.id = s.known[string(s.key)]; row.id != 0 {
			return row, nil
		}
	}
	header, err := encodeFields(r.Header)
	if err != nil {
		return row, err
	}
	if !shared {
		row.id = -x.ID
		_, err := s.replace.exec(row.id, header, r.Body)
		return row, err
	}
	row.id = s.next
	if _, err := s.insert.exec(row.id, header, r.Body); err != nil {
		return row, err
	}
	s.next++
	s.made++
	if len(s.known) >= maxKnownAnswers {
		s.forget()
	}
	s.known[string(s.key)] = row.id
	return row, nil
}

// content makes the key of an answer, and reports whether it is small enough to
// be shared.
func (s *answers) content(r *capture.Response) bool {
	s.key = s.key[:0]
	for i := range r.Header {
		f := &r.Header[i]
		s.key = append(binary.AppendUvarint(s.key, uint64(len(f.Name))), f.Name...)
		s.key = append(binary.AppendUvarint(s.key, uint64(len(f.Value))), f.Value...)
		if len(s.key) > maxSharedAnswer {
			return false
		}
	}
	s.key = append(s.key, 0xff, 0xff)
	if len(s.key)+len(r.Body) > maxSharedAnswer {
		return false
	}
	s.key = append(s.key, r.Body...)
	return true
}

// sweep removes the shared answers that belong to no exchange any more.
func (s *answers) sweep() error {
	if _, err := s.sweeper.exec(); err != nil {
		return err
	}
	s.made = 0
	s.forget()
	return nil
}
