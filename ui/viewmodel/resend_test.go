package viewmodel

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// resender stands for the engine: it keeps what it is asked to send as the
// answer says.
type resender struct {
	urls   []string
	asked  []string // questions
	answer func(x *capture.Exchange) error
}

func (b *bench) resends(t *testing.T) *resender {
	t.Helper()
	r := &resender{answer: func(x *capture.Exchange) error {
		x.Response = &capture.Response{Status: 200, By: capture.ByTarget, Timing: capture.Timing{Took: 84 * time.Millisecond}}
		return nil
	}}
	b.engine.Resend = func(ctx context.Context, id int64, url string) (int64, error) {
		r.urls = append(r.urls, url)
		x, err := b.engine.Store.Exchange(ctx, id)
		if err != nil {
			return 0, err
		}
		x.ID, x.UID, x.Origin, x.Via, x.State, x.Response = 0, capture.NewUID(b.now), id, capture.ViaReplay, capture.StateAnswered, nil
		x.Request.Host = "localhost:3000"
		if err := r.answer(x); err != nil {
			return 0, err
		}
		if err := b.engine.Store.Create(ctx, x); err != nil {
			return 0, err
		}
		sent := x.ID
		if err := b.engine.Store.Update(ctx, x); err != nil {
			return 0, err
		}
		return sent, b.engine.Store.Flush(ctx)
	}
	b.Detail.confirm = func(question, detail, action string, _ bool, run func()) {
		r.asked = append(r.asked, question+"\n"+detail+"\n"+action)
		run()
	}
	return r
}

func TestResend(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	r := b.resends(t)
	id := b.record(t, b.sentBy(t, "kornitx/dispatched").request, nil)
	b.open(t, id)
	path := b.Detail.Page.Exchange.Request.Path()
	if !b.Commands.Press("Mod+R") || b.Dialog != DialogResend {
		t.Fatalf("dialog %d", b.Dialog)
	}
	re := b.Detail.Resend
	if re.URL != "http://localhost:3000"+path {
		t.Errorf("suggested %q", re.URL)
	}
	re.Send(re.URL)
	b.settle()
	if len(r.asked) != 0 || !slices.Equal(r.urls, []string{re.URL}) {
		t.Errorf("asked %q, sent to %q", r.asked, r.urls)
	}
	if got := re.Result; got == nil || got.Text != "200 OK" || got.Note != "84 ms" || got.ID == id || re.Busy != "" {
		t.Fatalf("result %+v, busy %q", got, re.Busy)
	}
	r.answer = func(x *capture.Exchange) error {
		x.State, x.Error = capture.StateFailed, "Nothing listens at localhost:3000."
		return nil
	}
	re.Send("localhost:3000/other")
	b.settle()
	if got := re.Result; got.Text != "Refused" || got.Note != "Nothing listens at localhost:3000." || got.Tone != Bad {
		t.Errorf("result %+v", got)
	}
	h := b.Detail.Page.Head
	if h.Resent != "Resent twice:" || len(h.Resends) != 2 || h.Resends[0].Text != "200" || h.Resends[1].Text != "refused" {
		t.Errorf("strip %q %+v", h.Resent, h.Resends)
	}
	if got := b.Preferences.Targets; !slices.Equal(got, []string{"http://localhost:3000/other", "http://localhost:3000"}) {
		t.Errorf("remembered %q", got)
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
	for _, address := range []string{
		"https://Staging.example/hooks", "https://staging.example/other?x=1", "http://127.0.0.1:9/a", "http://[::1]:9/a",
		"https://localhost.evil.example/",
	} {
		re.Send(address)
		b.settle()
	}
	if len(r.asked) != 2 || !strings.Contains(r.asked[0], "Staging.example") || !strings.Contains(r.asked[1], "localhost.evil.example") {
		t.Errorf("asked %q", r.asked)
	}
	if !strings.Contains(r.asked[0], "Authorization, ?APIKEY") || strings.Contains(r.asked[0], "hush") {
		t.Errorf("asked %q", r.asked[0])
	}
	if r.urls[0] != "https://Staging.example/hooks?APIKEY=hush-hush" || r.urls[1] != "https://staging.example/other?x=1" {
		t.Errorf("sent to %q", r.urls)
	}
	for _, target := range b.Preferences.Targets {
		if strings.Contains(target, "hush") || strings.Contains(target, "?") {
			t.Errorf("remembered %q", target)
		}
	}
	if re.Query != "?APIKEY=***" {
		t.Errorf("query %q", re.Query)
	}
}

func TestResendThatIsRefused(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	r := b.resends(t)
	re := b.Detail.Resend
	re.Send("http://localhost:1/")
	if len(r.urls) != 0 {
		t.Error("nothing was shown, and something was sent")
	}
	b.open(t, b.record(t, b.sentBy(t, "probo/queued").request, nil))
	for _, address := range []string{"", "ftp://localhost/x", "http://", "mailto:a@b"} {
		re.Send(address)
		if re.Problem == "" || len(r.urls) != 0 {
			t.Errorf("%q: problem %q, sent to %q", address, re.Problem, r.urls)
		}
	}
	b.Detail.confirm = func(string, string, string, bool, func()) {}
	re.Send("https://example.com/")
	b.settle()
	if len(r.urls) != 0 || re.Busy != "" {
		t.Errorf("it was sent without a yes: %q", r.urls)
	}
	r.answer = func(*capture.Exchange) error { return errors.New("this cannot be resent: why") }
	re.Send("http://localhost:1/")
	if re.Busy == "" {
		t.Error("nothing says that it is under way")
	}
	b.settle()
	if got := re.Result; got == nil || got.Text != "Not sent" || got.Note != "This cannot be resent: why." {
		t.Errorf("result %+v", got)
	}
	if re.Typed(); re.Result != nil || re.Problem != "" {
		t.Errorf("another address is typed, and it still says %+v, %q", re.Result, re.Problem)
	}
}

func TestResendIsCancelled(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.engine.Resend = func(ctx context.Context, _ int64, _ string) (int64, error) {
		<-ctx.Done()
		return 0, ctx.Err()
	}
	b.open(t, b.record(t, b.sentBy(t, "probo/queued").request, nil))
	re := b.Detail.Resend
	re.Send("http://localhost:1/")
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
