package viewmodel

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hookglass/capture"
	"hookglass/store"
)

// EndpointView is an endpoint as the settings list it.
type EndpointView struct {
	Path     string
	Name     string
	Provider string // ID
	Hue      int    // the colour of its dot
	Pinned   string // "KornitX", or "detected"
	Event    string // "order.split", or "from the body"
	About    string // all of it but the path, in a line
}

// EndpointDraft is an endpoint that a person is entering.
type EndpointDraft struct {
	Was string // the path of the one that is changed; "" for a new one

	Path     string
	Name     string
	Provider string // ID; "" to detect
	Event    string

	Problem string // why it cannot be saved; "" where it can
	Note    string // what follows from it
	Saving  bool
}

// Endpoints lists the endpoints in force.
func (s *Settings) Endpoints() []EndpointView {
	b := s.app.backend
	if b == nil {
		return nil
	}
	var list []EndpointView
	for _, e := range b.Endpoints() {
		v := EndpointView{Path: e.Path, Name: e.Name, Provider: e.Provider, Hue: senderHue(e.Provider), Pinned: "detected", Event: "from the body"}
		if e.Provider != "" {
			v.Pinned = e.Provider
			if p := b.Set.Find(e.Provider); p != nil {
				v.Pinned = p.Name
			}
		}
		if e.Event != "" {
			v.Event = e.Event
		}
		v.About = v.Pinned + "  ·  " + v.Event
		if e.Name != "" && e.Name != v.Pinned {
			v.About = e.Name + "  ·  " + v.About
		}
		list = append(list, v)
	}
	return list
}

// AddEndpoint begins to enter an endpoint.
func (s *Settings) AddEndpoint() {
	s.Section = SettingsEndpoints
	s.Endpoint = &EndpointDraft{Path: "/"}
	s.Changed.Emit()
}

// ChangeEndpoint begins to change the endpoint at a path.
func (s *Settings) ChangeEndpoint(path string) {
	e := s.endpoint(path)
	if e == nil {
		return
	}
	s.Section = SettingsEndpoints
	s.Endpoint = &EndpointDraft{Was: e.Path, Path: e.Path, Name: e.Name, Provider: e.Provider, Event: e.Event}
	s.Changed.Emit()
}

// CancelEndpoint stops entering an endpoint.
func (s *Settings) CancelEndpoint() {
	s.Endpoint = nil
	s.Changed.Emit()
}

// endpoint is the endpoint in force at exactly a path, or nil.
func (s *Settings) endpoint(path string) *capture.Endpoint {
	if s.app.backend == nil {
		return nil
	}
	for _, e := range s.app.backend.Endpoints() {
		if e.Path == path {
			return &e
		}
	}
	return nil
}

// EditEndpoint changes what is being entered.
func (s *Settings) EditEndpoint(edit func(d *EndpointDraft)) {
	if s.Endpoint == nil {
		return
	}
	before := *s.Endpoint
	edit(s.Endpoint)
	if *s.Endpoint == before {
		return
	}
	s.checkEndpoint()
	s.Changed.Emit()
}

// EventHints are events that an endpoint of a provider can be pinned to, where
// only the address tells.
func (s *Settings) EventHints(provider string) []string {
	if s.app.backend == nil {
		return nil
	}
	p := s.app.backend.Set.Find(provider)
	if p == nil {
		return nil
	}
	var events []string
	for _, e := range p.Endpoints {
		if e.Event != "" {
			events = append(events, e.Event)
		}
	}
	return events
}

func (d *EndpointDraft) made() capture.Endpoint {
	return capture.Endpoint{
		Path: strings.TrimSpace(d.Path), Name: strings.TrimSpace(d.Name), Provider: d.Provider, Event: strings.TrimSpace(d.Event),
	}
}

// maxName bounds name and event of an endpoint, in characters; maxPath a path,
// in bytes.
const (
	maxName = 80
	maxPath = 500
)

func (s *Settings) checkEndpoint() {
	d := s.Endpoint
	d.Problem, d.Note = "", ""
	e := d.made()
	switch {
	case len(e.Path) > maxPath:
		d.Problem = "This path is too long."
	case len([]rune(e.Name)) > maxName || len([]rune(e.Event)) > maxName:
		d.Problem = fmt.Sprintf("Name and event have at most %d characters each.", maxName)
	case e.Event != "" && e.Provider == "":
		d.Problem = "An event can be pinned only together with a provider."
	case strings.ContainsAny(e.Event, " \t\r\n"):
		d.Problem = "An event is one word, such as order.cancelled."
	case e.Path != d.Was && s.endpoint(e.Path) != nil:
		d.Problem = "There is an endpoint with this path already."
	default:
		if err := e.Check(); err != nil {
			d.Problem = sentence(errors.New(strings.TrimPrefix(err.Error(), capture.ErrEndpointPath.Error()+": ")))
		}
	}
	if d.Problem == "" && d.Was != "" && e.Path != d.Was {
		d.Note = "The old path is still captured; the answer chosen for it ends."
	}
}

// CanSaveEndpoint reports whether what is entered can be saved.
func (s *Settings) CanSaveEndpoint() bool {
	return s.Endpoint != nil && s.Endpoint.Problem == "" && !s.Endpoint.Saving && len(strings.TrimSpace(s.Endpoint.Path)) > 1
}

// SaveEndpoint keeps what is entered; it holds from the next callback on.
func (s *Settings) SaveEndpoint() {
	if s.Endpoint != nil {
		s.checkEndpoint()
	}
	if !s.CanSaveEndpoint() {
		s.Changed.Emit()
		return
	}
	d, b := s.Endpoint, s.app.backend
	d.Saving = true
	s.Changed.Emit()
	e, was := d.made(), d.Was
	s.change(func(ctx context.Context) error {
		if err := b.PutEndpoint(ctx, e); err != nil || was == "" || was == e.Path {
			return err
		}
		if err := b.RemoveEndpoint(ctx, was); err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("%s was added, but %s could not be removed: %w", e.Path, was, err)
		}
		return nil
	}, func(problem string) { d.Saving, d.Problem = false, problem }, func() {
		if s.Endpoint == d {
			s.Endpoint = nil
		}
		s.app.Notices.Say(Good, e.Path+" is in force from the next callback on.", "", nil)
	})
}

// RemoveEndpoint takes an endpoint away; the toast brings it back. Its path is
// still captured.
func (s *Settings) RemoveEndpoint(path string) {
	e := s.endpoint(path)
	if e == nil {
		return
	}
	kept, b := *e, s.app.backend
	say := func(problem string) { s.app.Notices.Say(Bad, problem, "", nil) }
	s.change(func(ctx context.Context) error { return b.RemoveEndpoint(ctx, path) }, say, func() {
		s.app.Notices.Say(Plain, path+" removed. What comes there is still captured.", "Undo", func() {
			s.change(func(ctx context.Context) error { return b.PutEndpoint(ctx, kept) }, say, func() {})
		})
	})
}
