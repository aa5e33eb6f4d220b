package capture

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretIsNeverPrinted(t *testing.T) {
	const value = "hunter2-hunter2"
	secret := NewSecret(value)
	if got := secret.Reveal(); got != value {
		t.Fatalf("Reveal: got %q, want %q", got, value)
	}
	printed := map[string]string{"String": secret.String()}
	type keeper struct {
		Kept  Secret
		Other *Secret
		Map   map[string]Secret
	}
	kept := keeper{secret, &secret, map[string]Secret{"a": secret}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printed[verb] = fmt.Sprintf(verb, secret)
		printed["kept "+verb] = fmt.Sprintf(verb, kept)
	}
	text, err := json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	printed["JSON"] = string(text)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "secret", secret, "kept", kept)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "secret", secret, "kept", kept)
	printed["slog"] = log.String()
	for how, got := range printed {
		if strings.Contains(got, value) || strings.Contains(got, fmt.Sprintf("%x", value)) {
			t.Errorf("%s shows the secret: %s", how, got)
		}
		if !strings.Contains(got, redacted) && !strings.Contains(got, fmt.Sprintf("%x", redacted)) {
			t.Errorf("%s does not say that a secret is there: %s", how, got)
		}
	}

	// fmt cannot call methods on what is unexported; the value must not be
	// within its reach either.
	hidden := struct{ kept Secret }{secret}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		if got := fmt.Sprintf(verb, hidden) + fmt.Sprintf(verb, &hidden); strings.Contains(got, value) ||
			strings.Contains(got, fmt.Sprintf("%x", value)) || strings.Contains(got, fmt.Sprintf("%d", []byte(value))) {
			t.Errorf("%s of a struct shows the secret: %s", verb, got)
		}
	}
}
