package secret

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// content is the file.
type content struct {
	Secrets []record `json:"secrets"`
}

// read reads the file; a missing one holds nothing. The error for a damaged one
// quotes none of it.
func read(path string) ([]record, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the secrets: %w", err)
	}
	var c content
	if json.Unmarshal(text, &c) != nil || !sound(c.Secrets) {
		return nil, fmt.Errorf("the file %s is damaged: repair it, or move it away and set the secrets again", path)
	}
	return c.Secrets, nil
}

func sound(all []record) bool {
	for _, r := range all {
		switch {
		case r.Name == "":
			return false
		case r.Where == File && r.Value != nil, r.Where == Keyring && r.Value == nil:
		default:
			return false
		}
	}
	return true
}

// write replaces the file by a new one, so that a crash leaves the old or the
// new one.
func write(path string, all []record) error {
	text, err := json.MarshalIndent(content{all}, "", "  ")
	if err != nil {
		return errors.New("the secrets cannot be written as JSON")
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".secrets-*") // CreateTemp gives 0600
	if err != nil {
		return fmt.Errorf("writing the secrets: %w", err)
	}
	_, err = f.Write(append(text, '\n'))
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("writing the secrets: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

// lock takes the lock file, waiting for another process as long as ctx allows.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	l := flock.New(path, flock.SetPermissions(0o600))
	if _, err := l.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return nil, fmt.Errorf("waiting for %s: %w", path, err)
	}
	return func() { _ = l.Close() }, nil
}
