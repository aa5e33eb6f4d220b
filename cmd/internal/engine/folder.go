package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/adrg/xdg"
	"github.com/gofrs/flock"
)

// Names of the files in a data folder.
const (
	storeFile = "hookglass.db"
	lockFile  = "capture.lock"
	ownerFile = "capture.json"
)

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

// makeFolder creates a data folder that only its user can enter.
func makeFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("create the data folder: %w", err)
	}
	return nil
}

// patience is how long a change waits for another process's change to end.
const patience = 3 * time.Second

// lockFolder takes the capture lock of a folder, or fails with *CapturedError.
// Where nobody says to capture, it waits a little: another process may hold the
// lock for the moment of a single change.
func lockFolder(ctx context.Context, folder string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(folder, lockFile), flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err == nil && !held {
		if owner, ok := readOwner(folder); ok {
			return nil, &CapturedError{Folder: folder, Owner: owner}
		}
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		if _, err = lock.TryLockContext(ctx, 20*time.Millisecond); errors.Is(err, context.DeadlineExceeded) {
			return nil, &CapturedError{Folder: folder}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	// What a killed process left behind would tell a lie from now on.
	return lock, removeOwner(folder)
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
