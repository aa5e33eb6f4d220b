package ngrok

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	sdk "golang.ngrok.com/ngrok/v2"
	"golang.ngrok.com/ngrok/v2/rpc"
)

// session is one agent of the SDK with one endpoint, from the first try to
// connect to the end. The SDK reconnects it by itself, with the same URL.
type session struct {
	mail   *mailbox
	agent  sdk.Agent
	dialer *dialer
	opened chan struct{} // closed when Listen has returned
	cancel context.CancelFunc

	// Set before opened is closed.
	listener sdk.EndpointListener
	err      error
	pump     *pump
	account  account

	working sync.WaitGroup
}

// account is what the service tells of the account.
type account struct{ name, plan, region string }

// The last words to the service, which are said as far as the network lets them.
const (
	unbindTime     = 500 * time.Millisecond
	drainTime      = time.Second
	disconnectTime = 500 * time.Millisecond
)

// agentOptions are what the settings say of an agent. It says nothing of who we
// are: the version that the service holds against its oldest would be ours then,
// and not the SDK's.
func agentOptions(c *Config) []sdk.AgentOption {
	options := []sdk.AgentOption{
		sdk.WithAuthtoken(string(c.Token)),
		// What it logs repeats the token; what matters is told by its events.
		sdk.WithLogger(slog.New(slog.DiscardHandler)),
	}
	if c.Connect != "" {
		options = append(options, sdk.WithAgentConnectURL(c.Connect))
	}
	if c.CAs != nil {
		options = append(options, sdk.WithAgentConnectCAs(c.CAs))
	}
	if c.Heartbeat > 0 {
		options = append(options, sdk.WithHeartbeatInterval(c.Heartbeat), sdk.WithHeartbeatTolerance(c.Heartbeat+c.Heartbeat/2))
	}
	return options
}

// errRemote is what the service hears where it asks to restart or update us.
var errRemote = errors.New("only the person who uses this Hookglass restarts or updates it")

// startSession begins to connect. Its events come from then on.
func startSession(c *Config) (*session, error) {
	s := &session{mail: newMailbox(), opened: make(chan struct{})}
	var err error
	s.dialer, err = newDialer(c.Proxy, func(err error) { s.mail.put(event{kind: dialFailed, err: err}) })
	if err != nil {
		return nil, err
	}
	s.agent, err = sdk.NewAgent(append(agentOptions(c),
		sdk.WithDialer(s.dialer),
		sdk.WithEventHandler(s.mail.hear),
		sdk.WithRPCHandler(s.command))...)
	if err != nil {
		return nil, err
	}
	var endpoint []sdk.EndpointOption
	if c.Domain != "" {
		domain, err := PublicURL(c.Domain)
		if err != nil {
			return nil, err
		}
		endpoint = append(endpoint, sdk.WithURL(domain))
	}
	if c.Policy != "" {
		endpoint = append(endpoint, sdk.WithTrafficPolicy(c.Policy))
	}
	// What is given to Listen is the session's life.
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	go func() { // not one of working: the SDK's Bind waits for the service, whatever ctx says
		defer close(s.opened)
		s.listener, s.err = s.agent.Listen(ctx, endpoint...)
		if s.err != nil {
			return
		}
		s.pump = newPump(s.listener.Addr())
		if now, err := s.agent.Session(); err == nil {
			if told, ok := now.(sdk.AgentSessionDetails); ok {
				s.account = account{told.AccountName(), told.PlanName(), told.Region()}
			}
		}
	}()
	return s, nil
}

// command answers what the service asks of this agent. It must not call the
// agent's Disconnect, which waits for it.
func (s *session) command(_ context.Context, _ sdk.AgentSession, request rpc.Request) ([]byte, error) {
	if request.Method() != rpc.StopAgentMethod {
		return nil, errRemote
	}
	s.mail.put(event{kind: stopped})
	return nil, nil // the SDK closes the session then
}

// serve hands what comes in to the server. It is called once, after opened.
func (s *session) serve(c *Config) {
	s.working.Go(func() {
		s.mail.put(event{kind: ended, err: s.pump.run(s.listener.Accept)})
	})
	s.working.Go(func() {
		if err := c.Serve(s.pump); err != nil {
			c.Log.Warn("the server of the tunnel ended", "err", err)
		}
	})
}

// url is the public address, without a path.
func (s *session) url() string { return s.listener.URL().String() }

// close ends the session: the service is told, answers that are on their way may
// arrive, and then the connection is cut, whatever the network did until then.
func (s *session) close() {
	select {
	case <-s.opened:
	default: // still connecting: nothing to take back
		s.cancel()
		s.dialer.close()
		s.agentEnds()
		return
	}
	if s.err == nil {
		_ = s.pump.Close() // never fails
		within(unbindTime, func() { _ = s.listener.Close() })
		s.pump.drain(drainTime)
	}
	s.agentEnds()
	s.cancel()
	s.dialer.close()
	if s.err == nil {
		s.pump.closeAll()
	}
	within(disconnectTime, s.working.Wait)
}

func (s *session) agentEnds() {
	within(disconnectTime, func() {
		<-s.opened // while it connects, Disconnect waits for the same lock
		_ = s.agent.Disconnect()
	})
}

// within runs f and waits for it, but no longer than most. The SDK can lock up;
// then f stays behind.
func within(most time.Duration, f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
}
