package viewmodel

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// post stands for the engine where made callbacks are sent.
type post struct {
	sent   []capture.Made
	asked  []capture.ResendConsent
	made   []string // providers whose test identity was made
	target capture.ResendTarget
	answer func(n int) (*capture.MadeSent, error)
}

// samplesBench is a bench whose dialog "be the provider" is open.
func samplesBench(t *testing.T) (*bench, *post) {
	t.Helper()
	b := newBench(t)
	p := &post{answer: func(int) (*capture.MadeSent, error) {
		return &capture.MadeSent{Own: true, Answer: &capture.Response{Status: 200}}, nil
	}}
	b.attachWith(t, func() {
		b.engine.SendMade = func(_ context.Context, m *capture.Made) (*capture.MadeSent, error) {
			p.sent = append(p.sent, *m)
			return p.answer(len(p.sent))
		}
		b.engine.AskMade = func(_ context.Context, _ string, c capture.ResendConsent) error {
			p.asked = append(p.asked, c)
			if p.target.Host == "" || c.Remote && (c.Provider || p.target.Provider == "") {
				return nil
			}
			return &capture.AskError{ResendTarget: p.target}
		}
		b.engine.TestIdentity = func(_ context.Context, provider string, _ bool) error {
			p.made = append(p.made, provider)
			return makeTestKeys(b.engine.Set, provider)
		}
	})
	if !b.Commands.Press("t") || b.Dialog != DialogSamples {
		t.Fatalf("t opened dialog %d", b.Dialog)
	}
	b.settle()
	return b, p
}

func makeTestKeys(set *providers.Set, provider string) error {
	keys, p := providers.Keys{}, set.Find(provider)
	for name, known := range set.TestKeys() {
		keys[name] = known
	}
	for i := range p.TestKeys {
		value, err := p.TestKeys[i].Make(time.Now())
		if err != nil {
			return err
		}
		made, err := p.TestKeys[i].Keys(value)
		if err != nil {
			return err
		}
		for _, key := range made {
			keys[key.Name] = []providers.Key{key}
		}
	}
	set.SetTestKeys(keys)
	return nil
}

// Every callback of every provider is previewed, sent as it was previewed, and
// then verifies as a test.
func TestSamplesOfEveryProvider(t *testing.T) {
	b, p := samplesBench(t)
	s := b.Samples
	for _, tab := range s.Tabs() {
		s.Change(func(f *SampleFields) { f.Provider = tab.ID })
		b.settle()
		if len(s.Rows()) < 2 || s.Index() != 0 {
			t.Errorf("%s: %d rows, the %d. is chosen", tab.ID, len(s.Rows()), s.Index())
		}
		for i, row := range s.Rows() {
			s.Choose(i)
			b.settle()
			if !s.CanSend() {
				t.Fatalf("%s %s: %q %q", tab.ID, row.Name, s.Problem, s.ToProblem)
			}
			s.Secrets = true
			s.show()
			preview := string(s.Preview.Text.Bytes)
			hadKey := !strings.Contains(s.Preview.Told, "is made when")
			noProof := strings.Contains(s.Preview.Told, "carries no proof")
			before := len(p.sent)
			s.Send()
			b.settle()
			if len(p.sent) != before+1 || s.Result == nil || s.Result.Text != "200 OK" {
				t.Fatalf("%s %s: sent %d, result %+v", tab.ID, row.Name, len(p.sent)-before, s.Result)
			}
			m := p.sent[before]
			_, body, _ := strings.Cut(preview, "\r\n\r\n")
			if hadKey && body != string(m.Body) {
				t.Errorf("%s %s: sent\n%s\nthe preview said\n%s", tab.ID, row.Name, m.Body, body)
			}
			target := strings.TrimPrefix(m.URL, b.engine.URL)
			r := capture.Request{Method: m.Method, Target: target, Header: m.Header, Body: m.Body, Size: int64(len(m.Body)), Received: b.now, Remote: providers.OwnRemote}
			v := b.engine.Set.Annotate(&r, b.engine.Endpoints().Find(r.Path())).Verification
			if !v.Status.Proven() && !noProof {
				t.Errorf("%s %s: %s: %s", tab.ID, row.Name, v.Status, v.Reason)
			}
			if v.Status.Proven() && !strings.Contains(v.Reason, "This is a test") {
				t.Errorf("%s %s does not say that it is a test: %s", tab.ID, row.Name, v.Reason)
			}
		}
	}
	if want := len(s.Tabs()); len(p.made) != want {
		t.Errorf("test identities were made %d times for %d providers: %v", len(p.made), want, p.made)
	}
}

func TestSamplesFields(t *testing.T) {
	b, p := samplesBench(t)
	s := b.Samples
	for _, tt := range []struct {
		name         string
		change       func(f *SampleFields)
		problem, to  string
		body, target string // what is in the preview
	}{
		{"order", func(f *SampleFields) { f.Order = "WEB-77" }, "", "", "WEB-77", ""},
		{"value", func(f *SampleFields) { f.Values = "shipping_carrier=Omniva\n\n" }, "", "", `"Omniva"`, ""},
		{"no value", func(f *SampleFields) { f.Values = "shipping_carrier=A\nx" }, "Line 2 is not path=value", "", "", ""},
		{"no path", func(f *SampleFields) { f.Values = "colour=red" }, "This callback has no colour", "", "", ""},
		{"host alone", func(f *SampleFields) { f.Here, f.To = false, "localhost:3000" }, "", "", "", "/kornitx/dispatched HTTP/1.1\r\nHost: localhost:3000"},
		{"path", func(f *SampleFields) { f.Here, f.To = false, "http://localhost:3000/hook?a=1" }, "", "", "", "/hook?a=1 HTTP/1.1"},
		{"no address", func(f *SampleFields) { f.Here, f.To = false, "http://" }, "", "This is no address", "", ""},
		{"user", func(f *SampleFields) { f.Here, f.To = false, "http://a:b@localhost" }, "", "user name", "", ""},
		{"empty address", func(f *SampleFields) { f.Here, f.To = false, " " }, "", "", "", "-"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.Change(func(f *SampleFields) {
				*f = SampleFields{Provider: "kornitx", Sample: "dispatched", Here: true, Proof: "unsigned", Speed: "0"}
				tt.change(f)
			})
			b.settle()
			fine := tt.problem == "" && tt.to == "" && tt.target != "-"
			if !strings.Contains(s.Problem, tt.problem) || tt.problem == "" && s.Problem != "" {
				t.Errorf("problem %q, want %q", s.Problem, tt.problem)
			}
			if !strings.Contains(s.ToProblem, tt.to) || tt.to == "" && s.ToProblem != "" {
				t.Errorf("problem of the address %q, want %q", s.ToProblem, tt.to)
			}
			if s.CanSend() != fine {
				t.Errorf("can be sent: %v", s.CanSend())
			}
			if !fine {
				s.Send()
				b.settle()
				return
			}
			if text := string(s.Preview.Text.Bytes); !strings.Contains(text, tt.body) || !strings.Contains(text, tt.target) {
				t.Errorf("preview\n%s", text)
			}
		})
	}
	if len(p.sent) != 0 {
		t.Errorf("sent %d", len(p.sent))
	}
}

func TestSamplesToYourApp(t *testing.T) {
	b, _ := samplesBench(t)
	s := b.Samples
	s.Change(func(f *SampleFields) { f.Here = false })
	b.settle()
	if s.To != "http://localhost:3000" || !s.CanSend() || !strings.Contains(s.ToTold(), "own path is added") {
		t.Errorf("to %q: %s", s.To, s.ToTold())
	}
	s.Change(func(f *SampleFields) { f.To = "" })
	if s.To != "" || s.CanSend() {
		t.Errorf("what was taken away came back: %q", s.To)
	}
}

func TestSamplesProofs(t *testing.T) {
	b, _ := samplesBench(t)
	s := b.Samples
	b.engine.Set.SetKeys(providers.Keys{"kornitx.api_key": {b.engine.Set.Key("kornitx.api_key", "", "0123456789ABCDEF0123456789A")}})
	if err := makeTestKeys(b.engine.Set, "kornitx"); err != nil {
		t.Fatal(err)
	}
	for proof, want := range map[string]string{
		"signed": "Signed with your key.", "test": "Signed with Hookglass's test key", "unsigned": "carries no proof",
		"tampered": "Then it was changed", "stale-key": "nobody knows",
	} {
		s.Change(func(f *SampleFields) { f.Provider, f.Proof = "kornitx", proof })
		s.Open() // the keys are others
		b.settle()
		if !strings.Contains(s.Preview.Told, want) {
			t.Errorf("%s: %q, want %q", proof, s.Preview.Told, want)
		}
		if has := strings.Contains(string(s.Preview.Text.Bytes), "X-CustomGateway-Hmac"); has != (proof != "unsigned") {
			t.Errorf("%s: a signature is there: %v", proof, has)
		}
	}
}

func TestSamplesMaskSecrets(t *testing.T) {
	b, _ := samplesBench(t)
	s := b.Samples
	b.engine.Set.SetKeys(providers.Keys{"mintsoft.api_key": {b.engine.Set.Key("mintsoft.api_key", "", "hush-hush")}})
	s.Change(func(f *SampleFields) { f.Provider = "mintsoft" })
	b.settle()
	if text := string(s.Preview.Text.Bytes); strings.Contains(text, "hush-hush") || !s.Preview.Secret {
		t.Errorf("masked: %v\n%s", s.Preview.Secret, text)
	}
	s.ShowSecrets(true)
	if text := string(s.Preview.Text.Bytes); !strings.Contains(text, "APIKEY=hush-hush") {
		t.Errorf("shown:\n%s", text)
	}
}

// Another machine is asked about once, a provider's own twice.
func TestSamplesAsk(t *testing.T) {
	for _, tt := range []struct {
		target capture.ResendTarget
		asks   int
	}{
		{capture.ResendTarget{}, 0},
		{capture.ResendTarget{Host: "staging.example"}, 1},
		{capture.ResendTarget{Host: "api.klix.app", Provider: "Klix"}, 2},
	} {
		b, p := samplesBench(t)
		s := b.Samples
		p.target = tt.target
		s.Change(func(f *SampleFields) { f.Here, f.To, f.Proof = false, "https://staging.example/x?token=a", "unsigned" })
		b.settle()
		s.Send()
		b.settle()
		for i := range tt.asks {
			if b.Confirmation == nil || len(p.sent) != 0 {
				t.Fatalf("%s: question %d is not there, sent %d", tt.target.Host, i, len(p.sent))
			}
			b.Answered(true)
			b.settle()
		}
		if b.Confirmation != nil || len(p.sent) != 1 {
			t.Errorf("%s: asks again %v, sent %d", tt.target.Host, b.Confirmation != nil, len(p.sent))
		}
		s.Send()
		b.settle()
		if len(p.sent) != 2 {
			t.Errorf("%s: the second time it was asked again", tt.target.Host)
		}
		if got := b.Preferences.SampleTo; got != "https://staging.example/x" {
			t.Errorf("remembered %q", got)
		}
	}
}

// What is typed while it is looked where the address leads changes nothing of what
// was asked for.
func TestSamplesSendWhatWasSeen(t *testing.T) {
	b, p := samplesBench(t)
	s := b.Samples
	s.Change(func(f *SampleFields) { f.Provider, f.Proof, f.Order = "kornitx", "unsigned", "WEB-1" })
	b.settle()
	s.Send()
	s.Change(func(f *SampleFields) { f.Provider, f.Order, f.Here, f.To = "klix", "WEB-2", false, "localhost:1" })
	b.settle()
	if len(p.sent) != 1 || !strings.HasPrefix(p.sent[0].URL, b.engine.URL+"/kornitx/") || !strings.Contains(string(p.sent[0].Body), "WEB-1") {
		t.Errorf("sent %+v", p.sent)
	}
	if b.Preferences.SampleTo != "" {
		t.Errorf("remembered %q", b.Preferences.SampleTo)
	}
}

func TestSamplesAnswers(t *testing.T) {
	b, p := samplesBench(t)
	s := b.Samples
	s.Change(func(f *SampleFields) { f.Provider, f.Proof = "kornitx", "unsigned" })
	b.settle()
	for _, tt := range []struct {
		sent       *capture.MadeSent
		err        error
		text, note string
		tone       Tone
	}{
		{&capture.MadeSent{Answer: &capture.Response{Status: 503}}, nil, "503 Service Unavailable", "KornitX", Bad},
		{&capture.MadeSent{Error: "Nothing listens at localhost:3000."}, nil, "No answer", "Nothing listens at localhost:3000.", Bad},
		{nil, errors.New("the disk is full"), "Not sent", "The disk is full.", Bad},
	} {
		p.answer = func(int) (*capture.MadeSent, error) { return tt.sent, tt.err }
		s.Send()
		b.settle()
		if r := s.Result; r == nil || r.Text != tt.text || !strings.Contains(r.Note, tt.note) || r.Tone != tt.tone || s.Busy != "" {
			t.Errorf("got %+v, want %q %q", r, tt.text, tt.note)
		}
	}
}

func TestSamplesStory(t *testing.T) {
	b, p := samplesBench(t)
	s := b.Samples
	p.answer = func(n int) (*capture.MadeSent, error) {
		status := 200
		if n == 2 {
			status = 500
		}
		return &capture.MadeSent{Answer: &capture.Response{Status: status}}, nil
	}
	s.Change(func(f *SampleFields) {
		f.Provider, f.Stories, f.Scenario, f.Speed, f.Order, f.Proof = "kornitx", true, "life", "0", "WEB-1", "test"
	})
	b.settle()
	if len(s.Steps) != 7 || s.Steps[1].After != "after 10m" || !s.Steps[0].At {
		t.Fatalf("steps %+v", s.Steps)
	}
	s.ChooseStep(4)
	b.settle()
	if !strings.Contains(string(s.Preview.Text.Bytes), "WEB-1") || !s.Steps[4].At {
		t.Errorf("the preview of the fifth:\n%s", s.Preview.Text.Bytes)
	}
	s.Send()
	b.settle()
	if len(p.sent) != 7 || s.Busy != "" || s.Result == nil || s.Result.Tone != Warn || !strings.Contains(s.Result.Note, "6 of 7") {
		t.Fatalf("sent %d, busy %q, %+v", len(p.sent), s.Busy, s.Result)
	}
	if s.Steps[0].Text != "200" || s.Steps[1].Tone != Bad || s.Steps[1].Note == "" {
		t.Errorf("steps %+v", s.Steps)
	}
	s.ChooseStep(1)
	if got := s.Told(); !strings.Contains(got, "6 of 7") || !strings.Contains(got, "Number 2: ") {
		t.Errorf("told %q", got)
	}
	for i := range p.sent {
		if !strings.Contains(string(p.sent[i].Body), "WEB-1") {
			t.Errorf("callback %d is of another order: %s", i, p.sent[i].Body)
		}
	}
	if !slices.Equal(p.made, []string{"kornitx"}) {
		t.Errorf("made test identities %v", p.made)
	}
}

func TestSamplesStoryEndsEarly(t *testing.T) {
	b, p := samplesBench(t)
	s := b.Samples
	s.Change(func(f *SampleFields) { f.Provider, f.Stories, f.Speed, f.Proof = "kornitx", true, "0", "unsigned" })
	b.settle()
	p.answer = func(n int) (*capture.MadeSent, error) {
		if n == 3 {
			return nil, errors.New("hookglass is closing")
		}
		return &capture.MadeSent{Answer: &capture.Response{Status: 200}}, nil
	}
	s.Send()
	b.Open(NoDialog)
	b.settle()
	if r := s.Result; len(p.sent) != 3 || r == nil || r.Text != "Ended early" || !strings.Contains(r.Note, "2 of 7 callbacks were sent. Hookglass is closing.") {
		t.Errorf("sent %d, %+v", len(p.sent), s.Result)
	}
	if !strings.Contains(b.Notices.Toast.Text, "Ended early") {
		t.Errorf("toast %q", b.Notices.Toast.Text)
	}
}

func TestSamplesStoryStops(t *testing.T) {
	b, p := samplesBench(t)
	s := b.Samples
	s.Change(func(f *SampleFields) {
		f.Provider, f.Stories, f.Scenario, f.Speed, f.Proof = "kornitx", true, "life", "1", "unsigned"
	})
	b.settle()
	p.answer = func(int) (*capture.MadeSent, error) {
		s.Stop() // the next one would come in ten minutes
		return &capture.MadeSent{Answer: &capture.Response{Status: 200}}, nil
	}
	s.Send()
	b.settle()
	if len(p.sent) != 1 || s.Busy != "" || s.Result == nil || s.Result.Text != "Stopped" || !strings.Contains(s.Result.Note, "1 of 7") {
		t.Errorf("sent %d, busy %q, %+v", len(p.sent), s.Busy, s.Result)
	}
	if s.Steps[0].Text != "200" || s.Steps[1].Text != "" {
		t.Errorf("steps %+v", s.Steps)
	}
}

func TestRestEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	if !rest(ctx, time.Nanosecond) {
		t.Error("a short pause does not end")
	}
	cancel()
	if rest(ctx, time.Hour) {
		t.Error("a pause that was stopped ended by itself")
	}
}

func TestTestIdentity(t *testing.T) {
	b, p := samplesBench(t)
	var name string
	var saved []byte
	b.Screen.Save = func(suggested string, data []byte) { name, saved = suggested, data }
	b.Samples.ShowIdentity()
	if b.Dialog != DialogSettings || b.Settings.Section != SettingsIdentity {
		t.Errorf("dialog %d, page %s", b.Dialog, b.Settings.Section)
	}
	find := func(provider string) TestIdentityView {
		for _, v := range b.Settings.TestIdentity() {
			if v.Provider == provider {
				return v
			}
		}
		t.Fatalf("no test identity of %s", provider)
		return TestIdentityView{}
	}
	if v := find("klix"); v.Made || len(v.Keys) != 1 || v.Keys[0].Secret {
		t.Errorf("klix %+v", v)
	}
	b.Settings.MakeTest("klix")
	b.Settings.MakeTest("klix") // it is being made
	b.settle()
	b.Settings.MakeTest("kornitx")
	b.settle()
	if !slices.Equal(p.made, []string{"klix", "kornitx"}) || !find("klix").Made || find("mintsoft").Made {
		t.Errorf("made %v", p.made)
	}
	b.Settings.SaveTestCertificate("klix.test")
	if !strings.Contains(name, "certificate") || !strings.HasPrefix(string(saved), "-----BEGIN CERTIFICATE-----") || strings.Contains(string(saved), "PRIVATE") {
		t.Errorf("%s:\n%s", name, saved)
	}
	b.Settings.SaveTestPublicKey("klix.test")
	if !strings.HasPrefix(string(saved), "-----BEGIN PUBLIC KEY-----") {
		t.Errorf("%s:\n%s", name, saved)
	}
	key := find("kornitx").Keys[0]
	b.Settings.CopyTest(key.Name)
	if !strings.HasPrefix(b.copied, "TEST") || strings.Contains(key.Shown, b.copied) {
		t.Errorf("copied %q, shown %q", b.copied, key.Shown)
	}
	b.Settings.RevealTest(key.Name)
	if got := find("kornitx").Keys[0].Shown; got != b.copied {
		t.Errorf("revealed %q", got)
	}
	b.Settings.RenewTest("kornitx")
	if b.Confirmation == nil || !b.Confirmation.Danger {
		t.Fatal("renewing asks nothing")
	}
	b.Answered(true)
	b.settle()
	if len(p.made) != 3 {
		t.Errorf("made %v", p.made)
	}
}
