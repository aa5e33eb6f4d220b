package viewmodel

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

// configure sets keys as SaveKey of an engine would.
func configure(b *bench) {
	b.engine.SaveKey = func(_ context.Context, credential, label, value string) error {
		keys := providers.Keys{}
		for name, list := range b.engine.Set.Keys() {
			for _, key := range list {
				if name != credential || key.Label != label {
					keys[name] = append(keys[name], key)
				}
			}
		}
		keys[credential] = append(keys[credential], b.engine.Set.Key(credential, label, value))
		b.engine.Set.SetKeys(keys)
		return nil
	}
	b.engine.RemoveKey = func(_ context.Context, credential, label string) error {
		keys := providers.Keys{}
		for name, list := range b.engine.Set.Keys() {
			for _, key := range list {
				if name != credential || key.Label != label {
					keys[name] = append(keys[name], key)
				}
			}
		}
		b.engine.Set.SetKeys(keys)
		return nil
	}
}

func TestConnectAddresses(t *testing.T) {
	b := newBench(t)
	if v := b.Connect.View(); v.Provider != "" || len(b.Connect.Tabs()) != 0 {
		t.Errorf("without an engine: %+v", v)
	}
	b.attach(t)
	configure(b)
	for _, tt := range []struct{ provider, path, prefix string }{
		{"kornitx", "/kornitx/status", "http://127.0.0.1:4480/kornitx/status"},
		{"mintsoft", "/mintsoft/split", "http://127.0.0.1:4480/mintsoft/split?APIKEY="},
		{"probo", "/probo/order", "http://127.0.0.1:4480/probo/order/"},
		{"komet", "/komet/confirm", "http://127.0.0.1:4480/komet/confirm"},
	} {
		b.Connect.Turn(tt.provider)
		v := b.Connect.View()
		b.Connect.CopyAddress(tt.provider, tt.path)
		if !strings.HasPrefix(b.copied, tt.prefix) {
			t.Errorf("%s: copied %q, want %q…", tt.provider, b.copied, tt.prefix)
		}
		if v.Token != nil && v.Token.InAddress && b.copied != tt.prefix+v.Token.Shown {
			t.Errorf("%s: copied %q, the token is %q", tt.provider, b.copied, v.Token.Shown)
		}
		if got := b.Preferences.Copied[tt.path]; got != b.engine.URL {
			t.Errorf("%s: remembered %q", tt.provider, got)
		}
		if len(v.Steps) == 0 || v.Expects.Text == "" || v.Retry.Source == "" || v.Curl == "" || len(v.Samples) == 0 {
			t.Errorf("%s: %+v", tt.provider, v)
		}
	}
}

func TestConnectTokenBecomesTheCredential(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	configure(b)
	b.Connect.Turn("probo")
	token := b.Connect.View().Token.Shown
	b.Connect.AnotherToken()
	if again := b.Connect.View().Token.Shown; again == token {
		t.Error("the same token was made up again")
	}
	token = b.Connect.View().Token.Shown
	b.Connect.SaveToken()
	if !b.Connect.Saving {
		t.Error("it does not say that it saves")
	}
	b.settle()
	v := b.Connect.View()
	if !v.Token.Saved || strings.Contains(v.Token.Shown+v.Addresses[0].Shown+v.Curl, token) {
		t.Errorf("saved: %+v, %+v, %s", v.Token, v.Addresses[0], v.Curl)
	}
	b.Connect.CopyAddress("probo", "/probo/order")
	if want := "http://127.0.0.1:4480/probo/order/" + token; b.copied != want {
		t.Errorf("copied %q, want %q", b.copied, want)
	}
	b.engine.SaveKey = func(context.Context, string, string, string) error { return errors.New("the keyring is locked") }
	b.Connect.Turn("komet")
	b.Connect.SaveToken()
	b.settle()
	if b.Connect.Problem != "The keyring is locked." || b.Connect.Saving || b.Connect.View().Token.Saved {
		t.Errorf("problem %q", b.Connect.Problem)
	}
}

func TestConnectTellsOfAChangedAddress(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.Connect.Turn("kornitx")
	if note := b.Connect.View().Addresses[0].Note; note != "" {
		t.Errorf("never copied: %q", note)
	}
	b.Connect.CopyAddress("kornitx", "/kornitx/status")
	if note := b.Connect.View().Addresses[0].Note; note != "" {
		t.Errorf("just copied: %q", note)
	}
	b.Connect.CopyStep(0)
	b.Connect.Turn("probo")
	b.Connect.CopyStep(1)
	if want := `"callback_urls": ["http://127.0.0.1:4480/probo/order/` + b.Connect.View().Token.Shown + `"]`; b.copied != want {
		t.Errorf("step: copied %q, want %q", b.copied, want)
	}
	b.Connect.Turn("kornitx")
	b.engine.URL = "http://127.0.0.1:4999"
	b.Connect.attached()
	if list := b.Notices.Banners; len(list) != 1 || !strings.Contains(list[0].Text, "KornitX") {
		t.Errorf("banners %+v", list)
	}
	if note := b.Connect.View().Addresses[0].Note; !strings.Contains(note, "http://127.0.0.1:4480") {
		t.Errorf("changed since: %q", note)
	}
	b.Connect.CopyFirst("kornitx")
	if note := b.Connect.View().Addresses[0].Note; note != "" {
		t.Errorf("copied again: %q", note)
	}
	if len(b.Notices.Banners) != 0 {
		t.Errorf("copied again: %+v", b.Notices.Banners)
	}
}

// TestConnectCurl has a shell take the line apart and compares what it gives to
// curl with the sample.
func TestConnectCurl(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no POSIX shell here")
	}
	b := newBench(t)
	b.attach(t)
	secret := `it's a "secret" & more`
	b.engine.Set.SetKeys(providers.Keys{
		"komet.authentication_token": {b.engine.Set.Key("komet.authentication_token", "", secret)},
		"mintsoft.api_key":           {b.engine.Set.Key("mintsoft.api_key", "", secret)},
		"kornitx.api_key":            {b.engine.Set.Key("kornitx.api_key", "", secret)},
	})
	for _, tab := range b.Connect.Tabs() {
		b.Connect.Turn(tab.ID)
		if v := b.Connect.View(); strings.Contains(v.Curl, "secret") || v.Signed == "" {
			t.Errorf("%s shows %s (%s)", tab.ID, v.Curl, v.Signed)
		}
		b.Connect.CopyCurl(tab.ID)
		arguments := strings.TrimPrefix(b.copied, "curl ")
		out, err := exec.CommandContext(t.Context(), shell, "-c", `printf '%s\0' `+arguments).Output()
		if err != nil {
			t.Fatalf("%s: %v: %s", tab.ID, err, b.copied)
		}
		r := given(strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"))
		e := b.engine.Set.Endpoints().Find(r.Path())
		a := b.engine.Set.Annotate(&r, e)
		want := capture.Valid
		switch tab.ID {
		case "probo":
			want = capture.Unprovable
		case "klix":
			want = capture.KeyMissing
		}
		if a.Provider != tab.ID || a.Verification.Status != want {
			t.Errorf("%s: its line is taken for %q, %s (%s)", tab.ID, a.Provider, a.Verification.Status, a.Verification.Reason)
		}
	}
}

// given is the request that curl makes of arguments.
func given(arguments []string) capture.Request {
	r := capture.Request{Method: "POST", Proto: "HTTP/1.1"}
	for i := 0; i < len(arguments); i++ {
		switch arguments[i] {
		case "-i":
		case "-X":
			i++
			r.Method = arguments[i]
		case "-H":
			i++
			name, value, _ := strings.Cut(arguments[i], ": ")
			r.Header = append(r.Header, capture.Field{Name: name, Value: value})
		case "--data-binary":
			i++
			r.Body, r.Size = []byte(arguments[i]), int64(len(arguments[i]))
		default:
			r.Target = strings.TrimPrefix(arguments[i], "http://127.0.0.1:4480")
		}
	}
	return r
}

func TestConnectSamples(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	var sent []string
	fail := error(nil)
	b.engine.Sample = func(_ context.Context, provider string, sample providers.Sample) (int, error) {
		sent = append(sent, provider+"/"+sample.Name)
		return 200, fail
	}
	b.Connect.SendAll()
	b.Connect.SendAll() // while it sends: nothing more
	if !b.Connect.Sending || b.Commands.Find("connect.samples") != nil && b.Commands.Find("connect.samples").Enabled() {
		t.Error("it does not say that it sends")
	}
	b.settle()
	if got := strings.Join(sent, " "); got != "kornitx/dispatched klix/purchase_paid mintsoft/despatched komet/confirmation probo/queued" {
		t.Errorf("sent %s", got)
	}
	if text := b.Notices.Toast.Text; text != "5 samples sent, one of each provider." || b.Connect.Sending {
		t.Errorf("toast %q", text)
	}
	b.Connect.Turn("mintsoft")
	b.Connect.SendSample("split")
	b.settle()
	if text := b.Notices.Toast.Text; text != "Mintsoft: Order split answered 200." || sent[len(sent)-1] != "mintsoft/split" {
		t.Errorf("toast %q, sent %q", text, sent[len(sent)-1])
	}
	fail = errors.New("nobody listens")
	b.Connect.SendSample("split")
	b.settle()
	if text := b.Notices.Toast.Text; text != "The sample of Mintsoft could not be sent: nobody listens." || b.Notices.Toast.Tone != Bad {
		t.Errorf("toast %q", text)
	}
}

func TestFirstRun(t *testing.T) {
	b := newBench(t)
	if f := b.Connect.FirstRun(); f.Sentence != "Hookglass is starting." || len(f.Addresses) != 0 {
		t.Errorf("without an engine: %+v", f)
	}
	b.attach(t)
	f := b.Connect.FirstRun()
	if len(f.Addresses) != len(b.engine.Set.All()) || !strings.HasPrefix(f.Curl, "curl -i http://127.0.0.1:4480/komet/confirm ") {
		t.Errorf("first run: %+v", f)
	}
	for _, a := range f.Addresses {
		b.Connect.CopyFirst(a.Provider)
		if b.copied != a.Shown {
			t.Errorf("%s: copied %q, shown %q", a.Provider, b.copied, a.Shown)
		}
	}
}

func TestShellWord(t *testing.T) {
	for _, tt := range []struct{ word, want string }{
		{"POST", "POST"},
		{"", "''"},
		{"it's", `'it'\''s'`},
		{"a b", "'a b'"},
		{"?x&y", "'?x&y'"},
		{"$HOME`id`", "'$HOME`id`'"},
	} {
		if got := shellWord(tt.word); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.word, got, tt.want)
		}
	}
}
