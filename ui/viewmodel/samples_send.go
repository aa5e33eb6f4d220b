package viewmodel

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// staleAfter is how old a made callback may be when it is sent: after that its
// times would no longer be those of now.
const staleAfter = time.Minute

// CanSend reports whether what is chosen can be sent now.
func (s *Samples) CanSend() bool {
	return s.Busy == "" && !s.building && s.made != nil && s.Problem == "" && s.ToProblem == "" && s.base() != ""
}

// Send sends what is previewed, or tells the story that is chosen. To another
// machine it asks first, and once more where that is a provider's own.
func (s *Samples) Send() {
	if !s.CanSend() {
		return
	}
	to := s.base()
	s.Busy, s.Result = "Looking where "+appOf(to)+" leads …", nil
	values, _ := s.assignments()
	m, made, story := s.maker(values), s.made, s.scenario()
	s.fresh = nil // what is typed meanwhile has other ids
	s.Changed.Emit()
	s.ask(to, func() {
		if !m.fields.Here {
			s.remember(to)
		}
		if story != nil {
			s.play(to, m, story)
		} else {
			s.send(to, m, made)
		}
	})
}

// ask makes sure that a person wants it sent to an address.
func (s *Samples) ask(to string, then func()) {
	host := appOf(to)
	if u, err := url.Parse(to); err == nil {
		host = strings.ToLower(u.Host)
	}
	consent, b := s.asks[host], s.app.backend
	s.app.run(func(ctx context.Context) func() {
		err := b.AskMade(ctx, to, consent)
		return func() {
			ask, asks := errors.AsType[*capture.AskError](err)
			switch {
			case err == nil:
				then()
				return
			case !asks:
				s.Busy, s.ToProblem = "", sentence(err)
				s.Changed.Emit()
				return
			}
			s.Busy = ""
			s.Changed.Emit()
			question := "Send made callbacks to " + appOf(to) + "?"
			if consent.Remote {
				question = "Really send them to " + ask.Provider + " itself?"
			}
			s.app.Confirm(question, sentence(ask), "Send", consent.Remote, func() {
				s.asks[host] = capture.ResendConsent{Remote: true, Provider: consent.Remote}
				s.Busy = "Looking where " + appOf(to) + " leads …"
				s.Changed.Emit()
				s.ask(to, then)
			})
		}
	})
}

// remember keeps an address for the next time, without its query, and not where it
// holds a secret.
func (s *Samples) remember(to string) {
	to, _, _ = strings.Cut(to, "?")
	if mask := s.app.backend.Mask; mask == nil || mask(to) == to {
		s.app.Preferences.SampleTo = to
		s.app.Settings.save()
	}
}

// send sends the callback that was previewed, made anew where that is old.
func (s *Samples) send(to string, m *maker, made *madeCallback) {
	ctx, cancel := context.WithCancel(s.app.ctx)
	s.stop = cancel
	s.Busy = "Sending to " + appOf(to) + " …"
	s.Changed.Emit()
	s.app.run(func(context.Context) func() {
		defer cancel()
		result, err := s.deliver(ctx, to, m, made, m.single)
		stopped := ctx.Err() != nil
		return func() {
			s.Busy, s.stop = "", func() {}
			switch {
			case stopped && err != nil:
				s.Result = &SampleResult{Text: "Stopped", Tone: Muted}
			case err != nil:
				s.Result = &SampleResult{Text: "Not sent", Tone: Bad, Note: sentence(err)}
			default:
				s.Result = result
			}
			s.build()
		}
	})
}

// deliver sends a made callback; again makes it once more where its key or its
// time is missing.
func (s *Samples) deliver(ctx context.Context, to string, m *maker, made *madeCallback, again func() (*madeCallback, error)) (*SampleResult, error) {
	b, err := s.app.backend, error(nil)
	if made.noKey {
		if err := b.TestIdentity(ctx, m.p.ID, false); err != nil {
			return nil, err
		}
	}
	if made.noKey || m.now().Sub(made.at) > staleAfter {
		if made, err = again(); err != nil {
			return nil, err
		}
		if made.noKey {
			return nil, providers.ErrNoKey
		}
	}
	r := &made.request
	address, err := capture.MadeURL(to, r.Target)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	sent, err := b.SendMade(ctx, &capture.Made{URL: address, Method: r.Method, Header: r.Header, Body: r.Body})
	if err != nil {
		return nil, err
	}
	return sampleResult(sent, m.set.Accepts(m.p.ID, sent.Answer, r), time.Since(began)), nil
}

// sampleResult says what became of a callback.
func sampleResult(sent *capture.MadeSent, accepted providers.Acceptance, took time.Duration) *SampleResult {
	result := &SampleResult{Text: "No answer", Tone: Bad}
	var notes []string
	if sent.Answer != nil {
		result.Text, result.Tone = statusLine(sent.Answer.Status), statusTone(sent.Answer.Status)
		notes = append(notes, capital(duration(took))+".")
	}
	if sent.Error != "" {
		notes = append(notes, capture.Visible(sent.Error))
	}
	if !accepted.Accepted && accepted.Words != "" {
		if result.Tone == Good {
			result.Tone = Warn
		}
		notes = append(notes, capital(strings.TrimSuffix(accepted.Words, "."))+".")
	}
	if sent.Own {
		notes = append(notes, "Kept as a sample.")
	}
	result.Note = strings.Join(notes, " ")
	return result
}

// Stop gives up what is under way: a callback that is out cannot be taken back.
func (s *Samples) Stop() { s.stop() }

// ShowIdentity shows the test identity in the settings.
func (s *Samples) ShowIdentity() {
	s.app.Settings.Show(SettingsIdentity)
}

// ToTold says what becomes of what is sent to the address.
func (s *Samples) ToTold() string {
	switch {
	case s.app.backend == nil:
		return ""
	case s.Here:
		return "To " + s.app.backend.URL + ": it is kept as a sample, and never taken for real."
	case strings.TrimSpace(s.To) == "":
		return "The address of your app, such as http://localhost:3000/klix."
	}
	if u, err := url.Parse(s.base()); err == nil && u.Path != "" && !strings.HasSuffix(u.Path, "/") {
		return "Every callback goes to this very path."
	}
	return "The callback's own path is added."
}
