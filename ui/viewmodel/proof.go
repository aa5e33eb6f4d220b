package viewmodel

import (
	"context"
	"strings"

	"hookglass/capture"
	"hookglass/providers"
)

// Proof explains the verdict on a callback, and tries and saves keys for it.
type Proof struct {
	View ProofView

	// Credentials are those that can prove the sender, the likeliest first;
	// Credential is the one that is picked.
	Credentials []ProofCredential
	Credential  string
	Open        bool // the form for a key is open

	Busy       string // "Saving …"; "" while nothing runs
	Result     string // what came of the last try or saving; "" for none
	ResultTone Tone

	detail *Detail
	serial int
	proved string // the value that was tried last and proves the callback
}

// ProofCredential is a key that can be added.
type ProofCredential struct {
	Name, Title, Help string
	Secret            bool // its value is typed masked, and kept in the keyring
	Multiline         bool // it is PEM text or the like
	Configured        int  // how many values it has already
}

func newProof(d *Detail) *Proof { return &Proof{detail: d} }

// show follows what the detail shows.
func (p *Proof) show(page *Page, other bool) {
	if other {
		p.stop()
		p.Result, p.Open, p.Credential = "", false, ""
	}
	p.Credentials = nil
	if page == nil {
		p.View = ProofView{}
		return
	}
	p.View = newProofView(page.material)
	p.Credentials = credentialsFor(page.material)
	if p.find(p.Credential) == nil && len(p.Credentials) > 0 {
		p.Credential = p.Credentials[0].Name
	}
	if other {
		p.Open = page.Exchange.Annotation.Verification.Status == capture.KeyMissing && len(p.Credentials) > 0
	}
}

// credentialsFor are the keys that can prove a callback: first the one that the
// verdict names.
func credentialsFor(m *material) []ProofCredential {
	if m.provider == nil || redacted(m.exchange) {
		return nil
	}
	v := &m.exchange.Annotation.Verification
	var named, others []ProofCredential
	for i := range m.provider.Credentials {
		c := &m.provider.Credentials[i]
		pc := ProofCredential{
			Name: c.Name, Title: c.Title, Help: c.Help, Secret: !c.Public,
			Multiline: c.Public && !c.Narrows, Configured: len(m.keys.Of(c.Name)),
		}
		if strings.Contains(v.Reason, c.Name) && !c.Narrows {
			named = append(named, pc)
		} else {
			others = append(others, pc)
		}
	}
	return append(named, others...)
}

func (p *Proof) find(credential string) *ProofCredential {
	for i := range p.Credentials {
		if p.Credentials[i].Name == credential {
			return &p.Credentials[i]
		}
	}
	return nil
}

// Picked is the credential that is picked, or nil.
func (p *Proof) Picked() *ProofCredential { return p.find(p.Credential) }

// Pick chooses the credential that a key is for.
func (p *Proof) Pick(credential string) {
	if p.find(credential) != nil && credential != p.Credential {
		p.Credential, p.Result = credential, ""
		p.detail.Changed.Emit()
	}
}

// Unfold opens and closes the form for a key; an open one gets the keyboard.
func (p *Proof) Unfold(open bool) {
	if p.Open != open {
		p.Open, p.Result = open, ""
		p.detail.Changed.Emit()
	}
	if open {
		p.detail.app.Screen.Focus(PaneKey)
	}
}

// tidy is a value as it is tried and saved: without the blanks and line ends
// that pasting adds.
func tidy(value string) string { return strings.TrimSpace(value) }

// check says why a value cannot be used, or "".
func (p *Proof) check(value string) string {
	b := p.detail.app.backend
	if b == nil || p.detail.Page == nil {
		return "Hookglass is not ready yet."
	}
	if value == "" {
		return "There is no key to try yet: paste one first."
	}
	_, c := b.Set.Credential(p.Credential)
	if c == nil {
		return "Nothing can be added for this sender."
	}
	if c.Check != nil {
		if err := c.Check(value); err != nil {
			return "This cannot be used: " + sentence(err)
		}
	}
	return ""
}

// Typed is told that another value is in the field: what was said of the one
// before no longer counts.
func (p *Proof) Typed() {
	if p.Busy == trying {
		p.stop()
	} else if p.Result == "" {
		return
	}
	p.say(Plain, "")
}

// trying is said while a key is tried.
const trying = "Trying …"

// Try says what a key would prove of this callback, and keeps nothing.
func (p *Proof) Try(value string) {
	value = tidy(value)
	if why := p.check(value); why != "" {
		p.say(Warn, why)
		return
	}
	page, b, credential := p.detail.Page, p.detail.app.backend, p.Credential
	serial := p.begin(trying)
	p.detail.app.run(func(context.Context) func() {
		v := b.Set.Try(page.Exchange, page.material.endpoint, b.Set.Key(credential, "", value))
		return func() {
			if serial != p.serial {
				return
			}
			p.Busy = ""
			if v.Status == capture.Valid {
				p.proved = value
			}
			p.judge(v)
		}
	})
}

// Enter tries a value, and saves it where it was tried and proves the callback.
func (p *Proof) Enter(label, value string, then func()) {
	if p.proved != "" && p.proved == tidy(value) {
		p.Save(label, value, then)
		return
	}
	p.Try(value)
}

// judge words the verdict of a try.
func (p *Proof) judge(v capture.Verification) {
	reason := capture.Visible(v.Reason)
	switch v.Status {
	case capture.Valid:
		p.say(Good, "This key proves the callback. "+reason)
	case capture.WeakKey:
		p.say(Warn, "This key matches, but is too weak to prove anything. "+reason)
	case capture.Invalid, capture.Malformed:
		p.say(Bad, "This key does not prove the callback. "+reason)
	case capture.KeyMissing, capture.Unsigned, capture.Unprovable:
		p.say(Warn, "This key cannot prove the callback. "+reason)
	}
}

// Save keeps a key and has what was captured verified again. The label tells it
// from others of its kind; "" is the only one. then runs once it is kept.
func (p *Proof) Save(label, value string, then func()) {
	value = tidy(value)
	if why := p.check(value); why != "" {
		p.say(Warn, why)
		return
	}
	b, credential := p.detail.app.backend, p.Credential
	if b.SaveKey == nil {
		p.say(Bad, "Keys cannot be saved here.")
		return
	}
	serial := p.begin("Saving …")
	title := p.Picked().Title
	p.detail.app.run(func(ctx context.Context) func() {
		err := b.SaveKey(ctx, credential, strings.TrimSpace(label), value)
		return func() {
			if err == nil {
				p.detail.app.Notices.Say(Good, title+" saved; what was captured is verified again.", "", nil)
				p.detail.Refresh()
			}
			if serial != p.serial {
				return
			}
			p.Busy = ""
			if err != nil {
				p.say(Bad, "The key was not saved: "+sentence(err))
				return
			}
			p.Open, p.Result = false, ""
			if then != nil {
				then()
			}
			p.detail.Changed.Emit()
			p.detail.app.Screen.Focus(PaneList) // the field is gone
		}
	})
}

// begin notes that something runs.
func (p *Proof) begin(what string) int {
	p.stop()
	p.Busy, p.Result = what, ""
	p.detail.Changed.Emit()
	return p.serial
}

// stop forgets what runs. A key that is being saved is: its result alone is not
// waited for.
func (p *Proof) stop() {
	p.serial++
	p.Busy = ""
}

func (p *Proof) say(tone Tone, text string) {
	p.Result, p.ResultTone = text, tone
	p.detail.Changed.Emit()
}

// keyFacts describe the keys that a proof was or would be checked with.
func keyFacts(m *material, s []providers.Key) []KeyFact {
	var facts []KeyFact
	at := m.exchange.Request.Received
	for i := range s {
		key := &s[i]
		if key.Err != nil {
			facts = append(facts, KeyFact{Title: key.Title(), Text: "cannot be read: " + key.Err.Error(), Tone: Bad})
			continue
		}
		if len(key.Public) == 0 {
			facts = append(facts, KeyFact{Title: key.Title(), Text: "a shared secret, " + counted(len(key.Value.Reveal()), "character")})
			continue
		}
		for k := range key.Public {
			facts = append(facts, publicFact(key.Title(), &key.Public[k], at))
		}
	}
	return facts
}
