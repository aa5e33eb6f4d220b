package main

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/providers"
	"hookglass/providers/all"
)

// triggered is a callback that was sent.
type triggered struct {
	request  *capture.Request
	sample   string
	to       string
	signer   providers.Signer
	sent     *engine.Sent
	took     time.Duration
	accepted providers.Acceptance
}

// triggerRow is what --json prints of it.
type triggerRow struct {
	Provider string  `json:"provider"`
	Event    string  `json:"event"`
	Sample   string  `json:"sample"`
	Order    string  `json:"order"`
	Delivery string  `json:"delivery"`
	URL      string  `json:"url"`
	Own      bool    `json:"own"` // sent to ourselves, and kept as a sample
	Proof    string  `json:"proof"`
	SignedBy string  `json:"signed_by"`
	Verdict  string  `json:"verdict"` // what Hookglass says of it
	Status   int     `json:"status"`  // 0 for no answer
	Accepted bool    `json:"accepted"`
	Words    string  `json:"words"`
	Error    string  `json:"error"`
	TookMS   float64 `json:"took_ms"`
}

func (s *stage) print(x *triggered) error {
	x.request.Remote = providers.OwnRemote // we made it
	a := s.set.Annotate(x.request, s.set.Endpoints().Find(x.request.Path()))
	row := triggerRow{
		Provider: s.p.ID, Event: a.Event, Sample: x.sample, Order: a.Order, Delivery: a.Delivery,
		URL: capture.MaskTarget(x.to, engine.SecretValues(s.set)...), Own: x.sent.Own,
		Proof: string(s.command.proof()), SignedBy: string(x.signer), Verdict: string(a.Verification.Status),
		Accepted: x.accepted.Accepted, Words: x.accepted.Words, Error: x.sent.Error,
		TookMS: float64(x.took.Microseconds()) / 1000,
	}
	if x.sent.Answer != nil {
		row.Status = x.sent.Answer.Status
	}
	if s.command.JSON {
		return writeJSON(s.t.out, row)
	}
	_, err := fmt.Fprintln(s.t.out, row.line())
	return err
}

// line says it for people: what came back, what was sent, and why that is no
// success where it is none.
func (r *triggerRow) line() string {
	status := "---"
	if r.Status > 0 {
		status = fmt.Sprint(r.Status)
	}
	parts := []string{status, r.Provider, r.Event}
	if r.Order != "" {
		parts = append(parts, "order "+capture.Visible(r.Order))
	}
	parts = append(parts, fmt.Sprintf("%.0f ms", r.TookMS), r.proofWords())
	if r.Own {
		parts = append(parts, "kept as a sample")
	}
	text := strings.Join(parts, "  ")
	if r.Proof == string(providers.Tampered) && capture.Status(r.Verdict).Proven() {
		text += "\n     Its proof does not cover the body, so that it holds still."
	}
	if r.Error != "" {
		text += "\n     " + r.Error
	}
	if !r.Accepted {
		text += "\n     " + r.Words
	}
	return text
}

func (r *triggerRow) proofWords() string {
	switch {
	case r.Proof == string(providers.NoProof):
		return "unsigned"
	case r.SignedBy == string(providers.Nobody):
		return "carries no proof"
	case r.Proof == string(providers.Tampered):
		return "signed with " + r.SignedBy + ", then changed"
	}
	return "signed with " + r.SignedBy
}

// printRaw prints the request that would be sent.
func (s *stage) printRaw(r *capture.Request) error {
	host, target := "localhost", r.Target
	if s.command.To != "" {
		to, err := addressFor(completeAddress(s.command.To), r.Target)
		if err != nil {
			return err
		}
		u, err := url.Parse(to)
		if err != nil {
			return err
		}
		host, target = u.Host, u.RequestURI()
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", r.Method, target, host)
	for _, f := range r.Header {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, f.Value)
	}
	if len(r.Body) > 0 {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(r.Body))
	}
	b.WriteString("\r\n")
	b.Write(r.Body)
	if s.command.Scenario != "" {
		b.WriteString("\n\n")
	}
	_, err := s.t.out.Write(b.Bytes())
	return err
}

// listProviders lists what can be triggered.
func (c *triggerCommand) listProviders(t *terminal) error {
	type row struct {
		Provider  string `json:"provider"`
		Name      string `json:"name"`
		Samples   int    `json:"samples"`
		Scenarios int    `json:"scenarios"`
	}
	out := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, p := range all.NewSet().All() {
		r := row{p.ID, p.Name, len(p.AllSamples()), len(p.Scenarios)}
		if c.JSON {
			if err := writeJSON(t.out, r); err != nil {
				return err
			}
			continue
		}
		_, _ = fmt.Fprintf(out, "%s\t%s\t%d samples\t%d scenarios\n", r.Provider, r.Name, r.Samples, r.Scenarios) // Flush has the error
	}
	return out.Flush()
}

// listEvents lists the events of a provider with their samples, and its scenarios.
func (c *triggerCommand) listEvents(t *terminal) error {
	type row struct {
		Event    string `json:"event,omitempty"`
		Sample   string `json:"sample,omitempty"`
		Scenario string `json:"scenario,omitempty"`
		Title    string `json:"title"`
		Seconds  int    `json:"seconds,omitempty"` // of a scenario, at real time
	}
	p := all.NewSet().Find(c.Provider)
	var rows []row
	samples := p.AllSamples()
	for i := range samples {
		rows = append(rows, row{Event: p.EventOf(&samples[i]), Sample: samples[i].Name, Title: samples[i].Title})
	}
	for i := range p.Scenarios {
		s := &p.Scenarios[i]
		rows = append(rows, row{Scenario: s.Name, Title: s.Title, Seconds: int(s.Length().Seconds())})
	}
	out := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		if c.JSON {
			if err := writeJSON(t.out, r); err != nil {
				return err
			}
			continue
		}
		first, second := r.Event, r.Sample
		if r.Scenario != "" {
			first, second = "--scenario "+r.Scenario, (time.Duration(r.Seconds) * time.Second).String()
		}
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\n", first, second, r.Title) // Flush has the error
	}
	return out.Flush()
}
