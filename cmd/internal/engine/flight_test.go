package engine

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"hookglass/capture"
	"hookglass/providers"
)

// unsettled makes an engine that listens nowhere, so that nothing happens but
// what the test asks for, and keeps a callback in it that is not annotated yet.
func unsettled(t *testing.T, values map[string]string) (*Engine, *capture.Exchange) {
	t.Helper()
	e, err := Open(t.Context(), Config{Folder: t.TempDir(), Getenv: environment(values)})
	if err != nil {
		t.Fatal(err)
	}
	r := capture.Request{Method: http.MethodPut, Target: "/kornitx/o", Proto: "HTTP/1.1", Body: []byte(kornitxBody)}
	keys := providers.Keys{"kornitx.api_key": {providers.NewKey("kornitx.api_key", "", kornitxKey, false)}}
	if err := e.Set.Find("kornitx").Sign(&r, keys); err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Header {
		r.Head = fmt.Appendf(r.Head, "%s: %s\r\n", f.Name, f.Value)
	}
	r.Head = fmt.Appendf(nil, "PUT /kornitx/o HTTP/1.1\r\n%s\r\n", r.Head)
	x := &capture.Exchange{State: capture.StateReceived, Via: capture.ViaLocal, Request: r, Endpoint: "/kornitx/*"}
	if err := e.flights.Create(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	return e, x
}

// settle annotates and updates as capture does.
func settle(t *testing.T, e *Engine, x *capture.Exchange, a capture.Annotation) {
	t.Helper()
	x.Annotation, x.State = a, capture.StateAnswered
	x.Request.Body, x.Request.Head = nil, nil
	if err := e.flights.Update(t.Context(), x); err != nil {
		t.Fatal(err)
	}
}

// A verdict that an old key gave is given again, wherever it is on its way when
// the key changes. Under synctest no time passes while anything runs: an update
// that waits for company waits until somebody asks for it.
func TestAKeyChangeFindsEveryVerdictOfTheOldKeys(t *testing.T) {
	const wrong = "another key of the same shop"
	for _, c := range []struct {
		name, old string
		want      capture.Status // at arrival
		landed    bool           // before the key changes
	}{
		{"queued but not committed", "", capture.KeyMissing, true},
		{"queued with an invalid verdict", wrong, capture.Invalid, true},
		{"annotated but not queued", "", capture.KeyMissing, false},
		{"annotated as invalid but not queued", wrong, capture.Invalid, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				values := map[string]string{"HOOKGLASS_KORNITX_API_KEY": c.old}
				e, x := unsettled(t, values)
				defer func() {
					if err := e.Close(t.Context()); err != nil {
						t.Error(err)
					}
				}()
				id, a := x.ID, e.Set.Annotate(&x.Request, e.endpoint("/kornitx/o"))
				if c.landed {
					settle(t, e, x, a)
				}
				values["HOOKGLASS_KORNITX_API_KEY"] = kornitxKey
				if _, err := e.apply(t.Context(), Change{Action: KeysChanged, Provider: "kornitx"}); err != nil {
					t.Fatal(err)
				}
				if err := e.finish(t.Context()); err != nil {
					t.Fatal(err)
				}
				if !c.landed {
					settle(t, e, x, a)
					if err := e.finish(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				got, err := e.Store.Exchange(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				if v := got.Annotation; v.Verification.Status != capture.Valid || v.AtArrival != c.want {
					t.Errorf("verdict %s, at arrival %s; want valid and %s", v.Verification.Status, v.AtArrival, c.want)
				}
				if len(e.flights.open) != 0 || len(e.flights.late) != 0 {
					t.Errorf("%d in flight, %d late, want none", len(e.flights.open), len(e.flights.late))
				}
			})
		})
	}
}

// The same through the whole engine: a verification that is under way while the
// key is set.
func TestAKeyThatIsSetWhileACallbackIsVerified(t *testing.T) {
	keyed := start(t, t.TempDir(), map[string]string{"HOOKGLASS_KORNITX_API_KEY": kornitxKey})
	mac := signed(t, keyed)

	entered, leave := make(chan struct{}), make(chan struct{})
	kornitx := keyed.Set.Find("kornitx")
	verify := kornitx.Verify
	first := make(chan struct{}, 1)
	first <- struct{}{}
	kornitx.Verify = func(c *providers.Callback, keys providers.Keys) capture.Verification {
		select {
		case <-first:
			close(entered)
			<-leave
		default:
		}
		return verify(c, keys)
	}
	t.Cleanup(func() { kornitx.Verify = verify })

	folder, values := t.TempDir(), map[string]string{}
	s := start(t, folder, values)
	sent := make(chan *capture.Exchange)
	go func() { sent <- s.put(t, "/kornitx/o", kornitxBody, "X-CustomGateway-Hmac", mac) }()
	<-entered
	values["HOOKGLASS_KORNITX_API_KEY"] = kornitxKey
	_, err := Apply(t.Context(), Config{Folder: folder, Getenv: environment(nil)}, Change{Action: KeysChanged, Provider: "kornitx"})
	close(leave)
	if err != nil {
		t.Error(err)
	}
	if x := <-sent; x == nil || x.Annotation.Verification.Status != capture.KeyMissing {
		t.Fatalf("at first: %+v, want key_missing", x)
	}
	s.await(t, func(x *capture.Exchange) bool { return x.Annotation.Verification.Status == capture.Valid })
}
