package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/adrg/xdg"
	"github.com/gofrs/flock"
)

// Names of the files in a data folder.
const (
	storeFile = "hookglass.db"
	lockFile  = "capture.lock"
	ownerFile = "capture.json"

	// socketFolders are the folders, in the system's for temporary files, of
	// control sockets whose path would be too long in the data folder.
	socketFolders = "hookglass-*"
)

// ours are the names of everything that Hookglass puts into a data folder.
var ours = []string{
	storeFile + "*", "capture.*", socketFile, "secrets.json*", ".secrets-*",
	"hookglass*.log", "crash*.txt", "window.json*", // the window's
}

// DefaultFolder is the platform's folder for the data of Hookglass.
func DefaultFolder() string { return filepath.Join(xdg.DataHome, "hookglass") }

// StorePath is the path of the database in a data folder.
func StorePath(folder string) string { return filepath.Join(folder, storeFile) }

// Owner is the process that captures into a data folder.
type Owner struct {
	PID    int       `json:"pid"`
	URL    string    `json:"url"`
	Since  time.Time `json:"since"`
	Socket string    `json:"socket"`
}

// CapturedError says that another process captures into the folder.
type CapturedError struct {
	Folder string
	Owner  Owner // zero where it could not be read
}

func (e *CapturedError) Error() string {
	who := "another Hookglass"
	if e.Owner.PID != 0 {
		who += fmt.Sprintf(" (process %d, at %s)", e.Owner.PID, e.Owner.URL)
	}
	return fmt.Sprintf("%s captures into %s already; stop it, or give this one a folder of its own with --data-dir", who, e.Folder)
}

// makeFolder creates a data folder that only its user can enter. An existing one
// that others can enter is closed to them where it holds nothing but ours;
// notices tell of one that stays open. Windows knows no such modes.
func makeFolder(folder string) (notices []string, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("create the data folder: %w", err)
	}
	if runtime.GOOS == "windows" {
		return nil, nil
	}
	if err := restrict(filepath.Join(folder, lockFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		notices = append(notices, fmt.Sprintf("others may hold the capture lock: %v", err))
	}
	info, err := os.Stat(folder)
	if err != nil {
		return nil, fmt.Errorf("look at the data folder: %w", err)
	}
	if info.Mode().Perm()&^0o700 == 0 {
		return notices, nil
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("look into the data folder: %w", err)
	}
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return !isOurs(e.Name()) }) {
		err = errors.New("it holds files of other programs too")
	} else {
		err = restrict(folder)
	}
	if err != nil {
		notices = append(notices, fmt.Sprintf("others can look into the data folder %s, though not into its files: %v", folder, err))
	}
	return notices, nil
}

func isOurs(name string) bool {
	return slices.ContainsFunc(ours, func(pattern string) bool {
		matched, err := filepath.Match(pattern, name)
		return err == nil && matched
	})
}

// restrict takes the rights of group and others from a file or folder.
func restrict(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	return os.Chmod(path, info.Mode().Perm()&0o700)
}

const (
	// patience is how long a process waits for another that is starting or
	// ending, or makes a single change.
	patience = 5 * time.Second

	// lockPause is how often it looks again.
	lockPause = 20 * time.Millisecond
)

// lockFolder takes the capture lock of a folder, or fails with *CapturedError.
// While somebody holds the lock who does not say to capture, it waits a little.
func lockFolder(ctx context.Context, folder string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(folder, lockFile), flock.SetPermissions(0o600))
	for giveUp := time.Now().Add(patience); ; {
		held, err := lock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock the data folder: %w", err)
		}
		if held {
			// What a killed process left behind would tell a lie from now on.
			if err := forgetOwner(folder); err != nil {
				return nil, errors.Join(fmt.Errorf("remove what an earlier process left: %w", err), lock.Unlock())
			}
			return lock, nil
		}
		owner, known := readOwner(folder)
		if known || !time.Now().Before(giveUp) {
			return nil, &CapturedError{Folder: folder, Owner: owner}
		}
		if err := pause(ctx, lockPause); err != nil {
			return nil, fmt.Errorf("wait for the lock of the data folder: %w", err)
		}
	}
}

// pause waits, and fails where ctx ends before.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// forgetOwner removes what a process left that was killed. The caller holds the
// lock.
func forgetOwner(folder string) error {
	owner, _ := readOwner(folder)
	if inSocketFolder(owner.Socket) {
		// Neither need be there, and a folder left among the temporary files is no
		// reason not to capture.
		_ = os.Remove(owner.Socket)
		_ = os.Remove(filepath.Dir(owner.Socket))
	}
	return removeOwner(folder)
}

// inSocketFolder reports whether a socket has a folder of its own, apart from
// the data folder. Nothing else that an owner file names is ever removed.
func inSocketFolder(socket string) bool {
	folder, name := filepath.Split(socket)
	parent, base := filepath.Split(filepath.Clean(folder))
	matched, err := filepath.Match(socketFolders, base)
	return err == nil && matched && name == socketFile && filepath.Clean(parent) == filepath.Clean(os.TempDir())
}

// readOwner reads who says to capture into a folder. It may be out of date: only
// the lock knows.
func readOwner(folder string) (Owner, bool) {
	var owner Owner
	text, err := os.ReadFile(filepath.Join(folder, ownerFile))
	if err != nil || json.Unmarshal(text, &owner) != nil {
		return Owner{}, false
	}
	return owner, true
}

func writeOwner(folder string, owner Owner) error {
	text, err := json.Marshal(owner)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, ownerFile), append(text, '\n'), 0o600)
}

func removeOwner(folder string) error {
	err := os.Remove(filepath.Join(folder, ownerFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
