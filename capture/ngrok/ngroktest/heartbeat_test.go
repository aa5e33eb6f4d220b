//go:build !race

// The SDK's heartbeats race with its own Auth in v2.4.0, so they are kept from
// the race detector.

package ngroktest_test

import (
	"testing"
	"time"

	sdk "golang.ngrok.com/ngrok/v2"

	"hookglass/capture/ngrok/ngroktest"
)

func TestHeartbeats(t *testing.T) {
	s := start(t, ngroktest.Options{})
	heard := make(chan sdk.Event, 1000)
	agent := newAgent(t, s,
		sdk.WithHeartbeatInterval(50*time.Millisecond), sdk.WithHeartbeatTolerance(500*time.Millisecond),
		sdk.WithEventHandler(func(e sdk.Event) {
			select {
			case heard <- e:
			default:
			}
		}))
	url := serve(t, agent, echo)
	await := func(what string, is func(sdk.Event) bool) {
		t.Helper()
		for late := time.After(patience); ; {
			select {
			case e := <-heard:
				if is(e) {
					return
				}
			case <-late:
				t.Fatalf("never heard of %s", what)
			}
		}
	}
	beat := func(e sdk.Event) bool { return e.EventType() == sdk.EventTypeAgentHeartbeatReceived }
	await("a heartbeat", beat)
	settle(t, s, "beaten", func(c ngroktest.Counts) bool { return c.Heartbeats > 3 })

	s.Silence(true)
	await("the silence", func(e sdk.Event) bool { return e.EventType() == sdk.EventTypeAgentDisconnected })
	s.Silence(false)
	await("a heartbeat after it", beat)
	settle(t, s, "back", func(c ngroktest.Counts) bool { return c.Sessions == 1 && len(s.URLs()) == 1 })
	alive(t, s, url)
}
