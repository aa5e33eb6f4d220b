package viewmodel

import (
	"context"
	"errors"
	"slices"
	"time"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/store"
)

// Detail shows one callback: its head with the buttons, and the panes behind
// its tabs.
type Detail struct {
	// ID is the callback that is wanted; 0 for none. What is shown is that of
	// another one until the wanted one is loaded.
	ID int64

	Page    *Page  // what is shown; nil for nothing
	Loading bool   // the wanted one takes longer than a blink
	Problem string // why the wanted one cannot be shown; "" where it can
	Tab     string // one of the Tab constants

	Body   *Body
	Raw    *Raw
	Proof  *Proof
	Answer *Answer
	Resend *Resend
	Remark *Remark

	Secrets bool // the secrets that came with it are shown in full

	Changed Signal

	app      *App
	serial   int // of the newest load
	inFlight int
	pending  bool // a load waits for one that is in flight
	after    func(time.Duration, func()) (stop func() bool)
	confirm  func(question, detail, action string, danger bool, run func())
}

// blink is how long the callback before stays while the wanted one is loaded.
const blink = 150 * time.Millisecond

// maxLoads is how many callbacks are loaded at the same time: whoever runs down
// the list with a held key leaves the large ones behind unread.
const maxLoads = 2

func newDetail(a *App) *Detail {
	d := &Detail{app: a, Tab: tabOf(a.Preferences.Tab)}
	d.after = func(t time.Duration, f func()) func() bool {
		return time.AfterFunc(t, func() { a.config.Do(f) }).Stop
	}
	d.confirm = a.Confirm
	d.Body, d.Raw = newBody(a), newRaw(a)
	d.Proof = newProof(d)
	d.Answer = newAnswer(d)
	d.Resend = newResend(d)
	d.Remark = &Remark{app: a}
	return d
}

func (d *Detail) attached() {
	d.Answer.attached()
	if d.ID != 0 {
		d.load()
	}
}

// Show shows the callback with an ID; 0 shows none.
func (d *Detail) Show(id int64) {
	if id == d.ID {
		return
	}
	d.ID, d.Problem, d.Loading = id, "", false
	d.serial++
	if id == 0 {
		d.put(nil)
		return
	}
	d.load()
}

// Refresh loads what is shown again: after a key, the zone or an endpoint has
// changed.
func (d *Detail) Refresh() {
	if d.ID != 0 {
		d.load()
	}
}

// changed is told which exchanges have changed.
func (d *Detail) changed(ids []int64) {
	if d.ID == 0 {
		return
	}
	if slices.Contains(ids, d.ID) {
		d.load()
	}
}

// load fetches the wanted callback.
func (d *Detail) load() {
	b := d.app.backend
	if b == nil {
		return
	}
	d.serial++
	if d.inFlight >= maxLoads {
		d.pending = true
		return
	}
	d.inFlight++
	id, serial := d.ID, d.serial
	stop := func() bool { return true }
	if d.Page == nil || d.Page.ID != id {
		stop = d.after(blink, func() {
			if d.ID == id && (d.Page == nil || d.Page.ID != id) && d.Problem == "" {
				d.Loading = true
				d.Changed.Emit()
			}
		})
	}
	style, outages := d.app.style(), d.app.Public.History.outages
	wantsBody := d.Tab == TabBody && (d.Page == nil || d.Page.ID != id)
	d.app.run(func(ctx context.Context) func() {
		x, err := b.Store.Exchange(ctx, id)
		var body *bodyJob
		var m *material
		if err == nil {
			if wantsBody && takesLong(&x.Request) {
				body = d.app.makeBody(x) // beside the rest
			}
			m, err = gather(ctx, b, x)
		}
		var page *Page
		if err == nil {
			m.outages = outages
			page = newPage(m, style)
		}
		return func() {
			stop()
			d.inFlight--
			if d.pending {
				d.pending = false
				d.load()
			}
			if d.ID != id || serial < d.serial && d.Page != nil && d.Page.ID == id {
				body.discard()
				return
			}
			d.Loading = false
			if err != nil {
				body.discard()
				d.fail(err)
				return
			}
			d.Body.expect(body)
			d.put(page)
		}
	})
}

// put shows a page.
func (d *Detail) put(page *Page) {
	other := page == nil || d.Page == nil || d.Page.ID != page.ID
	d.Page, d.Problem = page, ""
	if other {
		d.Secrets = false
	}
	d.Remark.shown(page)
	d.Body.show(page.exchange())
	d.Raw.show(page.exchange())
	d.Proof.show(page, other)
	d.Answer.show(page, other)
	d.Changed.Emit()
}

func (d *Detail) fail(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	d.put(nil)
	d.Problem = sentence(err)
	if errors.Is(err, store.ErrNotFound) {
		d.Problem = "This callback is gone: it was deleted, or retention has removed it."
	}
	d.Changed.Emit()
}

// material is what a page is made of.
type material struct {
	exchange *capture.Exchange
	endpoint *capture.Endpoint   // nil where none took it, or it is removed since
	provider *providers.Provider // nil for an unknown sender
	look     providers.Look
	previous int64 // the attempt before; 0 for none
	next     int64 // the attempt after
	resends  []capture.Exchange
	origin   *capture.Exchange  // of a resend, where it is still there
	accepted capture.Acceptance // of a resend: what its sender would have made of the answer
	targets  []string           // where callbacks like this were resent to, the last used first
	effect   providers.Effect   // of our answer
	broken   []string           // what of our answer the provider does not take
	passed   []capture.Skip     // rules that were asked before, and why they did not answer
	presets  []capture.Preset   // of the endpoint, else of the sender
	keys     providers.Keys
	mask     func(string) string
	base     string           // our own address
	outages  []capture.Outage // of the public address, newest first

	file    *capture.SessionOrigin // of an exchange of a file: who shared it; nil where nobody says
	claimed bool                   // that it was proven is what the file says
}

// gather reads what belongs to a callback. It blocks, and changes the
// annotation of x.
func gather(ctx context.Context, b *Backend, x *capture.Exchange) (m *material, err error) {
	m = &material{exchange: x, keys: b.Set.Keys(), mask: b.Mask, base: b.URL}
	if m.mask == nil {
		m.mask = func(target string) string { return capture.MaskTarget(target) }
	}
	m.endpoint = endpointAt(b.Endpoints(), x.Endpoint)
	m.look = b.Set.Look(&x.Request, m.endpoint)
	if err := m.addOrigin(ctx, b); err != nil {
		return nil, err
	}
	if !m.keepStored() {
		m.settle()
	}
	m.provider = b.Set.Find(x.Annotation.Provider)
	m.presets = b.Set.Presets(answering(m.endpoint, x))
	if b.Passed != nil && x.Response != nil && x.Import == nil && x.Via != capture.ViaReplay {
		m.passed = b.Passed(x)
	}
	if x.Response != nil && x.Via != capture.ViaReplay && x.State == capture.StateAnswered {
		m.effect = b.Set.Effect(x.Annotation.Provider, x.Response)
		m.broken = b.Set.Contract(answering(m.endpoint, x), x.Response, &x.Request)
	}
	if m.previous, err = b.Store.Previous(ctx, x); err != nil {
		return nil, err
	}
	if x.Via.Live() {
		if m.next, err = b.Store.Next(ctx, x); err != nil {
			return nil, err
		}
	}
	if m.resends, err = b.Store.Resends(ctx, x.ID); err != nil {
		return nil, err
	}
	if m.targets, err = b.Store.Targets(ctx, x.Annotation.Provider, x.Endpoint); err != nil {
		return nil, err
	}
	if x.Via == capture.ViaReplay {
		answer := x.Response
		if x.State != capture.StateAnswered {
			answer = nil
		}
		m.accepted = b.Set.Accepts(x.Annotation.Provider, answer, &x.Request)
	}
	if x.Via == capture.ViaReplay && x.Origin > 0 {
		if m.origin, err = b.Store.Exchange(ctx, x.Origin); errors.Is(err, store.ErrNotFound) {
			m.origin, err = nil, nil
		}
	}
	return m, err
}

// settle writes into the exchange what a look says of it now. What was proven
// with a key that is gone stays proven, as in providers.Set.Reverify.
func (m *material) settle() {
	stored, now := &m.exchange.Annotation, &m.look.Annotation
	a := *now
	a.Attempt, a.AtArrival = stored.Attempt, stored.AtArrival
	if a.AtArrival == "" {
		a.AtArrival = a.Verification.Status
	}
	if a.Provider == stored.Provider {
		if stored.Verification.Status.Proven() && !now.Verification.Status.Proven() {
			kept := stored.Verification
			kept.Signed, kept.Checks = now.Verification.Signed, nil
			a.Verification = kept
			m.look.Ladder = nil
		}
		a.Delivery = stored.Delivery
	}
	m.exchange.Annotation = a
}

// answering is the ID of the provider whose presets answer a callback, as the
// engine chooses it: that of the endpoint, else the one that it was detected as.
func answering(e *capture.Endpoint, x *capture.Exchange) string {
	if e != nil && e.Provider != "" {
		return e.Provider
	}
	return x.Annotation.Provider
}

func endpointAt(all capture.Endpoints, path string) *capture.Endpoint {
	for i := range all {
		if path != "" && all[i].Path == path {
			return &all[i]
		}
	}
	return nil
}
