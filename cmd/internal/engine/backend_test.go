package engine

import (
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

// request sends a request and returns its answer.
func request(t *testing.T, method, url, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestSaveKeyVerifiesWhatWasCaptured(t *testing.T) {
	mac := signed(t, start(t, t.TempDir(), map[string]string{"HOOKGLASS_KORNITX_API_KEY": kornitxKey}))
	s := start(t, t.TempDir(), nil)
	x := s.put(t, "/kornitx/o", kornitxBody, "X-CustomGateway-Hmac", mac)
	if got := x.Annotation.Verification.Status; got != capture.KeyMissing {
		t.Fatalf("verdict = %s, want key_missing", got)
	}
	if err := s.SaveKey(t.Context(), "kornitx.api_key", "live", kornitxKey); err != nil {
		t.Fatal(err)
	}
	got := s.await(t, func(x *capture.Exchange) bool { return x.Annotation.Verification.Status == capture.Valid })
	if got.ID != x.ID || got.Annotation.Verification.Key != "live" {
		t.Errorf("verified %d with %q", got.ID, got.Annotation.Verification.Key)
	}
	if err := s.RemoveKey(t.Context(), "kornitx.api_key", "live"); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Set.Keys().Of("kornitx.api_key")); n != 0 {
		t.Errorf("%d keys after RemoveKey", n)
	}
}

func TestSavePublicKey(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	if err := s.SaveKey(t.Context(), "kornitx.issuer", "", "https://id.example.test"); err != nil {
		t.Fatal(err)
	}
	values, err := s.Store.PublicValues(t.Context())
	want := []store.PublicValue{{Name: "kornitx.issuer", Value: "https://id.example.test"}}
	if err != nil || !reflect.DeepEqual(values, want) {
		t.Errorf("kept %v, %v, want %v", values, err, want)
	}
	if err := s.RemoveKey(t.Context(), "kornitx.issuer", ""); err != nil {
		t.Error(err)
	}
}

func TestKeysThatCannotBe(t *testing.T) {
	s := start(t, t.TempDir(), map[string]string{"HOOKGLASS_KORNITX_AUDIENCE": "x", "HOOKGLASS_KORNITX_API_KEY": "y"})
	tests := []struct {
		name     string
		err      error
		notFound bool
		want     string
	}{
		{"unknown", s.SaveKey(t.Context(), "nobody.key", "", "x"), true, "nobody.key"},
		{"empty", s.SaveKey(t.Context(), "kornitx.api_key", "", ""), false, "empty"},
		{"unfit", s.SaveKey(t.Context(), "kornitx.api_key", "", "123"), false, ""},
		{"remove unknown", s.RemoveKey(t.Context(), "nobody.key", ""), true, "nobody.key"},
		{"remove a secret that is not there", s.RemoveKey(t.Context(), "kornitx.api_key", "x"), true, ""},
		{"remove a public value that is not there", s.RemoveKey(t.Context(), "kornitx.issuer", ""), true, ""},
		{"remove a secret of the environment", s.RemoveKey(t.Context(), "kornitx.api_key", ""), false, "unset HOOKGLASS_KORNITX_API_KEY"},
		{"remove a public value of the environment", s.RemoveKey(t.Context(), "kornitx.audience", ""), false, "unset HOOKGLASS_KORNITX_AUDIENCE"},
	}
	for _, tt := range tests {
		if tt.err == nil || errors.Is(tt.err, ErrNotFound) != tt.notFound || !strings.Contains(tt.err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q, not found %v", tt.name, tt.err, tt.want, tt.notFound)
		}
	}
}

func TestEndpointsOfARunningEngine(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	mine := capture.Endpoint{Path: "/mine/*", Provider: "komet", Event: "order.cancellation"}
	if err := s.PutEndpoint(t.Context(), mine); err != nil {
		t.Fatal(err)
	}
	if e := s.Endpoints().Find("/mine/x"); e == nil || *e != mine {
		t.Errorf("endpoint %v, want %v", e, mine)
	}
	if x := s.put(t, "/mine", `{"companyId":1,"orderId":2}`); x.Endpoint != mine.Path || x.Annotation.Event != mine.Event {
		t.Errorf("endpoint %q, event %q", x.Endpoint, x.Annotation.Event)
	}
	if err := s.RemoveEndpoint(t.Context(), mine.Path); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveEndpoint(t.Context(), mine.Path); !errors.Is(err, ErrNotFound) {
		t.Errorf("RemoveEndpoint again = %v, want ErrNotFound", err)
	}
	if err := s.PutEndpoint(t.Context(), capture.Endpoint{Path: "mine"}); !errors.Is(err, capture.ErrEndpointPath) {
		t.Errorf("PutEndpoint = %v, want ErrEndpointPath", err)
	}
}

func TestChoose(t *testing.T) {
	folder := t.TempDir()
	s := start(t, folder, nil)
	choose := func(c capture.Choice) {
		t.Helper()
		if err := s.Choose(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	answers := func(method, path string, status int, body string) {
		t.Helper()
		if got, text := request(t, method, s.url+path, `{"companyId":1}`); got != status || !strings.Contains(text, body) {
			t.Errorf("%s %s is answered %d %s, want %d %s", method, path, got, text, status, body)
		}
	}
	answers("POST", "/komet/confirm", 200, `"1"`)
	until := time.Now().Add(time.Hour).UTC()
	refuse := capture.Choice{Path: "/komet/confirm", Preset: "komet-0", Message: "Not today", Until: until}
	choose(refuse)
	choose(capture.Choice{Path: "/klix/*", Preset: "503"})
	answers("POST", "/komet/confirm", 200, "Not today")
	answers("POST", "/komet/cancel", 200, `"1"`)
	answers("PUT", "/klix/x", 503, "")
	answers("OPTIONS", "/klix/x", 200, "")
	want := []capture.Choice{{Path: "/klix/*", Preset: "503"}, refuse}
	if got := s.Choices(); !reflect.DeepEqual(got, want) {
		t.Errorf("choices %v, want %v", got, want)
	}
	x := s.await(t, func(x *capture.Exchange) bool { return x.Response.Status == 503 })
	if x.Response.By != capture.ByChoice || x.Response.Preset != "503" || x.Annotation.Provider != "klix" {
		t.Errorf("kept %+v of %q", x.Response, x.Annotation.Provider)
	}

	// It holds after a restart, and ends by itself or by hand.
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s = start(t, folder, nil)
	answers("POST", "/komet/confirm", 200, "Not today")
	refuse.Until = time.Now().Add(-time.Second)
	choose(refuse)
	answers("POST", "/komet/confirm", 200, `"1"`)
	choose(capture.Choice{Path: "/klix/*"})
	choose(capture.Choice{Path: "/klix/*"})
	answers("PUT", "/klix/x", 200, "")
	if got := s.Choices(); len(got) > 0 {
		t.Errorf("choices %v, want none", got)
	}

	// With its endpoint it goes, and does not come back with it.
	choose(capture.Choice{Path: "/klix/*", Preset: "503"})
	if err := s.RemoveEndpoint(t.Context(), "/klix/*"); err != nil {
		t.Fatal(err)
	}
	if err := s.PutEndpoint(t.Context(), capture.Endpoint{Path: "/klix/*", Provider: "klix"}); err != nil {
		t.Fatal(err)
	}
	answers("PUT", "/klix/x", 200, "")

	// Another provider's presets are not this one's.
	choose(capture.Choice{Path: "/komet/confirm", Preset: "komet-0"})
	if err := s.PutEndpoint(t.Context(), capture.Endpoint{Path: "/komet/confirm", Provider: "klix"}); err != nil {
		t.Fatal(err)
	}
	if got := s.Choices(); len(got) > 0 {
		t.Errorf("choices %v, want none", got)
	}
}

// At an endpoint that is pinned to no provider, the preset is the sender's.
func TestChooseWhereTheProviderIsDetected(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	if err := s.PutEndpoint(t.Context(), capture.Endpoint{Path: "/any/*"}); err != nil {
		t.Fatal(err)
	}
	const klix, unknown = `{"id":"x","event_type":"purchase.paid","type":"purchase","status":"paid"}`, "hello"
	for _, c := range []struct {
		preset, body string
		want         int
		by           capture.By
	}{
		{"503", unknown, 503, capture.ByChoice},
		{"503", klix, 503, capture.ByChoice},
		{"komet-0", unknown, 200, capture.ByDefault},
	} {
		if err := s.Choose(t.Context(), capture.Choice{Path: "/any/*", Preset: c.preset}); err != nil {
			t.Fatal(err)
		}
		if status, _ := request(t, http.MethodPost, s.url+"/any/x", c.body); status != c.want {
			t.Errorf("%s for %s: %d, want %d", c.preset, c.body, status, c.want)
		}
		x := s.await(t, func(*capture.Exchange) bool { return true })
		if x.Response.By != c.by {
			t.Errorf("%s for %s: by %s, want %s", c.preset, c.body, x.Response.By, c.by)
		}
	}
	if err := s.Choose(t.Context(), capture.Choice{Path: "/any/*", Preset: "nobody's"}); err == nil {
		t.Error("nobody's preset was taken")
	}
}

func TestChoicesThatCannotBe(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	if err := s.Choose(t.Context(), capture.Choice{Path: "/absent", Preset: "503"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("for no endpoint: %v, want ErrNotFound", err)
	}
	if err := s.Choose(t.Context(), capture.Choice{Path: "/klix/*", Preset: "komet-0"}); err == nil {
		t.Error("another provider's preset was taken")
	}
	if got, err := s.Store.Rules(t.Context()); err != nil || len(got) > 0 {
		t.Errorf("kept %v, %v", got, err)
	}
}

func TestStats(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	s.put(t, "/klix/x", "{}")
	if got, err := s.Stats(t.Context()); err != nil || got.Exchanges != 1 || got.File < got.Bytes || got.Bytes == 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTheEndRemovesWhatWasDeleted(t *testing.T) {
	folder := t.TempDir()
	s := start(t, folder, nil)
	s.put(t, "/klix/1", "{}")
	s.put(t, "/klix/2", "{}")
	if n, err := s.Store.Hide(t.Context(), 1); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, err := OpenReader(t.Context(), Config{Folder: folder, Getenv: environment(nil)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if got, err := r.Store.Stats(t.Context()); err != nil || got.Exchanges != 1 {
		t.Errorf("%+v, %v, want one", got, err)
	}
}

func TestTrouble(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{capture.ErrFull, "the disk is full. Make room on the disk of /data;"},
		{store.ErrDenied, "the database in /data may not be written. Give this user the right"},
		{store.ErrDamaged, "is damaged. Start Hookglass again"},
		{errors.New("oops"), "cannot be written (oops)."},
	}
	for _, tt := range tests {
		var got error
		e := &Engine{config: Config{Folder: "/data", Trouble: func(err error) { got = err }}}
		e.trouble(tt.err)
		if got == nil || !errors.Is(got, tt.err) || !strings.Contains(got.Error(), tt.want) ||
			!strings.HasPrefix(got.Error(), "Callbacks cannot be stored and are answered 503") {
			t.Errorf("%v is told as %q, want %q", tt.err, got, tt.want)
		}
		if e.trouble(nil); got != nil {
			t.Errorf("the end of it is told as %v", got)
		}
	}
	new(Engine).trouble(context.Canceled) // nobody wants to know
}
