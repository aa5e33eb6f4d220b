package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"

	"hookglass/capture"
	"hookglass/capture/ngrok"
	"hookglass/cmd/internal/engine"
)

// publicQueue is how many changes of the public address may wait for a slow
// terminal.
const publicQueue = 256

// checkPublic says which of the flags about the public address cannot be meant.
func (c *serveCommand) checkPublic() error {
	switch {
	case c.Tunnel && c.PublicURL != "":
		return usage("--tunnel and --public-url exclude each other")
	case !c.Tunnel && (c.Domain != "" || c.TrafficPolicy != "" || c.Proxy != ""):
		return usage("--domain, --traffic-policy and --proxy are of the tunnel: add --tunnel")
	case c.Tunnel:
		if err := (ngrok.Settings{Domain: c.Domain, Proxy: c.Proxy}).Check(); err != nil {
			return usage("%v", err)
		}
	case c.PublicURL != "":
		if _, err := ngrok.PublicURL(c.PublicURL); err != nil {
			return usage("--public-url %q: %v", c.PublicURL, err)
		}
	}
	return nil
}

// openPublic opens the public address that the flags ask for.
func (c *serveCommand) openPublic(ctx context.Context, e *engine.Engine) error {
	switch {
	case c.Tunnel:
		err := e.OpenTunnel(ctx, ngrok.Settings{Domain: c.Domain, Policy: c.TrafficPolicy, Proxy: c.Proxy})
		if errors.Is(err, engine.ErrNoToken) {
			err = fmt.Errorf("%w, then keep it with \"hookglassctl secret set %s\", or set %s", err, engine.TunnelCredential, ngrok.TokenVariable)
		}
		return err
	case c.PublicURL != "":
		return e.UsePublicURL(ctx, c.PublicURL)
	}
	return nil
}

// publicPrinter makes what the engine tells the changes of the public address:
// each is printed, and a tunnel that fails before it was ever online is an error.
func publicPrinter(p *printer, failed chan<- error) func(capture.Public) {
	var last capture.Public
	online, over := false, false
	return func(now capture.Public) {
		if over {
			return
		}
		same := now.State == last.State && now.URL == last.URL && now.Code == last.Code && now.Reason == last.Reason
		last = now
		online = online || now.State == capture.PublicOnline
		if now.State == capture.PublicFailed && !online {
			select {
			case failed <- publicError(&now):
			default:
			}
			over = true // the error says it all
			return
		}
		if same || now.State == capture.PublicConnecting && now.Reason == "" {
			return
		}
		select {
		case p.public <- now:
		default: // the terminal has not taken 256 of them: it will not miss one
		}
	}
}

func publicError(now *capture.Public) error {
	if now.Code == "" {
		return errors.New(now.Reason)
	}
	return fmt.Errorf("%s (%s)", now.Reason, now.Code)
}

// publicLine is a change of the public address as --json prints it.
type publicLine struct {
	Event  string              `json:"event"`
	State  capture.PublicState `json:"state"`
	URL    string              `json:"url"`
	Code   string              `json:"code"`
	Reason string              `json:"reason"`
}

func printPublic(out *bufio.Writer, now *capture.Public, json bool) error {
	kind := "tunnel"
	if now.Via == capture.ViaPublic {
		kind = "public"
	}
	if json {
		return writeJSON(out, publicLine{kind, now.State, now.URL, now.Code, now.Reason})
	}
	text := now.URL
	if now.State != capture.PublicOnline {
		text = string(now.State)
		if now.Reason != "" {
			text += ": " + capture.Visible(now.Reason)
		}
		if now.Code != "" {
			text += " (" + now.Code + ")"
		}
	}
	_, err := fmt.Fprintf(out, "%s %s\n", kind, text)
	return err
}
