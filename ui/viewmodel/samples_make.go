package viewmodel

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// SamplePreview is the very request that would be sent.
type SamplePreview struct {
	Text   *BodyText // nil where there is none
	Told   string    // who signs it
	Tone   Tone      // of Told
	Secret bool      // secrets were masked, or would be
}

// madeCallback is a callback that was made and not sent.
type madeCallback struct {
	request capture.Request
	sample  string // its title
	signer  providers.Signer
	proof   providers.Proof
	noKey   bool // a test identity has to be made first
	at      time.Time
}

// maker makes the callbacks of what is chosen; it may be used outside the screen's
// goroutine, by one at a time.
type maker struct {
	set    *providers.Set
	p      *providers.Provider
	fields SampleFields
	fresh  *providers.Fresh
	values []providers.Assignment
	now    func() time.Time
}

// maker takes a copy of what is chosen.
func (s *Samples) maker(values []providers.Assignment) *maker {
	if s.fresh == nil {
		s.fresh = &providers.Fresh{Order: strings.TrimSpace(s.Order)}
	}
	return &maker{s.app.backend.Set, s.provider(), s.SampleFields, s.fresh, values, s.app.config.Now}
}

// single makes the chosen callback.
func (m *maker) single() (*madeCallback, error) {
	sample := m.p.Sample(m.fields.Sample)
	if sample == nil {
		return nil, fmt.Errorf("%s has no sample %q", m.p.Name, m.fields.Sample)
	}
	m.fresh.Now = m.now()
	r, err := m.fresh.Request(m.p, sample, nil, m.values)
	if err != nil {
		return nil, err
	}
	return m.prove(r, sample.Title)
}

// scene makes a callback of a story that began at a moment.
func (m *maker) scene(story *providers.Scenario, i int, began time.Time) (*madeCallback, error) {
	m.fresh.Now = story.Now(began, i, m.fields.speed())
	r, err := story.Request(m.p, i, m.fresh, story.Fitting(m.p, i, m.values))
	if err != nil {
		return nil, err
	}
	return m.prove(r, m.p.Sample(story.Scenes[i].Sample).Title)
}

func (m *maker) prove(r capture.Request, title string) (*madeCallback, error) {
	made := &madeCallback{request: r, sample: title, at: m.now()}
	var testOnly bool
	made.proof, testOnly = m.fields.proof()
	var err error
	made.signer, err = m.set.Prove(m.p, &made.request, made.proof, testOnly)
	if errors.Is(err, providers.ErrNoKey) {
		made.request, made.noKey, err = r, true, nil
	}
	return made, err
}

// build makes the preview anew, outside the screen's goroutine: a key may have to
// be made for it.
func (s *Samples) build() {
	p := s.provider()
	if p == nil || s.app.Dialog != DialogSamples {
		s.Changed.Emit()
		return
	}
	s.judgeAddress()
	s.listSteps()
	if s.building {
		s.again = true
		s.Changed.Emit()
		return
	}
	values, problem := s.assignments()
	if s.Problem = problem; problem != "" {
		s.made = nil
		s.show()
		return
	}
	m, story, step := s.maker(values), s.scenario(), s.Step
	s.building = true
	s.app.run(func(context.Context) func() {
		var made *madeCallback
		var err error
		if story != nil {
			made, err = m.scene(story, step, m.now())
		} else {
			made, err = m.single()
		}
		return func() {
			s.building = false
			if s.again {
				s.again = false
				s.build()
				return
			}
			s.made, s.Problem = made, ""
			if err != nil {
				s.made, s.Problem = nil, sentence(err)
			}
			s.show()
		}
	})
	s.Changed.Emit()
}

// judgeAddress says what is wrong with the address. None is not yet wrong.
func (s *Samples) judgeAddress() {
	s.ToProblem = ""
	if _, err := capture.MadeURL(s.base(), "/"); err != nil && s.base() != "" {
		s.ToProblem = "This is no address: it should look like http://localhost:3000/path."
	}
	if u, err := url.Parse(s.base()); err == nil && u.User != nil {
		s.ToProblem = "An address with a user name cannot be sent to."
	}
	if s.Here && s.base() == "" {
		s.ToProblem = "Hookglass listens at no address: choose one in the settings, or send it to your app."
	}
}

// base is the address that is chosen, without the callback's own path.
func (s *Samples) base() string {
	if s.Here {
		return s.app.backend.URL
	}
	return completeURL(s.To)
}

// show draws what was made.
func (s *Samples) show() {
	s.Preview = SamplePreview{}
	if made := s.made; made != nil {
		text := wireOf(s.base(), &made.request)
		masked := s.masked(text)
		s.Preview.Secret = masked != text
		if !s.Secrets {
			text = masked
		}
		head, _, _ := strings.Cut(text, "\r\n\r\n")
		shown := made.request
		shown.Body = []byte(strings.TrimPrefix(text[len(head):], "\r\n\r\n"))
		s.Preview.Text = wireText(&shown, []byte(head+"\r\n\r\n"))
		s.Preview.Told, s.Preview.Tone = made.told()
	}
	s.Changed.Emit()
}

// masked hides the secrets of all keys in a text.
func (s *Samples) masked(text string) string {
	set := s.app.backend.Set
	for _, keys := range []providers.Keys{set.Keys(), set.TestKeys()} {
		for name, values := range keys {
			if _, c := set.Credential(name); c == nil || c.Public {
				continue
			}
			for i := range values {
				text = withoutSecret(text, values[i].Value.Reveal())
			}
		}
	}
	return text
}

// wireOf writes a request as it goes over the wire to an address.
func wireOf(base string, r *capture.Request) string {
	host, target := "", r.Target
	if to, err := capture.MadeURL(base, r.Target); err == nil {
		if u, err := url.Parse(to); err == nil {
			host, target = u.Host, u.RequestURI()
		}
	}
	var b strings.Builder
	b.WriteString(r.Method + " " + target + " HTTP/1.1\r\n")
	if host != "" {
		b.WriteString("Host: " + host + "\r\n")
	}
	for _, f := range r.Header {
		b.WriteString(f.Name + ": " + f.Value + "\r\n")
	}
	if len(r.Body) > 0 {
		b.WriteString("Content-Length: " + strconv.Itoa(len(r.Body)) + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(r.Body)
	return b.String()
}

// told says who signed it.
func (m *madeCallback) told() (string, Tone) {
	after := ""
	if m.proof == providers.Tampered {
		after = " Then it was changed."
	}
	switch {
	case m.proof == providers.NoProof:
		return "It carries no proof of its origin.", Muted
	case m.noKey:
		return "Signed with a test key that is made when it is sent.", Muted
	case m.signer == providers.Nobody:
		return "Such a callback carries no proof.", Muted
	case m.signer == providers.OurKey:
		return "Signed with Hookglass's test key, as the verdict says." + after, Secondary
	case m.signer == providers.StaleKey:
		return "Signed with a key that nobody knows: it should be refused.", Warn
	}
	return "Signed with your key." + after, Secondary
}
