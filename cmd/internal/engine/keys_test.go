package engine

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

const (
	kornitxBody = `{"id":1,"ref":"A","external_ref":"O-1","status":8,"status_name":"Dispatched","new_shipments":[],"new_cancellations":[]}`
	kornitxKey  = "0123456789ABCDEF0123456789A"
)

func signed(t *testing.T, s *started) string {
	t.Helper()
	r := &capture.Request{Body: []byte(kornitxBody)}
	if err := s.Set.Find("kornitx").Sign(r, s.Set.Keys()); err != nil {
		t.Fatal(err)
	}
	return r.Header.Value("X-CustomGateway-Hmac")
}

func TestAKeyThatIsSetVerifiesWhatWasCaptured(t *testing.T) {
	folder := t.TempDir()
	keyed := start(t, t.TempDir(), map[string]string{"HOOKGLASS_KORNITX_API_KEY": kornitxKey})
	mac := signed(t, keyed)

	values := map[string]string{}
	s := start(t, folder, values)
	x := s.put(t, "/kornitx/o", kornitxBody, "X-CustomGateway-Hmac", mac)
	if got := x.Annotation.Verification.Status; got != capture.KeyMissing {
		t.Fatalf("verdict = %s, want key_missing", got)
	}
	values["HOOKGLASS_KORNITX_API_KEY"] = kornitxKey
	// Through the socket, as another process would.
	if _, err := Apply(t.Context(), Config{Folder: folder, Getenv: environment(nil)}, Change{Action: KeysChanged, Provider: "kornitx"}); err != nil {
		t.Fatal(err)
	}
	got := s.await(t, func(x *capture.Exchange) bool { return x.Annotation.Verification.Status == capture.Valid })
	if got.ID != x.ID || got.Annotation.AtArrival != capture.KeyMissing {
		t.Errorf("verified %d, at arrival %s, want %d and key_missing", got.ID, got.Annotation.AtArrival, x.ID)
	}
}

func TestKeysFromTheEnvironmentVerifyAtTheNextStart(t *testing.T) {
	folder := t.TempDir()
	keyed := map[string]string{"HOOKGLASS_KORNITX_API_KEY": kornitxKey}
	mac := signed(t, start(t, t.TempDir(), keyed))
	t.Run("without", func(t *testing.T) {
		start(t, folder, nil).put(t, "/kornitx/o", kornitxBody, "X-CustomGateway-Hmac", mac)
	})
	s := start(t, folder, keyed)
	s.await(t, func(x *capture.Exchange) bool { return x.Annotation.Verification.Status == capture.Valid })
}

// secretsFile writes the index of the secrets by hand. There is no keyring here,
// so what is said to be there cannot be read.
func secretsFile(t *testing.T, folder string, records ...string) {
	t.Helper()
	text := `{"secrets":[` + strings.Join(records, ",") + `]}`
	if err := os.WriteFile(filepath.Join(folder, "secrets.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func inFile(name, value string) string {
	return fmt.Sprintf(`{"name":%q,"where":"file","value":%q}`, name, base64.StdEncoding.EncodeToString([]byte(value)))
}

func inKeyring(name string) string { return fmt.Sprintf(`{"name":%q,"where":"keyring"}`, name) }

func TestASecretThatCannotBeReadStopsNothing(t *testing.T) {
	folder := t.TempDir()
	secretsFile(t, folder, inKeyring("kornitx.api_key"), inFile("komet.authorization", "Basic x"))
	check := func(who string, set *providers.Set, notices []string) {
		t.Helper()
		if got := set.Keys().Of("komet.authorization"); len(got) != 1 || got[0].Value.Reveal() != "Basic x" {
			t.Errorf("%s has %d values of the key that can be read, want 1", who, len(got))
		}
		if len(notices) != 1 || !strings.Contains(notices[0], "kornitx.api_key") {
			t.Errorf("%s tells %q, want one notice that names kornitx.api_key", who, notices)
		}
	}
	s := start(t, folder, nil)
	check("the engine", s.Set, s.Notices())
	reader, err := OpenReader(t.Context(), Config{Folder: folder, Getenv: environment(nil)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	check("the reader", reader.Set, reader.Notices())
}

func TestAKeyringThatIsLockedLaterTakesNoKeyAway(t *testing.T) {
	folder := t.TempDir()
	secretsFile(t, folder, inFile("kornitx.api_key", kornitxKey), inFile("mintsoft.api_key", "m"))
	s := start(t, folder, nil)
	secretsFile(t, folder, inKeyring("kornitx.api_key"), inFile("komet.authorization", "Basic x"))
	change := Change{Action: KeysChanged, Provider: "komet"}
	if _, err := Apply(t.Context(), Config{Folder: folder, Getenv: environment(nil)}, change); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"kornitx.api_key": 1, "komet.authorization": 1, "mintsoft.api_key": 0} {
		if got := len(s.Set.Keys().Of(name)); got != want {
			t.Errorf("%s has %d values, want %d", name, got, want)
		}
	}
}
