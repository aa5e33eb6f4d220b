package viewmodel

import "hookglass/providers"

// FirstRun is what an empty list shows in place of callbacks.
type FirstRun struct {
	Sentence  string
	Public    FirstPublic
	Addresses []FirstAddress
	Lead      string // over the addresses
	Curl      string // a line that sends a sample, secrets masked
	CurlOf    string // ID of the provider whose sample that is
}

// FirstPublic is how providers can reach Hookglass from outside.
type FirstPublic struct {
	Title    string
	Text     string
	Tone     Tone
	Token    bool   // a token is wanted
	Source   string // where the token in force comes from; "" where there is none
	URL      string // of an address that is open; "" for none
	Act      string // title of the button that connects; "" for none
	Ready    bool   // it can be pressed
	Problem  string // why it could not begin
	Settings bool   // what went wrong is looked at in the dialog
}

// FirstAddress is the address of a provider.
type FirstAddress struct {
	Provider string // ID
	Name     string
	Hue      int
	Shown    string
}

// curlSample is the provider whose sample makes the shortest line.
const curlSample = "komet"

// FirstRun returns what an empty list shows; there are no addresses while there
// is no engine.
func (c *Connect) FirstRun() FirstRun {
	f := FirstRun{Sentence: "Hookglass is listening: what is sent to one of the addresses below appears here."}
	b := c.app.backend
	if b == nil {
		f.Sentence = "Hookglass is starting."
		return f
	}
	f.Public = c.app.Public.first()
	f.Lead = "Or from this machine, to the local address"
	if c.app.Public.Known() {
		f.Lead = "Addresses for your providers"
	}
	for _, p := range b.Set.All() {
		if len(p.Guide.Paths) == 0 {
			continue
		}
		token, saved := c.first(p)
		a := c.address(p, p.Guide.Paths[0], token, saved)
		f.Addresses = append(f.Addresses, FirstAddress{p.ID, p.Name, senderHue(p.ID), a.Shown})
	}
	if p := b.Set.Find(curlSample); p != nil {
		f.Curl, _ = c.curl(p, true)
		f.CurlOf = p.ID
	}
	return f
}

// first is the token in a provider's address of the first run: one that is
// configured, but none that would have to be saved first.
func (c *Connect) first(p *providers.Provider) (token string, saved bool) {
	if token, saved = c.token(p); !saved {
		token = ""
	}
	return token, saved
}

// CopyFirst copies the address of the first run of a provider in full, and
// remembers that.
func (c *Connect) CopyFirst(provider string) {
	if c.app.backend == nil {
		return
	}
	p := c.app.backend.Set.Find(provider)
	if p == nil || len(p.Guide.Paths) == 0 {
		return
	}
	token, _ := c.first(p)
	path := p.Guide.Paths[0]
	c.app.Screen.Copy(p.Guide.Address(c.app.Public.Base(), path, token))
	c.remember(path.Path)
	c.app.Public.sayCopied("The address for " + p.Name + " was copied.")
	c.Changed.Emit()
}

// first is what an empty list says of the public address.
func (p *PublicAddress) first() FirstPublic {
	f := FirstPublic{Title: "Reach it from outside", Tone: p.Tone, URL: p.URL, Problem: p.Problem}
	switch {
	case p.Busy != "" && !p.Live():
		f.Tone, f.Text = Warn, p.Busy
	case p.Live():
		f.Title, f.Text, f.Settings = p.Word, p.Sentence, p.Tone != Good
	case p.Wanted(): // it has failed
		f.Title, f.Text, f.Settings, f.Token, f.Act = "Failed", p.Sentence, true, p.Form.Mode() == PublicTunnel, "Connect again"
	case p.Form.Mode() == PublicOwn:
		f.Text, f.Settings = "Your own public address is switched off.", true
		f.Act = "Use " + shorten(hostOf(p.app.Preferences.Public.URL), 24)
	case p.Form.HasToken:
		f.Text, f.Source, f.Act = "Open a public address through ngrok.", p.Form.Source, "Connect"
	default:
		f.Text, f.Token, f.Act = "Paste your ngrok token, so that providers can reach you.", true, "Connect"
	}
	_, f.Ready = p.Act()
	if f.Token && !p.Form.HasToken {
		f.Ready = f.Ready && p.Form.pasted() != ""
	}
	if f.Token && f.Problem == "" {
		f.Problem = p.Form.Token.Problem
	}
	return f
}
