package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"hookglass/capture"
	"hookglass/capture/export"
	"hookglass/capture/redact"
	"hookglass/store"
)

// openedFiles are the files that were opened and neither imported nor closed, with
// the rules that they hold.
type openedFiles struct {
	mu    sync.Mutex
	rules map[int64][]capture.Rule // by the staged session
}

func (o *openedFiles) put(session int64, rules []capture.Rule) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.rules == nil {
		o.rules = map[int64][]capture.Rule{}
	}
	o.rules[session] = rules
}

// take returns the rules of a file once.
func (o *openedFiles) take(session int64) []capture.Rule {
	o.mu.Lock()
	defer o.mu.Unlock()
	rules := o.rules[session]
	delete(o.rules, session)
	return rules
}

// OpenFile reads a file into a staged session, which no list of others shows: a
// bundle, a HAR file, a raw HTTP request, or a curl command. Where that fails or
// ctx ends, nothing of it stays.
func (e *Engine) OpenFile(ctx context.Context, path string, p capture.Progress) (capture.Opening, error) {
	file, err := export.Open(ctx, path)
	if err != nil {
		return capture.Opening{}, err
	}
	opening, err := e.stage(ctx, file, p)
	return opening, errors.Join(err, file.Close())
}

// OpenText is OpenFile for a text from the clipboard.
func (e *Engine) OpenText(ctx context.Context, text string) (capture.Opening, error) {
	file, err := export.OpenText(ctx, text)
	if err != nil {
		return capture.Opening{}, err
	}
	opening, err := e.stage(ctx, file, nil)
	return opening, errors.Join(err, file.Close())
}

// stage reads an opened file into a staged session.
func (e *Engine) stage(ctx context.Context, file *export.Opened, p capture.Progress) (o capture.Opening, err error) {
	s := sessionOf(file)
	if err := e.Store.PutSession(ctx, &s); err != nil {
		return o, fmt.Errorf("make room for the file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.Store.RemoveSession(context.WithoutCancel(ctx), s.ID))
		}
	}()
	in := &importing{engine: e, session: s.ID, total: file.Share.Count, progress: p}
	if err := in.run(ctx, file.Each); err != nil {
		return o, err
	}
	if o.Stats, err = e.Store.SessionStats(ctx, s.ID); err != nil {
		return o, err
	}
	if o.Duplicates, err = e.Store.Duplicates(ctx, s.ID); err != nil {
		return o, err
	}
	o.Session = s
	o.Rules, o.Skipped = strangersRules(file.Share.Rules)
	o.Skipped = append(file.Skipped(), o.Skipped...)
	if o.Stats.Exchanges == 0 && len(o.Rules) == 0 {
		return o, errNothingInFile(o.Skipped)
	}
	e.opened.put(s.ID, o.Rules)
	return o, nil
}

// errNothingInFile says that nothing of a file could be read, and why.
func errNothingInFile(skipped []capture.SkippedPart) error {
	if len(skipped) == 0 {
		return errors.New("there is no callback in this file")
	}
	return fmt.Errorf("nothing in this file can be read: %s: %s", capture.Visible(skipped[0].Where), capture.Visible(skipped[0].Why))
}

// sessionOf is the staged session of a file. All that it says is a stranger's.
func sessionOf(file *export.Opened) capture.Session {
	share := &file.Share
	s := capture.Session{
		Name:  firstOf(share.Title, strings.TrimSuffix(file.Name, filepath.Ext(file.Name)), "From the clipboard"),
		State: capture.SessionStaged, Created: created(),
		Origin: &capture.SessionOrigin{
			File: file.Name, Format: file.Format, Tool: share.Tool, Sharer: share.Sharer, Note: share.Note, Shared: share.Created,
			Redaction: redactionWords(&share.Redaction),
		},
	}
	if len(share.Sessions) == 1 {
		one := &share.Sessions[0]
		s.Note, s.Origin.Public = one.Note, one.Public
		if !one.Created.IsZero() {
			s.Created = one.Created
		}
	}
	s.Name, s.Note = cut(s.Name, maxSessionName), cut(s.Note, maxNote)
	o := s.Origin // every list of sessions reads it
	o.File, o.Tool, o.Sharer = cut(o.File, maxSessionName), cut(o.Tool, maxSessionName), cut(o.Sharer, maxSessionName)
	o.Note, o.Redaction = cut(o.Note, maxNote), cut(o.Redaction, maxNote)
	o.Public = o.Public[max(0, len(o.Public)-mostPublic):]
	for i := range o.Public {
		e := &o.Public[i]
		e.URL, e.Code, e.Reason = cut(e.URL, maxSessionName), cut(e.Code, maxSessionName), cut(e.Reason, maxSessionName)
	}
	return s
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			return text
		}
	}
	return ""
}

// cut shortens a stranger's text to most bytes, at the border of a character.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// redactionWords tell how a file says that it was redacted; "" for not at all.
func redactionWords(r *export.Redaction) string {
	switch {
	case len(r.Rules) > 0:
		return strings.Join(r.Rules, ", ")
	case r.Profile == "" || r.Profile == redact.ProfileNone:
		return ""
	}
	if p, err := redact.ParseProfile(r.Profile); err == nil {
		return strings.Join(p.Words(), ", ")
	}
	return r.Profile
}

// ImportOpened makes an opened file a session of ours: what is here already is
// dropped, and where that is all of it there is no session of it; the rules that are
// wanted come in, disabled. Where it fails or ctx ends, the file is open still.
func (e *Engine) ImportOpened(ctx context.Context, how capture.Importing, p capture.Progress) (report capture.ImportReport, err error) {
	s, err := e.stagedSession(ctx, how.Session)
	if err != nil {
		return report, err
	}
	if name := strings.TrimSpace(how.Name); name != "" && name != s.Name {
		s.Name = name
		if err := CheckSession(&s); err != nil {
			return report, err
		}
		if err := e.Store.PutSession(ctx, &s); err != nil {
			return report, err
		}
	}
	if how.Verify {
		if err := e.verifyImported(ctx, s.ID, p); err != nil {
			return report, err
		}
	}
	if report.Kept, report.Duplicates, err = e.Store.CommitSession(ctx, s.ID); err != nil {
		return report, err
	}
	if report.Kept == 0 { // all of it is here already
		if err := e.Store.RemoveSession(ctx, s.ID); err != nil {
			return report, err
		}
	} else {
		s.State = capture.SessionOpen
		report.Session = s
	}
	rules := e.opened.take(s.ID)
	report.Rules, err = e.importRules(ctx, rules, how.Rules)
	return report, err
}

// CloseOpened removes an opened file. One that was imported is left alone.
func (e *Engine) CloseOpened(ctx context.Context, session int64) error {
	e.opened.take(session)
	s, err := e.stagedSession(ctx, session)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return e.Store.RemoveSession(ctx, s.ID)
}

// stagedSession returns a staged session, or ErrNotFound.
func (e *Engine) stagedSession(ctx context.Context, id int64) (capture.Session, error) {
	all, err := e.Store.Sessions(ctx)
	if err != nil {
		return capture.Session{}, err
	}
	i := slices.IndexFunc(all, func(s capture.Session) bool { return s.ID == id && s.State == capture.SessionStaged })
	if i < 0 {
		return capture.Session{}, fmt.Errorf("opened file %d: %w", id, ErrNotFound)
	}
	return all[i], nil
}

// verifyImported verifies what was imported with the keys that are here, but what
// was redacted, which nothing proves any more.
func (e *Engine) verifyImported(ctx context.Context, session int64, p capture.Progress) error {
	var done int64
	began := time.Now()
	err := e.Store.Each(ctx, store.Query{Session: session}, 0, func(x *capture.Exchange) error {
		done++
		if p != nil {
			p(done, 0)
		}
		if x.Import == nil || x.Import.Redacted {
			return nil
		}
		x.Annotation = e.Set.Reverify(x, e.endpoint(x.Request.Path()))
		x.Request.Body, x.Request.Head = nil, nil
		if err := e.Store.Reannotate(ctx, x); err != nil {
			return err
		}
		err := e.courtesy.rest(ctx, time.Since(began))
		began = time.Now()
		return err
	})
	return errors.Join(err, e.Store.Flush(ctx))
}
