package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"hookglass/capture"
	"hookglass/capture/redact"
	"hookglass/providers"
	"hookglass/providers/all"
	"hookglass/store"
	"hookglass/store/secret"
)

// ErrEmpty says that nothing was ever captured into a folder.
var ErrEmpty = errors.New("nothing was captured here yet")

// Reader looks into a data folder without changing it, also while another
// process captures. Store is nil where nothing was captured yet.
type Reader struct {
	Store     *store.DB
	Set       *providers.Set
	Endpoints capture.Endpoints

	folder  string
	secrets *secret.Store
	masked  []string
	notices []string
}

// OpenReader opens a folder for looking. It never creates, mends or changes
// anything.
func OpenReader(ctx context.Context, config Config) (*Reader, error) {
	getenv := config.Getenv
	if getenv == nil {
		getenv = os.Getenv
	}
	r := &Reader{Set: all.NewSet(), folder: config.Folder}
	public := func(context.Context) ([]store.PublicValue, error) { return nil, nil }
	db, err := store.OpenReader(ctx, StorePath(config.Folder))
	switch {
	case err == nil:
		r.Store, public = db, db.PublicValues
	case errors.Is(err, os.ErrNotExist), errors.Is(err, store.ErrUnfilled):
		// Nothing was captured yet; a process may be about to.
	default:
		return nil, err
	}
	if err := r.load(ctx, config.Folder, public, getenv); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Reader) load(ctx context.Context, folder string, public publicSource, getenv func(string) string) (err error) {
	r.Endpoints = r.Set.Endpoints()
	if r.Store != nil {
		if r.Endpoints, err = r.Store.Endpoints(ctx); err != nil {
			return fmt.Errorf("read the endpoints: %w", err)
		}
	}
	r.secrets = secret.Open(folder, getenv)
	keys, unread, err := ReadKeys(ctx, r.Set, r.secrets, public, getenv)
	if err != nil {
		return err
	}
	test, unreadTest := readTestKeys(ctx, r.Set, r.secrets)
	r.Set.SetTestKeys(test)
	if unread = errors.Join(unread, unreadTest); unread != nil {
		r.notices = append(r.notices, unreadNotice(unread))
	}
	r.Set.SetKeys(keys)
	r.masked = append(SecretValues(r.Set), tunnelTokens(ctx, r.secrets, getenv)...)
	asking, stop := context.WithTimeout(ctx, maskPatience)
	defer stop()
	if known, all := r.knownSecrets(asking, redact.ProfileSecrets); all {
		r.masked = known
	}
	return nil
}

// maskPatience is how long who only lists waits for the process that captures to
// say what is to be masked besides.
const maskPatience = time.Second

// Notices returns what a person should know about what was opened.
func (r *Reader) Notices() []string { return r.notices }

// Look says everything about an exchange that was read whole.
func (r *Reader) Look(x *capture.Exchange) providers.Look {
	return r.Set.Look(&x.Request, EndpointOf(x, r.Endpoints))
}

// Mask masks the secrets in a request target.
func (r *Reader) Mask(target string) string { return capture.MaskTarget(target, r.masked...) }

// WithoutSecrets is an exchange as it may stand in a list: with placeholders for the
// secrets in it, wherever they are.
func (r *Reader) WithoutSecrets(x *capture.Exchange) (*capture.Exchange, error) {
	profile, err := redact.ParseProfile(redact.ProfileSecrets)
	if err != nil {
		return nil, err
	}
	redactor, err := redact.New(profile, r.masked)
	if err != nil {
		return nil, err
	}
	source := redact.Source{Exchange: x, Sensitive: r.Set.Sensitive(x.Annotation.Provider)}
	redactor.Learn(source)
	redacted, _, err := redactor.Apply(source)
	return redacted, err
}

// Close closes the store.
func (r *Reader) Close() error {
	if r.Store == nil {
		return nil
	}
	return r.Store.Close()
}
