package viewmodel

import "hookglass/capture"

// PublicCopy is something of the public address that can be copied.
type PublicCopy struct {
	Title string // "Copy the Klix URL"
	Hue   int    // of the provider; 0 for none
	Run   func()
}

// Copies lists what can be copied: the address itself, then that of every
// provider.
func (p *PublicAddress) Copies() []PublicCopy {
	b := p.app.backend
	if b == nil {
		return nil
	}
	var list []PublicCopy
	if p.URL != "" {
		list = append(list, PublicCopy{Title: "Copy the public address", Run: p.Copy})
	}
	if b.URL != "" {
		list = append(list, PublicCopy{Title: "Copy the local address", Run: p.app.Status.CopyAddress})
	}
	for _, provider := range b.Set.All() {
		if len(provider.Guide.Paths) > 0 {
			list = append(list, PublicCopy{
				Title: "Copy the " + provider.Name + " URL", Hue: senderHue(provider.ID),
				Run: func() { p.app.Connect.CopyFirst(provider.ID) },
			})
		}
	}
	return list
}

// commands are those of the public address.
func (p *PublicAddress) commands() []Command {
	ready := func() bool { return p.app.Attached() && p.Busy == "" }
	return []Command{
		{
			ID: "public.open", Title: "Public address", Place: "Tunnel", Icon: "globe",
			Ready: p.app.Attached, Run: p.Show,
		},
		{
			ID: "public.connect", Title: "Connect the tunnel", Place: "Tunnel", Icon: "plug",
			Ready: func() bool { return ready() && !p.Live() && p.Form.ready() }, Run: p.Connect,
		},
		{
			ID: "public.disconnect", Title: "Disconnect the tunnel", Place: "Tunnel", Icon: "x",
			Ready: func() bool { return ready() && p.Wanted() }, Run: p.Disconnect,
		},
		{
			ID: "public.copy", Title: "Copy the public address", Place: "Tunnel", Icon: "copy",
			Ready: p.Known, Run: p.Copy,
		},
		{
			ID: "public.test", Title: "Test the public address", Place: "Tunnel", Icon: "rotate-cw",
			Ready: func() bool { return ready() && p.Live() && !p.Checking }, Run: p.CheckNow,
		},
		{
			ID: "public.diagnose", Title: "Diagnose the tunnel", Place: "Tunnel", Icon: "search",
			Ready: func() bool { return ready() && !p.Diagnosis },
			Run: func() {
				p.Show()
				p.Diagnose()
			},
		},
	}
}

// providerCommands copy the address for each provider. They are there as soon as
// the providers are known.
func (p *PublicAddress) providerCommands() []Command {
	var list []Command
	for _, provider := range p.app.backend.Set.All() {
		if len(provider.Guide.Paths) == 0 {
			continue
		}
		list = append(list, Command{
			ID: "public.copy." + provider.ID, Title: "Copy the " + provider.Name + " URL", Place: "Tunnel", Icon: "link",
			Ready: func() bool { return p.Base() != "" }, Run: func() { p.app.Connect.CopyFirst(provider.ID) },
		})
	}
	return list
}

// PublicPill is what the top bar shows of where callbacks come in.
type PublicPill struct {
	Tone    Tone
	Word    string // beside the dot; "" where all is well
	Host    string
	Latency string
	Copy    bool // there is something to copy
	Quiet   bool // Word is no warning
}

// Pill is what the top bar shows.
func (p *PublicAddress) Pill() PublicPill {
	s := p.app.Status
	pill := PublicPill{Tone: p.Tone, Word: p.Word, Host: p.Host, Latency: p.Latency, Copy: p.Base() != ""}
	switch {
	case p.app.backend == nil || p.app.Failure != "":
		return PublicPill{Tone: s.Tone, Host: s.State}
	case p.Busy != "" && !p.Live():
		pill.Tone, pill.Word = Warn, "Connecting"
	case !p.Wanted():
		pill.Tone, pill.Word, pill.Quiet = s.Tone, "Local only", true
	case p.Tone == Good:
		pill.Word = ""
	case p.now.State == capture.PublicOnline:
		pill.Word = "Test blocked" // the whole word is long
	}
	if pill.Host == "" {
		pill.Host = s.Host
	}
	if s.Address == "" && !p.Wanted() {
		pill.Word, pill.Host = "", s.State
	}
	return pill
}
