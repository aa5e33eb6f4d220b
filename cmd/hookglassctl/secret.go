package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"hookglass/capture"
	"hookglass/capture/ngrok"
	"hookglass/cmd/internal/engine"
	"hookglass/providers"
	"hookglass/providers/all"
	"hookglass/store/secret"
)

type secretCommand struct {
	Set    secretSetCommand    `cmd:"" help:"Store a key or token, read from standard input."`
	List   secretListCommand   `cmd:"" help:"List what is configured and where it is kept; never values."`
	Remove secretRemoveCommand `cmd:"" help:"Remove a key or token."`
}

type secretSetCommand struct {
	Name  string `arg:"" help:"The credential, such as kornitx.api_key."`
	Label string `help:"Tells several values of one credential apart, such as test and live." placeholder:"L"`
}

// secretLimit bounds a value; a JWKS with many keys is still far smaller.
const secretLimit = 1 << 20

func (c *secretSetCommand) Run(ctx context.Context, t *terminal) error {
	credential, err := credentialNamed(c.Name)
	if err != nil {
		return err
	}
	value, err := readSecret(t)
	if err != nil {
		return err
	}
	if c.Name == engine.TunnelCredential {
		value = ngrok.CleanToken(value) // ngrok's dashboard gives it inside a command
	}
	if err := checkValue(credential, value); err != nil {
		return fmt.Errorf("this is no value for %s: %w", c.Name, err)
	}
	if credential.Public {
		change := engine.Change{Action: engine.PutPublic, Name: c.Name, Label: c.Label, Value: value}
		if _, err = engine.Apply(ctx, t.config(), change); err == nil {
			t.say("%s is kept in the database", title(c.Name, c.Label))
		}
		return err
	}
	where, err := secret.Open(t.folder, os.Getenv).Set(ctx, c.Name, c.Label, capture.NewSecret(value))
	if err != nil {
		return err
	}
	kept := "in the system's keyring"
	if where != secret.Keyring {
		kept = "in a file that only you can read"
	}
	t.say("%s is kept %s", title(c.Name, c.Label), kept)
	return secretsChanged(ctx, t, c.Name)
}

func secretsChanged(ctx context.Context, t *terminal, name string) error {
	_, err := engine.Apply(ctx, t.config(), engine.Change{Action: engine.KeysChanged, Provider: engine.ProviderOf(name)})
	return err
}

func title(name, label string) string {
	if label == "" {
		return name
	}
	return fmt.Sprintf("%s (%s)", name, capture.Visible(label))
}

// credentialNamed finds a credential, or says which there are.
func credentialNamed(name string) (*providers.Credential, error) {
	set := all.NewSet()
	if c := engine.Credential(set, name); c != nil {
		return c, nil
	}
	return nil, usage("%q is no credential; there are %s", name, strings.Join(credentialNames(set, nil), ", "))
}

// credentialNames lists the credentials that keep says yes to; nil keeps all.
func credentialNames(set *providers.Set, keep func(*providers.Credential) bool) []string {
	var names []string
	for _, p := range set.All() {
		for i := range p.Credentials {
			if keep == nil || keep(&p.Credentials[i]) {
				names = append(names, p.Credentials[i].Name)
			}
		}
	}
	return append(names, tunnelNames(keep)...)
}

// tunnelNames is the tunnel's credential, where keep says yes to it.
func tunnelNames(keep func(*providers.Credential) bool) []string {
	if c := engine.Credential(nil, engine.TunnelCredential); keep == nil || keep(c) {
		return []string{c.Name}
	}
	return nil
}

func checkValue(c *providers.Credential, value string) error {
	if strings.TrimSpace(value) == "" {
		return errors.New("it is empty")
	}
	if c.Check != nil {
		return c.Check(value)
	}
	return nil
}

// readSecret reads a value: hidden from a terminal, else all of standard input.
// One newline at its end is the shell's, not the value's.
func readSecret(t *terminal) (string, error) {
	if file, ok := t.in.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		_, _ = fmt.Fprint(t.err, "value: ")
		value, err := term.ReadPassword(int(file.Fd()))
		_, _ = fmt.Fprintln(t.err)
		return string(value), err
	}
	value, err := io.ReadAll(io.LimitReader(t.in, secretLimit+1))
	if err != nil {
		return "", err
	}
	if len(value) > secretLimit {
		return "", fmt.Errorf("the value is larger than %s", bytesText(secretLimit))
	}
	text := strings.TrimSuffix(string(value), "\n")
	return strings.TrimSuffix(text, "\r"), nil
}

type secretListCommand struct {
	JSON bool `help:"One JSON object a line."`
}

type secretRow struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Where string `json:"where"`
}

func (c *secretListCommand) Run(ctx context.Context, t *terminal) (err error) {
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	rows, err := secretRows(ctx, reader, t.folder)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if c.JSON {
			err = writeJSON(t.out, r)
		} else {
			_, err = fmt.Fprintf(t.out, "%-32s %s\n", title(r.Name, r.Label), r.Where)
		}
		if err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		t.say("nothing is configured; hookglassctl secret set NAME reads one of %s", strings.Join(credentialNames(reader.Set, nil), ", "))
	}
	return nil
}

func secretRows(ctx context.Context, reader *engine.Reader, folder string) ([]secretRow, error) {
	secrets := credentialNames(reader.Set, func(c *providers.Credential) bool { return !c.Public })
	entries, err := secret.Open(folder, os.Getenv).List(ctx, secrets)
	if err != nil {
		return nil, err
	}
	var rows []secretRow
	for _, entry := range entries {
		rows = append(rows, secretRow{entry.Name, entry.Label, string(entry.Where)})
	}
	for _, name := range credentialNames(reader.Set, func(c *providers.Credential) bool { return c.Public }) {
		if os.Getenv(secret.EnvName(name)) != "" {
			rows = append(rows, secretRow{name, "", "environment"})
		}
	}
	if reader.Store == nil {
		return rows, nil
	}
	values, err := reader.Store.PublicValues(ctx)
	for _, v := range values {
		if os.Getenv(secret.EnvName(v.Name)) == "" { // the environment wins
			rows = append(rows, secretRow{v.Name, v.Label, "database"})
		}
	}
	return rows, err
}

type secretRemoveCommand struct {
	Name  string `arg:"" help:"The credential, such as kornitx.api_key."`
	Label string `help:"The label it was set with." placeholder:"L"`
}

func (c *secretRemoveCommand) Run(ctx context.Context, t *terminal) error {
	credential, err := credentialNamed(c.Name)
	if err != nil {
		return err
	}
	if credential.Public {
		_, err = engine.Apply(ctx, t.config(), engine.Change{Action: engine.RemovePublic, Name: c.Name, Label: c.Label})
	} else if err = secret.Open(t.folder, os.Getenv).Remove(ctx, c.Name, c.Label); err == nil {
		return secretsChanged(ctx, t, c.Name)
	}
	if errors.Is(err, engine.ErrNotFound) || errors.Is(err, secret.ErrNotFound) {
		return fmt.Errorf("%s is not configured; hookglassctl secret list shows what is", title(c.Name, c.Label))
	}
	return err
}
