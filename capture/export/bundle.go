package export

import (
	"time"

	"hookglass/capture"
)

// The parts of a bundle; README.md describes them.
const (
	bundleFormat  = "hookglass-bundle"
	bundleVersion = 1

	manifestName = "manifest.json"
	rulesName    = "rules.json"
	partsFolder  = "exchanges/"
	partsSuffix  = ".ndjson"
	bodiesFolder = "bodies/"
)

// What a bundle may hold. Writing keeps to it too, so that what we write is read.
const (
	inlineBody   = 64 << 10  // a larger body is a file: a zip's directory costs memory for each
	maxLine      = 8 << 20   // of one exchange without such bodies
	maxBundled   = 512 << 20 // of one body, which is held in memory; SQLite takes 1,000,000,000 bytes
	maxManifest  = 4 << 20
	maxRules     = 16 << 20
	maxEntries   = 100_000
	maxDirectory = 24 << 20 // bytes of the zip's directory, which is held in memory
	maxName      = 128      // of an entry

	maxRatio     = 200       // what a part may grow to; one that shrinks more is stored as it is
	freeUnpacked = 64 << 20  // that a file may grow to whatever its size
	maxUnpacked  = 256 << 30 // of all parts
	freeBodies   = 1 << 30   // bytes of bodies given out, as many exchanges may share one
)

// manifest is a bundle's manifest.json.
type manifest struct {
	Format    string            `json:"format"`
	Version   int               `json:"version"`
	Tool      string            `json:"tool,omitempty"`
	Created   time.Time         `json:"created,omitzero"`
	Title     string            `json:"title,omitempty"`
	Note      string            `json:"note,omitempty"`
	Sharer    string            `json:"sharer,omitempty"`
	Redaction Redaction         `json:"redaction"`
	Sessions  []manifestSession `json:"sessions,omitempty"`
	Counts    manifestCounts    `json:"counts"`
	Digest    string            `json:"exchanges_sha256"` // of all lines together
}

type manifestCounts struct {
	Exchanges int64 `json:"exchanges"`
	Rules     int64 `json:"rules"`
	Bodies    int64 `json:"bodies"`     // files
	BodyBytes int64 `json:"body_bytes"` // of these files
}

type manifestSession struct {
	ID      int64           `json:"id"`
	Name    string          `json:"name"`
	Note    string          `json:"note,omitempty"`
	Created time.Time       `json:"created,omitzero"`
	Stats   *manifestStats  `json:"stats,omitempty"`
	Public  []manifestEvent `json:"public,omitempty"`
}

type manifestStats struct {
	Exchanges int64     `json:"exchanges"`
	Bytes     int64     `json:"bytes,omitempty"` // of bodies; 0 where something was taken out
	Failed    int64     `json:"failed"`
	First     time.Time `json:"first,omitzero"`
	Last      time.Time `json:"last,omitzero"`
}

type manifestEvent struct {
	At     time.Time `json:"at"`
	State  string    `json:"state"`
	URL    string    `json:"url,omitempty"`
	Code   string    `json:"code,omitempty"`
	Reason string    `json:"reason,omitempty"`
}

// bodyBudget is how many bytes of bodies are given out of a file of a size.
func bodyBudget(size int64) int64 { return min(maxUnpacked, freeBodies+maxRatio*size) }

// numbers are those of the sessions of a share in a file, by their IDs.
type numbers map[int64]int64

// sessionNumbers numbers a share's sessions from 1.
func sessionNumbers(s *Share) numbers {
	n := numbers{}
	for i := range s.Sessions {
		n[s.Sessions[i].ID] = int64(i + 1)
	}
	return n
}

// of is the number of the session that an exchange is of; 0 where it is not known.
func (n numbers) of(s *Shared) int64 {
	if number := n[s.Session]; number != 0 || len(n) != 1 {
		return number
	}
	return 1
}

// manifestOf is what a share says of itself. Sessions are numbered from 1.
func manifestOf(s *Share) *manifest {
	m := &manifest{
		Format: bundleFormat, Version: bundleVersion, Tool: s.Tool, Created: s.Created.UTC(),
		Title: s.Title, Note: s.Note, Sharer: s.Sharer, Redaction: s.Redaction,
	}
	for i := range s.Sessions {
		from := &s.Sessions[i]
		to := manifestSession{ID: int64(i + 1), Name: from.Name, Note: from.Note, Created: from.Created.UTC()}
		if from.Stats != (capture.SessionStats{}) {
			to.Stats = &manifestStats{from.Stats.Exchanges, from.Stats.Bytes, from.Stats.Failed, from.Stats.First.UTC(), from.Stats.Last.UTC()}
		}
		for _, e := range from.Public {
			to.Public = append(to.Public, manifestEvent{e.At.UTC(), string(e.State), e.URL, e.Code, e.Reason})
		}
		m.Sessions = append(m.Sessions, to)
	}
	return m
}

// share is what a manifest says, without the rules.
func (m *manifest) share() Share {
	s := Share{
		Title: m.Title, Note: m.Note, Sharer: m.Sharer, Tool: m.Tool, Created: m.Created.UTC(),
		Redaction: m.Redaction, Count: m.Counts.Exchanges,
	}
	for i := range m.Sessions {
		from := &m.Sessions[i]
		to := SharedSession{ID: from.ID, Name: from.Name, Note: from.Note, Created: from.Created.UTC()}
		if st := from.Stats; st != nil {
			to.Stats = capture.SessionStats{Exchanges: st.Exchanges, Bytes: st.Bytes, Failed: st.Failed, First: st.First.UTC(), Last: st.Last.UTC()}
		}
		for _, e := range from.Public {
			to.Public = append(to.Public, capture.PublicEvent{At: e.At.UTC(), State: capture.PublicState(e.State), URL: e.URL, Code: e.Code, Reason: e.Reason})
		}
		s.Sessions = append(s.Sessions, to)
	}
	return s
}
