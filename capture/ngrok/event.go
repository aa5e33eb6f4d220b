package ngrok

import (
	"sync"
	"time"

	sdk "golang.ngrok.com/ngrok/v2"
)

// event is something that happened to a session.
type event struct {
	kind    eventKind
	err     error         // of lost, dialFailed and ended
	latency time.Duration // of beat
}

type eventKind int

const (
	connected  eventKind = iota // and, after a loss, all that was open is open again
	lost                        // the connection, or a try to make it anew
	dialFailed                  // the dialer tries again
	ended                       // the SDK's listener takes no more; err says why
	beat                        // a heartbeat came back
	stopped                     // the service told this agent to stop
)

// mailbox takes events from wherever they come without ever blocking: the SDK
// calls its handlers with locks held. Of heartbeats it keeps the last.
type mailbox struct {
	mu     sync.Mutex
	events []event
	ready  chan struct{} // holds one while there are events
}

func newMailbox() *mailbox { return &mailbox{ready: make(chan struct{}, 1)} }

func (m *mailbox) put(e event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.events); n > 0 && m.events[n-1].kind == e.kind && (e.kind == beat || e.kind == dialFailed) {
		m.events[n-1] = e
		return
	}
	m.events = append(m.events, e)
	select {
	case m.ready <- struct{}{}:
	default:
	}
}

func (m *mailbox) take() []event {
	m.mu.Lock()
	defer m.mu.Unlock()
	events := m.events
	m.events = nil
	return events
}

// hear puts an event of the SDK. It must not call the agent: while that connects,
// it holds a lock.
func (m *mailbox) hear(e sdk.Event) {
	switch e := e.(type) {
	case *sdk.EventAgentConnectSucceeded:
		m.put(event{kind: connected})
	case *sdk.EventAgentDisconnected:
		if e.Error != nil { // without one, the end of the listener says it
			m.put(event{kind: lost, err: e.Error})
		}
	case *sdk.EventAgentHeartbeatReceived:
		m.put(event{kind: beat, latency: e.Latency})
	}
}
