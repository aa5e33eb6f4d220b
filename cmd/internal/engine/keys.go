package engine

import (
	"context"
	"fmt"
	"strings"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/store"
	"hookglass/store/secret"
)

// publicSource is where public material is read from: *store.DB is one.
type publicSource func(ctx context.Context) ([]store.PublicValue, error)

// ReadKeys gathers every configured key of the set's providers: secrets from
// the keyring or its file, public material from the database, and over both the
// environment.
func ReadKeys(ctx context.Context, set *providers.Set, secrets *secret.Store, public publicSource, getenv func(string) string) (providers.Keys, error) {
	keys := providers.Keys{}
	var secretNames []string
	for _, p := range set.All() {
		for _, c := range p.Credentials {
			if !c.Public {
				secretNames = append(secretNames, c.Name)
			}
		}
	}
	entries, err := secrets.All(ctx, secretNames)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		keys[entry.Name] = append(keys[entry.Name], providers.NewKey(entry.Name, entry.Label, entry.Value.Reveal(), false))
	}
	values, err := public(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the public keys: %w", err)
	}
	for _, v := range values {
		keys[v.Name] = append(keys[v.Name], providers.NewKey(v.Name, v.Label, v.Value, true))
	}
	for _, p := range set.All() {
		for _, c := range p.Credentials {
			if value := getenv(secret.EnvName(c.Name)); c.Public && value != "" {
				keys[c.Name] = []providers.Key{providers.NewKey(c.Name, "environment", value, true)}
			}
		}
	}
	return keys, nil
}

func (e *Engine) loadKeys(ctx context.Context) error {
	keys, err := ReadKeys(ctx, e.Set, e.secrets, e.Store.PublicValues, e.config.Getenv)
	if err != nil {
		return err
	}
	e.Set.SetKeys(keys)
	masked := SecretValues(e.Set)
	e.masked.Store(&masked)
	return nil
}

// SecretValues returns the values of the set's keys that are not public, so
// that they can be masked wherever they appear.
func SecretValues(set *providers.Set) []string {
	var values []string
	for name, keys := range set.Keys() {
		if _, c := set.Credential(name); c == nil || c.Public {
			continue
		}
		for i := range keys {
			values = append(values, keys[i].Value.Reveal())
		}
	}
	return values
}

// Mask masks the secrets in a request target.
func (e *Engine) Mask(target string) string {
	return capture.MaskTarget(target, *e.masked.Load()...)
}

// ProviderOf returns the ID of the provider that a credential belongs to:
// "klix" for "klix.certificate".
func ProviderOf(credential string) string {
	provider, _, _ := strings.Cut(credential, ".")
	return provider
}
