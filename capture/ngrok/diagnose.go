package ngrok

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	sdk "golang.ngrok.com/ngrok/v2"
)

// usualConnect is where the SDK connects.
const usualConnect = "connect.ngrok-agent.com:443"

// stepTimeout bounds each step of a diagnosis.
const stepTimeout = 10 * time.Second

// Diagnose tries the way to the service step by step, and ends at the first that
// fails: name resolution, TCP, TLS, service. It says nothing about the token,
// which only opening a tunnel can try. It may take half a minute.
func Diagnose(ctx context.Context, s Settings) []Step {
	if err := s.Check(); err != nil {
		return []Step{{Name: "Settings", Text: firstSentence(err.Error())}}
	}
	address := s.Connect
	if address == "" {
		address = usualConnect
	}
	var steps []Step
	host, _, _ := net.SplitHostPort(address) // was checked
	if s.Proxy == "" {
		step := resolve(ctx, host)
		if steps = append(steps, step); !step.OK {
			return steps
		}
	}
	return append(steps, probe(ctx, s, address)...)
}

func resolve(ctx context.Context, host string) Step {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		return Step{Name: "Name resolution", Text: explainNetwork(err, "")}
	}
	return Step{Name: "Name resolution", OK: true, Text: fmt.Sprintf("%s is %s", host, addresses[0])}
}

// probe has the SDK try TCP, TLS and the service.
func probe(ctx context.Context, s Settings, address string) []Step {
	failed := func(name string, err error) []Step { return []Step{{Name: name, Text: explainNetwork(err, "")}} }
	cas, err := addedCAs(s)
	if err != nil {
		return failed("Settings", err)
	}
	d, err := newDialer(s.Proxy, func(error) {})
	if err != nil {
		return failed("Settings", err)
	}
	agent, err := sdk.NewAgent(append(agentOptions(&Config{Settings: s, CAs: cas}), sdk.WithDialer(onceDialer{d}))...)
	if err != nil {
		return failed("Settings", err)
	}
	diagnoser, ok := agent.(sdk.Diagnoser)
	if !ok {
		return failed("Settings", errors.New("the SDK has no diagnosis"))
	}
	ctx, cancel := context.WithTimeout(ctx, 3*stepTimeout)
	defer cancel()
	result, err := diagnoser.Diagnose(ctx, address)
	tcp := Step{Name: "TCP", OK: true, Text: "connected to " + address}
	secure := Step{Name: "TLS", OK: true, Text: "the certificate is good"}
	if len(result.PeerCertificates) > 0 {
		secure.Text += ", signed by " + issuer(result.PeerCertificates[0])
	}
	switch {
	case sdk.IsTCPDiagnoseFailure(err):
		return failed("TCP", err)
	case sdk.IsTLSDiagnoseFailure(err):
		return append([]Step{tcp}, failed("TLS", err)...)
	case err != nil:
		return append([]Step{tcp, secure}, Step{Name: "Service", Text: "It does not answer as ngrok does: " + firstSentence(err.Error())})
	}
	return []Step{tcp, secure, {Name: "Service", OK: true, Text: fmt.Sprintf("region %s answered in %s", shown(result.Region), result.Latency.Round(time.Millisecond/10))}}
}

// onceDialer tries once, and fails where that does.
type onceDialer struct{ d *dialer }

// Dial is for the SDK's interface.
func (o onceDialer) Dial(network, address string) (net.Conn, error) {
	return o.DialContext(context.Background(), network, address)
}

// DialContext is for the SDK.
func (o onceDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	return o.d.dial(ctx, network, address)
}
