package engine

import (
	"context"
	"fmt"
	"slices"

	"hookglass/capture"
	"hookglass/capture/export"
)

// sessions says of which sessions the share is.
func (r *shareRun) sessions(ctx context.Context) ([]export.SharedSession, error) {
	all, err := r.store.Sessions(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the sessions: %w", err)
	}
	of, err := r.sessionsOfIDs(ctx)
	if err != nil {
		return nil, err
	}
	r.count = int64(len(r.what.IDs))
	whole := r.count == 0 && r.what.Filter == ""
	var shared []export.SharedSession
	for i := range all {
		s := &all[i]
		hidden := s.State == capture.SessionStaged || s.State == capture.SessionDeleted
		if r.what.Session != 0 && s.ID != r.what.Session || r.what.Session == 0 && hidden || of != nil && !of[s.ID] {
			continue
		}
		stats, err := r.store.SessionStats(ctx, s.ID)
		if err != nil {
			return nil, fmt.Errorf("count the session: %w", err)
		}
		if stats.Exchanges == 0 && r.what.Session == 0 {
			continue
		}
		one := export.SharedSession{ID: s.ID, Name: s.Name, Note: s.Note, Created: s.Created}
		if whole {
			if one.Stats = stats; r.redactor != nil {
				one.Stats.Bytes = 0 // how long the bodies were tells of what was in them
			}
			r.count += stats.Exchanges
		}
		if one.Public, err = r.publicEvents(ctx, s, &stats); err != nil {
			return nil, err
		}
		shared = append(shared, one)
		if s.Origin != nil && s.Origin.Redaction != "" && !slices.Contains(r.earlier, s.Origin.Redaction) {
			r.earlier = append(r.earlier, s.Origin.Redaction)
		}
	}
	if r.what.Session != 0 && len(shared) == 0 && of == nil {
		return nil, fmt.Errorf("session %d: %w", r.what.Session, ErrNotFound)
	}
	return shared, nil
}

// sessionsOfIDs are the sessions of what was chosen; nil where nothing was.
func (r *shareRun) sessionsOfIDs(ctx context.Context) (map[int64]bool, error) {
	if len(r.what.IDs) == 0 {
		return nil, nil
	}
	of := map[int64]bool{}
	for ids := range slices.Chunk(r.what.IDs, page) {
		rows, err := r.store.Rows(ctx, ids)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			of[rows[i].Session] = true
		}
	}
	return of, nil
}

// mostPublic is how many changes of the public address are looked through.
const mostPublic = 1000

// publicEvents are what the public address did while a session was captured.
func (r *shareRun) publicEvents(ctx context.Context, s *capture.Session, stats *capture.SessionStats) ([]capture.PublicEvent, error) {
	if s.Origin != nil {
		return slices.Clone(s.Origin.Public), nil
	}
	events, err := r.store.PublicEvents(ctx, mostPublic)
	if err != nil {
		return nil, err
	}
	slices.Reverse(events)
	events = slices.DeleteFunc(events, func(e capture.PublicEvent) bool {
		return e.At.Before(stats.First) || e.At.After(stats.Last)
	})
	for i := range events {
		events[i].ID = 0
	}
	return events, nil
}

// rules are those that go along, with the files of their bodies put into them.
func (r *shareRun) rules(ctx context.Context) ([]capture.Rule, error) {
	all, err := r.store.Rules(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the rules: %w", err)
	}
	var whole []capture.Rule
	for i := range all {
		if IsChoice(&all[i]) {
			continue
		}
		rule, err := all[i].Inline()
		if err != nil {
			r.warn(fmt.Sprintf("Rule %d does not go along: %v.", all[i].ID, err))
			continue
		}
		whole = append(whole, rule)
	}
	return whole, nil
}
