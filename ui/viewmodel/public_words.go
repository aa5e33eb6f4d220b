package viewmodel

import (
	"net/url"
	"strings"
	"time"

	"hookglass/capture"
)

// describe makes words of the state.
func (p *PublicAddress) describe() {
	now := &p.now
	p.URL, p.Host, p.Code, p.Latency, p.Account = "", "", now.Code, "", ""
	if now.State != capture.PublicOff {
		p.URL = strings.TrimSuffix(now.URL, "/")
		p.Host = hostOf(p.URL)
		var parts []string
		for _, part := range []string{now.Account, now.Plan, now.Region} {
			if part != "" {
				parts = append(parts, capture.Visible(part))
			}
		}
		p.Account = strings.Join(parts, " · ")
	}
	if now.State == capture.PublicOnline || now.State == capture.PublicUnreachable {
		p.Latency = latency(now.Latency)
	}
	p.Word, p.Tone, p.Sentence = p.words()
	p.describeTest()
}

// words say the state in a word, and what it means.
func (p *PublicAddress) words() (word string, tone Tone, text string) {
	reason := capture.Visible(p.now.Reason)
	switch p.now.State {
	case capture.PublicConnecting:
		return "Connecting", Warn, orElse(reason, "The address is being opened.")
	case capture.PublicReconnecting:
		return "Reconnecting", Warn, strings.TrimSpace("Callbacks do not get through at the moment; Hookglass tries again by itself. " + reason)
	case capture.PublicUnreachable:
		return "Unreachable", Bad, orElse(reason, orElse(capture.Visible(p.now.Reach.Text), "A self-test did not come back through the address."))
	case capture.PublicFailed:
		return "Failed", Bad, orElse(reason, "The address could not be opened.")
	case capture.PublicOnline:
		if p.now.Reach.Outcome == capture.Blocked {
			return "Online, test blocked by your policy", Warn, "The address answers, but your traffic policy turned the self-test away: whether callbacks get through depends on it."
		}
		return "Online", Good, "Providers can reach you."
	case capture.PublicOff:
	}
	return "Off", Muted, "Only this machine can send callbacks here. Connect a public address, so that providers can."
}

// describeTest says what became of the last self-test.
func (p *PublicAddress) describeTest() {
	r := &p.now.Reach
	p.Checking, p.Test, p.TestTone = p.now.Checking, "", Secondary
	if r.Outcome == "" || p.now.State == capture.PublicOff {
		return
	}
	when := p.app.clock(r.At)
	told := capture.Visible(r.Text)
	switch r.Outcome {
	case capture.Reached:
		p.Test, p.TestTone = "Went out and came back in "+duration(r.Took)+", at "+when+".", Good
	case capture.Blocked:
		p.Test, p.TestTone = orElse(told, "The address is alive, but your policy blocks the test.")+" ("+when+")", Warn
	case capture.Unreached:
		p.Test, p.TestTone = orElse(told, "It did not come back in.")+" ("+when+")", Bad
	case capture.Untested:
		p.Test, p.TestTone = orElse(told, "It could not be sent.")+" ("+when+")", Warn
	}
}

// clock writes a time of today as "10:42:18", and another with its date.
func (a *App) clock(t time.Time) string {
	zone := a.zone()
	t, now := t.In(zone), a.config.Now().In(zone)
	if day(t) == day(now) {
		return t.Format("15:04:05")
	}
	return t.Format("2 Jan 15:04")
}

func (a *App) zone() *time.Location {
	if a.Preferences.UTC {
		return time.UTC
	}
	return a.config.Local
}

// latency writes how long a heartbeat took: "38 ms", "<1 ms", "" for none.
func latency(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Millisecond:
		return "<1 ms"
	}
	return duration(d)
}

// hostOf is the host of a URL with its port, and what follows of its path.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return capture.Visible(address)
	}
	return capture.Visible(u.Host + strings.TrimSuffix(u.Path, "/"))
}

// summary is what the status bar says; "" where no address is wanted.
func (p *PublicAddress) summary() string {
	if !p.Wanted() {
		return ""
	}
	name := "Tunnel "
	if p.now.Via == capture.ViaPublic {
		name = "Own address "
	}
	text := name + strings.ToLower(p.Word[:1]) + p.Word[1:]
	for _, part := range []string{capture.Visible(p.now.Region), p.Latency} {
		if part != "" {
			text += " · " + part
		}
	}
	return text
}

// reach says of addresses for providers how far they can be reached; "" where
// that goes without saying.
func (p *PublicAddress) reach() (string, Tone) {
	switch p.now.State {
	case capture.PublicOff:
		return "Only this machine reaches these addresses. Connect a public address first where the provider is not here.", Warn
	case capture.PublicConnecting:
		return "The public address is being opened.", Warn
	case capture.PublicReconnecting, capture.PublicUnreachable, capture.PublicFailed:
		return p.Word + ": " + p.Sentence, p.Tone
	case capture.PublicOnline:
	}
	return "", Plain
}
