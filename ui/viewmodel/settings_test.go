package viewmodel

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// captureKomet stores callbacks of Komet with these tokens; "" is none.
func captureKomet(t *testing.T, b *bench, tokens ...string) {
	t.Helper()
	for i, token := range tokens {
		header := ""
		if token != "" {
			header = "authenticationToken: " + token + "\r\n"
		}
		body := fmt.Sprintf(`{"companyId":1,"orderId":%d}`, i)
		r, err := capture.ReadRequest(fmt.Appendf(nil, "POST /komet/confirm HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d\r\n\r\n%s", header, len(body), body))
		if err != nil {
			t.Fatal(err)
		}
		r.Received = b.now.Add(time.Duration(i) * time.Second)
		x := &capture.Exchange{
			UID: capture.NewUID(b.now), State: capture.StateAnswered, Via: capture.ViaLocal, Endpoint: "/komet/confirm", Request: r,
		}
		x.Annotation = b.engine.Set.Annotate(&x.Request, b.engine.Set.Endpoints().Find("/komet/confirm"))
		if err := b.engine.Store.Create(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		if err := b.engine.Store.Update(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
}

const kometToken = "komet.authentication_token"

func TestSettingsTryKey(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	configure(b)
	captureKomet(t, b, "right", "right", "wrong", "")
	s := b.Settings
	s.AddKey(kometToken)
	if s.Key == nil || s.Key.Help == "" || s.CanSaveKey() {
		t.Fatalf("draft %+v", s.Key)
	}
	for _, tt := range []struct {
		value, result string
		tone          Tone
	}{
		{"nothing like it", "This key proves 0 of 4 captured; 3 do not match it; 1 carries no proof that it could check.", Warn},
		{"right", "This key proves 2 of 4 captured; 1 does not match it; 1 carries no proof that it could check.", Warn},
		{" right\n", "This key proves 2 of 4 captured; 1 does not match it; 1 carries no proof that it could check.", Warn},
		{"  ", "", Plain},
	} {
		s.SetKeyValue(tt.value)
		if tt.result != "" && !s.Key.Testing {
			t.Errorf("%q: it does not say that it tries", tt.value)
		}
		b.settle()
		if s.Key.Result != tt.result || s.Key.Tone != tt.tone || s.Key.Testing {
			t.Errorf("%q: %q, tone %d, testing %v", tt.value, s.Key.Result, s.Key.Tone, s.Key.Testing)
		}
	}
	// What is typed while a try runs is tried when that has ended.
	for _, value := range []string{"r", "ri", "rig", "righ", "right"} {
		s.SetKeyValue(value)
	}
	b.settle()
	if !strings.HasPrefix(s.Key.Result, "This key proves 2 of 4") {
		t.Errorf("typed fast: %q", s.Key.Result)
	}
	if len(b.engine.Set.Keys()) != 0 {
		t.Error("a try was kept")
	}
	s.SetKeyValue("x")
	s.CancelKey()
	b.settle()
	if s.Key != nil || s.trial.captured != nil {
		t.Error("the draft is not forgotten")
	}
}

func TestSettingsSaveRevealRemoveKey(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	configure(b)
	s := b.Settings
	s.AddKey(kometToken)
	s.SetKeyValue(" hush ")
	s.SaveKey()
	b.settle()
	values := func() []KeyView {
		for _, group := range s.Credentials() {
			for _, c := range group.Credentials {
				if c.Name == kometToken {
					return c.Values
				}
			}
		}
		return nil
	}
	if got := values(); s.Key != nil || len(got) != 1 || strings.Contains(got[0].Shown, "hush") || got[0].Revealed {
		t.Fatalf("after saving: %+v", got)
	}
	s.Reveal(kometToken, "")
	if got := values(); got[0].Shown != "hush" || !got[0].Revealed {
		t.Errorf("revealed: %+v", got)
	}
	b.Open(DialogSettings)
	b.Open(NoDialog)
	if got := values(); got[0].Revealed {
		t.Error("still revealed after the dialog closed")
	}
	s.AddKey(kometToken)
	s.SetKeyValue("second")
	if s.Key.Problem == "" || s.CanSaveKey() {
		t.Error("a second value without a label is accepted")
	}
	s.SetKeyLabel("test")
	if s.Key.Problem != "" || !s.CanSaveKey() {
		t.Errorf("with a label: %q", s.Key.Problem)
	}
	s.SaveKey()
	b.settle()
	s.ReplaceKey(kometToken, "test")
	s.SetKeyValue("third")
	s.SaveKey()
	b.settle()
	s.CopyKey(kometToken, "test")
	if b.copied != "third" || len(values()) != 2 {
		t.Errorf("copied %q of %+v", b.copied, values())
	}
	s.RemoveKey(kometToken, "test")
	b.settle()
	if len(values()) != 1 || b.Notices.Toast.Action != "Undo" {
		t.Fatalf("after removing: %+v, %+v", values(), b.Notices.Toast)
	}
	b.Notices.Toast.Run()
	b.settle()
	s.CopyKey(kometToken, "test")
	if len(values()) != 2 || b.copied != "third" {
		t.Errorf("after undo: %+v", values())
	}
}

func TestSettingsKeyProblems(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	configure(b)
	s := b.Settings
	for _, tt := range []struct{ credential, label, value, problem string }{
		{kometToken, "", strings.Repeat("x", 51), "Longer than the 50 characters that Komet takes."},
		{"klix.certificate", "", "no PEM", "no"},
		{kometToken, strings.Repeat("l", 41), "x", "A label has at most 40 characters."},
		{kometToken, "a\nb", "x", "A label is one line."},
		{"probo.token", "", strings.Repeat("x", maxKey+1), "This is too long for a key."},
		{kometToken, "", "fine", ""},
	} {
		s.AddKey(tt.credential)
		s.SetKeyLabel(tt.label)
		s.SetKeyValue(tt.value)
		b.settle()
		if (s.Key.Problem == "") != (tt.problem == "") || tt.problem != "no" && s.Key.Problem != tt.problem {
			t.Errorf("%s %q: problem %q, want %q", tt.credential, tt.label, s.Key.Problem, tt.problem)
		}
		if s.CanSaveKey() != (tt.problem == "") {
			t.Errorf("%s: can save %v", tt.credential, s.CanSaveKey())
		}
	}
	b.engine.SaveKey = func(context.Context, string, string, string) error { return errors.New("the keyring is locked") }
	s.SaveKey()
	b.settle()
	if s.Key == nil || s.Key.Problem != "The keyring is locked." || s.Key.Value != "fine" {
		t.Errorf("after a failed save: %+v", s.Key)
	}
}

func TestSettingsEndpoints(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	list := b.engine.Set.Endpoints()
	b.engine.Endpoints = func() capture.Endpoints { return list }
	remove := func(path string) {
		var kept capture.Endpoints
		for _, e := range list {
			if e.Path != path {
				kept = append(kept, e)
			}
		}
		list = kept
	}
	b.engine.PutEndpoint = func(_ context.Context, e capture.Endpoint) error {
		remove(e.Path)
		list = append(list, e)
		return nil
	}
	b.engine.RemoveEndpoint = func(_ context.Context, path string) error { remove(path); return nil }
	s := b.Settings
	for _, tt := range []struct{ path, provider, event, problem string }{
		{"x", "", "", `"x" must begin with /.`},
		{"/a?b", "", "", `"/a?b" must be a path alone, without query, fragment or spaces.`},
		{"/*/a", "", "", `"/*/a" may hold a * only as its end, /*.`},
		{"/klix/*", "", "", "There is an endpoint with this path already."},
		{"/a", "", "order.split", "An event can be pinned only together with a provider."},
		{"/a", "mintsoft", "order split", "An event is one word, such as order.cancelled."},
		{"/" + strings.Repeat("a", 600), "", "", "This path is too long."},
	} {
		s.AddEndpoint()
		s.EditEndpoint(func(d *EndpointDraft) { d.Path, d.Provider, d.Event = tt.path, tt.provider, tt.event })
		if s.Endpoint.Problem != tt.problem || s.CanSaveEndpoint() {
			t.Errorf("%s: problem %q, want %q", tt.path, s.Endpoint.Problem, tt.problem)
		}
	}
	s.AddEndpoint()
	if s.CanSaveEndpoint() {
		t.Error("/ alone can be saved")
	}
	s.EditEndpoint(func(d *EndpointDraft) { d.Path, d.Provider, d.Event = " /shop/split ", "mintsoft", "order.split" })
	s.SaveEndpoint()
	b.settle()
	want := EndpointView{Path: "/shop/split", Provider: "mintsoft", Hue: senderHue("mintsoft"), Pinned: "Mintsoft", Event: "order.split", About: "Mintsoft  ·  order.split"}
	if got := s.Endpoints(); s.Endpoint != nil || got[len(got)-1] != want {
		t.Fatalf("added: %+v", got[len(got)-1])
	}
	s.ChangeEndpoint("/shop/split")
	s.EditEndpoint(func(d *EndpointDraft) { d.Path = "/shop/parts" })
	if s.Endpoint.Note == "" {
		t.Error("a changed path is not told of")
	}
	s.SaveEndpoint()
	b.settle()
	if s.endpoint("/shop/split") != nil || s.endpoint("/shop/parts") == nil {
		t.Errorf("changed: %+v", s.Endpoints())
	}
	s.RemoveEndpoint("/shop/parts")
	b.settle()
	if s.endpoint("/shop/parts") != nil {
		t.Error("not removed")
	}
	b.Notices.Toast.Run()
	b.settle()
	if e := s.endpoint("/shop/parts"); e == nil || e.Event != "order.split" {
		t.Errorf("after undo: %+v", e)
	}
}

func TestSettingsListen(t *testing.T) {
	b := newBench(t)
	s := b.Settings
	for _, tt := range []struct{ text, kept, problem, note string }{
		{"127.0.0.1:9000", "127.0.0.1:9000", "", nextStart},
		{"127.0.0.1", "127.0.0.1:9000", "Write host and port, such as 127.0.0.1:4480.", ""},
		{"127.0.0.1:99999", "127.0.0.1:9000", "The port is a number from 1 to 65535.", ""},
		{"example.com:80", "127.0.0.1:9000", "The host is an address of this machine, such as 127.0.0.1, or localhost.", ""},
		{"0.0.0.0:4480", "0.0.0.0:4480", "", nextStart + " Others in your network can then send callbacks here."},
		{"localhost:1", "localhost:1", "", nextStart},
		{" ", "", "", nextStart},
	} {
		s.SetListen(tt.text)
		if b.Preferences.Listen != tt.kept || s.Listen.Problem != tt.problem || s.Listen.Note != tt.note {
			t.Errorf("%q: kept %q, problem %q, note %q", tt.text, b.Preferences.Listen, s.Listen.Problem, s.Listen.Note)
		}
	}
}

func TestSettingsSizes(t *testing.T) {
	for _, tt := range []struct {
		text string
		want int64
		bad  bool
	}{
		{"", 0, false},
		{"all", -1, false},
		{"500", 500 << 20, false},
		{"2 GiB", 2 << 30, false},
		{"2gb", 2 << 30, false},
		{"1.5 m", 3 << 19, false},
		{"64 KiB", 64 << 10, false},
		{"1 TiB", 1 << 40, false},
		{"-1", 0, true},
		{"0", 0, true},
		{"x", 0, true},
		{"2 parsecs", 0, true},
		{"NaN", 0, true},
		{"inf", 0, true},
		{"1e30 tib", 0, true},
	} {
		got, problem := parseSize(tt.text)
		if got != tt.want || (problem != "") != tt.bad {
			t.Errorf("%q: %d, %q", tt.text, got, problem)
		}
		if again, _ := parseSize(sizeText(got)); got > 1<<20 && got%(1<<20) == 0 && again != got {
			t.Errorf("%q is written as %s, which reads as %d", tt.text, sizeText(got), again)
		}
	}
}

func TestSettingsRetention(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	s := b.Settings
	for _, tt := range []struct {
		text string
		kept int
		bad  bool
	}{
		{"50 000", 50000, false}, {"10", 50000, true}, {"x", 50000, true}, {"all", -1, false}, {"", 0, false},
	} {
		s.SetMaxCount(tt.text)
		if b.Preferences.MaxCount != tt.kept || (s.MaxCount.Problem != "") != tt.bad {
			t.Errorf("%q: kept %d, problem %q", tt.text, b.Preferences.MaxCount, s.MaxCount.Problem)
		}
	}
	s.SetMaxBytes("1 MiB")
	if s.MaxBytes.Problem == "" || b.Preferences.MaxBytes != 0 {
		t.Errorf("1 MiB is kept: %d", b.Preferences.MaxBytes)
	}
	s.SetMaxBytes("3 GiB")
	s.SetBodyLimit("all")
	if s.BodyLimit.Problem == "" {
		t.Error("bodies without a limit")
	}
	s.SetBodyLimit("8 MiB")
	if again := openPreferences(b.Preferences.path); again.MaxBytes != 3<<30 || again.BodyLimit != 8<<20 {
		t.Errorf("kept in the file: %d, %d", again.MaxBytes, again.BodyLimit)
	}
	captureKomet(t, b, "a")
	s.Turn(SettingsRetention)
	b.settle()
	if !strings.HasPrefix(s.Stored, "1 callback, ") || !strings.Contains(s.Stored, " in use; the files take ") {
		t.Errorf("stored: %q", s.Stored)
	}
}

func TestSettingsAppearance(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	drawn := 0
	b.Changed.Listen(func() { drawn++ })
	b.Settings.SetAppearance("light")
	b.Settings.SetUTC(true)
	b.Settings.SetRowMeta(true)
	if again := openPreferences(b.Preferences.path); again.Appearance != "light" || !again.UTC || !again.RowMeta || drawn != 3 {
		t.Errorf("kept %+v, drawn %d times", again, drawn)
	}
}

func TestSettingsPages(t *testing.T) {
	b := newBench(t)
	for _, page := range SettingsPages {
		b.Settings.Show(page.ID)
		if b.Settings.Title() != page.Title || b.Dialog != DialogSettings {
			t.Errorf("%s: %q", page.ID, b.Settings.Title())
		}
	}
	if about := b.Settings.About(); len(about) < 3 || about[0].Value != "0.1.0" {
		t.Errorf("about: %+v", about)
	}
	if b.Settings.Credentials() != nil || b.Settings.Endpoints() != nil || b.Settings.Folder() != "" {
		t.Error("there is something without an engine")
	}
	b.attach(t)
	b.Screen.OpenURL = func(string) error { return errors.New("no program") }
	b.Settings.OpenFolder()
	if b.copied != b.Settings.Folder() || b.copied == "" {
		t.Errorf("copied %q", b.copied)
	}
}
