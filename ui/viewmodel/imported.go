package viewmodel

import (
	"context"
	"strings"

	"hookglass/capture"
)

// importNote says where an exchange of a file comes from: "from a file, captured by
// Jane through a tunnel". What it says of others is what the file says.
func importNote(x *capture.Exchange, origin *capture.SessionOrigin) string {
	if x.Import == nil || origin == nil {
		return "from a file"
	}
	switch origin.Format {
	case "har":
		return "from a HAR file"
	case "raw":
		return "from a file with a raw request"
	case "curl":
		return "from a curl command"
	}
	who := shorten(capture.Visible(origin.Sharer), 40)
	if who == "" {
		who = "somebody who is not named"
	}
	note := "from a file, captured by " + who
	switch x.Import.Via {
	case capture.ViaTunnel, capture.ViaPublic:
		note += " at a public address"
	case capture.ViaReplay:
		note = "from a file, resent by " + who
	case capture.ViaSample:
		note = "from a file, a sample of " + who
	case capture.ViaLocal, capture.ViaImport:
	}
	return note
}

// redacted reports whether what an exchange holds is not what was captured.
func redacted(x *capture.Exchange) bool { return x.Import != nil && x.Import.Redacted }

// verdictFor is verdictOf for an exchange that may be of a file. Where values were
// taken out, nothing here can check the proof again: the verdict is what the file
// says.
func verdictFor(x *capture.Exchange) (text, icon string, tone Tone) {
	v := &x.Annotation.Verification
	text, icon, tone = verdictOf(v)
	if !redacted(x) {
		return text, icon, tone
	}
	switch v.Status {
	case capture.Valid, capture.WeakKey:
		return proofNoun(v.Scheme) + " valid when captured, redacted since", icon, Secondary
	case capture.Invalid, capture.Malformed:
		return proofNoun(v.Scheme) + " did not match when captured", icon, Warn
	case capture.KeyMissing, capture.Unsigned, capture.Unprovable:
	}
	return text, icon, Muted
}

// keepStored leaves the annotation of an exchange of a file as it came, where what
// it holds says nothing about what was captured. It reports whether it did.
func (m *material) keepStored() bool {
	x := m.exchange
	if x.Import == nil {
		return false
	}
	stored, now := &x.Annotation, &m.look.Annotation
	if redacted(x) {
		m.look.Ladder = nil
		return true
	}
	m.claimed = stored.Verification.Status.Proven() && !now.Verification.Status.Proven()
	return now.Provider == "" && stored.Provider != ""
}

// addOrigin reads who shared the file that an exchange came from. It blocks.
func (m *material) addOrigin(ctx context.Context, b *Backend) error {
	if m.exchange.Import == nil {
		return nil
	}
	sessions, err := b.Store.Sessions(ctx)
	for i := range sessions {
		if sessions[i].ID == m.exchange.Session {
			m.file = sessions[i].Origin
		}
	}
	return err
}

// importNotes are what is worth a look in an exchange of a file.
func importNotes(m *material) []string {
	if m.exchange.Import == nil {
		return nil
	}
	notes := []string{"it came " + importNote(m.exchange, m.file) + ". Nobody sent it here."}
	if redacted(m.exchange) {
		notes = append(notes, "values were taken out before it was shared: what looks like phone-3 or person-2@redacted.example is a placeholder, the same one for the same value")
	}
	return notes
}

// showImported words the proof of an exchange of a file.
func (p *ProofView) showImported(m *material) {
	x := m.exchange
	if x.Import == nil {
		return
	}
	v := &x.Annotation.Verification
	told := func(text string) { p.Trust = append(p.Trust, TrustLine{"minus", Muted, text}) }
	switch {
	case redacted(x):
		p.Trust, p.Compare, p.Ladder, p.Climbed, p.Keys = nil, nil, nil, "", nil
		p.Arrival = "That is what the file says. It cannot be checked again: values were taken out before it was shared."
		p.Icon, p.Tone = "shield", Muted
		switch v.Status {
		case capture.Valid, capture.WeakKey:
			p.Title, p.Icon, p.Tone = "Valid when captured; body redacted since", "shield-check", Secondary
		case capture.Invalid, capture.Malformed:
			p.Title, p.Icon, p.Tone = "Did not match when captured; body redacted since", "shield-x", Warn
		case capture.KeyMissing, capture.Unsigned, capture.Unprovable:
			p.Title += "; body redacted since"
		}
		p.redactedSince()
		told("Who sent it, and whether the body is as it was sent: the file says so, and nothing here can prove it.")
	case m.claimed:
		p.Title, p.Tone = p.Title+", says the file", Warn
		p.Trust = nil
		p.Arrival = "With the keys that are here it cannot be proven: add the sender's key to check it yourself."
		told("Who sent it, and whether the body is as it was sent: the file says so.")
	default:
		p.Arrival = "It came from a file; what the signature does not cover is what the file says."
	}
	if x.Import.Mac != "" {
		p.Facts = append(p.Facts, DetailFact{
			Label: "Origin", Value: "Whoever shared it can prove that it is what they captured", Copy: x.Import.Mac,
			Note: "A code made with a key that they keep came along. It tells nobody else anything.",
		})
	}
}

// redactedSince says what was redacted, and leaves of the reason what was there
// before: the redaction wrote "valid when captured; request redacted since. " over
// it.
func (p *ProofView) redactedSince() {
	what, reason, found := strings.Cut(p.Reason, " redacted since")
	if !found || !strings.Contains(what, " when captured; ") {
		return
	}
	p.Reason = strings.TrimLeft(reason, ". ")
	if strings.HasSuffix(what, "; request") {
		p.Title = strings.Replace(p.Title, "; body redacted", "; request redacted", 1)
	}
}
