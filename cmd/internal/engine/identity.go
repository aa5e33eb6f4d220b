package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"time"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/store/secret"
)

// Identity is a key of the test identity as it is kept.
type Identity struct {
	Provider string
	Key      *providers.TestKey
	Value    capture.Secret
	Where    secret.Where
	Made     bool // just now
}

// Identities returns the test identity of a provider, or of every one for "".
// What is missing of it is made and kept, and the process that captures is told.
// The keys count in set from then on. renew makes all of it anew.
func Identities(ctx context.Context, config Config, set *providers.Set, provider string, renew bool) ([]Identity, error) {
	getenv := config.Getenv
	if getenv == nil {
		getenv = os.Getenv
	}
	secrets := secret.Open(config.Folder, getenv)
	var all []Identity
	for _, p := range set.All() {
		if provider != "" && p.ID != provider {
			continue
		}
		own, err := identitiesOf(ctx, secrets, p, renew)
		if err != nil {
			return nil, fmt.Errorf("the test identity of %s: %w", p.Name, err)
		}
		made := false
		for i := range own {
			made = made || own[i].Made
		}
		if made {
			if _, err := Apply(ctx, config, Change{Action: KeysChanged, Provider: p.ID}); err != nil {
				return nil, fmt.Errorf("the test identity of %s is made, but the process that captures does not know: %w", p.Name, err)
			}
		}
		all = append(all, own...)
	}
	keys := maps.Clone(set.TestKeys())
	own := providers.Keys{}
	for i := range all {
		if err := addTestKey(own, all[i].Key, all[i].Value.Reveal()); err != nil {
			return nil, err
		}
	}
	maps.Copy(keys, own)
	set.SetTestKeys(keys)
	return all, nil
}

// TestIdentity makes what is missing of a provider's test identity, or with renew
// all of it anew, and keeps it. Its keys count from then on.
func (e *Engine) TestIdentity(ctx context.Context, provider string, renew bool) error {
	p := e.Set.Find(provider)
	if p == nil {
		return fmt.Errorf("the test identity of %q: %w", provider, ErrNotFound)
	}
	all, err := identitiesOf(ctx, e.secrets, p, renew)
	if err != nil {
		return fmt.Errorf("the test identity of %s: %w", p.Name, err)
	}
	known := e.Set.TestKeys()
	for i := range all {
		if all[i].Made || len(known[all[i].Key.For[0]]) == 0 {
			_, err := e.apply(ctx, Change{Action: KeysChanged, Provider: p.ID})
			return err
		}
	}
	return nil
}

func identitiesOf(ctx context.Context, secrets *secret.Store, p *providers.Provider, renew bool) ([]Identity, error) {
	all := make([]Identity, 0, len(p.TestKeys))
	for i := range p.TestKeys {
		k := &p.TestKeys[i]
		if renew {
			if err := secrets.Remove(ctx, k.Name, ""); err != nil && !errors.Is(err, secret.ErrNotFound) {
				return nil, err
			}
		}
		entry, made, err := secrets.Keep(ctx, k.Name, func() (capture.Secret, error) {
			value, err := k.Make(time.Now())
			return capture.NewSecret(value), err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, Identity{Provider: p.ID, Key: k, Value: entry.Value, Where: entry.Where, Made: made})
	}
	return all, nil
}

// readTestKeys reads what there is of the test identity; it makes nothing. unread
// says what is there and cannot be read.
func readTestKeys(ctx context.Context, set *providers.Set, secrets *secret.Store) (keys providers.Keys, unread error) {
	known := map[string]*providers.TestKey{}
	var names []string
	for _, p := range set.All() {
		for i := range p.TestKeys {
			k := &p.TestKeys[i]
			known[k.Name] = k
			names = append(names, k.Name)
		}
	}
	keys = providers.Keys{}
	entries, unread := secrets.All(ctx, names)
	for _, entry := range entries {
		if entry.Label != "" {
			continue // not made by us
		}
		unread = errors.Join(unread, addTestKey(keys, known[entry.Name], entry.Value.Reveal()))
	}
	return keys, unread
}

func addTestKey(keys providers.Keys, k *providers.TestKey, value string) error {
	made, err := k.Keys(value)
	if err != nil {
		return err
	}
	for _, key := range made {
		keys[key.Name] = append(keys[key.Name], key)
	}
	return nil
}

// loadTestKeys takes the test identity as it is now. What cannot be read this
// time stays as it was.
func (e *Engine) loadTestKeys(ctx context.Context) (unread error) {
	keys, unread := readTestKeys(ctx, e.Set, e.secrets)
	if unread != nil {
		for name, known := range e.Set.TestKeys() {
			if len(keys[name]) == 0 {
				keys[name] = known
			}
		}
	}
	e.Set.SetTestKeys(keys)
	return unread
}
