package engine

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/store"
)

func TestADamagedDatabaseIsMovedAside(t *testing.T) {
	folder := t.TempDir()
	rubbish := []byte(strings.Repeat("this is not a database ", 500))
	if err := os.WriteFile(StorePath(folder), rubbish, 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, folder, nil)
	if len(s.Notices()) != 1 {
		t.Errorf("notices = %q", s.Notices())
	}
	aside, err := filepath.Glob(StorePath(folder) + ".damaged-*")
	if err != nil || len(aside) != 1 {
		t.Fatalf("moved aside: %v, %v", aside, err)
	}
	if got, err := os.ReadFile(aside[0]); err != nil || string(got) != string(rubbish) {
		t.Errorf("the damaged file was changed (%v)", err)
	}
}

func TestAReaderNeverTouchesADamagedDatabase(t *testing.T) {
	folder := t.TempDir()
	rubbish := []byte(strings.Repeat("this is not a database ", 500))
	if err := os.WriteFile(StorePath(folder), rubbish, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReader(t.Context(), Config{Folder: folder, Getenv: environment(nil)}); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("OpenReader = %v, want ErrDamaged", err)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 1 {
		t.Errorf("files = %v, %v, want the database alone", files, err)
	}
}

func TestASingleChangeNeverMovesADatabaseAside(t *testing.T) {
	folder := t.TempDir()
	rubbish := strings.Repeat("this is not a database ", 500)
	if err := os.WriteFile(StorePath(folder), []byte(rubbish), 0o600); err != nil {
		t.Fatal(err)
	}
	config := Config{Folder: folder, Getenv: environment(nil), MoveAside: true}
	if _, err := Apply(t.Context(), config, Change{Action: KeysChanged, Provider: "klix"}); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("Apply = %v, want ErrDamaged", err)
	}
	if got, err := os.ReadFile(StorePath(folder)); err != nil || string(got) != rubbish {
		t.Errorf("the damaged file was changed (%v)", err)
	}
	if aside, err := filepath.Glob(StorePath(folder) + ".damaged-*"); err != nil || len(aside) != 0 {
		t.Errorf("moved aside: %v, %v", aside, err)
	}
}

// A process that starts to capture makes the file, and fills it a moment later.
func TestAReaderTakesAFileThatIsNotFilledForNone(t *testing.T) {
	for name, journal := range map[string]bool{"empty": false, "made, but without a table": true} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.WriteFile(StorePath(folder), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if journal {
				unfilled(t, StorePath(folder))
			}
			reader, err := OpenReader(t.Context(), Config{Folder: folder, Getenv: environment(nil)})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = reader.Close() }()
			if reader.Store != nil || len(reader.Endpoints) == 0 {
				t.Errorf("store %v, %d endpoints, want no store and the first endpoints", reader.Store, len(reader.Endpoints))
			}
		})
	}
}

// unfilled gives a file the page and the journal mode that SQLite writes first.
func unfilled(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), "PRAGMA journal_mode = WAL"); err != nil {
		t.Fatal(err)
	}
}

// What only the capturing process has, from its environment, is masked in what
// another process lists and finds.
func TestAReaderMasksTheCapturersSecrets(t *testing.T) {
	s := shareStarted(t)
	r, err := OpenReader(t.Context(), Config{Folder: s.config.Folder, Getenv: environment(nil)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if got := r.Mask("/x/" + kornitxKey); strings.Contains(got, kornitxKey) {
		t.Errorf("the target is listed as %s", got)
	}
	x, err := r.WithoutSecrets(&capture.Exchange{Request: capture.Request{Body: []byte("in " + kornitxKey)}})
	if err != nil || strings.Contains(string(x.Request.Body), kornitxKey) {
		t.Errorf("%v: it is found as %s", err, x.Request.Body)
	}
}
