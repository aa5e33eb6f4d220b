package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/capture/export"
	"hookglass/capture/redact"
	"hookglass/store"
)

// sharedRow is a callback of some 1.35 KB as a file would hold it.
func sharedRow(n int) *export.Shared {
	body := fmt.Sprintf(`{"id":%d,"ref":"8679131463FC8D18","external_ref":"SHOP-%d","shipping_tracking":"H023YA%d","status":8,`+
		`"customer":{"name":"Ann Example %d","email":"ann%d@shop.example","phone":"+3712000%04d"},"items":"%s"}`,
		n, n, n, n%500, n%500, n%500, strings.Repeat("0123456789", 110))
	head := fmt.Sprintf("PUT /kornitx/orders HTTP/1.1\r\nHost: hooks.example\r\nContent-Type: application/json\r\nAuthorization: Bearer token-%04d\r\nContent-Length: %d\r\n\r\n", n%100, len(body))
	r := capture.Request{
		Received: time.Unix(1_700_000_000, 0).Add(time.Duration(n) * time.Second).UTC(), Remote: "198.51.100.7:4000", Source: "198.51.100.7",
		Method: "PUT", Target: "/kornitx/orders", Proto: "HTTP/1.1", Host: "hooks.example", Head: []byte(head), Exact: true,
		Header: capture.Fields{
			{Name: "Host", Value: "hooks.example"},
			{Name: "Content-Type", Value: "application/json"},
			{Name: "Authorization", Value: fmt.Sprintf("Bearer token-%04d", n%100)},
			{Name: "Content-Length", Value: fmt.Sprint(len(body))},
		},
		Body: []byte(body), Size: int64(len(body)),
	}
	return &export.Shared{Exchange: &capture.Exchange{
		UID: rowUID(n), State: capture.StateAnswered, Via: capture.ViaImport, Import: &capture.Imported{Via: capture.ViaLocal}, Request: r,
		Response:   &capture.Response{Status: 200, By: capture.ByPreset, Body: []byte("{}"), Header: capture.Fields{{Name: "Content-Type", Value: "application/json"}}},
		Annotation: capture.Annotation{Provider: "kornitx", Event: "order.dispatched", AtArrival: capture.Valid, Verification: capture.Verification{Status: capture.Valid, Reason: "It holds."}},
	}}
}

// shareStarted is an engine with some callbacks in it.
func shareStarted(t *testing.T) *started {
	t.Helper()
	s := start(t, t.TempDir(), map[string]string{"HOOKGLASS_KORNITX_API_KEY": kornitxKey})
	s.put(t, "/a?token=qrtok9988", `{"password":"hunter2222"}`, "Authorization", "Bearer abcdef123456")
	s.put(t, "/b", `{"again":"hunter2222","key":"`+kornitxKey+`"}`)
	s.put(t, "/c", `{"email":"ann@shop.example"}`)
	return s
}

func TestPreviewShare(t *testing.T) {
	s := shareStarted(t)
	var changes []redact.Change
	var visited, told int64
	report, err := s.PreviewShare(t.Context(), capture.Sharing{Redact: "personal", Note: "call ann@shop.example"},
		func(c redact.Change) { changes = append(changes, c) }, func(done, total int64) { visited, told = done, total })
	if err != nil {
		t.Fatal(err)
	}
	if report.Exchanges != 3 || report.Path != "" || told != 3 || visited != 3 {
		t.Errorf("got %+v, progress of %d of %d; want 3 callbacks, whatever the passes", report, visited, told)
	}
	after := map[string]string{}
	for _, c := range changes {
		if other, ok := after[c.Before]; ok && other != c.After && !strings.Contains(c.Before, " ") {
			t.Errorf("%q became %q and %q", c.Before, other, c.After)
		}
		after[c.Before] = c.After
	}
	for _, want := range []string{"qrtok9988", "hunter2222", "ann@shop.example", kornitxKey} {
		if after[want] == "" {
			t.Errorf("no change of %q among %v", want, changes)
		}
	}
	total := int64(0)
	for _, n := range report.Replaced {
		total += n
	}
	if total == 0 || total > int64(len(changes)) || report.Replaced["length"] != 0 {
		t.Errorf("counted %v of %d changes; want what was replaced, without what follows from it", report.Replaced, len(changes))
	}
	x, err := s.Store.Exchange(t.Context(), 1)
	if err != nil || !strings.Contains(string(x.Request.Body), "hunter2222") {
		t.Errorf("one's own data are %q (%v)", x.Request.Body, err)
	}
}

func TestShareText(t *testing.T) {
	s := shareStarted(t)
	text, err := s.ShareText(t.Context(), capture.Sharing{IDs: []int64{2, 2}, Format: "curl"})
	if err != nil || !strings.Contains(text, "/b") || strings.Contains(text, kornitxKey) {
		t.Errorf("got %q (%v)", text, err)
	}
	for _, what := range []capture.Sharing{{Format: "pdf"}, {Redact: "half"}, {IDs: []int64{77}}, {Session: 77}, {Filter: "status:"}} {
		if _, err := s.ShareText(t.Context(), what); err == nil {
			t.Errorf("%+v: no error", what)
		}
	}
}

// TestWriteShareCancelled ends a share in each of its passes: nothing is left, and
// a file that was there stays.
func TestWriteShareCancelled(t *testing.T) {
	s := shareStarted(t)
	for at := range 6 {
		path := filepath.Join(t.TempDir(), "a.hookglass")
		if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		told := 0
		_, err := s.WriteShare(ctx, capture.Sharing{}, path, func(int64, int64) {
			if told++; told > at {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled after %d: %v", at, err)
		}
		names, err := os.ReadDir(filepath.Dir(path))
		content, readErr := os.ReadFile(path)
		if err != nil || readErr != nil || len(names) != 1 || string(content) != "before" {
			t.Errorf("cancelled after %d: %v, %q is left", at, names, content)
		}
	}
}

// shareFile writes a share of what an engine holds.
func shareFile(t *testing.T, s *started, what capture.Sharing) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.hookglass")
	if _, err := s.WriteShare(t.Context(), what, path, nil); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpenFileThenCloseOrImport(t *testing.T) {
	path := shareFile(t, shareStarted(t), capture.Sharing{Title: "Shared", Sharer: "Ann", Note: "see b"})
	s := start(t, t.TempDir(), nil)
	o, err := s.OpenFile(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if o.Session.State != capture.SessionStaged || o.Session.Name != "Shared" || o.Session.Origin.Sharer != "Ann" || o.Session.Origin.Redaction != "secrets" || o.Stats.Exchanges != 3 {
		t.Errorf("opened as %+v %+v", o.Session, o.Stats)
	}
	if rows, err := s.Store.List(t.Context(), store.Query{}); err != nil || len(rows) != 0 {
		t.Errorf("%d callbacks of an opened file are listed (%v)", len(rows), err)
	}
	if rows, err := s.Store.List(t.Context(), store.Query{Session: o.Session.ID}); err != nil || len(rows) != 3 {
		t.Errorf("%d callbacks are in the opened file (%v), want 3", len(rows), err)
	}
	if err := s.CloseOpened(t.Context(), o.Session.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ImportOpened(t.Context(), capture.Importing{Session: o.Session.ID}, nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("import of a closed file: %v", err)
	}
	if o, err = s.OpenFile(t.Context(), path, nil); err != nil {
		t.Fatal(err)
	}
	report, err := s.ImportOpened(t.Context(), capture.Importing{Session: o.Session.ID, Name: "Mine", Verify: true}, nil)
	if err != nil || report.Kept != 3 || report.Session.Name != "Mine" {
		t.Fatalf("got %+v (%v)", report, err)
	}
	if err := s.CloseOpened(t.Context(), o.Session.ID); err != nil {
		t.Fatal(err)
	}
	again, err := s.OpenFile(t.Context(), path, nil)
	if err != nil || again.Duplicates != 3 {
		t.Fatalf("opened again: %+v (%v), want 3 that are here already", again, err)
	}
	if report, err = s.ImportOpened(t.Context(), capture.Importing{Session: again.Session.ID}, nil); err != nil || report.Kept != 0 || report.Duplicates != 3 {
		t.Errorf("imported again: %+v (%v)", report, err)
	}
	if all, err := s.Store.Sessions(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("there are the sessions %+v (%v), want no empty one of the second import", all, err)
	}
	rows, err := s.Store.List(t.Context(), store.Query{})
	if err != nil || len(rows) != 3 || rows[0].Via != capture.ViaImport || rows[0].Import == nil {
		t.Errorf("after the import, and a late close, there is %+v (%v)", rows, err)
	}
}

func TestOpenFileCancelled(t *testing.T) {
	path := shareFile(t, shareStarted(t), capture.Sharing{})
	s := start(t, t.TempDir(), nil)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := s.OpenFile(ctx, path, func(int64, int64) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	cancel()
	if all, err := s.Store.Sessions(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("%+v is left (%v)", all, err)
	}
}

func TestImportVerifies(t *testing.T) {
	from := start(t, t.TempDir(), nil)
	mac := signed(t, start(t, t.TempDir(), map[string]string{"HOOKGLASS_KORNITX_API_KEY": kornitxKey}))
	x := from.put(t, "/kornitx/o", kornitxBody, "X-CustomGateway-Hmac", mac)
	if got := x.Annotation.Verification.Status; got != capture.KeyMissing {
		t.Fatalf("verdict = %s, want key_missing", got)
	}
	path := shareFile(t, from, capture.Sharing{Redact: "none"})
	for verify, want := range map[bool]capture.Status{false: capture.KeyMissing, true: capture.Valid} {
		s := start(t, t.TempDir(), map[string]string{"HOOKGLASS_KORNITX_API_KEY": kornitxKey})
		o, err := s.OpenFile(t.Context(), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.ImportOpened(t.Context(), capture.Importing{Session: o.Session.ID, Verify: verify}, nil); err != nil {
			t.Fatal(err)
		}
		rows, err := s.Store.List(t.Context(), store.Query{})
		if err != nil || len(rows) != 1 || rows[0].Annotation.Verification.Status != want || rows[0].Annotation.AtArrival != capture.KeyMissing {
			t.Errorf("verify %v: got %+v (%v), want %s", verify, rows, err, want)
		}
	}
}

func TestOpenText(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	o, err := s.OpenText(t.Context(), "curl https://a.example/x?y=1 -d a=b")
	if err != nil || o.Stats.Exchanges != 1 || o.Session.Origin.Format != "curl" {
		t.Errorf("got %+v (%v)", o, err)
	}
	if _, err := s.OpenText(t.Context(), "good morning"); err == nil {
		t.Error("any text is opened")
	}
}

func TestStrangersRules(t *testing.T) {
	forward := capture.Rule{ID: 9, Enabled: true, Hits: 4, Kind: capture.RuleForward, Params: capture.RuleParams{Forward: capture.Forwarding{URL: "https://theirs.example/x"}}}
	file := capture.Rule{Kind: capture.RuleFixed, Params: capture.RuleParams{Answer: capture.RuleAnswer{Status: 200, BodyFile: "/etc/passwd"}}}
	broken := capture.Rule{Kind: "magic"}
	choice := capture.Rule{Kind: capture.RulePreset, Name: "/klix/*", Endpoint: "/klix/*", Params: capture.RuleParams{Answer: capture.RuleAnswer{Preset: "accepted"}}}
	rules, skipped := strangersRules([]capture.Rule{forward, file, broken, choice})
	if len(rules) != 1 || len(skipped) != 3 {
		t.Fatalf("got %+v and %+v", rules, skipped)
	}
	if r := rules[0]; r.Enabled || r.ID != 0 || r.Hits != 0 || r.Params.Forward.URL != importedTarget {
		t.Errorf("got %+v, want it disabled and without its target", r)
	}
}

func TestCheckSession(t *testing.T) {
	for _, s := range []capture.Session{
		{},
		{Name: " "},
		{Name: strings.Repeat("x", maxSessionName+1)},
		{Name: "x", Note: strings.Repeat("x", maxNote+1)},
		{Name: "x", Keep: capture.Keep{Exchanges: -1}},
	} {
		if CheckSession(&s) == nil {
			t.Errorf("%.40q can be a session", s.Name)
		}
	}
}

func TestImportRules(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	fixed := capture.Rule{Kind: capture.RuleFixed, Params: capture.RuleParams{Answer: capture.RuleAnswer{Status: 503}}}
	elsewhere := fixed
	elsewhere.Endpoint = "/not/here"
	n, err := s.importRules(t.Context(), []capture.Rule{elsewhere, fixed, fixed}, []int{0, 1})
	if n != 1 || err == nil || !strings.Contains(err.Error(), "/not/here") {
		t.Errorf("%d rules came in (%v), want 1 and what is missing", n, err)
	}
	if all := s.Rules(); len(all) != 1 || all[0].Rule.Enabled {
		t.Errorf("got %+v, want one that is disabled", all)
	}
}

// A rule of a file that is imported again comes in once, whatever end or target it
// was given here.
func TestImportRulesOnce(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	failing := capture.RuleParams{Answer: capture.RuleAnswer{Status: 503}}
	late := failing
	late.Delay = time.Second
	rules := []capture.Rule{
		{Kind: capture.RuleFixed, Params: failing},
		{Kind: capture.RuleDelayed, Params: late},
		{Kind: capture.RuleSequence, Params: capture.RuleParams{Answers: []capture.RuleAnswer{{Status: 500}, {Status: 200}}}},
		{Kind: capture.RuleHold, Params: failing},
		{Kind: capture.RuleForward, Params: capture.RuleParams{Forward: capture.Forwarding{URL: "http://127.0.0.1:3001"}}},
		{Kind: capture.RuleDrop, Params: capture.RuleParams{Drop: capture.DropClose}},
	}
	rules, skipped := strangersRules(rules)
	if len(skipped) > 0 {
		t.Fatalf("skipped %v", skipped)
	}
	for _, want := range []int{len(rules), 0} {
		if n, err := s.importRules(t.Context(), slices.Clone(rules), []int{0, 1, 2, 3, 4, 5}); n != want || err != nil {
			t.Errorf("%d rules came in (%v), want %d", n, err, want)
		}
	}
}

func TestCourtesy(t *testing.T) {
	var c courtesy
	if rows, _ := c.step(); rows != quietRows {
		t.Errorf("%d rows at a time while nothing comes, want %d", rows, quietRows)
	}
	c.arrived()
	if rows, bytes := c.step(); rows != busyRows || bytes != busyBytes {
		t.Errorf("%d rows and %d bytes at a time while callbacks come, want %d and %d", rows, bytes, busyRows, busyBytes)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.rest(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("a rest ends with %v", err)
	}
}
