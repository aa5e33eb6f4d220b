package providers

import (
	"fmt"
	"time"

	"hookglass/capture"
)

// Scenario is a story that callbacks tell one after the other.
type Scenario struct {
	Name   string // "life"
	Title  string // "An order's life, in two shipments"
	Scenes []Scene
}

// Scene is one callback of a scenario.
type Scene struct {
	Sample string        // its name
	After  time.Duration // since the one before, at real time

	// Set is set in the sample before its ids are made new: what in one sample
	// stands for the same thing as in another must have the same value there.
	Set []Assignment
}

// Assign makes assignments of "path=value" and "path:=json". It is for the data of
// providers: what is neither panics.
func Assign(texts ...string) []Assignment {
	all := make([]Assignment, len(texts))
	for i, text := range texts {
		a, err := ParseAssignment(text)
		if err != nil {
			panic(err) // the text of a scenario is wrong
		}
		all[i] = a
	}
	return all
}

// Length is how long a scenario takes at real time.
func (s *Scenario) Length() time.Duration {
	var length time.Duration
	for i := range s.Scenes {
		length += s.Scenes[i].After
	}
	return length
}

// Pause is how long to wait before a scene at a speed; 0 waits for nothing.
func (s *Scenario) Pause(scene int, speed float64) time.Duration {
	if speed <= 0 {
		return 0
	}
	return time.Duration(float64(s.Scenes[scene].After) / speed)
}

// Now is the time that a scene's callback tells where its story began at the given
// moment. A story that is told faster than it happened ends now: it began as much
// earlier, for no callback comes from the future.
func (s *Scenario) Now(began time.Time, scene int, speed float64) time.Time {
	var told, before time.Duration
	for i := range s.Scenes {
		told += s.Pause(i, speed)
		if i <= scene {
			before += s.Scenes[i].After
		}
	}
	return began.Add(told - s.Length() + before)
}

// Request makes the callback of a scene. Fresh is that of the whole scenario; its
// Now is the caller's to set.
func (s *Scenario) Request(p *Provider, scene int, fresh *Fresh, last []Assignment) (capture.Request, error) {
	sample := p.Sample(s.Scenes[scene].Sample)
	if sample == nil {
		return capture.Request{}, fmt.Errorf("the scenario %s of %s wants a sample %q, which there is not", s.Name, p.Name, s.Scenes[scene].Sample)
	}
	return fresh.Request(p, sample, s.Scenes[scene].Set, last)
}

// Holds reports whether the callback of a scene has a value at a path.
func (s *Scenario) Holds(p *Provider, scene int, path string) bool {
	sample := p.Sample(s.Scenes[scene].Sample)
	if sample == nil {
		return false
	}
	r := sample.Request()
	c, err := contentOf(&r)
	if err != nil || c.setAll(s.Scenes[scene].Set) != nil {
		return false
	}
	return c.set(Assignment{Path: path}) == nil
}

// Fitting are those of the assignments that the callback of a scene has a place
// for: not every callback of a scenario has every value. One that fits none of
// them is left to the first, which tells of it.
func (s *Scenario) Fitting(p *Provider, scene int, all []Assignment) []Assignment {
	var fitting []Assignment
	for _, a := range all {
		if s.Holds(p, scene, a.Path) || scene == 0 && !s.heldAnywhere(p, a.Path) {
			fitting = append(fitting, a)
		}
	}
	return fitting
}

func (s *Scenario) heldAnywhere(p *Provider, path string) bool {
	for i := range s.Scenes {
		if s.Holds(p, i, path) {
			return true
		}
	}
	return false
}
