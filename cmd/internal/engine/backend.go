package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/store"
	"hookglass/store/secret"
)

// CheckKey says why a value cannot be one of a credential, or nil. It returns
// ErrNotFound where no provider wants such a credential.
func CheckKey(set *providers.Set, credential, value string) error {
	c := Credential(set, credential)
	switch {
	case c == nil:
		return fmt.Errorf("credential %q: %w", credential, ErrNotFound)
	case value == "":
		return errors.New("it is empty")
	case c.Check != nil:
		return c.Check(value)
	}
	return nil
}

// SaveKey keeps a value of a credential: a secret in the keyring or its file,
// public material in the database. What was captured is verified again in the
// background. An error is CheckKey's, or says why it could not be kept.
func (e *Engine) SaveKey(ctx context.Context, credential, label, value string) error {
	if err := CheckKey(e.Set, credential, value); err != nil {
		return err
	}
	if Credential(e.Set, credential).Public {
		_, err := e.apply(ctx, Change{Action: PutPublic, Name: credential, Label: label, Value: value})
		return err
	}
	if _, err := e.secrets.Set(ctx, credential, label, capture.NewSecret(value)); err != nil {
		return fmt.Errorf("keep %s: %w", credential, err)
	}
	_, err := e.apply(ctx, Change{Action: KeysChanged, Provider: ProviderOf(credential)})
	return err
}

// RemoveKey takes back what SaveKey keeps, or returns ErrNotFound. What the
// environment sets it cannot take back, and says so.
func (e *Engine) RemoveKey(ctx context.Context, credential, label string) error {
	c := Credential(e.Set, credential)
	switch {
	case c == nil:
		return fmt.Errorf("credential %q: %w", credential, ErrNotFound)
	case c.Public && e.config.Getenv(secret.EnvName(credential)) != "":
		return fmt.Errorf("%s is set by the environment: unset %s instead", credential, secret.EnvName(credential))
	case c.Public:
		_, err := e.apply(ctx, Change{Action: RemovePublic, Name: credential, Label: label})
		return err
	}
	err := e.secrets.Remove(ctx, credential, label)
	if errors.Is(err, secret.ErrNotFound) {
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	if err == nil {
		_, err = e.apply(ctx, Change{Action: KeysChanged, Provider: ProviderOf(credential)})
	}
	return err
}

// Endpoints returns the endpoints in force, sorted by path. It does not block.
func (e *Engine) Endpoints() capture.Endpoints { return slices.Clone(*e.endpoints.Load()) }

// PutEndpoint adds an endpoint, or changes the one at its path, from the next
// callback on. One that is live stays so.
func (e *Engine) PutEndpoint(ctx context.Context, endpoint capture.Endpoint) error {
	if old := e.endpointAt(endpoint.Path); old != nil {
		endpoint.Live = endpoint.Live || old.Live
	}
	_, err := e.apply(ctx, Change{Action: PutEndpoint, Endpoint: endpoint})
	return err
}

// RemoveEndpoint removes an endpoint and the choice for it, or returns
// ErrNotFound. Its path is still captured.
func (e *Engine) RemoveEndpoint(ctx context.Context, path string) error {
	_, err := e.apply(ctx, Change{Action: RemoveEndpoint, Endpoint: capture.Endpoint{Path: path}})
	return err
}

// Stats says how much is stored, and how large its files are.
type Stats struct {
	store.Stats
	File int64 // bytes on disk: the database with the log beside it
}

// Stats counts; with a million exchanges that takes some 10 ms.
func (e *Engine) Stats(ctx context.Context) (Stats, error) {
	counted, err := e.Store.Stats(ctx)
	s := Stats{Stats: counted}
	for _, name := range []string{e.Store.Path(), e.Store.Path() + "-wal"} {
		if info, statErr := os.Stat(name); statErr == nil { // without one there is nothing to count
			s.File += info.Size()
		}
	}
	return s, err
}
