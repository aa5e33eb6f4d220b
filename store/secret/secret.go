package secret

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/zalando/go-keyring"

	"hookglass/capture"
)

// ErrNotFound says that no such secret is configured.
var ErrNotFound = errors.New("not found")

// Where says where a secret is kept.
type Where string

// The places.
const (
	Keyring     Where = "keyring"
	File        Where = "file"
	Environment Where = "environment"
)

// Entry is one configured secret.
type Entry struct {
	Name  string // the credential: "kornitx.api_key"
	Label string // "test", "live"; "" when there is only one
	Where Where
	Value capture.Secret // zero in the entries of List
}

const (
	service        = "hookglass"
	keyringTimeout = 2 * time.Second
)

// keyringCalls are the calls of the keyring, as fields so that a test can have
// one that hangs.
type keyringCalls struct {
	set    func(service, user, value string) error
	get    func(service, user string) (string, error)
	remove func(service, user string) error
}

// Store reads and writes the configured secrets of one data folder.
type Store struct {
	path    string
	getenv  func(string) string
	keyring keyringCalls
	silent  atomic.Bool // the keyring is turned off, or did not answer in time
}

// Open returns the store of a data folder. It touches neither the folder nor the
// keyring. HOOKGLASS_KEYRING=off keeps it from ever asking the keyring.
func Open(dataDir string, getenv func(string) string) *Store {
	s := &Store{
		path:    filepath.Join(dataDir, "secrets.json"),
		getenv:  getenv,
		keyring: keyringCalls{keyring.Set, keyring.Get, keyring.Delete},
	}
	s.silent.Store(strings.EqualFold(getenv("HOOKGLASS_KEYRING"), "off"))
	return s
}

// EnvName is the environment variable that sets a credential:
// HOOKGLASS_KORNITX_API_KEY for kornitx.api_key.
func EnvName(name string) string {
	return "HOOKGLASS_" + strings.ToUpper(strings.ReplaceAll(name, ".", "_"))
}

// Set keeps a value, in place of the one with the same name and label, and says
// where. While the environment sets the credential, the kept value has no effect.
func (s *Store) Set(ctx context.Context, name, label string, value capture.Secret) (Where, error) {
	if name == "" || value.Reveal() == "" {
		return "", errors.New("a secret needs a name and a value")
	}
	var where Where
	err := s.change(ctx, func(all []record) ([]record, error) {
		all, err := s.put(ctx, all, name, label, value)
		if err == nil {
			where = all[find(all, name, label)].Where
		}
		return all, err
	})
	if err != nil {
		return "", err
	}
	return where, nil
}

// put keeps a value in the keyring, or else in the record of it.
func (s *Store) put(ctx context.Context, all []record, name, label string, value capture.Secret) ([]record, error) {
	kept := record{Name: name, Label: label, Where: File}
	err := s.ask(ctx, func() error { return s.keyring.set(service, user(name, label), value.Reveal()) })
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err == nil {
		kept.Where = Keyring
	} else {
		kept.Value = []byte(value.Reveal())
	}
	if i := find(all, name, label); i >= 0 {
		all[i] = kept
		return all, nil
	}
	return append(all, kept), nil
}

// Keep returns the value of that name with the label "", and makes and keeps one
// where there is none: of two processes that ask at once, one makes it. Where it
// is kept and cannot be read, nothing is made.
func (s *Store) Keep(ctx context.Context, name string, create func() (capture.Secret, error)) (e Entry, made bool, err error) {
	if e, err = s.kept(ctx, name); !errors.Is(err, ErrNotFound) {
		return e, false, err
	}
	err = s.change(ctx, func(all []record) ([]record, error) {
		if find(all, name, "") >= 0 {
			return all, nil // another process was faster
		}
		value, err := create()
		if err != nil {
			return nil, err
		}
		made = true
		return s.put(ctx, all, name, "", value)
	})
	if err != nil {
		return Entry{}, false, err
	}
	e, err = s.kept(ctx, name)
	return e, made, err
}

// kept returns the value of that name with the label "", or ErrNotFound.
func (s *Store) kept(ctx context.Context, name string) (Entry, error) {
	entries, err := s.All(ctx, []string{name})
	if err != nil {
		return Entry{}, err
	}
	for _, e := range entries {
		if e.Label == "" {
			return e, nil
		}
	}
	return Entry{}, fmt.Errorf("%s: %w", name, ErrNotFound)
}

// Remove forgets a value, or returns ErrNotFound. One that the environment sets
// cannot be removed here: the error says so. Where the keyring does not answer,
// what it holds stays known, and the error says why.
func (s *Store) Remove(ctx context.Context, name, label string) error {
	return s.change(ctx, func(all []record) ([]record, error) {
		i := find(all, name, label)
		if i < 0 {
			if label == "" && s.getenv(EnvName(name)) != "" {
				return nil, fmt.Errorf("%s is set by the environment: unset %s instead", name, EnvName(name))
			}
			return nil, fmt.Errorf("%s: %w", titled(name, label), ErrNotFound)
		}
		err := s.ask(ctx, func() error { return s.keyring.remove(service, user(name, label)) })
		if err != nil && !errors.Is(err, keyring.ErrNotFound) && all[i].Where == Keyring {
			return nil, fmt.Errorf("removing %s from the keyring: %w", titled(name, label), err)
		}
		return slices.Delete(all, i, i+1), nil
	})
}

// All returns every configured value of the named credentials, in the order of
// the names and sorted by label. A value in the environment stands in place of
// all kept ones of its name, with the label "". Where some cannot be read, All
// returns the others and an error that names the missing ones.
func (s *Store) All(ctx context.Context, names []string) ([]Entry, error) {
	entries, values, err := s.entries(names)
	if err != nil {
		return entries, err
	}
	var readable []Entry
	var failed []error
	for i, e := range entries {
		if e.Where == Keyring {
			var text string
			if text, err = s.fromKeyring(ctx, e); err != nil {
				failed = append(failed, err)
				continue
			}
			values[i] = text
		}
		e.Value = capture.NewSecret(values[i])
		readable = append(readable, e)
	}
	return readable, errors.Join(failed...)
}

// List is All without the values: it asks no keyring.
func (s *Store) List(_ context.Context, names []string) ([]Entry, error) {
	entries, _, err := s.entries(names)
	for i := range entries {
		entries[i].Value = capture.Secret{}
	}
	return entries, err
}

// entries returns what is configured, and beside each entry its value, which is
// "" for those in the keyring. Where the file cannot be read, it returns what
// the environment sets.
func (s *Store) entries(names []string) (entries []Entry, values []string, err error) {
	all, err := read(s.path)
	slices.SortFunc(all, func(a, b record) int { return strings.Compare(a.Label, b.Label) })
	for _, name := range names {
		if value := s.getenv(EnvName(name)); value != "" {
			entries = append(entries, Entry{Name: name, Where: Environment, Value: capture.NewSecret(value)})
			values = append(values, value)
			continue
		}
		for _, r := range all {
			if r.Name != name {
				continue
			}
			entries = append(entries, Entry{Name: name, Label: r.Label, Where: r.Where})
			values = append(values, string(r.Value))
		}
	}
	return entries, values, err
}

func (s *Store) fromKeyring(ctx context.Context, e Entry) (string, error) {
	// The result is read only where the call has ended: a late one goes nowhere.
	result := make(chan string, 1)
	err := s.ask(ctx, func() error {
		text, err := s.keyring.get(service, user(e.Name, e.Label))
		result <- text
		return err
	})
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return "", fmt.Errorf("%s is gone from the keyring: set it again", titled(e.Name, e.Label))
	case err != nil:
		return "", fmt.Errorf("reading %s from the keyring: %w", titled(e.Name, e.Label), err)
	}
	return <-result, nil
}

var errSilent = errors.New("the keyring does not answer")

// ask calls the keyring and gives up after two seconds.
func (s *Store) ask(ctx context.Context, call func() error) error {
	if s.silent.Load() {
		return errSilent
	}
	done := make(chan error, 1)
	go func() { done <- call() }()
	timeout := time.NewTimer(keyringTimeout)
	defer timeout.Stop()
	select {
	case err := <-done:
		return err
	case <-timeout.C:
		s.silent.Store(true)
		return errSilent
	case <-ctx.Done():
		return ctx.Err()
	}
}

// user names a secret inside the keyring.
func user(name, label string) string {
	if label == "" {
		return name
	}
	return name + "/" + label
}

func titled(name, label string) string {
	if label == "" {
		return name
	}
	return fmt.Sprintf("%s (%s)", name, label)
}

// record is an entry of the file. The value stands there in base64: JSON's
// strings cannot hold every byte.
type record struct {
	Name  string `json:"name"`
	Label string `json:"label,omitempty"`
	Where Where  `json:"where"`
	Value []byte `json:"value,omitempty"` // only where Where is File
}

func find(all []record, name, label string) int {
	return slices.IndexFunc(all, func(r record) bool { return r.Name == name && r.Label == label })
}

// change reads the file, changes it and writes it, while no other process does.
func (s *Store) change(ctx context.Context, f func([]record) ([]record, error)) error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return err
	}
	unlock, err := lock(ctx, s.path+".lock")
	if err != nil {
		return err
	}
	defer unlock()
	all, err := read(s.path)
	if err != nil {
		return err
	}
	if all, err = f(all); err != nil {
		return err
	}
	return write(s.path, all)
}
