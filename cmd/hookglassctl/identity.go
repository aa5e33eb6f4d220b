package main

import (
	"context"
	"fmt"
	"strings"

	"hookglass/cmd/internal/engine"
	"hookglass/providers"
	"hookglass/providers/all"
	"hookglass/store/secret"
)

type identityCommand struct {
	Provider string `help:"Of this provider alone." placeholder:"P"`
	PEM      string `name:"pem" help:"Write the certificate to this file, which must not exist; - is standard output." placeholder:"FILE"`
	Bare     bool   `help:"With --pem, the bare public key in place of the certificate, as the Klix portal gives its own." xor:"part"`
	Private  bool   `help:"With --pem, the private key too: whoever has it makes callbacks that verify as tests." xor:"part"`
	Renew    bool   `help:"Make it anew; what the old one signed is no longer known for a test."`
	JSON     bool   `help:"One JSON object a line."`
}

// Help is the long help of the command.
func (c *identityCommand) Help() string {
	return "Shows the test identity, and makes it where there is none: what hookglassctl trigger signs with where no key of yours can. " +
		"Put it into your app's test configuration, never into the live one. A callback that it proves says so in its verdict."
}

// identityRow is a key of the test identity as --json prints it.
type identityRow struct {
	Provider string   `json:"provider"`
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	StandsIn []string `json:"stands_in_for"`
	Value    string   `json:"value"` // what the app is to know: a certificate in PEM, or a shared secret
	Bare     string   `json:"public_key,omitempty"`
	Use      string   `json:"use"`
	Where    string   `json:"where"`
	Made     bool     `json:"made"`
}

// Run shows what an app has to know of the test identity.
func (c *identityCommand) Run(ctx context.Context, t *terminal) error {
	if c.Provider != "" {
		if err := checkProvider(c.Provider); err != nil {
			return err
		}
	}
	switch {
	case (c.Private || c.Bare) && c.PEM == "":
		return usage("--private and --bare go with --pem FILE")
	case c.PEM != "" && c.Provider == "":
		return usage("--pem goes with --provider klix: the others have no certificate")
	}
	identities, err := engine.Identities(ctx, t.config(), all.NewSet(), c.Provider, c.Renew)
	if err != nil {
		return err
	}
	if c.PEM != "" {
		return c.export(t, identities)
	}
	for i := range identities {
		if err := c.print(t, &identities[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *identityCommand) print(t *terminal, id *engine.Identity) error {
	value, err := providers.PublicPart(id.Value.Reveal())
	if err != nil {
		return fmt.Errorf("%s: %w", id.Key.Name, err)
	}
	bare, err := providers.PublicKeyPEM(id.Value.Reveal())
	if err != nil {
		return fmt.Errorf("%s: %w", id.Key.Name, err)
	}
	if value == "" { // a shared secret
		value = id.Value.Reveal() + "\n"
	}
	row := identityRow{
		Provider: id.Provider, Name: id.Key.Name, Title: id.Key.Title, StandsIn: id.Key.For,
		Value: strings.TrimSpace(value), Bare: strings.TrimSpace(bare), Use: id.Key.Use, Where: string(id.Where), Made: id.Made,
	}
	if c.JSON {
		return writeJSON(t.out, row)
	}
	_, err = fmt.Fprintf(t.out, "%s: %s\n%s\n%s%s%s\n\n", id.Provider, id.Key.Title, id.Key.Use, value, bare, keptAt(id))
	return err
}

func keptAt(id *engine.Identity) string {
	kept := "Kept in the system's keyring"
	switch id.Where {
	case secret.File:
		kept = "Kept in a file that only you can read"
	case secret.Environment:
		return "Set by " + secret.EnvName(id.Key.Name) + "."
	case secret.Keyring:
	}
	if id.Made {
		kept = "Made just now. " + kept
	}
	return kept + "; " + secret.EnvName(id.Key.Name) + " sets another, as for CI."
}

// export writes the PEM of a provider's test identity.
func (c *identityCommand) export(t *terminal, identities []engine.Identity) error {
	var text string
	for i := range identities {
		value := identities[i].Value.Reveal()
		part := providers.PublicPart
		if c.Bare {
			part = providers.PublicKeyPEM
		}
		public, err := part(value)
		if err != nil {
			return fmt.Errorf("%s: %w", identities[i].Key.Name, err)
		}
		if c.Private && public != "" {
			public = value
		}
		text += public
	}
	if text == "" {
		return usage("the test identity of %s holds no certificate: hookglassctl identity --provider %s shows it as text", c.Provider, c.Provider)
	}
	if c.PEM == "-" {
		_, err := fmt.Fprint(t.out, text)
		return err
	}
	if err := writeNew(c.PEM, []byte(text)); err != nil {
		return err
	}
	what := "the certificate"
	switch {
	case c.Bare:
		what = "the public key"
	case c.Private:
		what = "the private key and the certificate"
	}
	t.say("%s is in %s: use it in your app's test configuration", what, c.PEM)
	return nil
}
