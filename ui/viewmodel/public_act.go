package viewmodel

import (
	"context"
	"errors"

	"hookglass/capture"
	"hookglass/capture/ngrok"
)

// choice is what is connected.
type choice struct {
	mode     PublicMode
	settings ngrok.Settings // as typed
	url      string
}

// choice is what would be connected now.
func (p *PublicAddress) choice() choice {
	kept := &p.app.Preferences.Public
	c := choice{mode: kept.mode()}
	if c.mode == PublicOwn {
		c.url = kept.URL
	} else {
		c.settings = kept.Settings
	}
	return c
}

// Stale reports whether something else is in force than what is chosen.
func (p *PublicAddress) Stale() bool {
	return p.Live() && p.applied.mode != "" && p.choice() != p.applied
}

// Connect opens what is chosen, in the place of what is open. A token that was
// pasted is kept first.
func (p *PublicAddress) Connect() {
	b := p.app.backend
	if b == nil || p.Busy != "" || !p.Form.ready() {
		p.Changed.Emit()
		return
	}
	c, token := p.choice(), p.Form.pasted()
	p.Busy, p.Problem = "Connecting …", ""
	p.keep(true)
	p.emit()
	p.app.run(func(ctx context.Context) func() {
		saved, err := p.open(ctx, b, c, token)
		return func() {
			p.Busy = ""
			if saved {
				p.Form.Token = Field{Usual: p.Form.Token.Usual}
				p.Form.loadToken()
			}
			if err != nil {
				p.refused(err)
			} else {
				p.applied = c
			}
			p.emit()
		}
	})
}

// open does what may block of Connect. saved says that the token is kept.
func (p *PublicAddress) open(ctx context.Context, b *Backend, c choice, token string) (saved bool, err error) {
	if c.mode == PublicOwn {
		if b.UsePublicURL == nil {
			return false, errNotHere
		}
		address, err := ngrok.PublicURL(c.url)
		if err != nil {
			return false, err
		}
		return false, b.UsePublicURL(ctx, address)
	}
	if b.OpenTunnel == nil {
		return false, errNotHere
	}
	settings, err := resolved(c.settings)
	if err != nil {
		return false, err
	}
	if token != "" {
		if err := b.SaveKey(ctx, TunnelCredential, "", token); err != nil {
			return false, err
		}
	}
	return token != "", b.OpenTunnel(ctx, settings)
}

var errNotHere = errors.New("this Hookglass cannot open a public address")

// resolved are settings with the content of the file in place of its name.
func resolved(settings ngrok.Settings) (ngrok.Settings, error) {
	policy, err := ngrok.ReadPolicy(settings.Policy)
	settings.Policy = policy
	return settings, err
}

// refused tells why nothing could be opened. Where no dialog shows it, a banner
// does.
func (p *PublicAddress) refused(err error) {
	p.Problem = sentence(err)
	if !p.Form.open && p.app.List.Empty().Kind != EmptyFirst {
		p.banner("The public address could not be opened: " + p.Problem)
	}
}

// Disconnect closes what is open; it stays closed at the next start.
func (p *PublicAddress) Disconnect() {
	b := p.app.backend
	if b == nil || b.ClosePublic == nil || p.Busy != "" {
		return
	}
	p.Busy, p.Problem = "Disconnecting …", ""
	p.keep(false)
	p.emit()
	p.app.run(func(ctx context.Context) func() {
		err := b.ClosePublic(ctx)
		return func() {
			p.Busy = ""
			if err != nil {
				p.Problem = sentence(err)
			}
			p.emit()
		}
	})
}

// keep remembers whether it is to be opened at the next start.
func (p *PublicAddress) keep(on bool) {
	kept := &p.app.Preferences.Public
	kept.On, kept.Mode = on, kept.mode()
	p.app.Settings.save()
}

// Act is the title of the button that opens, and whether it can be pressed.
func (p *PublicAddress) Act() (title string, ready bool) {
	own := p.Form.Mode() == PublicOwn
	switch {
	case p.Busy != "":
		return p.Busy, false
	case p.Stale():
		title = "Apply the changes"
	case p.now.State == capture.PublicFailed:
		title = "Connect again"
	case p.Live():
		title = "Connect anew"
	case own:
		title = "Use this address"
	default:
		title = "Connect"
	}
	return title, p.Form.ready()
}

// TestTitle is the title of the button for a self-test. Where the tunnel waits
// before it tries again, the same has it try at once.
func (p *PublicAddress) TestTitle() string {
	if p.now.State == capture.PublicReconnecting || p.now.State == capture.PublicConnecting && p.now.Via == capture.ViaTunnel {
		return "Try again now"
	}
	return "Test now"
}

// Copy copies the public address.
func (p *PublicAddress) Copy() {
	if p.URL == "" {
		return
	}
	p.app.Screen.Copy(p.URL)
	p.sayCopied("The public address was copied.")
}

// CopyBase copies the public address, or where there is none the local one.
func (p *PublicAddress) CopyBase() {
	if p.URL != "" {
		p.Copy()
		return
	}
	p.app.Status.CopyAddress()
}

// sayCopied says what was copied, and where it leads nowhere at the moment, that
// too.
func (p *PublicAddress) sayCopied(said string) {
	if p.URL != "" && (p.now.State == capture.PublicFailed || p.now.State == capture.PublicUnreachable) {
		p.app.Notices.Say(Warn, said+" Nobody gets through to it at the moment.", "What to do", p.Show)
		return
	}
	p.app.Notices.Say(Good, said, "", nil)
}
