package viewmodel

import (
	"maps"
	"slices"
	"strings"

	"hookglass/providers"
)

// Connect is the dialog that says how to have a provider send its callbacks
// here, and what an empty list shows in its place.
type Connect struct {
	Provider string // ID of the one that is shown
	Sending  bool   // samples are on their way
	Saving   bool   // a token is being saved
	Problem  string // why a token could not be saved; "" where it could

	Changed Signal

	app    *App
	tokens map[string]string // made up and not saved, by provider
	known  bool              // the providers' commands are there
}

// ConnectTab is a provider to choose.
type ConnectTab struct {
	ID, Name string
	Hue      int
}

// ConnectView is what the dialog shows of a provider.
type ConnectView struct {
	Provider  string
	Name      string
	Addresses []ConnectAddress
	Reach     string // how far the addresses can be reached, where that is worth a word
	ReachTone Tone
	Steps     []providers.Step
	Token     *ConnectToken // nil where nothing that we make up proves the sender
	Curl      string        // a line that sends a sample, with secrets masked; Curl copies it in full
	Signed    string        // what is to be known of the proof of that line
	Expects   Sourced
	Retry     Sourced
	Source    string // of the steps
	Samples   []SampleView
}

// ConnectAddress is an address to enter in the provider's console.
type ConnectAddress struct {
	Path  string // of the guide, as CopyAddress wants it
	Title string // "Order despatched"
	Field string // "ExtraCode1"
	Shown string // the address; a saved token in it is masked
	Note  string // that it has changed since it was copied
}

// ConnectToken is the token that proves the provider's callbacks.
type ConnectToken struct {
	Shown     string
	Saved     bool   // it is configured: what carries it is proven
	InAddress bool   // it is a part of the address
	Field     string // where it goes, where it is not
	Text      string // one sentence
}

// Sourced is a sentence and where it is documented.
type Sourced struct{ Text, Source string }

// Told lists what a provider expects and how it sends again. Sentences with the
// same source have it once, at the last of them.
func (v *ConnectView) Told() []Sourced {
	expects := v.Expects
	if expects.Source == v.Retry.Source {
		expects.Source = ""
	}
	return []Sourced{expects, v.Retry}
}

// SampleView is a sample to send.
type SampleView struct{ Name, Title string }

func newConnect(a *App) *Connect {
	c := &Connect{app: a, tokens: map[string]string{}}
	a.Changed.Listen(func() {
		if a.Dialog == DialogConnect {
			c.Changed.Emit() // keys may have changed since it was open
		}
	})
	return c
}

func (c *Connect) attached() {
	if list := c.app.backend.Set.All(); c.Provider == "" && len(list) > 0 {
		c.Provider = list[0].ID
	}
	if !c.known {
		c.known = true
		c.app.Commands.Add(c.app.Public.providerCommands()...)
	}
	c.moved()
}

// moved is told that callbacks come in at another address.
func (c *Connect) moved() {
	if c.app.backend == nil {
		return
	}
	c.tellChanged()
	c.Changed.Emit()
}

// tellChanged puts a banner where addresses were copied that no longer lead
// here: the providers still send to them.
func (c *Connect) tellChanged() {
	var names []string
	first := ""
	for _, p := range c.app.backend.Set.All() {
		for _, path := range p.Guide.Paths {
			if copied := c.app.Preferences.Copied[path.Path]; !c.app.Public.ours(copied) {
				if first == "" {
					first = p.ID
				}
				names = append(names, p.Name)
				break
			}
		}
	}
	if first == "" {
		c.app.Notices.Remove(addressBanner)
		return
	}
	c.app.Notices.Put(Banner{
		ID: addressBanner, Tone: Warn, Close: true,
		Text:   "The address has changed since you copied it for " + strings.Join(names, ", ") + ": change it there too.",
		Action: "Show the new ones", Run: func() { c.Show(first) },
	})
}

// addressBanner is the ID of the banner about copied addresses.
const addressBanner = "address"

// Tabs lists the providers.
func (c *Connect) Tabs() []ConnectTab {
	if c.app.backend == nil {
		return nil
	}
	var tabs []ConnectTab
	for _, p := range c.app.backend.Set.All() {
		tabs = append(tabs, ConnectTab{p.ID, p.Name, senderHue(p.ID)})
	}
	return tabs
}

// Show opens the dialog at a provider; "" is the one that was shown last.
func (c *Connect) Show(provider string) {
	if provider != "" {
		c.Turn(provider)
	}
	c.app.Open(DialogConnect)
}

// Turn shows another provider.
func (c *Connect) Turn(provider string) {
	c.Provider, c.Problem = provider, ""
	c.Changed.Emit()
}

func (c *Connect) provider() *providers.Provider {
	if c.app.backend == nil {
		return nil
	}
	return c.app.backend.Set.Find(c.Provider)
}

// View is what there is to know of the provider that is shown; the zero value
// while there is no engine.
func (c *Connect) View() ConnectView {
	p := c.provider()
	if p == nil {
		return ConnectView{}
	}
	v := ConnectView{
		Provider: p.ID, Name: p.Name, Steps: slices.Clone(p.Guide.Steps), Source: p.Guide.Source,
		Expects: Sourced(p.Expects), Retry: Sourced{p.Retry.Text, p.Retry.Source},
	}
	token, saved := c.token(p)
	if at := p.Guide.Token; at != nil {
		v.Token = &ConnectToken{Shown: token, Saved: saved, InAddress: at.InAddress(), Field: at.Field}
		v.Token.Text = "Made up just now. Save it as the credential, so that what carries it is proven."
		if saved {
			v.Token.Shown = maskedSecret(token)
			v.Token.Text = "Saved as the credential " + at.Credential + ": what carries it is proven."
		}
	}
	for _, path := range p.Guide.Paths {
		v.Addresses = append(v.Addresses, c.address(p, path, token, saved))
	}
	for i := range v.Steps {
		v.Steps[i].Paste = strings.ReplaceAll(v.Steps[i].Paste, addressMark, v.Addresses[0].Shown)
	}
	v.Reach, v.ReachTone = c.app.Public.reach()
	v.Curl, v.Signed = c.curl(p, true)
	for i := range p.Samples {
		v.Samples = append(v.Samples, SampleView{p.Samples[i].Name, p.Samples[i].Title})
	}
	return v
}

// hiddenToken stands in a shown address for a token that is saved. It needs no
// escaping.
const hiddenToken = "HIDDEN"

func (c *Connect) address(p *providers.Provider, path providers.GuidePath, token string, saved bool) ConnectAddress {
	base := c.app.Public.Base()
	a := ConnectAddress{Path: path.Path, Title: path.Title, Field: path.Field, Shown: p.Guide.Address(base, path, token)}
	if saved && token != "" {
		a.Shown = strings.ReplaceAll(p.Guide.Address(base, path, hiddenToken), hiddenToken, maskedSecret(token))
	}
	if copied := c.app.Preferences.Copied[path.Path]; !c.app.Public.ours(copied) {
		a.Note = "It has changed since you copied it: then it began with " + copied + ". Change it at " + p.Name + " too."
	}
	return a
}

// CopyAddress copies the address of a path of the guide in full, and remembers
// that, so that a later change of it is told.
func (c *Connect) CopyAddress(provider, path string) {
	b := c.app.backend
	if b == nil {
		return
	}
	p := b.Set.Find(provider)
	if p == nil {
		return
	}
	for _, candidate := range p.Guide.Paths {
		if candidate.Path != path {
			continue
		}
		token, saved := c.token(p)
		c.app.Screen.Copy(p.Guide.Address(c.app.Public.Base(), candidate, token))
		c.remember(path)
		switch {
		case p.Guide.Token.InAddress() && !saved:
			c.app.Notices.Say(Warn, "The address was copied. Its token is not saved yet: what comes with it cannot be proven.", "Save the token", func() { c.saveToken(p) })
		default:
			c.app.Public.sayCopied("The address was copied.")
		}
		c.Changed.Emit()
		return
	}
}

// remember keeps with what the address of a path began when it was copied; not
// its token, which is a secret.
func (c *Connect) remember(path string) {
	copied := map[string]string{}
	maps.Copy(copied, c.app.Preferences.Copied)
	copied[path] = c.app.Public.Base()
	c.app.Preferences.Copied = copied
	c.app.Settings.save()
	c.tellChanged()
}

// addressMark stands in a step of a guide for the first address.
const addressMark = "ADDRESS"

// CopyStep copies what a step of the guide says to paste, with the address in
// full.
func (c *Connect) CopyStep(i int) {
	p := c.provider()
	if p == nil || i < 0 || i >= len(p.Guide.Steps) || len(p.Guide.Paths) == 0 {
		return
	}
	token, _ := c.token(p)
	address := p.Guide.Address(c.app.Public.Base(), p.Guide.Paths[0], token)
	c.app.Screen.Copy(strings.ReplaceAll(p.Guide.Steps[i].Paste, addressMark, address))
	c.app.Notices.Say(Good, "Copied.", "", nil)
}

// CopyToken copies the token in full.
func (c *Connect) CopyToken() {
	if p := c.provider(); p != nil {
		token, _ := c.token(p)
		c.app.Screen.Copy(token)
		c.app.Notices.Say(Good, "The token was copied.", "", nil)
	}
}

// commands are those of the dialog.
func (c *Connect) commands() []Command {
	ready := c.app.Attached
	return []Command{
		{
			ID: "connect.open", Title: "Connect a provider", Place: "Hookglass", Icon: "plug",
			Ready: ready, Run: func() { c.Show("") },
		},
		{
			ID: "connect.samples", Title: "Send a sample of each provider", Place: "Hookglass", Icon: "flask-conical",
			Ready: func() bool { return ready() && !c.Sending }, Run: c.SendAll,
		},
	}
}

// OpenSource opens the address of a documentation in the browser, or copies it
// where there is none.
func (c *Connect) OpenSource(address string) {
	if err := c.app.Screen.OpenURL(address); err != nil {
		c.app.Screen.Copy(address)
		c.app.Notices.Say(Warn, "No program opened it: the address was copied instead.", "", nil)
	}
}
