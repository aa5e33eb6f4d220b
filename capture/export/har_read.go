package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"hookglass/capture"
)

const (
	// maxHAREntry is the longest entry that is read: two bodies of 32 MiB as base64.
	maxHAREntry = 96 << 20

	// maxHARHead is the longest that what a HAR says of itself may be.
	maxHARHead = 4 << 20
)

var errHAR = errors.New("the file is no HAR")

// errHARHead ends the reading of a HAR's head.
var errHARHead = errors.New("the entries begin")

// readHAR reads a HAR of this program or another one and calls each with every
// entry in the order of the file, and skip for what it cannot read. What it
// returns tells of the file, and has no exchanges. Entries of other tools have a
// UID made of what they hold; of ours nearly all comes back as it was. It holds
// one entry at a time. An error, such as a file that is cut off, comes after the
// entries before it. Where each is nil it reads up to the entries only.
func readHAR(ctx context.Context, r io.Reader, each func(*Shared) error, skip func(where, why string)) (*Share, error) {
	h := harReader{walk: newJSONWalk(ctx, r), each: each, skip: skip, share: &Share{}}
	if c, err := h.walk.next(); err != nil || c != '{' {
		return nil, errors.Join(errHAR, err)
	}
	err := h.walk.object(func(key string) error {
		if key != "log" || h.logged {
			return h.walk.skip()
		}
		h.logged = true
		return h.log()
	})
	switch {
	case errors.Is(err, errHARHead):
		return h.share, nil
	case err != nil:
		return h.share, err
	case !h.listed:
		return nil, fmt.Errorf("%w: it has no log with entries", errHAR)
	}
	return h.share, nil
}

type harReader struct {
	walk           *jsonWalk
	each           func(*Shared) error
	skip           func(where, why string)
	share          *Share
	logged, listed bool
	ours           bool // it has what Hookglass says of a file
	sessions       map[int64]bool
}

func (h *harReader) log() error {
	return h.walk.object(func(key string) error {
		switch {
		case key == "creator":
			var creator struct{ Name, Version harText }
			err := h.part(key, maxHARHead, &creator)
			if creator.Version == noVersion {
				creator.Version = ""
			}
			h.share.Tool = strings.TrimSpace(string(creator.Name + " " + creator.Version))
			return err
		case key == "comment" && h.share.Note == "":
			return h.part(key, maxHARHead, (*harText)(&h.share.Note))
		case key == "_hookglass":
			return h.own()
		case key == "_rules" && h.ours:
			return h.rules(key)
		case key == "entries" && !h.listed:
			h.listed = true
			if h.each == nil {
				return errHARHead
			}
			return h.walk.array(h.entry)
		case key == "_replaced":
			return h.part(key, maxHARHead, &h.share.Redaction.Replaced)
		}
		return h.walk.skip()
	})
}

// part reads a value of up to most bytes; one that does not fit is skipped.
func (h *harReader) part(key string, most int, into any) error {
	raw, err := h.walk.value(most)
	switch {
	case errors.Is(err, errTooLong):
		h.tell("log."+key, "It is too long.")
	case err != nil:
		return err
	case crowded(raw, maxHeadValues):
		h.tell("log."+key, sentence(errCrowded.Error()))
	case json.Unmarshal(raw, into) != nil:
		h.tell("log."+key, "It cannot be read.")
	}
	return nil
}

// tell notes a part that is not read. What stands before the entries is read a
// second time with them, and was told the first time.
func (h *harReader) tell(where, why string) {
	if h.each == nil || h.listed {
		h.skip(where, why)
	}
}

func (h *harReader) rules(key string) error {
	var list json.RawMessage
	if err := h.part(key, maxRules, &list); err != nil || list == nil {
		return err
	}
	lines, err := rulesOf(list)
	if err != nil {
		h.tell("log."+key, sentence(err.Error()))
		return nil
	}
	h.share.Rules = strangersRules(lines, "log."+key, h.tell)
	return nil
}

func (h *harReader) own() error {
	var head harHead
	if err := h.part("_hookglass", maxHARHead, &head); err != nil {
		return err
	}
	s := h.share
	s.Title, s.Note, s.Sharer, s.Created = head.Title, head.Note, head.Sharer, head.Created
	s.Redaction, s.Sessions = head.Redaction, (&manifest{Sessions: head.Sessions}).share().Sessions
	h.ours = true
	if !possible(s.Created) {
		s.Created = time.Time{}
	}
	h.sessions = map[int64]bool{}
	for i := range s.Sessions {
		h.sessions[s.Sessions[i].ID] = true
		s.Sessions[i].believable()
	}
	return nil
}

// believable takes away what cannot be in what a stranger's file says of a session.
func (s *SharedSession) believable() {
	for _, t := range [...]*time.Time{&s.Created, &s.Stats.First, &s.Stats.Last} {
		if !possible(*t) {
			*t = time.Time{}
		}
	}
	s.Public = slices.DeleteFunc(s.Public, func(e capture.PublicEvent) bool {
		return !slices.Contains(publicStates, e.State) || !possible(e.At)
	})
}

func (h *harReader) entry(i int) error {
	where := fmt.Sprintf("entry %d", i+1)
	raw, err := h.walk.value(maxHAREntry)
	if errors.Is(err, errTooLong) {
		h.skip(where, fmt.Sprintf("It is longer than %d MiB.", maxHAREntry>>20))
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	if crowded(raw, maxEntryValues) {
		h.skip(where, sentence(errCrowded.Error()))
		return nil
	}
	var e harEntry
	if err := json.Unmarshal(raw, &e); err != nil {
		h.skip(where, "It cannot be read: "+jsonTrouble(err)+".")
		return nil
	}
	x, trouble, err := e.shared()
	if err == nil && !isUID(x.UID) {
		x.UID = contentUID("har", raw)
	}
	if err != nil {
		h.skip(where, sentence(err.Error()))
		return nil
	}
	for _, text := range trouble {
		h.skip(partOf+where, sentence(text))
	}
	if !h.sessions[x.Session] {
		x.Session = 0
	}
	return h.each(x)
}

// jsonTrouble tells what is wrong with JSON without any of it.
func jsonTrouble(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return "something else than expected stands in " + orElse(wrong.Field, "it")
	}
	return "its JSON is broken"
}

func sentence(text string) string {
	return strings.ToUpper(text[:1]) + strings.TrimSuffix(text[1:], ".") + "."
}

// shared makes an exchange of an entry. The strings tell what is not as it was; an
// error is why there is none.
func (e *harEntry) shared() (x *Shared, trouble []string, err error) {
	received, ok := harTime(string(e.Started))
	switch {
	case e.Request == nil:
		return nil, nil, errors.New("it has no request")
	case !ok:
		return nil, nil, errors.New("it does not say when it was")
	}
	if e.Own != nil {
		x, err = e.Own.fromHAR(e)
	} else {
		x = &Shared{Exchange: &capture.Exchange{Via: capture.ViaImport, Import: &capture.Imported{}, Note: string(e.Comment)}}
		trouble, err = e.Request.read(&x.Request)
	}
	if err != nil {
		return nil, nil, err
	}
	r := &x.Request
	r.Received = received
	body, why := e.Request.body(r.Header)
	if why != "" {
		trouble = append(trouble, why)
	}
	r.Body, r.Size = body, int64(len(body))
	if why := e.answer(x.Exchange); why != "" {
		trouble = append(trouble, why)
	}
	if x.State == "" {
		x.State = capture.StateUnknown
		if x.Response != nil {
			x.State = capture.StateAnswered
		}
	}
	return x, trouble, nil
}

// fromHAR makes an exchange of what Hookglass wrote, without bodies.
func (l *bundleLine) fromHAR(e *harEntry) (*Shared, error) {
	if !l.Latin1 {
		l.Request.Header = pairs(capture.Fields(e.Request.Header))
		if l.Response != nil {
			l.Response.Header = pairs(capture.Fields(e.Response.Header))
		}
	}
	if err := l.fromLatin1(); err != nil {
		return nil, err
	}
	l.Request.lineBody = lineBody{}
	if l.Response != nil {
		l.Response.lineBody = lineBody{}
	}
	return l.shared()
}

// harTime reads a time as tools write it.
func harTime(text string) (time.Time, bool) {
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00"} {
		// A year beyond these does not fit into a database's nanoseconds.
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= 1900 && t.Year() <= 2200 {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// answer gives an exchange its answer, and says what of it is missing.
func (e *harEntry) answer(x *capture.Exchange) (why string) {
	h := &e.Response
	switch {
	case e.Own != nil && x.Response == nil, e.Own == nil && (h.Status < 100 || h.Status > 999):
		return ""
	case e.Own == nil:
		took := time.Duration(min(max(e.Time, 0), harNumber(24*time.Hour/time.Millisecond)) * 1e6)
		x.Response = &capture.Response{Status: int(h.Status), By: capture.ByTarget}
		x.Response.Header, _ = wireFields(h.Header)
		x.Response.Timing = capture.Timing{Took: took, Answered: x.Request.Received.Add(took)}
	}
	content := &h.Content
	if h.Wire != nil {
		content = h.Wire
	}
	body, ok := content.bytes()
	x.Response.Body = body
	switch {
	case !ok:
		return "the body of its answer cannot be read"
	case len(body) == 0 && content.Size > 0:
		return "the body of its answer is not in the file"
	}
	return ""
}

// orElse is text, or another one where it is empty.
func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
