package viewmodel

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hookglass/providers"
)

// keyID names a value of a credential.
type keyID struct{ credential, label string }

// CredentialGroup is the credentials of one provider.
type CredentialGroup struct {
	Provider    string
	Name        string
	Hue         int // the colour of its dot
	Credentials []CredentialView
}

// CredentialView is a credential with the values that are configured for it.
type CredentialView struct {
	Name   string // "klix.certificate"
	Title  string
	Help   string // where to find it in the provider's own console
	Public bool   // public material: shown in full
	Long   bool   // a value has several lines: PEM, JWKS
	Values []KeyView
}

// KeyView is a configured value.
type KeyView struct {
	Label    string // "live"; "" where there is only one
	Shown    string // masked, unless it is public or revealed
	Revealed bool
	Fixed    bool   // set by the environment: it cannot be changed here
	Problem  string // why it cannot be used; "" where it can
}

// KeyDraft is a value that a person is entering.
type KeyDraft struct {
	Credential string
	Title      string
	Help       string
	Long       bool
	Public     bool

	Label    string
	Value    string
	Replaces bool // it takes the place of the value with its label

	Problem string // why it cannot be saved; "" where it can
	Result  string // what the value proves of what was captured; "" while that is not known
	Tone    Tone   // of Result
	Testing bool
	Saving  bool
}

// Credentials lists the credentials of every provider.
func (s *Settings) Credentials() []CredentialGroup {
	b := s.app.backend
	if b == nil {
		return nil
	}
	keys := b.Set.Keys()
	var groups []CredentialGroup
	for _, p := range b.Set.All() {
		group := CredentialGroup{Provider: p.ID, Name: p.Name, Hue: senderHue(p.ID)}
		for i := range p.Credentials {
			c := &p.Credentials[i]
			view := CredentialView{Name: c.Name, Title: c.Title, Help: c.Help, Public: c.Public, Long: hasLines(c)}
			for k := range keys[c.Name] {
				view.Values = append(view.Values, s.keyView(c, &keys[c.Name][k]))
			}
			group.Credentials = append(group.Credentials, view)
		}
		groups = append(groups, group)
	}
	return groups
}

// hasLines reports whether values of a credential have several lines. Those of
// public material that is checked are keys; others are names.
func hasLines(c *providers.Credential) bool { return c.Public && c.Check != nil }

// environmentLabel is the label that the engine gives to a public value of the
// environment.
const environmentLabel = "environment"

func (s *Settings) keyView(c *providers.Credential, key *providers.Key) KeyView {
	v := KeyView{Label: key.Label, Revealed: s.revealed[keyID{c.Name, key.Label}]}
	v.Fixed = c.Public && key.Label == environmentLabel
	value := strings.TrimSpace(key.Value.Reveal())
	switch {
	case len(key.Public) > 0:
		v.Shown = describe(key)
	case c.Public || v.Revealed:
		v.Shown = value
	default:
		v.Shown = maskedSecret(value)
	}
	if key.Err != nil {
		v.Problem = sentence(key.Err)
	}
	return v
}

// describe tells what a value of public keys holds.
func describe(key *providers.Key) string {
	names := make([]string, 0, len(key.Public))
	for i := range key.Public {
		names = append(names, key.Public[i].String())
	}
	return strings.Join(names, ", ")
}

// maskedSecret hides a secret. Its length is not told either.
func maskedSecret(value string) string {
	if value == "" {
		return ""
	}
	return strings.Repeat("•", 12)
}

// Reveal shows a secret in full, or hides it again.
func (s *Settings) Reveal(credential, label string) {
	id := keyID{credential, label}
	if s.revealed[id] {
		delete(s.revealed, id)
	} else {
		s.revealed[id] = true
	}
	s.Changed.Emit()
}

// CopyKey copies a value in full.
func (s *Settings) CopyKey(credential, label string) {
	if key := s.configured(credential, label); key != nil {
		s.app.Screen.Copy(key.Value.Reveal())
		s.app.Notices.Say(Good, "Copied.", "", nil)
	}
}

func (s *Settings) configured(credential, label string) *providers.Key {
	if s.app.backend == nil {
		return nil
	}
	keys := s.app.backend.Set.Keys()[credential]
	for i := range keys {
		if keys[i].Label == label {
			return &keys[i]
		}
	}
	return nil
}

// AddKey begins to enter a value of a credential, and shows the page where that
// is done.
func (s *Settings) AddKey(credential string) { s.draft(credential, "", false) }

// ReplaceKey begins to enter a value in the place of another.
func (s *Settings) ReplaceKey(credential, label string) { s.draft(credential, label, true) }

func (s *Settings) draft(credential, label string, replaces bool) {
	if s.app.backend == nil {
		return
	}
	_, c := s.app.backend.Set.Credential(credential)
	if c == nil {
		return
	}
	s.Section = SettingsCredentials
	s.trial.forget()
	s.Key = &KeyDraft{
		Credential: credential, Title: c.Title, Help: c.Help, Long: hasLines(c), Public: c.Public,
		Label: label, Replaces: replaces,
	}
	s.Changed.Emit()
}

// CancelKey stops entering a value.
func (s *Settings) CancelKey() {
	s.Key = nil
	s.trial.forget()
	s.Changed.Emit()
}

// SetKeyLabel changes the label of the value that is being entered.
func (s *Settings) SetKeyLabel(label string) {
	if s.Key == nil || s.Key.Label == label {
		return
	}
	s.Key.Label = label
	s.checkKey()
	s.Changed.Emit()
}

// SetKeyValue changes the value that is being entered, and has it tried on what
// was captured.
func (s *Settings) SetKeyValue(value string) {
	if s.Key == nil || s.Key.Value == value {
		return
	}
	s.Key.Value = value
	s.checkKey()
	s.try()
	s.Changed.Emit()
}

// maxKey bounds a value, in bytes; maxLabel a label, in characters.
const (
	maxKey   = 64 << 10
	maxLabel = 40
)

// checkKey says what is wrong with the draft. An empty value is not yet wrong.
func (s *Settings) checkKey() {
	d := s.Key
	d.Problem = ""
	label, value := strings.TrimSpace(d.Label), d.Value
	_, c := s.app.backend.Set.Credential(d.Credential)
	switch {
	case len([]rune(label)) > maxLabel:
		d.Problem = fmt.Sprintf("A label has at most %d characters.", maxLabel)
	case strings.ContainsAny(label, "\r\n\t"):
		d.Problem = "A label is one line."
	case len(value) > maxKey:
		d.Problem = "This is too long for a key."
	case strings.TrimSpace(value) == "":
	case c.Check != nil:
		if err := c.Check(strings.TrimSpace(value)); err != nil {
			d.Problem = sentence(err)
		}
	}
	if d.Problem == "" && !d.Replaces && s.configured(d.Credential, label) != nil {
		d.Problem = "There is a value with this label already: give this one a label such as \"test\" or \"live\", or replace the other."
		if label == "" {
			d.Problem = "There is a value already: give this one a label such as \"test\" or \"live\", or replace the other."
		}
	}
}

// CanSaveKey reports whether what is entered can be saved.
func (s *Settings) CanSaveKey() bool {
	return s.Key != nil && s.Key.Problem == "" && strings.TrimSpace(s.Key.Value) != "" && !s.Key.Saving
}

// SaveKey keeps what is entered; what was captured is verified again.
func (s *Settings) SaveKey() {
	if s.Key != nil {
		s.checkKey()
	}
	if !s.CanSaveKey() {
		s.Changed.Emit()
		return
	}
	d := s.Key
	d.Saving = true
	s.Changed.Emit()
	label, value := strings.TrimSpace(d.Label), strings.TrimSpace(d.Value)
	save := s.app.backend.SaveKey
	s.change(func(ctx context.Context) error { return save(ctx, d.Credential, label, value) },
		func(problem string) { d.Saving, d.Problem = false, problem },
		func() {
			if s.Key == d {
				s.Key = nil
			}
			s.trial.forget()
			s.app.Notices.Say(Good, d.Title+" saved. What was captured is verified again.", "", nil)
		})
}

// RemoveKey takes a value away; the toast brings it back.
func (s *Settings) RemoveKey(credential, label string) {
	key := s.configured(credential, label)
	if key == nil {
		return
	}
	value, b := key.Value.Reveal(), s.app.backend
	title := key.Title()
	say := func(problem string) { s.app.Notices.Say(Bad, problem, "", nil) }
	s.change(func(ctx context.Context) error { return b.RemoveKey(ctx, credential, label) }, say, func() {
		delete(s.revealed, keyID{credential, label})
		s.app.Notices.Say(Plain, title+" removed.", "Undo", func() {
			s.change(func(ctx context.Context) error { return b.SaveKey(ctx, credential, label, value) }, say, func() {})
		})
	})
}

// providerOf is the provider of a credential.
func (s *Settings) providerOf(credential string) string {
	p, _ := s.app.backend.Set.Credential(credential)
	if p == nil {
		return ""
	}
	return p.ID
}

// Providers lists the IDs and names of the providers, for a choice of one.
func (s *Settings) Providers() (ids, names []string) {
	if s.app.backend == nil {
		return nil, nil
	}
	for _, p := range s.app.backend.Set.All() {
		ids, names = append(ids, p.ID), append(names, p.Name)
	}
	return slices.Clip(ids), slices.Clip(names)
}
