package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/capture/export"
)

// opened reads a bundle back.
func readShare(t *testing.T, path string) (*export.Opened, []*export.Shared) {
	t.Helper()
	o, err := export.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	var all []*export.Shared
	if err := o.Each(t.Context(), func(s *export.Shared) error { all = append(all, s); return nil }); err != nil {
		t.Fatal(err)
	}
	return o, all
}

// Nothing in a redacted file is made from what was taken out: with the UID of what
// was imported, which is a hash, or the length of bodies one could try it out.
func TestShareTellsNothingToGuessFrom(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	source := filepath.Join(t.TempDir(), "a.http")
	if err := os.WriteFile(source, []byte("POST /in HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\r\n{\"password\":\"hunter2222\"}"), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := s.OpenFile(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := s.ImportOpened(t.Context(), capture.Importing{Session: o.Session.ID}, nil); err != nil || r.Kept != 1 {
		t.Fatal(r, err)
	}
	write := func(profile string) (*export.Opened, []*export.Shared) {
		path := filepath.Join(t.TempDir(), "b.hookglass")
		if _, err := s.WriteShare(t.Context(), capture.Sharing{Session: o.Session.ID, Redact: profile}, path, nil); err != nil {
			t.Fatal(err)
		}
		return readShare(t, path)
	}
	_, whole := write("none")
	file, redacted := write("secrets")
	_, again := write("secrets")
	if len(whole) != 1 || len(redacted) != 1 || len(again) != 1 {
		t.Fatalf("got %d, %d and %d callbacks, want one each", len(whole), len(redacted), len(again))
	}
	if !export.IsContentUID(whole[0].UID) || redacted[0].UID == whole[0].UID || redacted[0].UID != again[0].UID {
		t.Errorf("the UID %s became %s and %s; want another one, the same each time", whole[0].UID, redacted[0].UID, again[0].UID)
	}
	if n := file.Share.Sessions[0].Stats.Bytes; n != 0 {
		t.Errorf("the file tells of %d bytes of bodies", n)
	}
}

// What a rule holds is taken out of the words about the session too.
func TestShareOfWordsAboutRules(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	s.put(t, "/a", `{}`)
	rule := capture.Rule{Name: "first", Kind: capture.RuleFixed, Enabled: true}
	rule.Params.Answer = capture.RuleAnswer{Status: 200, Header: capture.Fields{{Name: "X-Api-Key", Value: "q1w2e3r4t5"}}}
	if _, err := s.apply(t.Context(), Change{Action: LoadRules, Rules: []capture.Rule{{Name: "about q1w2e3r4t5", Kind: capture.RuleFixed, Params: rule.Params}, rule}}); err != nil {
		t.Fatal(err)
	}
	sessions, err := s.Store.Sessions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	one := sessions[slices.IndexFunc(sessions, func(s capture.Session) bool { return s.Active })]
	one.Name, one.Note = "with q1w2e3r4t5", "the key is q1w2e3r4t5"
	if err := s.Store.PutSession(t.Context(), &one); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "b.hookglass")
	report, err := s.WriteShare(t.Context(), capture.Sharing{Rules: true, Note: "q1w2e3r4t5"}, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	file, _ := readShare(t, path)
	text, err := json.Marshal(file.Share.Rules)
	if err != nil {
		t.Fatal(err)
	}
	if all := fmt.Sprint(file.Share.Title, file.Share.Note, file.Share.Sessions, string(text)); strings.Contains(all, "q1w2e3r4t5") {
		t.Errorf("the key of the rule is in %s", all)
	}
	if len(file.Share.Rules) != 2 || report.Replaced["secret"] != 6 {
		t.Errorf("%d rules and %v replaced, want 2 and 6 secrets", len(file.Share.Rules), report.Replaced)
	}
}

// What a file says of itself stands in every list of sessions: it is bounded.
func TestSessionOfLongWords(t *testing.T) {
	long := strings.Repeat("é", 1<<20)
	file := &export.Opened{Name: long, Share: export.Share{
		Title: long, Note: long, Sharer: long, Tool: long, Redaction: export.Redaction{Rules: []string{long}},
		Sessions: []export.SharedSession{{ID: 1, Note: long, Public: slices.Repeat([]capture.PublicEvent{{URL: long[:1000], Reason: long[:1000]}}, 3*mostPublic)}},
	}}
	s := sessionOf(file)
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > 1<<20 || len(s.Origin.Public) != mostPublic {
		t.Errorf("%d bytes and %d events of the public address", len(text), len(s.Origin.Public))
	}
}

// A code proves what the file shows, and not only that its owner has captured
// something with that UID.
func TestProveChangedFile(t *testing.T) {
	s := shareStarted(t)
	path := filepath.Join(t.TempDir(), "b.hookglass")
	if _, err := s.WriteShare(t.Context(), capture.Sharing{Redact: "none", Keyed: true}, path, nil); err != nil {
		t.Fatal(err)
	}
	prove := func() Proof {
		r := &Reader{Store: s.Store, secrets: s.secrets}
		p, err := r.Prove(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if got, want := prove(), (Proof{Proven: 3}); got != want {
		t.Errorf("as written: %+v, want %+v", got, want)
	}
	o, all := readShare(t, path)
	for _, x := range all {
		x.Request.Body = []byte(`{"amount":1}`)
		x.Request.Size = int64(len(x.Request.Body))
	}
	all[2].Import.Redacted = true
	o.Share.Exchanges = func(yield func(*export.Shared, error) bool) {
		for _, x := range all {
			if !yield(x, nil) {
				return
			}
		}
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(export.WriteBundle(t.Context(), file, &o.Share), file.Close()); err != nil {
		t.Fatal(err)
	}
	if got, want := prove(), (Proof{Redacted: 1, Different: 2}); got != want {
		t.Errorf("with other bodies: %+v, want %+v", got, want)
	}
}
