package viewmodel

import "hookglass/providers"

// FirstRun is what an empty list shows in place of callbacks.
type FirstRun struct {
	Sentence  string
	Addresses []FirstAddress
	Curl      string // a line that sends a sample, secrets masked
	CurlOf    string // ID of the provider whose sample that is
}

// FirstAddress is the local address of a provider.
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
	f := FirstRun{Sentence: "Hookglass is listening: send a callback to one of these addresses, and it appears here."}
	b := c.app.backend
	if b == nil {
		f.Sentence = "Hookglass is starting."
		return f
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
	c.app.Screen.Copy(p.Guide.Address(c.app.backend.URL, path, token))
	c.remember(path.Path)
	c.app.Notices.Say(Good, "The address for "+p.Name+" was copied.", "", nil)
	c.Changed.Emit()
}
