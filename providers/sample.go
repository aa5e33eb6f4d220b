package providers

import (
	"slices"

	"hookglass/capture"
)

// AllSamples returns the samples, and after them the further ones.
func (p *Provider) AllSamples() []Sample { return slices.Concat(p.Samples, p.Further) }

// Sample finds a sample by its name, else the first one of that event, or nil.
func (p *Provider) Sample(name string) *Sample {
	all := p.AllSamples()
	for i := range all {
		if all[i].Name == name {
			return &all[i]
		}
	}
	for i := range all {
		if !all[i].NameOnly && p.EventOf(&all[i]) == name {
			return &all[i]
		}
	}
	return nil
}

// EventOf tells the event of a sample, as the provider reads it at the first
// endpoints.
func (p *Provider) EventOf(s *Sample) string {
	r := s.Request()
	return p.Read(NewCallback(&r, capture.Endpoints(p.Endpoints).Find(r.Path()), DecodeLimit)).Event
}

// Scenario finds a scenario by its name, or nil.
func (p *Provider) Scenario(name string) *Scenario {
	for i := range p.Scenarios {
		if p.Scenarios[i].Name == name {
			return &p.Scenarios[i]
		}
	}
	return nil
}

// WithOrder returns the sample with its OrderField.
func (s Sample) WithOrder(field string) Sample {
	s.OrderField = field
	return s
}

// ByName returns the sample as one that only its name finds.
func (s Sample) ByName() Sample {
	s.NameOnly = true
	return s
}
