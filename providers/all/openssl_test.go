package all

import (
	"bytes"
	"context"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hookglass/providers"
)

// openssl is the independent check: another program says that a signature holds.
func openssl(t *testing.T, stdin []byte, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed, so that no other program can check what we signed")
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), path, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestKlixSamplesVerifyWithOpenSSL(t *testing.T) {
	set := NewSet()
	p := set.Find("klix")
	set.SetTestKeys(testKeys(t, p))
	values, err := testValues()
	if err != nil {
		t.Fatal(err)
	}
	public, err := providers.PublicPart(values["klix.test"])
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key, signature := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), filepath.Join(dir, "signature")
	writeFile(t, cert, []byte(public))
	writeFile(t, key, []byte(openssl(t, nil, "x509", "-in", cert, "-noout", "-pubkey")))
	checked := 0
	for _, s := range p.AllSamples() {
		r := made(t, p, &s)
		if signer, err := set.Prove(p, &r, providers.Signed, false); err != nil || signer == providers.Nobody {
			if err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
			continue
		}
		message, value := r.Body, r.Header.Value("X-Klix-Signature")+r.Header.Value("X-Signature")
		decode := base64.StdEncoding.DecodeString
		if value == "" {
			at := bytes.LastIndexByte(r.Body, '.')
			message, value, decode = r.Body[:at], string(r.Body[at+1:]), base64.RawURLEncoding.DecodeString
		}
		raw, err := decode(value)
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		writeFile(t, signature, raw)
		if out := openssl(t, message, "dgst", "-sha256", "-verify", key, "-signature", signature); !strings.Contains(out, "Verified OK") {
			t.Errorf("%s: openssl says %s", s.Name, out)
		}
		checked++
	}
	if checked < 40 {
		t.Errorf("%d samples checked", checked)
	}
}

func TestKornitXSamplesMatchOpenSSL(t *testing.T) {
	set := NewSet()
	p := set.Find("kornitx")
	set.SetTestKeys(testKeys(t, p))
	values, err := testValues()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.AllSamples() {
		r := made(t, p, &s)
		if _, err := set.Prove(p, &r, providers.Signed, false); err != nil {
			t.Fatal(err)
		}
		key := values["kornitx.api_key.test"]
		if r.Method == "POST" {
			key = values["kornitx.push_key.test"]
		}
		out := strings.TrimSpace(openssl(t, r.Body, "dgst", "-sha256", "-hmac", key))
		if want := r.Header.Value("X-CustomGateway-Hmac"); !strings.HasSuffix(out, want) || len(want) != 64 {
			t.Errorf("%s: openssl says %s, the header %s", s.Name, out, want)
		}
	}
}

func writeFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
