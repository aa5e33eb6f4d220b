package secret

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zalando/go-keyring"
	"go.uber.org/goleak"

	"hookglass/capture"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a keyring in memory.
type fake struct {
	mu     sync.Mutex
	values map[string]string
	err    error
}

func (f *fake) calls() keyringCalls {
	return keyringCalls{
		set: func(service, user, value string) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.err != nil {
				return f.err
			}
			f.values[service+" "+user] = value
			return nil
		},
		get: func(service, user string) (string, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			value, ok := f.values[service+" "+user]
			if f.err == nil && !ok {
				return "", keyring.ErrNotFound
			}
			return value, f.err
		},
		remove: func(service, user string) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.err == nil {
				delete(f.values, service+" "+user)
			}
			return f.err
		},
	}
}

func environment(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

func open(t *testing.T, dir string, k *fake, env map[string]string) *Store {
	t.Helper()
	s := Open(dir, environment(env))
	s.keyring = k.calls()
	return s
}

// plain makes entries comparable and readable.
func plain(entries []Entry) []string {
	var all []string
	for _, e := range entries {
		all = append(all, fmt.Sprintf("%s|%s|%s|%s", e.Name, e.Label, e.Where, e.Value.Reveal()))
	}
	return all
}

func set(t *testing.T, s *Store, name, label, value string, want Where) {
	t.Helper()
	got, err := s.Set(t.Context(), name, label, capture.NewSecret(value))
	if err != nil || got != want {
		t.Fatalf("Set(%s, %s) = %q, %v, want %q", name, label, got, err, want)
	}
}

func all(t *testing.T, s *Store, names ...string) []string {
	t.Helper()
	entries, err := s.All(t.Context(), names)
	if err != nil {
		t.Fatal(err)
	}
	return plain(entries)
}

func TestPlaces(t *testing.T) {
	tests := []struct {
		name   string
		broken error
		env    map[string]string
		kept   Where
		want   []string
	}{
		{
			name: "keyring", kept: Keyring,
			want: []string{"kornitx.api_key||keyring|one", "kornitx.api_key|test|keyring|two", "probo.token||keyring|three"},
		},
		{
			name: "no keyring", broken: errors.New("no bus"), kept: File,
			want: []string{"kornitx.api_key||file|one", "kornitx.api_key|test|file|two", "probo.token||file|three"},
		},
		{
			name: "turned off", env: map[string]string{"HOOKGLASS_KEYRING": "off"}, kept: File,
			want: []string{"kornitx.api_key||file|one", "kornitx.api_key|test|file|two", "probo.token||file|three"},
		},
		{
			name: "environment", env: map[string]string{"HOOKGLASS_KORNITX_API_KEY": "env"}, kept: Keyring,
			want: []string{"kornitx.api_key||environment|env", "probo.token||keyring|three"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			k := &fake{values: map[string]string{}, err: tt.broken}
			s := open(t, dir, k, tt.env)
			set(t, s, "kornitx.api_key", "test", "old", tt.kept)
			set(t, s, "kornitx.api_key", "test", "two", tt.kept)
			set(t, s, "kornitx.api_key", "", "one", tt.kept)
			set(t, s, "probo.token", "", "three", tt.kept)
			set(t, s, "komet.authorization", "", "not asked for", tt.kept)

			s = open(t, dir, k, tt.env) // another process
			if got := all(t, s, "kornitx.api_key", "probo.token", "klix.webhook_key"); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("All = %q, want %q", got, tt.want)
			}
			listed, err := s.List(t.Context(), []string{"kornitx.api_key", "probo.token"})
			if err != nil || len(listed) != len(tt.want) {
				t.Errorf("List = %v, %v, want %d entries", plain(listed), err, len(tt.want))
			}
			for _, e := range listed {
				if e.Value.Reveal() != "" {
					t.Errorf("List gives the value of %s", e.Name)
				}
			}
			text, err := os.ReadFile(filepath.Join(dir, "secrets.json"))
			if err != nil {
				t.Fatal(err)
			}
			if inFile := strings.Contains(string(text), `"value"`); inFile != (tt.kept == File) {
				t.Errorf("values in the file: %v, want %v", inFile, tt.kept == File)
			}
			if runtime.GOOS == "windows" {
				return
			}
			for _, name := range []string{"secrets.json", "secrets.json.lock"} {
				info, err := os.Stat(filepath.Join(dir, name))
				if err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("mode of %s = %v, %v, want 0600", name, info.Mode(), err)
				}
			}
		})
	}
}

func TestAnyBytes(t *testing.T) {
	value := "\x00\xff\"\\ü\r\n "
	s := open(t, t.TempDir(), &fake{err: errors.New("none")}, nil)
	set(t, s, "probo.token", "", value, File)
	if got := all(t, s, "probo.token"); !reflect.DeepEqual(got, []string{"probo.token||file|" + value}) {
		t.Errorf("All = %q", got)
	}
}

func TestRemove(t *testing.T) {
	k := &fake{values: map[string]string{}}
	s := open(t, t.TempDir(), k, map[string]string{"HOOKGLASS_PROBO_TOKEN": "x"})
	set(t, s, "kornitx.api_key", "live", "one", Keyring)
	if err := s.Remove(t.Context(), "kornitx.api_key", ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("another label: %v, want ErrNotFound", err)
	}
	k.err = errors.New("locked")
	if err := s.Remove(t.Context(), "kornitx.api_key", "live"); err == nil || errors.Is(err, ErrNotFound) {
		t.Errorf("a broken keyring: %v, want its error", err)
	}
	k.err = nil
	if got := all(t, s, "kornitx.api_key"); len(got) != 1 {
		t.Errorf("after a failed Remove: %q, want it kept", got)
	}
	if err := s.Remove(t.Context(), "kornitx.api_key", "live"); err != nil {
		t.Fatal(err)
	}
	if got := all(t, s, "kornitx.api_key"); len(got) != 0 || len(k.values) != 0 {
		t.Errorf("after Remove: %q and %d values in the keyring, want none", got, len(k.values))
	}
	err := s.Remove(t.Context(), "probo.token", "")
	if err == nil || errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "HOOKGLASS_PROBO_TOKEN") {
		t.Errorf("one of the environment: %v, want an error that names the variable", err)
	}
}

func TestDamagedFile(t *testing.T) {
	const hidden = "s3cr3t"
	for _, text := range []string{
		"", "{", "[]", `{"secrets":[{"name":"probo.token","where":"file","value":"` + hidden + `!"}]}`,
		`{"secrets":[{"name":"probo.token","where":"file"}]}`, `{"secrets":[{"where":"keyring"}]}`, "\x00\x00" + hidden,
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "secrets.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, dir, &fake{values: map[string]string{}}, map[string]string{"HOOKGLASS_PROBO_TOKEN": "x"})
		_, setErr := s.Set(t.Context(), "probo.token", "", capture.NewSecret(hidden))
		entries, allErr := s.All(t.Context(), []string{"probo.token"})
		if got := plain(entries); !reflect.DeepEqual(got, []string{"probo.token||environment|x"}) {
			t.Errorf("%q: All = %q, want what the environment sets", text, got)
		}
		for _, err := range []error{setErr, allErr, s.Remove(t.Context(), "probo.token", "")} {
			if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), hidden) {
				t.Errorf("%q: error %v, want one that names the file and quotes nothing", text, err)
			}
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != text {
			t.Errorf("%q became %q", text, after)
		}
	}
}

func TestHangingKeyring(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var asked atomic.Int32
		dir := t.TempDir()
		k := &fake{values: map[string]string{}}
		set(t, open(t, dir, k, nil), "komet.authorization", "", "in the keyring", Keyring)

		s := Open(dir, environment(nil))
		hang := func() { asked.Add(1); <-release }
		s.keyring = keyringCalls{
			set:    func(string, string, string) error { hang(); return nil },
			get:    func(string, string) (string, error) { hang(); return "late", nil },
			remove: func(string, string) error { hang(); return nil },
		}
		start := time.Now()
		set(t, s, "probo.token", "", "one", File)
		set(t, s, "probo.token", "test", "two", File)
		entries, err := s.All(t.Context(), []string{"probo.token", "komet.authorization"})
		if !errors.Is(err, errSilent) || !strings.Contains(err.Error(), "komet.authorization") {
			t.Errorf("All: error %v, want one that names what is missing", err)
		}
		if got, want := plain(entries), []string{"probo.token||file|one", "probo.token|test|file|two"}; !reflect.DeepEqual(got, want) {
			t.Errorf("All = %q, want %q", got, want)
		}
		if err := s.Remove(t.Context(), "probo.token", "test"); err != nil {
			t.Errorf("Remove of one in the file: %v", err)
		}
		if took := time.Since(start); asked.Load() != 1 || took != keyringTimeout {
			t.Errorf("asked %d times in %v, want once in %v", asked.Load(), took, keyringTimeout)
		}
		close(release)
		synctest.Wait()
	})
}

func TestCancelled(t *testing.T) {
	release := make(chan struct{})
	s := Open(t.TempDir(), environment(nil))
	ctx, cancel := context.WithCancel(t.Context())
	s.keyring.set = func(string, string, string) error { cancel(); <-release; return nil }
	_, err := s.Set(ctx, "probo.token", "", capture.NewSecret("x"))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Set = %v, want context.Canceled", err)
	}
	if listed, err := s.List(t.Context(), []string{"probo.token"}); err != nil || len(listed) != 0 {
		t.Errorf("List = %v, %v, want nothing kept", listed, err)
	}
	close(release)
}

func TestTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	const each = 20
	var wg sync.WaitGroup
	for p := range 2 {
		s := open(t, dir, &fake{err: errors.New("none")}, nil)
		wg.Go(func() {
			for i := range each {
				if _, err := s.Set(t.Context(), "probo.token", fmt.Sprint(p, i), capture.NewSecret("v")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s := open(t, dir, &fake{}, nil)
	if got := all(t, s, "probo.token"); len(got) != 2*each {
		t.Errorf("%d values kept, want %d", len(got), 2*each)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".secrets-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %q, %v", left, err)
	}
}

func TestRealCalls(t *testing.T) {
	keyring.MockInit()
	s := Open(t.TempDir(), environment(nil))
	set(t, s, "probo.token", "", "v", Keyring)
	if got := all(t, s, "probo.token"); !reflect.DeepEqual(got, []string{"probo.token||keyring|v"}) {
		t.Errorf("All = %q", got)
	}
	keyring.MockInitWithError(errors.New("locked"))
	set(t, s, "probo.token", "", "w", File)
	if got := all(t, s, "probo.token"); !reflect.DeepEqual(got, []string{"probo.token||file|w"}) {
		t.Errorf("All = %q", got)
	}
}

func TestEnvName(t *testing.T) {
	if got, want := EnvName("kornitx.api_key"), "HOOKGLASS_KORNITX_API_KEY"; got != want {
		t.Errorf("EnvName = %q, want %q", got, want)
	}
}

func TestKeep(t *testing.T) {
	for _, broken := range []error{nil, errors.New("no bus")} {
		dir := t.TempDir()
		k := &fake{values: map[string]string{}, err: broken}
		var makes atomic.Int32
		var wg sync.WaitGroup
		values := make([]string, 8)
		var made atomic.Int32
		for i := range values {
			wg.Go(func() {
				e, first, err := open(t, dir, k, nil).Keep(t.Context(), "klix.test", func() (capture.Secret, error) {
					return capture.NewSecret(fmt.Sprint("made ", makes.Add(1))), nil
				})
				if err != nil {
					t.Error(err)
				}
				if first {
					made.Add(1)
				}
				values[i] = e.Value.Reveal()
			})
		}
		wg.Wait()
		for _, value := range values {
			if value != "made 1" {
				t.Errorf("values %q, want one for all", values)
				break
			}
		}
		if makes.Load() != 1 || made.Load() != 1 {
			t.Errorf("made %d times, said %d times", makes.Load(), made.Load())
		}
	}
	s := open(t, t.TempDir(), &fake{values: map[string]string{}}, map[string]string{"HOOKGLASS_KLIX_TEST": "mine"})
	e, made, err := s.Keep(t.Context(), "klix.test", nil)
	if err != nil || made || e.Value.Reveal() != "mine" || e.Where != Environment {
		t.Errorf("of the environment: %v %v %v", e.Where, made, err)
	}
	failed := errors.New("no entropy")
	if _, _, err := open(t, t.TempDir(), &fake{values: map[string]string{}}, nil).Keep(t.Context(), "x.test", func() (capture.Secret, error) {
		return capture.Secret{}, failed
	}); !errors.Is(err, failed) {
		t.Errorf("a failure to make one: %v", err)
	}
}
