package ngroktest

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"

	"golang.ngrok.com/muxado/v2"
)

const typeHeartbeat = 0xFFFFFFFF

// agent is a session of one agent.
type agent struct {
	service *Service
	conn    *gatedConn // TCP
	mux     muxado.TypedStreamSession
	working sync.WaitGroup
	opening sync.Mutex // one stream to it is opened at a time

	clientID string // set by Auth, before the agent is known to anybody
}

// tunnel is an endpoint of an agent.
type tunnel struct {
	id, host, forwardsTo string
	owner                *agent
	policy               *policy
}

// serve is the life of a connection.
func (s *Service) serve(conn net.Conn) {
	s.count(func(c *Counts) { c.Dials++ })
	gated := newGatedConn(conn, &s.faults.silence)
	secure := tls.Server(gated, s.tls)
	a := &agent{service: s, conn: gated}
	a.mux = muxado.NewTypedStreamSession(muxado.Server(secure, &muxado.Config{}))
	s.mu.Lock()
	ended := s.ctx.Err() != nil || s.listener == nil // it was accepted just before the service went down
	if !ended {
		s.faults.conns.add(a)
	}
	s.mu.Unlock()
	if ended {
		a.cut()
	}
	a.accept()
	a.cut()
	a.working.Wait()
	s.forget(a)
}

// accept takes the streams of the agent until the session is over.
func (a *agent) accept() {
	for {
		stream, err := a.mux.AcceptTypedStream()
		if err != nil {
			return
		}
		a.working.Go(func() { a.hear(stream) })
	}
}

// hear answers what a stream of the agent asks.
func (a *agent) hear(stream muxado.TypedStream) {
	if stream.StreamType() == typeHeartbeat {
		a.echo(stream)
		return
	}
	defer func() { _ = stream.Close() }() // the answer was written, or nobody waits
	a.service.faults.pause(a.service.ctx)
	var answer any
	var cut bool
	switch streamType(stream.StreamType()) {
	case typeAuth:
		answer, cut = reply(stream, a.auth)
	case typeBind:
		answer, _ = reply(stream, func(q bindRequest) (any, bool) { return a.bind(q), false })
	case typeUnbind:
		answer, _ = reply(stream, func(q unbindRequest) (any, bool) { return a.unbind(q), false })
	case typeInfo:
		answer = infoResponse{Region: region}
	default:
		answer = errorResponse{fmt.Sprintf("stream type %d is unknown here", stream.StreamType())}
	}
	if answer != nil {
		_ = json.NewEncoder(stream).Encode(answer)
	}
	if cut {
		_ = stream.CloseWrite()
		a.service.cutSoon(a)
	}
}

// reply reads a question and answers it; nil where it cannot be read.
func reply[Q any](stream io.Reader, answer func(Q) (any, bool)) (any, bool) {
	var question Q
	if json.NewDecoder(stream).Decode(&question) != nil {
		return nil, false
	}
	return answer(question)
}

// echo gives heartbeats back.
func (a *agent) echo(stream io.ReadWriter) {
	var beat [4]byte
	for {
		if _, err := io.ReadFull(stream, beat[:]); err != nil {
			return
		}
		if _, err := stream.Write(beat[:]); err != nil {
			return
		}
		a.service.count(func(c *Counts) { c.Heartbeats++ })
	}
}

const region = "lo"

// auth answers who may connect. cut says that the session is to end after it.
func (a *agent) auth(q authRequest) (answer any, cut bool) {
	s := a.service
	s.mu.Lock()
	defer s.mu.Unlock()
	r := authResponse{Version: "3", ClientID: q.ClientID, Extra: authDetails{
		Version: "loopback", Region: region, Cookie: "cookie", AccountName: "Loopback", PlanName: "Free", AgentSessionID: "ts_loopback",
	}}
	token := q.Extra.Authtoken
	switch {
	case s.faults.refusal != "":
		r.Error = strings.ReplaceAll(s.faults.refusal, "TOKEN", token)
	case token == "":
		r.Error = coded(4018, "Usage of ngrok requires a verified account and authtoken.")
	case s.options.Tokens != nil && !slices.Contains(s.options.Tokens, token):
		r.Error = coded(105, "The authtoken you specified does not look like a proper ngrok authtoken.\r\nYour authtoken: "+token)
	}
	if r.Error != "" {
		return r, false
	}
	if r.ClientID == "" {
		s.clients++
		r.ClientID = fmt.Sprintf("client-%d", s.clients)
	}
	a.clientID = r.ClientID
	s.agents[a] = struct{}{}
	s.tell()
	return r, s.faults.cutAfterAuth
}

// coded is an error as the service writes it: the code stands at the end.
func coded(code int, text string) string {
	return fmt.Sprintf("%s\r\n\r\nERR_NGROK_%d\r\n", text, code)
}

// bind opens an endpoint, or opens one again.
func (a *agent) bind(q bindRequest) bindResponse {
	s := a.service
	s.mu.Lock()
	defer s.mu.Unlock()
	r := bindResponse{ID: q.ID, Proto: "https", Opts: q.Opts}
	if _, known := s.agents[a]; !known {
		r.Error = "authenticate first"
		return r
	}
	host, err := s.hostFor(&q)
	if err == "" && s.faults.bindRefusal != 0 {
		err = coded(s.faults.bindRefusal, "The endpoint was refused.")
	}
	// An agent that comes back takes its host again, though the service may not
	// have noticed that it was gone.
	if held := s.tunnels[host]; err == "" && held != nil && held.owner.clientID != a.clientID {
		err = coded(334, "The endpoint 'https://"+host+"' is already online.")
	}
	rules, policyErr := parsePolicy(q.Opts.TrafficPolicy)
	if err == "" && policyErr != nil {
		err = coded(2201, "The traffic policy is invalid: "+policyErr.Error())
	}
	if err != "" {
		r.Error = err
		return r
	}
	if r.ID == "" {
		s.binds++
		r.ID = fmt.Sprintf("bind-%d", s.binds)
	}
	r.URL, r.Opts.Hostname = "https://"+host, host
	r.Extra.Token, r.Extra.TunnelID = "token-"+r.ID, "tn_"+r.ID
	for other, t := range s.tunnels {
		if t.id == r.ID && t.owner.clientID == a.clientID {
			delete(s.tunnels, other) // it is bound again, under another host maybe
		}
	}
	s.tunnels[host] = &tunnel{id: r.ID, host: host, forwardsTo: q.ForwardsTo, owner: a, policy: rules}
	s.tell()
	return r
}

// hostFor is the host that an endpoint gets, or an error as the service writes
// it. It is called with mu held.
func (s *Service) hostFor(q *bindRequest) (host, problem string) {
	switch {
	case s.faults.nextHost != "":
		host = s.faults.nextHost
		s.faults.nextHost = ""
		if q.ID != "" {
			s.moved[q.ID] = host // the SDK goes on asking for the host that it was given at first
		}
		return host, ""
	case s.moved[q.ID] != "":
		return s.moved[q.ID], ""
	case q.ID != "" && q.Opts.Hostname != "":
		return q.Opts.Hostname, ""
	case q.Opts.URL == "":
		return s.options.Host, ""
	}
	text := q.Opts.URL
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" {
		return "", coded(9037, "The URL '"+q.Opts.URL+"' is invalid.")
	}
	return strings.ToLower(u.Hostname()), ""
}

func (a *agent) unbind(q unbindRequest) errorResponse {
	s := a.service
	s.mu.Lock()
	defer s.mu.Unlock()
	for host, t := range s.tunnels {
		if t.id == q.ID && t.owner == a {
			delete(s.tunnels, host)
			s.tell()
			return errorResponse{}
		}
	}
	return errorResponse{"no such endpoint"}
}

// forget drops an agent that is gone, with its endpoints.
func (s *Service) forget(a *agent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.conns.remove(a)
	s.drop(a)
}

// drop has an agent no longer authenticated, with mu held.
func (s *Service) drop(a *agent) {
	delete(s.agents, a)
	for host, t := range s.tunnels {
		if t.owner == a {
			delete(s.tunnels, host)
		}
	}
	s.tell()
}

// cut ends the connection without a last word.
func (a *agent) cut() {
	if tcp, ok := a.conn.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // sends RST
	}
	_ = a.conn.Close()
}
