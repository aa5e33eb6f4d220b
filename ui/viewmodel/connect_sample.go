package viewmodel

import (
	"context"
	"fmt"

	"hookglass/providers"
)

// SendSample sends one sample of the provider that is shown to ourselves.
func (c *Connect) SendSample(name string) {
	p := c.provider()
	if p == nil {
		return
	}
	for i := range p.Samples {
		if p.Samples[i].Name == name {
			c.send([]parcel{{p, &p.Samples[i]}})
			return
		}
	}
}

// SendAll sends the first sample of each provider to ourselves.
func (c *Connect) SendAll() {
	if c.app.backend == nil {
		return
	}
	var parcels []parcel
	for _, p := range c.app.backend.Set.All() {
		if len(p.Samples) > 0 {
			parcels = append(parcels, parcel{p, &p.Samples[0]})
		}
	}
	c.send(parcels)
}

// parcel is a sample that is to be sent.
type parcel struct {
	provider *providers.Provider
	sample   *providers.Sample
}

func (c *Connect) send(parcels []parcel) {
	b := c.app.backend
	if c.Sending || b == nil || b.Sample == nil || len(parcels) == 0 {
		return
	}
	c.Sending = true
	c.Changed.Emit()
	c.app.run(func(ctx context.Context) func() {
		var answers []string
		var err error
		for _, parcel := range parcels {
			var status int
			if status, err = b.Sample(ctx, parcel.provider.ID, *parcel.sample); err != nil {
				err = fmt.Errorf("the sample of %s could not be sent: %w", parcel.provider.Name, err)
				break
			}
			answers = append(answers, fmt.Sprintf("%s answered %d", parcel.sample.Title, status))
		}
		return func() {
			c.Sending = false
			switch {
			case err != nil:
				c.app.Notices.Say(Bad, sentence(err), "", nil)
			case len(answers) == 1:
				c.app.Notices.Say(Good, parcels[0].provider.Name+": "+answers[0]+".", "", nil)
			default:
				c.app.Notices.Say(Good, fmt.Sprintf("%d samples sent, one of each provider.", len(answers)), "", nil)
			}
			c.Changed.Emit()
		}
	})
}
