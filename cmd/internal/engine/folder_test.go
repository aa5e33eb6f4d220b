package engine

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"

	"hookglass/capture"
)

func TestASecondCaptureIsRefused(t *testing.T) {
	folder := t.TempDir()
	first := start(t, folder, nil)
	_, err := Open(t.Context(), Config{Folder: folder, Getenv: environment(nil)})
	var captured *CapturedError
	if !errors.As(err, &captured) || captured.Owner.PID != os.Getpid() || captured.Owner.URL != first.url {
		t.Errorf("Open = %v, want a CapturedError that names this process and %s", err, first.url)
	}
}

func TestAStaleOwnerIsForgotten(t *testing.T) {
	folder := t.TempDir()
	if err := writeOwner(folder, Owner{PID: 1, URL: "http://gone"}); err != nil {
		t.Fatal(err)
	}
	start(t, folder, nil)
	if owner, ok := readOwner(folder); !ok || owner.PID != os.Getpid() {
		t.Errorf("owner = %+v, %v", owner, ok)
	}
}

// locked takes the capture lock of a folder as another process would.
func locked(t *testing.T, folder string) *flock.Flock {
	t.Helper()
	lock := flock.New(filepath.Join(folder, lockFile))
	if held, err := lock.TryLock(); err != nil || !held {
		t.Fatalf("TryLock = %v, %v", held, err)
	}
	return lock
}

func TestAnOwnerThatIsJustStartingIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		lock := locked(t, folder)
		defer func() { _ = lock.Unlock() }()
		begun := time.Now()
		time.AfterFunc(time.Second, func() {
			if err := writeOwner(folder, Owner{PID: 7, URL: "http://one"}); err != nil {
				t.Error(err)
			}
		})
		_, err := Open(t.Context(), Config{Folder: folder, Getenv: environment(nil)})
		var captured *CapturedError
		if !errors.As(err, &captured) || captured.Owner.PID != 7 {
			t.Errorf("Open = %v, want a CapturedError that names process 7", err)
		}
		if took := time.Since(begun); took > time.Second+lockPause {
			t.Errorf("it took %v to see what was there after 1s", took)
		}
	})
}

func TestALockThatNobodySpeaksForIsWaitedForInVain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		lock := locked(t, folder)
		defer func() { _ = lock.Unlock() }()
		begun := time.Now()
		_, err := Apply(t.Context(), Config{Folder: folder, Getenv: environment(nil)}, Change{Action: Delete})
		var captured *CapturedError
		if !errors.As(err, &captured) || captured.Owner.PID != 0 {
			t.Errorf("Apply = %v, want a CapturedError without an owner", err)
		}
		if took := time.Since(begun); took < patience || took > patience+lockPause {
			t.Errorf("it waited %v, want %v", took, patience)
		}
	})
}

func TestAChangeWaitsForACaptureThatIsEnding(t *testing.T) {
	for _, c := range []struct {
		name   string
		socket func(t *testing.T, folder string) string
	}{
		{"its socket is gone", func(_ *testing.T, folder string) string { return filepath.Join(folder, socketFile) }},
		{"its socket closes unheard", func(t *testing.T, folder string) string {
			l, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", filepath.Join(folder, socketFile))
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				if conn, err := l.Accept(); err == nil {
					_ = conn.Close()
				}
				_ = l.Close()
			}()
			return l.Addr().String()
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				lock := locked(t, folder)
				if err := writeOwner(folder, Owner{PID: 7, Socket: c.socket(t, folder)}); err != nil {
					t.Fatal(err)
				}
				time.AfterFunc(time.Second, func() {
					if err := errors.Join(removeOwner(folder), lock.Unlock()); err != nil {
						t.Error(err)
					}
				})
				config := Config{Folder: folder, Getenv: environment(nil)}
				put := Change{Action: PutEndpoint, Endpoint: capture.Endpoint{Path: "/mine", Provider: "komet"}}
				if done, err := Apply(t.Context(), config, put); err != nil || done != 1 {
					t.Errorf("Apply = %d, %v, want 1", done, err)
				}
			})
		})
	}
}

func TestAFolderThatOthersCanEnterIsClosed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	for _, c := range []struct {
		name, file string
		want       os.FileMode
		notices    int
	}{
		{"of ours", storeFile, 0o700, 0},
		{"of others too", "letters.txt", 0o755, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			for _, name := range []string{c.file, lockFile} {
				if err := os.WriteFile(filepath.Join(folder, name), nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Chmod(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			s := start(t, folder, nil)
			if len(s.Notices()) != c.notices {
				t.Errorf("notices = %q, want %d", s.Notices(), c.notices)
			}
			for path, want := range map[string]os.FileMode{folder: c.want, filepath.Join(folder, lockFile): 0o600} {
				if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
					t.Errorf("%s: mode %v, want %v (%v)", path, info.Mode().Perm(), want, err)
				}
			}
		})
	}
}

// temporary gives this test a folder for temporary files of its own.
func temporary(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, folder)
	}
	return folder
}

func TestSocketApart(t *testing.T) {
	folder := filepath.Join(t.TempDir(), strings.Repeat("long", 25))
	apart := temporary(t)
	e, err := Open(t.Context(), Config{Folder: folder, Getenv: environment(nil)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Listen(t.Context(), "127.0.0.1:0", false); err != nil {
		t.Fatal(err)
	}
	if owner, _ := readOwner(folder); !inSocketFolder(owner.Socket) {
		t.Errorf("the socket is at %s", owner.Socket)
	}
	if err := e.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(apart); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestSocketOfAKilledProcess(t *testing.T) {
	elsewhere, apart := t.TempDir(), temporary(t)
	for _, c := range []struct {
		name, socket string
		removed      bool
	}{
		{"apart", filepath.Join(apart, "hookglass-1", socketFile), true},
		{"another name", filepath.Join(apart, "hookglass-2", "letters.txt"), false},
		{"another folder", filepath.Join(apart, "letters", socketFile), false},
		{"not among temporary files", filepath.Join(elsewhere, "hookglass-1", socketFile), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.Mkdir(filepath.Dir(c.socket), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(c.socket, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := writeOwner(folder, Owner{PID: 1, Socket: c.socket}); err != nil {
				t.Fatal(err)
			}
			start(t, folder, nil)
			if _, err := os.Stat(filepath.Dir(c.socket)); errors.Is(err, os.ErrNotExist) != c.removed {
				t.Errorf("Stat = %v, want removed: %v", err, c.removed)
			}
		})
	}
}
