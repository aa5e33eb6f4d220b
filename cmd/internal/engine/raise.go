package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// ErrNoWindow says that the process that captures has no window to raise.
var ErrNoWindow = errors.New("the Hookglass that captures runs in a terminal and has no window")

// Raise asks the process that captures into a folder to show its window, and to
// open files, whose paths may be relative to the working folder of this process.
// It reports whether there was one: false, without an error, where nobody
// captures. It fails with ErrNoWindow where that process runs in a terminal, and
// waits a little for one that is just starting or ending.
func Raise(ctx context.Context, folder string, files []string) (bool, error) {
	change := Change{Action: RaiseWindow}
	for _, file := range files {
		path, err := filepath.Abs(file)
		if err != nil {
			return false, err
		}
		change.Files = append(change.Files, path)
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		free, err := unlocked(folder)
		if free || err != nil {
			return false, err
		}
		err = errUnanswered
		if owner, known := readOwner(folder); known && owner.Socket != "" {
			_, err = ask(ctx, owner.Socket, change)
		}
		if !errors.Is(err, errUnanswered) || pause(waiting, lockPause) != nil {
			return err == nil, err
		}
	}
}

// unlocked reports whether nobody captures into a folder, whatever a killed
// process left there.
func unlocked(folder string) (bool, error) {
	path := filepath.Join(folder, lockFile)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	lock := flock.New(path)
	held, err := lock.TryLock()
	if err != nil {
		return false, fmt.Errorf("look at the lock of the data folder: %w", err)
	}
	if held {
		return true, lock.Unlock()
	}
	return false, lock.Close()
}
