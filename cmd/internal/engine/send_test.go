package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/store"
)

func TestResend(t *testing.T) {
	var got string
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = fmt.Sprintf("%s %s %s %s", r.Method, r.RequestURI, r.Header.Get("X-Mine"), body)
		w.Header().Set("X-Theirs", "1")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "short and stout")
	}))
	defer receiver.Close()
	s := start(t, t.TempDir(), nil)
	x := s.put(t, "/klix/x?a=1", `{"id":"p1","event_type":"purchase.paid"}`, "X-Mine", "yes")

	id, err := s.Resend(t.Context(), x.ID, receiver.URL+"/there?b=2")
	if err != nil {
		t.Fatal(err)
	}
	if want := `PUT /there?b=2 yes {"id":"p1","event_type":"purchase.paid"}`; got != want {
		t.Errorf("received %q, want %q", got, want)
	}
	s.await(t, func(x *capture.Exchange) bool { return x.ID == id })
	sent, err := s.Store.Exchange(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if sent.Via != capture.ViaReplay || sent.Origin != x.ID || sent.State != capture.StateAnswered || sent.Response.Status != 418 ||
		sent.Response.By != capture.ByTarget || string(sent.Response.Body) != "short and stout" || sent.Response.Header.Value("X-Theirs") != "1" {
		t.Errorf("kept %+v, answer %+v", sent, sent.Response)
	}
	if a := sent.Annotation; a.Provider != "klix" || a.Event != x.Annotation.Event || a.Attempt != 0 || a.Verification.Status == "" {
		t.Errorf("annotation %+v", a)
	}
}

func TestResendWithoutAnswer(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	_ = l.Close()
	s := start(t, t.TempDir(), nil)
	x := s.put(t, "/klix/x", "{}")
	id, err := s.Resend(t.Context(), x.ID, "http://"+nobody)
	if err != nil {
		t.Fatal(err)
	}
	s.await(t, func(x *capture.Exchange) bool { return x.ID == id })
	sent, err := s.Store.Exchange(t.Context(), id)
	if err != nil || sent.State != capture.StateFailed || sent.Response != nil || sent.Error != "Nothing listens at "+nobody+"." {
		t.Errorf("kept %+v, %v", sent, err)
	}

	cancelled, cancel := context.WithCancel(t.Context())
	s.replayer.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if id, err = s.Resend(cancelled, x.ID, "http://127.0.0.1"); err != nil {
		t.Fatal(err)
	}
	sent, err = s.Store.Exchange(t.Context(), id)
	if err != nil || sent.Error != "The sending was cancelled." {
		t.Errorf("kept %+v, %v", sent, err)
	}
	if _, err := s.Resend(t.Context(), 99, "http://127.0.0.1"); !errors.Is(err, ErrNotFound) {
		t.Errorf("of what is not there: %v, want ErrNotFound", err)
	}
	if _, err := s.Resend(t.Context(), x.ID, "ftp://127.0.0.1"); !errors.Is(err, capture.ErrReplay) {
		t.Errorf("to no URL: %v, want ErrReplay", err)
	}
	if all, err := s.Store.IDsOf(t.Context(), store.Query{}); err != nil || len(all) != 3 {
		t.Errorf("kept %v, %v, want three", all, err)
	}
}

// Every sample is captured and annotated like any other callback.
func TestSample(t *testing.T) {
	keys := map[string]string{"HOOKGLASS_MINTSOFT_API_KEY": "the-token-of-mintsoft"}
	s := start(t, t.TempDir(), keys)
	n := 0
	for _, p := range s.Set.All() {
		for _, sample := range p.Samples {
			status, err := s.Sample(t.Context(), p.ID, sample)
			if err != nil || status != http.StatusOK {
				t.Errorf("%s %s: %d, %v", p.ID, sample.Name, status, err)
				continue
			}
			n++
			x := s.await(t, func(x *capture.Exchange) bool { return x.Annotation.Verification.Status != "" })
			if x.Via != capture.ViaSample || x.Annotation.Attempt != 0 || x.Request.Method != sample.Method {
				t.Errorf("%s %s: kept %+v", p.ID, sample.Name, x)
			}
			if p.ID == "mintsoft" && x.Annotation.Verification.Status != capture.Valid {
				t.Errorf("%s %s: %s, want a valid one", p.ID, sample.Name, x.Annotation.Verification.Reason)
			}
			if v := x.Annotation.Verification; p.ID == "kornitx" && (!v.Status.Proven() || !strings.HasPrefix(v.Reason, "This is a test")) {
				t.Errorf("%s %s: %s: %s, want a test", p.ID, sample.Name, v.Status, v.Reason)
			}
		}
	}
	if n < 10 {
		t.Errorf("%d samples", n)
	}
	if _, err := s.Sample(t.Context(), "nobody", providers.Sample{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("of no provider: %v, want ErrNotFound", err)
	}
}

func TestSampleNeedsNoListener(t *testing.T) {
	e, err := Open(t.Context(), Config{Folder: t.TempDir(), Limits: capture.DefaultLimits(), Getenv: environment(nil)})
	if err != nil {
		t.Fatal(err)
	}
	p := e.Set.Find("kornitx")
	status, err := e.Sample(t.Context(), p.ID, p.Samples[0])
	if err != nil || status != http.StatusOK {
		t.Errorf("%d, %v", status, err)
	}
	if err := e.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Sample(t.Context(), p.ID, p.Samples[0]); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("after Close: %v", err)
	}
}
