package main_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// listedSession is a session as session list --json prints it.
type listedSession struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	State     string `json:"state"`
	Active    bool   `json:"active"`
	Note      string `json:"note"`
	Callbacks int64  `json:"callbacks"`
	Failed    int64  `json:"failed"`
	First     string `json:"first"`
	Keep      struct {
		Count int    `json:"count"`
		Bytes int64  `json:"bytes"`
		Age   string `json:"age"`
	} `json:"keep"`
	Origin *struct {
		File, Format, Tool, Sharer, Note, Redaction string
	} `json:"origin"`
}

func listSessions(t testing.TB, dir string) (all []listedSession) {
	t.Helper()
	for line := range strings.Lines(mustCtl(t, dir, nil, "session", "list", "--json")) {
		var s listedSession
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		all = append(all, s)
	}
	return all
}

func sessionNamed(t testing.TB, dir, name string) listedSession {
	t.Helper()
	all := listSessions(t, dir)
	i := slices.IndexFunc(all, func(s listedSession) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("there is no session %q among %+v", name, all)
	}
	return all[i]
}

func TestSessions(t *testing.T) {
	p := serve(t, t.TempDir())
	p.send(t, callback{"POST", "/first", nil, []byte("x")})
	first := listSessions(t, p.dir)
	if len(first) != 1 || !first[0].Active || first[0].State != "open" {
		t.Fatalf("got %+v, want one session, which is the active one", first)
	}
	id := strings.TrimSpace(mustCtl(t, p.dir, nil, "session", "new", "Second try", "--note", "after lunch"))
	p.send(t, callback{"POST", "/second", nil, []byte("x")})
	p.send(t, callback{"POST", "/second", nil, []byte("x")})
	settled(t, p.dir, 3)
	second := sessionNamed(t, p.dir, "Second try")
	if !second.Active || second.Callbacks != 2 || second.Note != "after lunch" || second.First == "" {
		t.Errorf("got %+v, want the active one with 2 callbacks", second)
	}
	for name, want := range map[string]int{id: 2, "second try": 2, "1": 1} {
		if got := list(t, p.dir, "--session", name); len(got) != want {
			t.Errorf("list --session %s: %d callbacks, want %d", name, len(got), want)
		}
	}
	if _, stderr, code := ctl(t, p.dir, nil, "session", "delete", id); code != 1 || !strings.Contains(stderr, "switch") {
		t.Errorf("delete of the active one: exit %d, %q; want 1 and what to do", code, stderr)
	}
	mustCtl(t, p.dir, nil, "session", "switch", "1")
	mustCtl(t, p.dir, nil, "session", "rename", id, "Later")
	p.send(t, callback{"POST", "/third", nil, []byte("x")})
	settled(t, p.dir, 4)
	if got := list(t, p.dir, "--session", "1"); len(got) != 2 {
		t.Errorf("after the switch session 1 has %d callbacks, want 2", len(got))
	}
	mustCtl(t, p.dir, nil, "session", "delete", "Later")
	if got := list(t, p.dir); len(got) != 2 {
		t.Errorf("%d callbacks are listed after a session was deleted, want 2", len(got))
	}
	mustCtl(t, p.dir, nil, "session", "restore", "Later")
	if got := list(t, p.dir); len(got) != 4 {
		t.Errorf("%d callbacks are listed after it was restored, want 4", len(got))
	}
	mustCtl(t, p.dir, nil, "session", "archive", id)
	if got := sessionNamed(t, p.dir, "Later"); got.State != "archived" {
		t.Errorf("got %s, want archived", got.State)
	}
	if plain := mustCtl(t, p.dir, nil, "session"); strings.Contains(plain, "Later") || !strings.Contains(plain, "* 1") {
		t.Errorf("session lists what is archived, or not what is active:\n%s", plain)
	}
}

// Without a program that captures, every command is a start and an end of its own.
func TestSessionsAlone(t *testing.T) {
	p := serve(t, t.TempDir())
	p.send(t, callback{"POST", "/first", nil, []byte("x")})
	settled(t, p.dir, 1)
	mustCtl(t, p.dir, nil, "session", "new", "Other")
	if err := p.stop(t); err != nil {
		t.Fatal(err)
	}
	mustCtl(t, p.dir, nil, "session", "delete", "1")
	mustCtl(t, p.dir, nil, "session", "note", "Other", "a change")
	mustCtl(t, p.dir, nil, "session", "restore", "1")
	if got := list(t, p.dir); len(got) != 1 {
		t.Errorf("%d callbacks after the delete was taken back, want 1", len(got))
	}
	mustCtl(t, p.dir, nil, "session", "delete", "1")
	p = serve(t, p.dir)
	if got := listSessions(t, p.dir); len(got) != 1 || got[0].Name != "Other" {
		t.Errorf("after a start there is %+v", got)
	}
}

func TestSessionKeep(t *testing.T) {
	p := serve(t, t.TempDir())
	for range 5 {
		p.send(t, callback{"POST", "/x", nil, []byte("x")})
	}
	settled(t, p.dir, 5)
	_, stderr, code := ctl(t, p.dir, nil, "session", "keep", "1", "--count", "2")
	if code != 1 || !strings.Contains(stderr, "3 callbacks") || len(list(t, p.dir)) != 5 {
		t.Errorf("exit %d and %q, want that 3 callbacks would go, and nothing changed", code, stderr)
	}
	mustCtl(t, p.dir, nil, "session", "keep", "1", "--count", "4000", "--age", "30d", "--size", "1G")
	if got := listSessions(t, p.dir)[0].Keep; got.Count != 4000 || got.Bytes != 1<<30 || got.Age != "720h0m0s" {
		t.Errorf("got %+v", got)
	}
	for _, args := range [][]string{{"--size", "many"}, {"--age", "-3h"}, {"--count=-1"}} {
		if _, stderr, code := ctl(t, p.dir, nil, append([]string{"session", "keep", "1"}, args...)...); code != 2 {
			t.Errorf("%v: exit %d and %q, want 2", args, code, stderr)
		}
	}
}

func TestRemarks(t *testing.T) {
	p := serve(t, t.TempDir())
	for range 2 {
		p.send(t, callback{"POST", "/x", nil, []byte("x")})
	}
	settled(t, p.dir, 2)
	mustCtl(t, p.dir, nil, "pin", "1")
	mustCtl(t, p.dir, nil, "mark", "red", "1", "2")
	mustCtl(t, p.dir, nil, "mark", "none", "2")
	mustCtl(t, p.dir, nil, "note", "1", "ask \x1b[31mKlix")
	var got struct {
		Pinned     bool
		Mark, Note string
	}
	if err := json.Unmarshal([]byte(mustCtl(t, p.dir, nil, "list", "--json", "--filter", "pinned mark:red note:ask")), &got); err != nil {
		t.Fatal(err)
	}
	if !got.Pinned || got.Mark != "red" || got.Note != "ask \x1b[31mKlix" {
		t.Errorf("got %+v", got)
	}
	if text := mustCtl(t, p.dir, nil, "list", "--limit", "2"); strings.Contains(text, "\x1b") || !strings.Contains(text, "marked red") || strings.Count(text, "marked") != 1 {
		t.Errorf("the list shows %q", text)
	}
	mustCtl(t, p.dir, nil, "pin", "--off", "1")
	if rest := mustCtl(t, p.dir, nil, "list", "--filter", "pinned"); rest != "" {
		t.Errorf("still pinned: %s", rest)
	}
	if _, stderr, code := ctl(t, p.dir, nil, "mark", "pink", "1"); code != 2 || !strings.Contains(stderr, "amber") {
		t.Errorf("a colour that is none: exit %d and %q", code, stderr)
	}
}
