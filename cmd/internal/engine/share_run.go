package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hookglass/capture"
	"hookglass/capture/export"
	"hookglass/capture/redact"
	"hookglass/store"
)

// shareRun is one share under way. It goes over its exchanges once, and where
// values are taken out once before, to learn them; neither pass holds more than a few
// pages of them.
type shareRun struct {
	*sharer
	what     capture.Sharing
	format   *export.Format
	redactor *redact.Redactor // nil where nothing is taken out
	profile  redact.Profile
	key      []byte // of the MACs; nil for none
	query    store.Query
	each     func(redact.Change) // may be nil
	progress capture.Progress
	done     int64
	total    int64 // exchanges of all passes; 0 where it is not known
	count    int64 // exchanges; 0 where it is not known
	report   capture.SharingReport
	origins  map[int64]string
	uids     map[string]string // of exchanges whose UID is made from what they hold: as they leave
	earlier  []string          // what others had taken out before it came here
	worked   time.Time         // since when nobody was let past
	looked   time.Time
	newest   int64 // of what was captured when it was looked
}

// begin reads what is to leave. What is captured from now on does not.
func (s *sharer) begin(ctx context.Context, what capture.Sharing, p capture.Progress) (*shareRun, error) {
	r := &shareRun{sharer: s, what: what, progress: p, origins: map[int64]string{}, uids: map[string]string{}}
	r.report.Replaced = map[string]int64{}
	var err error
	if r.format, err = findFormat(what.Format); err != nil {
		return nil, err
	}
	if r.profile, err = redact.ParseProfile(what.Redact); err != nil {
		return nil, err
	}
	if r.profile.Name != redact.ProfileNone {
		if r.redactor, err = redact.New(r.profile, s.known); err != nil {
			return nil, err
		}
		if s.unread {
			r.warn("Some of your configured secrets cannot be read now, so they were looked for only by their places and shapes.")
		}
	}
	if r.query.Filter, err = capture.ParseFilter(what.Filter); err != nil {
		return nil, err
	}
	stats, err := s.store.Stats(ctx)
	if err != nil {
		return nil, err
	}
	r.query.Session, r.query.Ascending, r.query.Before, r.query.Now = what.Session, true, stats.Newest+1, time.Now()
	r.what.IDs = slices.Compact(slices.Sorted(slices.Values(what.IDs)))
	if what.Keyed {
		if r.key, err = sharerKey(ctx, s.secrets); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *shareRun) warn(text string) { r.report.Warnings = append(r.report.Warnings, text) }

// share makes what a format writes; values are learned before it returns.
func (r *shareRun) share(ctx context.Context) (*export.Share, error) {
	sessions, err := r.sessions(ctx)
	if err != nil {
		return nil, err
	}
	var rules []capture.Rule
	if r.what.Rules {
		if rules, err = r.rules(ctx); err != nil {
			return nil, err
		}
	}
	if r.redactor != nil {
		if r.count > 0 {
			r.total = 2 * r.count
		}
		n := int64(0)
		if err := r.walk(ctx, func(x *capture.Exchange) error {
			n++
			r.redactor.Learn(r.source(x))
			return nil
		}); err != nil {
			return nil, err
		}
		r.count, r.total = n, 2*n
	} else {
		r.total = r.count
	}
	r.learnWords(sessions, rules)
	if err := r.redactWords(sessions, rules); err != nil {
		return nil, err
	}
	share := &export.Share{
		Title: r.text("title", r.title(sessions)), Note: r.text("note", r.what.Note), Sharer: r.text("sharer", r.what.Sharer),
		Tool: toolName(), Created: created(),
		Redaction: export.Redaction{Profile: r.profile.Name, Keyed: r.key != nil, Replaced: r.report.Replaced},
		Sessions:  sessions, Rules: rules, Exchanges: r.exchanges(ctx), Count: r.count,
	}
	r.tellRedaction(&share.Redaction)
	return share, nil
}

// tellRedaction tells what a profile of one's own takes out, and what others had
// taken out before: a file must not say that nothing was.
func (r *shareRun) tellRedaction(told *export.Redaction) {
	if r.profile.Name == redact.ProfileCustom {
		told.Rules = r.profile.Words()
	}
	for _, words := range r.earlier {
		told.Rules = append(told.Rules, "what was taken out before: "+r.text("redaction before", words))
		if told.Profile == redact.ProfileNone {
			told.Profile = redact.ProfileCustom
		}
	}
}

// title is what the share is called: as the sharer says, or as its only session.
func (r *shareRun) title(sessions []export.SharedSession) string {
	switch {
	case r.what.Title != "":
		return r.what.Title
	case len(sessions) == 1:
		return sessions[0].Name // redacted already, which changes nothing
	}
	return "Callbacks"
}

// text redacts a text that belongs to no exchange.
func (r *shareRun) text(where, text string) string {
	if r.redactor == nil {
		return text
	}
	text, changes := r.redactor.Text(where, text)
	r.tell(changes)
	return text
}

// learnWords finds what is to be taken out in what sessions and rules say: a note may
// hold the secret of a rule.
func (r *shareRun) learnWords(sessions []export.SharedSession, rules []capture.Rule) {
	if r.redactor == nil {
		return
	}
	for i := range rules {
		r.redactor.LearnRule(rules[i])
	}
	texts := []string{r.what.Title, r.what.Note, r.what.Sharer}
	for i := range sessions {
		texts = append(texts, sessions[i].Name, sessions[i].Note)
		for _, e := range sessions[i].Public {
			texts = append(texts, e.URL, e.Code, e.Reason)
		}
	}
	for _, text := range texts {
		r.redactor.LearnText(text)
	}
}

// redactWords redacts what sessions and rules say.
func (r *shareRun) redactWords(sessions []export.SharedSession, rules []capture.Rule) error {
	for i := range sessions {
		s := &sessions[i]
		s.Name, s.Note = r.text("session name", s.Name), r.text("session note", s.Note)
		for j := range s.Public {
			e := &s.Public[j]
			e.URL, e.Code, e.Reason = r.text("public address", e.URL), r.text("public address", e.Code), r.text("public address", e.Reason)
		}
	}
	if r.redactor == nil {
		return nil
	}
	for i := range rules {
		redacted, changes := r.redactor.Rule(rules[i])
		rules[i] = redacted
		r.tell(changes)
	}
	return nil
}

// tell passes changes on.
func (r *shareRun) tell(changes []redact.Change) {
	for i := range changes {
		if r.each != nil {
			r.each(changes[i])
		}
	}
}

// source is an exchange with the places that its provider knows.
func (r *shareRun) source(x *capture.Exchange) redact.Source {
	return redact.Source{Exchange: x, Sensitive: r.set.Sensitive(x.Annotation.Provider)}
}

// shared makes of an exchange what leaves of it.
func (r *shareRun) shared(ctx context.Context, x *capture.Exchange) (*export.Shared, error) {
	s := &export.Shared{Exchange: x}
	var err error
	if s.OriginUID, err = r.origin(ctx, x); err != nil {
		return nil, err
	}
	switch {
	case x.Import != nil: // as it was where it was captured, where that is known
		if x.Import.Via != "" {
			x.Via = x.Import.Via
		}
	case r.key != nil && x.State != capture.StateRefused:
		x.Import = &capture.Imported{Via: x.Via, Mac: macOf(r.key, &x.Request)}
	}
	if r.redactor != nil {
		redacted, changed, err := r.redacted(x)
		if err != nil {
			return nil, fmt.Errorf("callback %d: %w", x.ID, err)
		}
		s.Exchange = redacted
		r.rename(s, changed)
	}
	s.Base = baseOf(s.Exchange)
	if r.format.Decodes {
		look := r.set.Look(&s.Request, EndpointOf(s.Exchange, r.endpoints))
		s.Decoded = &look.Decoding
	}
	return s, nil
}

// redacted takes out of an exchange what does not leave, and tells it where somebody
// listens.
func (r *shareRun) redacted(x *capture.Exchange) (out *capture.Exchange, changed bool, err error) {
	if r.each == nil {
		return r.redactor.Replace(r.source(x))
	}
	out, changes, err := r.redactor.Apply(r.source(x))
	r.tell(changes)
	return out, len(changes) > 0, err
}

// maxRenamed bounds how many UIDs are remembered that resends may point at.
const maxRenamed = 100_000

// rename gives an exchange another UID where its own was made from what it held: with
// that one could try out what was taken out of it.
func (r *shareRun) rename(s *export.Shared, changed bool) {
	if export.IsContentUID(s.OriginUID) {
		s.OriginUID = r.uids[s.OriginUID] // "" where it is not in the share
		if s.Import != nil {
			s.Import.Origin = s.OriginUID
		}
	}
	if !export.IsContentUID(s.UID) {
		return
	}
	was := s.UID
	if changed {
		s.UID = export.RedactedUID(s.Exchange, r.done) // the report counts what the writer took, later
	}
	if len(r.uids) < maxRenamed {
		r.uids[was] = s.UID
	}
}

// maxOrigins bounds how many origins of resends are remembered.
const maxOrigins = 1000

// origin returns the uid of what a resend was made from.
func (r *shareRun) origin(ctx context.Context, x *capture.Exchange) (string, error) {
	if x.Import != nil {
		return x.Import.Origin, nil
	}
	if x.Origin == 0 {
		return "", nil
	}
	if uid, ok := r.origins[x.Origin]; ok {
		return uid, nil
	}
	rows, err := r.store.Rows(ctx, []int64{x.Origin})
	if err != nil || len(rows) == 0 {
		return "", err // it is gone
	}
	if len(r.origins) >= maxOrigins {
		clear(r.origins)
	}
	r.origins[x.Origin] = rows[0].UID
	return rows[0].UID, nil
}

// baseOf is where an exchange came in, or of a resend where it went.
func baseOf(x *capture.Exchange) string {
	switch {
	case x.Sent != nil:
		return x.Sent.Base
	case x.Request.Host == "":
		return ""
	case x.Via.Public():
		return "https://" + x.Request.Host
	}
	return "http://" + x.Request.Host
}
