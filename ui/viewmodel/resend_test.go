package viewmodel

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// resender stands for the engine: it prepares as that does, and keeps what it is
// asked to send as the answer says.
type resender struct {
	urls   []string
	sent   []capture.Request
	asked  []string // questions
	answer func(x *capture.Exchange) error
}

func (b *bench) resends(t *testing.T) *resender {
	t.Helper()
	r := &resender{answer: func(x *capture.Exchange) error {
		x.Response = &capture.Response{Status: 200, By: capture.ByTarget, Timing: capture.Timing{Took: 84 * time.Millisecond}}
		return nil
	}}
	prepare := func(ctx context.Context, id int64, how *capture.Resending) (*capture.Outgoing, *capture.Exchange, string, error) {
		x, err := b.engine.Store.Exchange(ctx, id)
		if err != nil {
			return nil, nil, "", err
		}
		p := capture.Preparation{To: how.To, KeepPath: how.KeepPath, Edit: how.Edit, Marker: how.Marker}
		if how.DropSecrets {
			p.Drop = b.engine.Set.SecretsIn(&x.Annotation, &x.Request)
		}
		if how.Resign {
			p.Sign = func(r *capture.Request) error { return b.engine.Set.Resign(x.Annotation.Provider, r) }
		}
		out, err := capture.Prepare(x, p)
		if err != nil {
			return nil, nil, "", err
		}
		a := b.engine.Set.Annotate(&out.Request, nil)
		return out, x, b.engine.Set.Forged(&x.Annotation, &a.Verification, how.Edit.HasBody() && !how.Resign), nil
	}
	b.engine.PreviewResend = func(ctx context.Context, id int64, how capture.Resending, _ bool) (ResendPreview, error) {
		out, _, note, err := prepare(ctx, id, &how)
		return ResendPreview{Out: out, Note: note}, err
	}
	b.engine.ResendAs = func(ctx context.Context, id int64, how capture.Resending) (*capture.Resent, error) {
		if !capture.Loopback(how.To) {
			u, err := url.Parse(how.To)
			if err != nil {
				return nil, err
			}
			ask := &capture.AskError{ResendTarget: capture.ResendTarget{Host: u.Host, Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7")}}}
			if p := b.engine.Set.Owner(u.Hostname()); p != nil {
				ask.Provider = p.Name
			}
			if !how.Consent.Remote || ask.Provider != "" && !how.Consent.Provider {
				return nil, ask
			}
		}
		out, origin, note, err := prepare(ctx, id, &how)
		if err != nil {
			return nil, err
		}
		r.urls, r.sent = append(r.urls, out.URL()), append(r.sent, out.Request)
		x := &capture.Exchange{
			UID: capture.NewUID(b.now), Origin: id, Via: capture.ViaReplay, State: capture.StateAnswered,
			Request: out.Request, Annotation: origin.Annotation, Endpoint: origin.Endpoint,
			Sent: &capture.Sending{Base: out.Sending.Base, Differences: out.Sending.Differences, Timings: capture.Timings{Connect: time.Millisecond, Total: 84 * time.Millisecond}},
		}
		x.Request.Received = b.now
		if err := r.answer(x); err != nil {
			return nil, err
		}
		if err := b.engine.Store.Create(ctx, x); err != nil {
			return nil, err
		}
		sent := &capture.Resent{
			Origin: id, ID: x.ID, UID: x.UID, Method: x.Request.Method, URL: out.URL(), State: x.State, Error: x.Error,
			Timings: x.Sent.Timings, Verdict: capture.Judge(origin, x), Note: note,
		}
		if x.Response != nil {
			sent.Status = x.Response.Status
		}
		sent.Acceptance = b.engine.Set.Accepts(origin.Annotation.Provider, x.Response, &x.Request)
		if err := b.engine.Store.Update(ctx, x); err != nil {
			return nil, err
		}
		if err := b.engine.Store.PutTarget(ctx, origin.Annotation.Provider, origin.Endpoint, how.To, b.now); err != nil {
			return nil, err
		}
		return sent, b.engine.Store.Flush(ctx)
	}
	b.Detail.confirm = func(question, detail, action string, _ bool, run func()) {
		r.asked = append(r.asked, question+"\n"+detail+"\n"+action)
		run()
	}
	return r
}

// to sends what is open to an address.
func (b *bench) to(address string) {
	re := b.Detail.Resend
	re.Change(func(f *ResendFields) { f.URL = address })
	re.Send()
	b.settle()
}

func TestResend(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	r := b.resends(t)
	id := b.record(t, b.sentBy(t, "kornitx/dispatched").request, func(x *capture.Exchange) { x.Response.Status = 503 })
	b.open(t, id)
	path := b.Detail.Page.Exchange.Request.Path()
	if !b.Commands.Press("Mod+R") || b.Dialog != DialogResend {
		t.Fatalf("dialog %d", b.Dialog)
	}
	re := b.Detail.Resend
	b.settle()
	if re.Fields.URL != "http://localhost:3000" || re.Preview.URL != "http://localhost:3000"+path || re.Preview.Problem != "" {
		t.Errorf("suggested %q, preview %+v", re.Fields.URL, re.Preview)
	}
	re.Send()
	b.settle()
	if len(r.asked) != 0 || !slices.Equal(r.urls, []string{"http://localhost:3000" + path}) {
		t.Errorf("asked %q, sent to %q", r.asked, r.urls)
	}
	got := re.Result
	if got == nil || got.Text != "200 OK" || got.Note != "84 ms" || got.ID == id || re.Busy != "" {
		t.Fatalf("result %+v, busy %q", got, re.Busy)
	}
	if got.Verdict != "Fixed: 200 in place of 503" || got.VerdictTone != Good || got.SenderTone == Bad || len(got.Timings) != 2 || got.Timings[1] != (ResendTiming{"Total", "84 ms", true}) {
		t.Errorf("result %+v", got)
	}
	r.answer = func(x *capture.Exchange) error {
		x.State, x.Error = capture.StateFailed, "Nothing listens at localhost:3000."
		return nil
	}
	b.to("localhost:3000/other")
	if got := re.Result; got.Text != "Refused" || got.Note != "Nothing listens at localhost:3000." || got.Tone != Bad {
		t.Errorf("result %+v", got)
	}
	h := b.Detail.Page.Head
	if h.Resent != "Resent twice:" || len(h.Resends) != 2 || h.Resends[0].Text != "200" || h.Resends[1].Text != "refused" {
		t.Errorf("strip %q %+v", h.Resent, h.Resends)
	}
	if !strings.HasSuffix(h.Resends[0].Tip, "fixed: 200 in place of 503") {
		t.Errorf("tip %q", h.Resends[0].Tip)
	}
	if got := b.Preferences.Targets; !slices.Equal(got, []string{"http://localhost:3000"}) {
		t.Errorf("remembered %q", got)
	}
	b.now = b.now.Add(time.Minute)
	other := b.record(t, b.sentBy(t, "kornitx/dispatched").request, nil)
	b.open(t, other)
	re.Open()
	if want := []string{"http://localhost:3000/other", "http://localhost:3000"}; !slices.Equal(slices.Sorted(slices.Values(re.Suggestions)), slices.Sorted(slices.Values(want))) {
		t.Errorf("suggestions %q", re.Suggestions)
	}
	b.Detail.Go(h.Resends[0].ID)
	b.settle()
	page := b.Detail.Page
	if page.Head.Origin != id || !strings.HasPrefix(page.Head.Note, "resent to localhost:3000/") || page.Head.Attempt != "" {
		t.Errorf("head of the resend %+v", page.Head)
	}
	if !strings.Contains(b.Detail.Answer.View.Decided, "receiver") {
		t.Errorf("decided %q", b.Detail.Answer.View.Decided)
	}
}

func TestResendAsksOncePerHost(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	r := b.resends(t)
	b.open(t, b.record(t, capture.Request{
		Method: "POST", Target: "/mintsoft/despatched?APIKEY=hush-hush", Header: capture.Fields{{Name: "Authorization", Value: "Basic x"}}, Body: []byte("{}"),
	}, nil))
	re := b.Detail.Resend
	re.Open()
	for _, address := range []string{
		"https://Staging.example/hooks", "https://staging.example/other?x=1", "http://127.0.0.1:9/a", "http://[::1]:9/a",
		"https://localhost.evil.example/",
	} {
		b.to(address)
	}
	if len(r.asked) != 2 || !strings.Contains(r.asked[0], "Staging.example") || !strings.Contains(r.asked[1], "localhost.evil.example") {
		t.Errorf("asked %q", r.asked)
	}
	if !strings.Contains(r.asked[0], "?APIKEY, Authorization") || strings.Contains(r.asked[0], "hush") || !strings.Contains(r.asked[0], "192.0.2.7") {
		t.Errorf("asked %q", r.asked[0])
	}
	if r.urls[0] != "https://Staging.example/hooks?APIKEY=hush-hush" || r.urls[1] != "https://staging.example/other?x=1" {
		t.Errorf("sent to %q", r.urls)
	}
	r.asked = nil
	b.to("https://api.klix.app/x")
	b.to("https://api.klix.app/x")
	if len(r.asked) != 3 || !strings.Contains(r.asked[1], "Klix itself") || !strings.Contains(r.asked[2], "Klix itself") {
		t.Errorf("asked %q", r.asked)
	}
	for _, target := range b.Preferences.Targets {
		if strings.Contains(target, "hush") || strings.Contains(target, "?") {
			t.Errorf("remembered %q", target)
		}
	}
}

// What is edited is sent, and nothing else; a secret that stays hidden goes as it
// came.
func TestResendEdited(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	r := b.resends(t)
	came := capture.Request{
		Method: "POST", Target: "/mintsoft/despatched?APIKEY=hush-hush&n=1",
		Header: capture.Fields{{Name: "Authorization", Value: "Basic x"}, {Name: "X-Odd", Value: "1"}}, Body: []byte(`{"a":1}`),
	}
	b.open(t, b.record(t, came, nil))
	re := b.Detail.Resend
	re.Open()
	f := &re.Fields
	if strings.Contains(f.Header+f.Target, "hush") || !strings.Contains(f.Header, "Authorization: "+dots) || f.Target != "/mintsoft/despatched?APIKEY="+dots+"&n=1" {
		t.Errorf("target %q, header %q", f.Target, f.Header)
	}
	re.Change(func(f *ResendFields) {
		f.Edited, f.Method, f.Target = true, "PUT", "/new?APIKEY="+dots+"&n=2"
		f.Header = "Authorization: " + dots + "\nX-Odd: 2\n\nX-New:3"
		f.Body = `{"a": 2}`
	})
	b.settle()
	var mine []string
	for _, d := range re.Preview.Differences {
		if d.Mine {
			mine = append(mine, d.What)
		}
	}
	if want := []string{"Method", "Target", "X-Odd", "X-New", "Body"}; !slices.Equal(slices.Sorted(slices.Values(mine)), slices.Sorted(slices.Values(want))) {
		t.Errorf("differences %q: %+v", mine, re.Preview)
	}
	if strings.Contains(re.Preview.URL, "hush") || re.Body.Said != "Valid JSON" || !re.CanUndo() {
		t.Errorf("preview %+v, body %+v", re.Preview, re.Body)
	}
	b.to("http://localhost:1")
	got := r.sent[0]
	if got.Method != "PUT" || got.Target != "/new?APIKEY=hush-hush&n=2" || string(got.Body) != `{"a": 2}` ||
		got.Header.Value("Authorization") != "Basic x" || got.Header.Value("X-Odd") != "2" || got.Header.Value("X-New") != "3" {
		t.Errorf("sent %s %s %q %s", got.Method, got.Target, got.Header, got.Body)
	}
	re.Undo()
	if re.CanUndo() || re.Fields.Body != `{"a":1}` || re.Fields.URL != "http://localhost:1" {
		t.Errorf("after undo %+v", re.Fields)
	}
	re.Format()
	if want := "{\n  \"a\": 1\n}"; re.Fields.Body != want {
		t.Errorf("formatted %q", re.Fields.Body)
	}
	re.Change(func(f *ResendFields) { f.Drop, f.Body = true, "{\n  \"a\": }" })
	b.settle()
	if re.Body.Said != "No JSON: line 2, column 8: invalid character '}' looking for beginning of value" {
		t.Errorf("said %q", re.Body.Said)
	}
	b.to("http://localhost:1")
	if got := r.sent[1]; got.Target != "/mintsoft/despatched?n=1" || got.Header.Value("Authorization") != "" {
		t.Errorf("secrets sent: %s %q", got.Target, got.Header)
	}
}

// An edited body is signed again where a key can, and else a person is told.
func TestResendSignsAgain(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.keyed()
	r := b.resends(t)
	sent := b.sentBy(t, "kornitx/dispatched")
	b.engine.Set.SetKeys(sent.keys)
	b.open(t, b.record(t, sent.request, nil))
	re := b.Detail.Resend
	re.Open()
	if re.CannotSign != "" || !re.Fields.Resign {
		t.Fatalf("cannot sign: %q", re.CannotSign)
	}
	re.Change(func(f *ResendFields) { f.Edited, f.Body = true, f.Body+" " })
	b.settle()
	if re.Preview.Forged != "" {
		t.Errorf("forged: %q", re.Preview.Forged)
	}
	re.Change(func(f *ResendFields) { f.Resign = false })
	b.settle()
	if !strings.Contains(re.Preview.Forged, "forged") {
		t.Errorf("forged: %q", re.Preview.Forged)
	}
	b.to("http://localhost:1")
	if len(r.sent) != 1 || !strings.Contains(re.Result.Forged, "forged") {
		t.Errorf("result %+v", re.Result)
	}
	klix := b.sentBy(t, "klix/order_verification")
	b.open(t, b.record(t, klix.request, nil))
	re.Open()
	if !strings.Contains(re.CannotSign, "forged") {
		t.Errorf("it can sign as Klix: %q", re.CannotSign)
	}
}

// A body that cannot be typed is edited in a private file, and read back.
func TestResendEditsOutside(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	r := b.resends(t)
	large := []byte(`{"a":"` + strings.Repeat("x", maxTyped) + `"}`)
	b.open(t, b.record(t, capture.Request{
		Method: "POST", Target: "/x", Header: capture.Fields{{Name: "Content-Type", Value: "application/json"}}, Body: large,
	}, nil))
	re := b.Detail.Resend
	re.Open()
	if re.Body.Here || re.Body.Why == "" || re.Fields.Body != "" {
		t.Fatalf("body %+v", re.Body)
	}
	re.Change(func(f *ResendFields) { f.Edited = true })
	re.EditOutside()
	b.settle()
	file := re.Body.File
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 || filepath.Base(file) != "body.json" || !strings.HasPrefix(b.opened, "file://") {
		t.Fatalf("file %q, %v, opened %q", file, err, b.opened)
	}
	if err := os.WriteFile(file, []byte("{\"b\":2}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	re.Take()
	b.settle()
	if _, err := os.Stat(filepath.Dir(file)); re.Body.File != "" || err == nil {
		t.Errorf("the file is still there: %q, %v", re.Body.File, err)
	}
	if !re.CanUndo() {
		t.Error("nothing to undo")
	}
	b.to("http://localhost:1")
	if got := string(r.sent[0].Body); got != `{"b":2}` {
		t.Errorf("sent %q", got)
	}
	re.Undo()
	b.to("http://localhost:1")
	if got := r.sent[1].Body; len(got) != len(large) {
		t.Errorf("sent %d bytes after undo", len(got))
	}
}

func TestResendThatIsRefused(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	r := b.resends(t)
	re := b.Detail.Resend
	re.Open()
	re.Send()
	if len(r.urls) != 0 || b.Dialog != NoDialog {
		t.Error("nothing was shown, and something was sent")
	}
	b.open(t, b.record(t, b.sentBy(t, "probo/queued").request, nil))
	re.Open()
	for _, address := range []string{"", "ftp://localhost/x", "http://", "mailto:a@b", "http://u:p@localhost/"} {
		b.to(address)
		if re.Problem == "" || len(r.urls) != 0 {
			t.Errorf("%q: problem %q, sent to %q", address, re.Problem, r.urls)
		}
	}
	for _, change := range []func(f *ResendFields){
		func(f *ResendFields) { f.Method = "" },
		func(f *ResendFields) { f.Method = "A B" },
		func(f *ResendFields) { f.Target = "" },
		func(f *ResendFields) { f.Header = "no colon" },
		func(f *ResendFields) { f.Header = "X-New: " + dots },
		func(f *ResendFields) { f.Target = "/x?a=" + dots },
	} {
		re.Undo()
		re.Change(change)
		b.to("http://localhost:1/")
		if re.Problem == "" && (re.Result == nil || re.Result.Text != "Not sent") || len(r.urls) != 0 {
			t.Errorf("%+v: problem %q, result %+v", re.Fields, re.Problem, re.Result)
		}
	}
	re.Undo()
	b.Detail.confirm = func(string, string, string, bool, func()) {}
	b.to("https://example.com/")
	if len(r.urls) != 0 || re.Busy != "" {
		t.Errorf("it was sent without a yes: %q", r.urls)
	}
	r.answer = func(*capture.Exchange) error { return errors.New("this cannot be resent: why") }
	re.Change(func(f *ResendFields) { f.URL = "http://localhost:1/" })
	re.Send()
	if re.Busy == "" {
		t.Error("nothing says that it is under way")
	}
	b.settle()
	if got := re.Result; got == nil || got.Text != "Not sent" || got.Note != "This cannot be resent: why." {
		t.Errorf("result %+v", got)
	}
	if re.Change(func(f *ResendFields) { f.URL = "http://localhost:2" }); re.Result != nil || re.Problem != "" {
		t.Errorf("another address is typed, and it still says %+v, %q", re.Result, re.Problem)
	}
}

func TestResendIsCancelled(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.engine.ResendAs = func(ctx context.Context, _ int64, _ capture.Resending) (*capture.Resent, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	b.open(t, b.record(t, b.sentBy(t, "probo/queued").request, nil))
	re := b.Detail.Resend
	re.Open()
	re.Send()
	re.Cancel()
	b.settle()
	if got := re.Result; got == nil || got.Text != "Cancelled" || re.Busy != "" {
		t.Errorf("result %+v, busy %q", got, re.Busy)
	}
}

func TestOpenLink(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	r := b.resends(t)
	b.Detail.OpenLink("https://a.example@evil.example/x")
	if b.opened != "https://a.example@evil.example/x" || !strings.HasPrefix(r.asked[0], "Open a page of evil.example?") {
		t.Errorf("opened %q after %q", b.opened, r.asked)
	}
	b.opened = ""
	b.Detail.OpenLink("file:///etc/passwd")
	if b.opened != "" || len(r.asked) != 1 {
		t.Errorf("opened %q", b.opened)
	}
}
