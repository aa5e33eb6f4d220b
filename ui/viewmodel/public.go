package viewmodel

import (
	"context"
	"strings"
	"sync"

	"hookglass/capture"
	"hookglass/capture/ngrok"
)

// PublicAddress is the address that providers reach us at from outside: through
// a tunnel of ngrok's, or one of the person's own. What is chosen of it is kept
// as it is typed, and takes effect when it is connected.
type PublicAddress struct {
	Word     string // "Online", "Reconnecting", "Online, test blocked by your policy"
	Tone     Tone
	Sentence string // what that means for providers, and what to do
	Code     string // of the tunnel's service: "ERR_NGROK_105"; "" for none
	URL      string // "https://shop.example"; "" while none is known
	Host     string // of URL
	Latency  string // "38 ms"; "" while it is not known
	Account  string // "Jane · Free · eu"; "" where the service does not tell

	Checking bool   // a self-test is on its way
	Test     string // what became of the last self-test, in sentences; "" for none
	TestTone Tone

	Busy    string // "Connecting …"; "" while nothing of ours runs
	Problem string // why the last act could not even begin; "" where it could

	Form    *PublicForm
	History *PublicHistory

	Steps     []ngrok.Step // of the last diagnosis
	Diagnosed string       // when that was: "10:42:18"; "" for none
	Diagnosis bool         // one runs

	Changed Signal

	app     *App
	now     capture.Public
	started bool   // the connection of the last run was opened again
	applied choice // what is in force, while something is
	told    string // what the banner says

	mu    sync.Mutex      // guards what follows: it is written by any goroutine
	news  *capture.Public // not shown yet
	armed bool
}

func newPublicAddress(a *App) *PublicAddress {
	p := &PublicAddress{app: a}
	p.Form = newPublicForm(p)
	p.History = &PublicHistory{public: p}
	p.now.State = capture.PublicOff
	p.describe()
	a.Changed.Listen(p.openedOrClosed)
	return p
}

// PublicChanged tells how things stand with the public address. It may be called
// from any goroutine and does not block; of what comes while the screen is busy
// the last counts.
func (a *App) PublicChanged(now capture.Public) {
	p := a.Public
	p.mu.Lock()
	p.news = &now
	arm := !p.armed
	p.armed = true
	p.mu.Unlock()
	if arm {
		a.config.Do(p.take)
	}
}

// take shows what was told.
func (p *PublicAddress) take() {
	p.mu.Lock()
	news := p.news
	p.news, p.armed = nil, false
	p.mu.Unlock()
	if news == nil {
		return
	}
	before := p.now
	p.now = *news
	if p.now.State == "" {
		p.now.State = capture.PublicOff
	}
	if before.State != p.now.State {
		p.Problem = ""
	}
	p.describe()
	p.warn()
	if before.State != p.now.State || before.URL != p.now.URL || before.Reason != p.now.Reason {
		lost := before.State == capture.PublicReconnecting || before.State == capture.PublicUnreachable
		p.History.load(lost && p.now.State == capture.PublicOnline)
	}
	if before.URL != p.now.URL || before.State != p.now.State {
		p.app.Connect.moved()
	}
	p.emit()
}

// emit tells all that show something of it.
func (p *PublicAddress) emit() {
	p.Changed.Emit()
	p.app.Status.update()
	p.app.Connect.Changed.Emit()
}

// attached opens again what was open when Hookglass was closed.
func (p *PublicAddress) attached() {
	p.History.load(false)
	p.Form.loadToken()
	if p.app.Preferences.Public.On && !p.started {
		p.Connect()
	}
	p.started = true
	p.emit()
}

// openedOrClosed looks again where a dialog opens that shows it.
func (p *PublicAddress) openedOrClosed() {
	open := p.app.Dialog == DialogPublic || p.app.Dialog == DialogSettings
	if open == p.Form.open {
		return
	}
	p.Form.open = open
	if open {
		p.Form.loadToken()
		p.History.load(false)
	} else {
		p.Form.leave()
	}
	p.Changed.Emit()
}

// Show opens the dialog.
func (p *PublicAddress) Show() { p.app.Open(DialogPublic) }

// State says how far the address can be relied on.
func (p *PublicAddress) State() capture.PublicState { return p.now.State }

// Live reports whether there is an address or one is being opened, so that it
// can be closed.
func (p *PublicAddress) Live() bool {
	return p.now.State != capture.PublicOff && p.now.State != capture.PublicFailed
}

// Wanted reports whether something is open, or was and has failed.
func (p *PublicAddress) Wanted() bool { return p.now.State != capture.PublicOff }

// Known reports whether there is a public address to hand out.
func (p *PublicAddress) Known() bool { return p.URL != "" }

// Base is what an address for a provider begins with: the public URL where one
// is known, else the local address; "" while there is neither.
func (p *PublicAddress) Base() string {
	switch {
	case p.URL != "":
		return p.URL
	case p.app.backend != nil:
		return p.app.backend.URL
	}
	return ""
}

// ours reports whether what an address began with when it was copied still leads
// here, as far as that can be known.
func (p *PublicAddress) ours(copied string) bool {
	local := p.app.backend.URL
	switch {
	case copied == "" || copied == local || copied == p.URL:
		return true
	case capture.Loopback(copied) || strings.HasPrefix(copied, "http://"):
		return false // of an earlier port
	}
	return p.URL == "" // no other is public: it may come back
}

// publicBanner is the ID of the banner about the public address.
const publicBanner = "public"

// warn puts a banner while providers cannot get through and somebody has to do
// something about it.
func (p *PublicAddress) warn() {
	text := ""
	switch p.now.State {
	case capture.PublicFailed:
		text = "Providers cannot reach you: " + p.Sentence
	case capture.PublicUnreachable:
		text = "Providers may not reach you: " + p.Sentence
	case capture.PublicOff, capture.PublicConnecting, capture.PublicOnline, capture.PublicReconnecting:
	}
	p.banner(text)
}

// banner shows a text once: one that was closed comes again only when it says
// something else.
func (p *PublicAddress) banner(text string) {
	if text == p.told {
		return
	}
	p.told = text
	if text == "" {
		p.app.Notices.Remove(publicBanner)
		return
	}
	p.app.Notices.Put(Banner{
		ID: publicBanner, Tone: Bad, Close: true, Text: text, Action: "What to do", Run: p.Show,
	})
}

// CheckNow begins a self-test.
func (p *PublicAddress) CheckNow() {
	if b := p.app.backend; b != nil && b.CheckPublic != nil && p.Live() {
		b.CheckPublic()
	}
}

// Diagnose tries each step on the way to the tunnel's service.
func (p *PublicAddress) Diagnose() {
	b := p.app.backend
	if b == nil || b.DiagnosePublic == nil || p.Diagnosis {
		return
	}
	p.Diagnosis, p.Steps, p.Diagnosed = true, nil, ""
	p.Changed.Emit()
	typed := p.app.Preferences.Public.Settings
	p.app.run(func(ctx context.Context) func() {
		var steps []ngrok.Step
		settings, err := resolved(typed)
		if err != nil {
			steps = []ngrok.Step{{Name: "Settings", Text: sentence(err)}}
		} else {
			steps = b.DiagnosePublic(ctx, settings)
		}
		return func() {
			p.Diagnosis, p.Steps, p.Diagnosed = false, steps, p.app.clock(p.app.config.Now())
			p.Changed.Emit()
		}
	})
}

// OpenHelp opens the page of the service about the code that it gave.
func (p *PublicAddress) OpenHelp() {
	if p.Code != "" {
		p.app.Connect.OpenSource(ngrok.Link(p.Code))
	}
}
