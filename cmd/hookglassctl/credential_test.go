package main_test

import (
	"bytes"
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func signedKornitX(t testing.TB) callback {
	body := fixture(t, "kornitx_dispatched.json")
	return callback{"PUT", "/kornitx/orders", []string{asJSON, "X-CustomGateway-Hmac: " + hmacHex(kornitxKey, body)}, body}
}

// A key that is set while serve runs takes effect there, and what came before is
// verified again.
func TestKeySetWhileServing(t *testing.T) {
	p := serve(t, t.TempDir())
	p.send(t, signedKornitX(t))
	if got := last(t, p.dir, 1); got.Verification.Status != "key_missing" {
		t.Fatalf("without a key: got %s (%s), want key_missing", got.Verification.Status, got.Verification.Reason)
	}
	mustCtl(t, p.dir, []byte(kornitxKey+"\n"), "secret", "set", "kornitx.api_key", "--label", "live")
	mustCtl(t, p.dir, nil, "wait", "--since", "2000-01-01T00:00:00Z", "--verdict", "valid", "--timeout", "20s")
	got := list(t, p.dir)[0]
	if got.Verification.Status != "valid" || got.Verification.AtArrival != "key_missing" {
		t.Errorf("got %s, at arrival %s; want valid and key_missing", got.Verification.Status, got.Verification.AtArrival)
	}
	p.send(t, signedKornitX(t))
	if got := last(t, p.dir, 2); got.Verification.AtArrival != "valid" || !strings.Contains(got.Verification.Reason, "live") {
		t.Errorf("after the key was set: got %s (%s), want valid by the key labelled live", got.Verification.AtArrival, got.Verification.Reason)
	}
	mustCtl(t, p.dir, nil, "secret", "remove", "kornitx.api_key", "--label", "live")
	p.send(t, signedKornitX(t))
	rows := settled(t, p.dir, 3)
	if rows[2].Verification.Status != "key_missing" {
		t.Errorf("after the key was removed: got %s, want key_missing", rows[2].Verification.Status)
	}
	for _, row := range rows[:2] {
		if row.Verification.Status != "valid" {
			t.Errorf("callback %d became %s when the key was removed, want valid kept", row.ID, row.Verification.Status)
		}
	}
}

// Secrets are listed by name and place, masked in targets, and lie nowhere but
// in the one file that holds them.
func TestSecretsStayInTheirFile(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir)
	configure(t, dir)
	listed := mustCtl(t, dir, nil, "secret", "list")
	for _, name := range []string{"klix.certificate", "kornitx.api_key", "mintsoft.api_key"} {
		if !strings.Contains(listed, name) {
			t.Errorf("secret list does not name %s: %s", name, listed)
		}
	}
	p.send(t, callback{"POST", "/mintsoft/split?part=1&APIKEY=" + mintsoftID, []string{asJSON}, []byte("[]")})
	p.send(t, signedKornitX(t))
	rows := settled(t, dir, 2)
	if got := rows[0].Target; strings.Contains(got, mintsoftID) || !strings.Contains(got, "part=1") {
		t.Errorf("list shows the target as %s, want the key masked and the rest kept", got)
	}
	if got := show(t, dir, 1).Target; !strings.Contains(got, mintsoftID) {
		t.Errorf("show shows the target as %s, want it as sent", got)
	}
	if err := p.stop(t); err != nil {
		t.Fatal(err)
	}
	if said := p.stderr.String(); strings.Contains(said+listed, kornitxKey) || strings.Contains(said, mintsoftID) {
		t.Errorf("a secret was printed: %s%s", listed, said)
	}
	checkFiles(t, dir, kornitxKey)
}

// checkFiles looks for a secret in every file of a data folder but the one that
// keeps secrets, and at their rights.
func checkFiles(t *testing.T, dir, secret string) {
	t.Helper()
	var holders []string
	encoded := base64.StdEncoding.EncodeToString([]byte(secret))
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the rights %v, want none for others", path, info.Mode().Perm())
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(secret)) || bytes.Contains(content, []byte(encoded)) {
			holders = append(holders, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(holders) != 1 || strings.Contains(holders[0], ".db") {
		t.Errorf("the secret lies in %v, want one file and not the database", holders)
	}
}

func TestEnvironmentWins(t *testing.T) {
	dir := t.TempDir()
	mustCtl(t, dir, []byte("another key"), "secret", "set", "kornitx.api_key")
	c := signedKornitX(t)
	if _, _, code := ctl(t, dir, c.raw(), "verify", "-"); code != 1 {
		t.Errorf("verify with another key: exit %d, want 1", code)
	}
	out, stderr, code := ctlWith(t, environment("HOOKGLASS_KORNITX_API_KEY="+kornitxKey), dir, c.raw(), "verify", "-", "--json")
	if out == "" {
		t.Fatal(stderr)
	}
	if got := parse(t, out); code != 0 || got.Verification.Status != "valid" {
		t.Errorf("with the key in the environment: exit %d, %s; want 0 and valid", code, got.Verification.Status)
	}
}

func TestVerify(t *testing.T) {
	dir := t.TempDir()
	configure(t, dir)
	signed := callback{"PUT", "/klix/purchases", []string{asJSON, klixSignature(t)}, fixture(t, "klix_signed.json")}
	printedBody := callback{"PUT", "/klix/purchases", []string{asJSON, klixSignature(t)}, fixture(t, "klix_printed.json")}
	unknown := callback{"POST", "/nobody", nil, []byte("x")}
	for _, tt := range []struct {
		name    string
		raw     []byte
		verdict string
		code    int
	}{
		{"weak key", signed.raw(), "weak_key", 0},
		{"invalid", printedBody.raw(), "invalid", 1},
		{"unknown sender", unknown.raw(), "unprovable", 1},
	} {
		file := filepath.Join(t.TempDir(), "request.http")
		if err := os.WriteFile(file, tt.raw, 0o600); err != nil {
			t.Fatal(err)
		}
		for name, stdin := range map[string][]byte{file: nil, "-": tt.raw} {
			out, stderr, code := ctl(t, dir, stdin, "verify", name, "--json")
			if out == "" {
				t.Errorf("%s: exit %d and %s, want an object", tt.name, code, stderr)
				continue
			}
			if got := parse(t, out).Verification.Status; got != tt.verdict || code != tt.code {
				t.Errorf("%s from %s: got %s and exit %d, want %s and %d", tt.name, name, got, code, tt.verdict, tt.code)
			}
		}
	}
}
