package viewmodel

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// TestDetailOfEveryFixture opens every request in the providers' testdata, with
// its keys and without.
func TestDetailOfEveryFixture(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	for _, s := range everySent(t, b.engine.Set) {
		t.Run(s.name, func(t *testing.T) {
			b.engine.Set.SetKeys(s.keys)
			var e *capture.Endpoint
			if found := b.engine.Endpoints().Find(s.want["endpoint"]); found != nil {
				e = found
			} else if pinned := s.want["endpoint"]; pinned != "" {
				e = &capture.Endpoint{Path: pinned, Provider: s.want["provider"]}
			}
			all := b.engine.Set.Endpoints()
			if e != nil && all.Find(e.Path) == nil {
				all = append(all, *e)
			}
			b.engine.Endpoints = func() capture.Endpoints { return all }
			var secrets []string
			for name, keys := range s.keys {
				for i := range keys {
					if !publicCredential(b.engine.Set, name) {
						secrets = append(secrets, keys[i].Value.Reveal())
					}
				}
			}
			b.engine.Mask = func(target string) string { return capture.MaskTarget(target, secrets...) }
			page := b.open(t, b.record(t, s.request, nil))
			if got, want := page.Exchange.Annotation.Provider, s.want["provider"]; want != "" && got != want {
				t.Errorf("provider %q, want %q", got, want)
			}
			status := page.Exchange.Annotation.Verification.Status
			if want := capture.Status(s.want["verdict"]); want != "" && status != want {
				t.Errorf("verdict %q, want %q", status, want)
			}
			proof := b.Detail.Proof.View
			if proof.Title == "" || proof.Reason == "" || len(proof.Trust) < 2 || proof.Arrival == "" {
				t.Errorf("proof %+v", proof)
			}
			if wrong := status == capture.Invalid || status == capture.Malformed; wrong != (proof.Tone == Bad) {
				t.Errorf("verdict %s has tone %d", status, proof.Tone)
			}
			if page.Overview.Title == "" || page.Overview.Expects == "" {
				t.Errorf("overview %q, expects %q", page.Overview.Title, page.Overview.Expects)
			}
			shown := everything(t, b)
			for _, secret := range secrets {
				if strings.Contains(shown, secret) {
					t.Error("the value of a credential is shown")
				}
			}
			if i := strings.IndexFunc(shown, func(r rune) bool { return r < ' ' && r != '\n' || r == '\u202e' }); i >= 0 {
				t.Errorf("a control character is shown: %q", shown[max(0, i-40):i+1])
			}
		})
	}
}

func publicCredential(set *providers.Set, name string) bool {
	_, c := set.Credential(name)
	return c != nil && c.Public
}

// everything is all the text of a page that is on the screen at first.
func everything(t *testing.T, b *bench) string {
	t.Helper()
	var all strings.Builder
	page := b.Detail.Page
	facts := func(list []DetailFact) {
		for _, f := range list {
			all.WriteString(f.Label + "\n" + f.Value + "\n" + f.Note + "\n")
		}
	}
	o := page.Overview
	all.WriteString(o.Title + "\n" + o.Summary + "\n" + o.Text + "\n")
	for _, g := range o.Groups {
		facts(g.Facts)
		for _, row := range g.Rows {
			all.WriteString(strings.Join(row, "\n") + "\n")
		}
	}
	for _, g := range page.Headers.Groups {
		for _, row := range g.Rows {
			all.WriteString(row.Name + "\n" + row.Text(false) + "\n")
		}
	}
	for _, part := range []any{page.Head, b.Detail.Proof.View} {
		text, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	facts(b.Detail.Proof.View.Facts)
	return all.String()
}

func TestDetailHead(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	valid := b.sentBy(t, "kornitx/dispatched")
	answer := func(status int, by capture.By, preset string) func(*capture.Exchange) {
		return func(x *capture.Exchange) {
			x.Response = &capture.Response{Status: status, By: by, Preset: preset}
		}
	}
	open := func(s capture.State) func(*capture.Exchange) {
		return func(x *capture.Exchange) { x.Response, x.State = nil, s }
	}
	for _, c := range []struct {
		name   string
		change func(*capture.Exchange)
		pill   string
		tone   Tone
	}{
		{"usual", nil, "200", Good},
		{"by a rule", answer(503, capture.ByRule, ""), "503 on purpose", Bad},
		{"chosen", answer(503, capture.ByChoice, "503"), "503 on purpose", Bad},
		{"a limit", answer(413, capture.ByLimit, ""), "413 by a limit", Warn},
		{"refused", answer(400, capture.ByServer, ""), "400 refused", Warn},
		{"pending", open(capture.StateReceived), "pending", Muted},
		{"held", open(capture.StateHeld), "held", Warn},
		{"gone", open(capture.StateGone), "hung up", Warn},
		{"failed", open(capture.StateFailed), "failed", Bad},
		{"unknown", open(capture.StateUnknown), "not known", Muted},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := b.open(t, b.record(t, valid.request, c.change)).Head
			if h.Pill != c.pill || h.PillTone != c.tone {
				t.Errorf("pill %q (%d), want %q (%d)", h.Pill, h.PillTone, c.pill, c.tone)
			}
			if h.Method != "PUT" || h.Provider != "KornitX" || h.Event != "order.dispatched" || h.Time != "10:41:18.000" {
				t.Errorf("head %+v", h)
			}
		})
	}
}

func TestDetailKeepsTheOldOneForABlink(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	var late []func()
	b.Detail.after = func(_ time.Duration, f func()) func() bool {
		late = append(late, f)
		return func() bool { return true }
	}
	s := b.sentBy(t, "komet/confirmation")
	first, second := b.record(t, s.request, nil), b.record(t, s.request, nil)
	b.open(t, first)
	late = nil
	b.Detail.Show(second)
	if b.Detail.Page == nil || b.Detail.Page.ID != first || b.Detail.Loading {
		t.Errorf("the callback before is gone at once: %+v", b.Detail.Page)
	}
	if len(late) != 1 {
		t.Fatalf("%d timers, want 1", len(late))
	}
	late[0]()
	if !b.Detail.Loading {
		t.Error("after a blink nothing says that it is loading")
	}
	b.settle()
	if b.Detail.Loading || b.Detail.Page.ID != second {
		t.Errorf("loading %v, shown %d", b.Detail.Loading, b.Detail.Page.ID)
	}
	if got := b.Detail.Page.Head; got.Previous != first || got.Attempt != "attempt 2" {
		t.Errorf("attempt %q before %d", got.Attempt, got.Previous)
	}
	b.Detail.Show(first)
	b.Detail.Show(second)
	b.Detail.Show(first)
	b.settle()
	if b.Detail.Page.ID != first {
		t.Errorf("shown %d, want the last that was asked for", b.Detail.Page.ID)
	}
	b.Detail.Show(0)
	if b.Detail.Page != nil {
		t.Error("0 shows something")
	}
}

func TestDetailOfOneThatIsGone(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.Detail.Show(4711)
	b.settle()
	if b.Detail.Page != nil || !strings.Contains(b.Detail.Problem, "is gone") {
		t.Errorf("problem %q", b.Detail.Problem)
	}
}

func TestDetailFollowsChanges(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	s := b.sentBy(t, "probo/queued")
	id := b.record(t, s.request, nil)
	b.open(t, id)
	b.Detail.Pin()
	b.settle()
	if !b.Detail.Page.Head.Pinned {
		t.Error("it is not pinned")
	}
	if err := b.engine.Store.Pin(t.Context(), id, false); err != nil {
		t.Fatal(err)
	}
	b.Detail.changed([]int64{id + 1})
	b.settle()
	if !b.Detail.Page.Head.Pinned {
		t.Error("another's change is followed")
	}
	b.Detail.changed([]int64{id + 1, id})
	b.settle()
	if b.Detail.Page.Head.Pinned {
		t.Error("its change is not followed")
	}
}

func TestDetailRemembersItsTab(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	if b.Detail.Tab != TabOverview {
		t.Errorf("first tab %q", b.Detail.Tab)
	}
	if b.Commands.Press("4") {
		t.Error("a tab of nothing can be shown")
	}
	b.open(t, b.record(t, b.sentBy(t, "probo/queued").request, nil))
	if !b.Commands.Press("4") || b.Detail.Tab != TabProof || b.Preferences.Tab != TabProof {
		t.Errorf("tab %q, remembered %q", b.Detail.Tab, b.Preferences.Tab)
	}
}

func TestCopyCurlNamesSecrets(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.open(t, b.record(t, capture.Request{
		Method: "POST", Target: "/mintsoft/despatched?APIKEY=hush-hush", Header: capture.Fields{{Name: "Authorization", Value: "Basic abc"}},
	}, nil))
	b.List.Select(b.Detail.ID)
	b.Commands.Do("callback.curl")
	b.settle()
	if !strings.Contains(b.copied, "hush-hush") {
		t.Errorf("copied %q", b.copied)
	}
	if text := b.Notices.Toast.Text; !strings.Contains(text, "Authorization, ?APIKEY") || strings.Contains(text, "hush") {
		t.Errorf("said %q", text)
	}
}
