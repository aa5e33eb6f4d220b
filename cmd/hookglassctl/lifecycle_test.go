package main_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSignalEndsServe(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir)
	p.send(t, callback{"POST", "/x", nil, []byte("kept")})
	idle := p.dial(t) // a sender that says nothing does not hold up the end
	if err := p.stop(t); err != nil {
		t.Errorf("serve ended with %v on SIGTERM, want exit 0; it said: %s", err, p.stderr)
	}
	_ = idle.Close()
	if rows := list(t, dir); len(rows) != 1 || rows[0].State != "answered" {
		t.Errorf("got %v, want one answered callback", rows)
	}
	again := serve(t, dir)
	again.send(t, callback{"POST", "/x", nil, []byte("more")})
	if got := last(t, dir, 2); got.ID != 2 {
		t.Errorf("the first callback after a restart has id %d, want 2", got.ID)
	}
}

func TestOneCapturesPerFolder(t *testing.T) {
	p := serve(t, t.TempDir())
	_, stderr, code := ctl(t, p.dir, nil, "serve", "--listen", "127.0.0.1:0")
	if code != 1 || !strings.Contains(stderr, p.url) {
		t.Errorf("a second serve: exit %d and %q, want exit 1 and who captures at %s", code, stderr, p.url)
	}
	if answer := p.send(t, callback{"POST", "/x", nil, []byte("x")}); answer.status != 200 {
		t.Errorf("the first serve answers %d after that, want 200", answer.status)
	}
	p.kill()
	after := serve(t, p.dir) // what a killed process left behind does not lock anybody out
	if answer := after.send(t, callback{"POST", "/x", nil, []byte("y")}); answer.status != 200 {
		t.Errorf("after a kill: answered %d, want 200", answer.status)
	}
}

// A file that is no database is moved aside by serve, whole, and never touched
// by list.
func TestDamagedFile(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir)
	if err := p.stop(t); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the folder holds the databases %v (%v), want one", files, err)
	}
	rubbish := bytes.Repeat([]byte("this is no database. "), 1000)
	if err := os.WriteFile(files[0], rubbish, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := ctl(t, dir, nil, "list"); code != 1 || strings.TrimSpace(stderr) == "" {
		t.Errorf("list: exit %d and %q, want exit 1 and a sentence", code, stderr)
	}
	if content, err := os.ReadFile(files[0]); err != nil || !bytes.Equal(content, rubbish) {
		t.Errorf("list changed the damaged file (%v)", err)
	}
	again := serve(t, dir)
	if answer := again.send(t, callback{"POST", "/x", nil, []byte("x")}); answer.status != 200 {
		t.Errorf("answered %d, want 200", answer.status)
	}
	if said := again.stderr.String(); !strings.Contains(said, "damaged") {
		t.Errorf("serve said %q, want where the damaged file is", said)
	}
	if !lies(t, dir, rubbish) {
		t.Error("the damaged file is gone; want it moved aside whole")
	}
}

// lies reports whether a file of a folder, or of one below, has these bytes.
func lies(t *testing.T, dir string, content []byte) bool {
	t.Helper()
	found := false
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		got, err := os.ReadFile(path)
		found = found || bytes.Equal(got, content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// An empty folder is read without being written to.
func TestReadingCreatesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "absent")
	for _, args := range [][]string{{"list"}, {"list", "--json"}, {"endpoint", "list"}, {"secret", "list"}, {"show", "1"}} {
		ctl(t, dir, nil, args...)
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Fatalf("%v made the data folder", args)
		}
	}
}
