package engine

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/capture/ngrok"
	"hookglass/providers"
	"hookglass/store/secret"
)

// TunnelCredential is the name of ngrok's authtoken among the secrets.
const TunnelCredential = "ngrok.authtoken"

// tunnelCredential is no provider's.
var tunnelCredential = providers.Credential{
	Name: TunnelCredential, Title: "ngrok authtoken",
	Help:  "dashboard.ngrok.com, Your Authtoken",
	Check: ngrok.CheckToken,
}

// Credential finds a credential by its name: a provider's, or the tunnel's. It
// returns nil where there is none.
func Credential(set *providers.Set, name string) *providers.Credential {
	if name == TunnelCredential {
		return &tunnelCredential
	}
	_, c := set.Credential(name)
	return c
}

// The variables that tell where a service other than ngrok's own is, and its
// edge, so that the built program can be tested. They win over all settings.
const (
	envConnect = "HOOKGLASS_NGROK_CONNECT" // host:port
	envCA      = "HOOKGLASS_NGROK_CA"      // PEM file
	envEdge    = "HOOKGLASS_NGROK_EDGE"    // host:port where every public host is
	envBeat    = "HOOKGLASS_NGROK_HEARTBEAT"
)

// ErrNoToken says that there is no authtoken anywhere.
var ErrNoToken = errors.New("there is no ngrok authtoken: copy yours from dashboard.ngrok.com")

// Why the public address was closed, as its history tells.
const (
	whyAsked   = "You disconnected."
	whyAnew    = "You connected anew."
	whyAnother = "Another public address was chosen."
	whyClosed  = "Hookglass was closed."
)

// OpenTunnel opens the public address through ngrok, in the place of the one that
// is there. It fails where it cannot even begin, with ErrNoToken for one; what
// becomes of it is told by Config.Public.
func (e *Engine) OpenTunnel(ctx context.Context, settings ngrok.Settings) error {
	token, _, file, err := e.findToken(ctx)
	if token == "" {
		if err == nil {
			err = ErrNoToken
		}
		return err
	}
	chosen := settings
	chosen.Policy = "" // may be the name of a file, and is never ngrok.yml's
	settings = e.inForce(settings, file)
	if settings.Policy, err = ngrok.ReadPolicy(settings.Policy); err != nil {
		return err
	}
	client, err := e.edgeClient(settings.CAFile)
	if err != nil {
		return err
	}
	p := e.public
	config := ngrok.Config{
		Settings: settings, Token: token,
		Log: e.config.Log, Serve: p.serve, Changed: p.changed,
	}
	if beat, err := time.ParseDuration(e.config.Getenv(envBeat)); err == nil {
		config.Heartbeat = beat
	}
	if err := config.Check(); err != nil {
		if file != nil && chosen.Check() == nil { // what was not chosen is the file's
			return fmt.Errorf("in %s: %w", file.Path, err)
		}
		return err
	}
	return p.do(ctx, func() error {
		why := whyAnother
		if p.tunnel != nil {
			why = whyAnew
		}
		p.leave(why)
		_ = p.takeTold() // of the one before
		p.client, p.tries, p.reopened = client, 0, false
		tunnel, err := ngrok.Open(config)
		if err != nil {
			return err
		}
		p.tunnel = tunnel
		p.change(func(now *capture.Public) {
			*now = capture.Public{State: capture.PublicConnecting, Via: capture.ViaTunnel}
		})
		return nil
	})
}

// UsePublicURL takes an address of the person's own as the public one, in the
// place of the one that is there: what stands behind it sends callbacks to our
// local listener.
func (e *Engine) UsePublicURL(ctx context.Context, address string) error {
	address, err := ngrok.PublicURL(address)
	if err != nil {
		return fmt.Errorf("the public address %w", err)
	}
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	host := portless(u.Host)
	p := e.public
	return p.do(ctx, func() error {
		p.leave(whyAnother)
		p.client, p.tries = probeClient(), 0
		p.host.Store(&host)
		p.watchSleep()
		p.change(func(now *capture.Public) {
			*now = capture.Public{State: capture.PublicConnecting, Via: capture.ViaPublic, URL: address}
		})
		p.check()
		return nil
	})
}

// ClosePublic ends the public address, whichever it is.
func (e *Engine) ClosePublic(ctx context.Context) error {
	return e.public.do(ctx, func() error {
		e.public.leave(whyAsked)
		return nil
	})
}

// isPublic reports whether a host is that of the person's own public address. It
// does not block.
func (p *publicAddress) isPublic(host string) bool {
	own := *p.host.Load()
	return own != "" && strings.EqualFold(portless(host), own)
}

// portless drops the port that goes without saying: callers leave it out, whether
// it was typed or not.
func portless(host string) string {
	return strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
}

// TunnelToken says where the authtoken in force comes from. The keyring may take
// two seconds to answer.
func (e *Engine) TunnelToken(ctx context.Context) (ngrok.TokenSource, error) {
	_, source, _, err := e.findToken(ctx)
	return source, err
}

// findToken looks for the authtoken: kept by us, else in the environment, else
// in ngrok.yml.
func (e *Engine) findToken(ctx context.Context) (ngrok.Token, ngrok.TokenSource, *ngrok.File, error) {
	var kept ngrok.Token
	var where string
	entries, keptErr := e.secrets.All(ctx, []string{TunnelCredential})
	for _, entry := range entries {
		if kept == "" || entry.Label == "" {
			kept, where = ngrok.Token(entry.Value.Reveal()), string(entry.Where)
		}
	}
	home, _ := os.UserHomeDir() // without one there is no file to read
	token, source, file, err := ngrok.FindToken(kept, where, e.config.Getenv, runtime.GOOS, home)
	if kept != "" && where == string(secret.Environment) {
		source.Name = secret.EnvName(TunnelCredential)
	}
	return token, source, file, errors.Join(keptErr, err)
}

// inForce completes settings: the environment wins over them, and where neither
// says anything, ngrok.yml does.
func (e *Engine) inForce(s ngrok.Settings, file *ngrok.File) ngrok.Settings {
	first := func(values ...string) string {
		for _, v := range values {
			if v != "" {
				return v
			}
		}
		return ""
	}
	var said ngrok.File
	if file != nil {
		said = *file
	}
	if s.Connect == "" && e.config.Getenv(envConnect) == "" {
		s.CAFile = first(e.config.Getenv(envCA), s.CAFile, said.CAFile)
	} else {
		s.CAFile = first(e.config.Getenv(envCA), s.CAFile)
	}
	s.Connect = first(e.config.Getenv(envConnect), s.Connect, said.Connect)
	s.Proxy = first(s.Proxy, said.Proxy)
	return s
}

// DiagnosePublic tries each step on the way to the tunnel's service. It may take
// half a minute.
func (e *Engine) DiagnosePublic(ctx context.Context, settings ngrok.Settings) []ngrok.Step {
	_, source, file, err := e.findToken(ctx)
	steps := ngrok.Diagnose(ctx, e.inForce(settings, file))
	switch {
	case source.From == "" && err != nil:
		steps = append(steps, ngrok.Step{Name: "Token", Text: err.Error()})
	case source.From == "":
		steps = append(steps, ngrok.Step{Name: "Token", Text: "There is none: copy yours from dashboard.ngrok.com."})
	default:
		steps = append(steps, ngrok.Step{Name: "Token", OK: true, Text: "from " + strings.TrimSpace(source.From+" "+source.Name) + "; only connecting shows whether ngrok takes it"})
	}
	return steps
}

// probeClient makes the client of the self-test. It goes out as a provider's
// would: through the system's proxy, and trusting what the system trusts.
func probeClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:             http.ProxyFromEnvironment,
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{MinVersion: tls.VersionTLS12},
	}}
}

// edgeClient is the one for a tunnel, whose edge may be on this machine, with
// certificates of the same authority as the service's.
func (e *Engine) edgeClient(caFile string) (*http.Client, error) {
	edge := e.config.Getenv(envEdge)
	if edge == "" {
		return probeClient(), nil
	}
	transport := &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, edge)
		},
	}
	if caFile != "" && caFile != ngrok.HostCAs {
		text, err := os.ReadFile(caFile)
		if err != nil {
			return nil, fmt.Errorf("the CA file: %w", err)
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(text)
		transport.TLSClientConfig.RootCAs = pool
	}
	return &http.Client{Transport: transport}, nil
}
