package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hookglass/capture"
	"hookglass/capture/ngrok"
	"hookglass/providers"
	"hookglass/store"
	"hookglass/store/secret"
)

// publicSource is where public material is read from: *store.DB is one.
type publicSource func(ctx context.Context) ([]store.PublicValue, error)

// ReadKeys gathers every configured key of the set's providers: secrets from
// the keyring or its file, public material from the database, and over both the
// environment. Where some secrets cannot be read (a keyring may be locked), it
// returns all the other keys, and unread says which are missing.
func ReadKeys(ctx context.Context, set *providers.Set, secrets *secret.Store, public publicSource, getenv func(string) string) (keys providers.Keys, unread, err error) {
	keys = providers.Keys{}
	entries, unread := secrets.All(ctx, secretNames(set))
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	for _, entry := range entries {
		keys[entry.Name] = append(keys[entry.Name], providers.NewKey(entry.Name, entry.Label, entry.Value.Reveal(), false))
	}
	values, err := public(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("read the public keys: %w", err)
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
	return keys, unread, nil
}

// secretNames lists the credentials of a set that are secret.
func secretNames(set *providers.Set) []string {
	var names []string
	for _, p := range set.All() {
		for _, c := range p.Credentials {
			if !c.Public {
				names = append(names, c.Name)
			}
		}
	}
	return names
}

// unreadNotice tells a person which keys are missing.
func unreadNotice(unread error) string {
	return "some keys cannot be read: " + strings.ReplaceAll(unread.Error(), "\n", "; ")
}

// loadKeys takes the keys as they are now; unread is that of ReadKeys.
func (e *Engine) loadKeys(ctx context.Context) (unread, err error) {
	keys, unread, err := ReadKeys(ctx, e.Set, e.secrets, e.Store.PublicValues, e.config.Getenv)
	if err != nil {
		return nil, err
	}
	if unread != nil {
		e.keepKnown(ctx, keys)
	}
	e.Set.SetKeys(keys)
	unread = errors.Join(unread, e.loadTestKeys(ctx))
	e.unread.Store(unread != nil)
	masked := append(SecretValues(e.Set), tunnelTokens(ctx, e.secrets, e.config.Getenv)...)
	e.masked.Store(&masked)
	return unread, nil
}

// keepKnown adds the secrets in force that are configured still but were not
// read this time: a keyring that is locked meanwhile takes no key away.
func (e *Engine) keepKnown(ctx context.Context, keys providers.Keys) {
	configured, err := e.secrets.List(ctx, secretNames(e.Set)) // after an error nobody knows which: keep all
	for name, known := range e.Set.Keys() {
		if _, c := e.Set.Credential(name); c == nil || c.Public {
			continue
		}
		for _, key := range known {
			read := slices.ContainsFunc(keys[name], func(k providers.Key) bool { return k.Label == key.Label })
			if !read && (err != nil || slices.ContainsFunc(configured, func(entry secret.Entry) bool {
				return entry.Name == name && entry.Label == key.Label
			})) {
				keys[name] = append(keys[name], key)
			}
		}
	}
}

// SecretValues returns the values of the set's keys that are not public, those of
// the test identity among them, so that they can be masked wherever they appear.
func SecretValues(set *providers.Set) []string {
	var values []string
	for _, all := range [...]providers.Keys{set.Keys(), set.TestKeys()} {
		for name, keys := range all {
			if _, c := set.Credential(name); c == nil || c.Public {
				continue
			}
			for i := range keys {
				values = append(values, keys[i].Value.Reveal())
			}
		}
	}
	return values
}

// tunnelTokens returns the authtokens of the tunnel that are configured, so that
// they can be masked too. One that cannot be read is told by whoever connects.
func tunnelTokens(ctx context.Context, secrets *secret.Store, getenv func(string) string) []string {
	var values []string
	entries, _ := secrets.All(ctx, []string{TunnelCredential})
	for i := range entries {
		values = append(values, entries[i].Value.Reveal())
	}
	if token := strings.TrimSpace(getenv(ngrok.TokenVariable)); token != "" {
		values = append(values, token)
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
