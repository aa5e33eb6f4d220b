package viewmodel

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// ProofView is the explanation of a verdict.
type ProofView struct {
	Title   string // "HMAC valid, raw body"
	Icon    string
	Tone    Tone
	Reason  string // the verdict in a sentence
	Arrival string // what it was on arrival, where that differs; else "The same verdict as on arrival."

	Trust   []TrustLine
	Facts   []DetailFact // scheme, where it stood, signed bytes, SHA-256
	Compare *Compare     // nil where nothing is to be compared
	Checks  []CheckLine  // each proof by itself, where there are several
	Ladder  []CheckLine  // other readings that were tried, those that match first
	Climbed string       // "20 readings tried, 1 matches"; "" without a ladder
	Keys    []KeyFact
}

// TrustLine is one thing that was checked, or that cannot be.
type TrustLine struct {
	Icon string
	Tone Tone
	Text string
}

// Compare is an expected and a received value.
type Compare struct {
	Expected, Received string // what cannot be seen is written as escapes
	ExpectedTitle      string
	ReceivedTitle      string
	At                 int    // index of the first rune that differs; -1 where they are equal
	Difference         string // "They differ from character 1 on."
}

// CheckLine is a check, or a rung of the ladder.
type CheckLine struct {
	Title string
	Text  string // why, or what it means; "" for none
	Icon  string
	Tone  Tone
}

// KeyFact describes a key.
type KeyFact struct {
	Title, Text string
	Warning     string // "weak key: proves nothing"; "" for none
	Tone        Tone
}

func newProofView(m *material) ProofView {
	x := m.exchange
	v := &x.Annotation.Verification
	p := ProofView{Reason: capture.Visible(v.Reason)}
	p.Title, p.Icon, p.Tone = verdictOf(v)
	p.Arrival = arrivalWords(x)
	p.Trust = trustLines(m)
	p.Facts = proofFacts(m)
	p.Compare = compareProof(v)
	for _, c := range v.Checks {
		_, icon, tone := verdictOf(&capture.Verification{Status: c.Status})
		p.Checks = append(p.Checks, CheckLine{capture.Visible(c.Proof), capture.Visible(c.Reason), icon, tone})
	}
	p.ladder(m.look.Ladder)
	if m.provider != nil {
		for i := range m.provider.Credentials {
			p.Keys = append(p.Keys, keyFacts(m, m.keys.Of(m.provider.Credentials[i].Name))...)
		}
	}
	p.showImported(m)
	return p
}

func arrivalWords(x *capture.Exchange) string {
	now, then := x.Annotation.Verification.Status, x.Annotation.AtArrival
	switch {
	case x.Via == capture.ViaReplay:
		return "Hookglass sent this itself: the proof is that of the original."
	case then == "" || then == now:
		return "It was the same when the callback arrived."
	}
	text, _, _ := verdictOf(&capture.Verification{Status: then, Scheme: x.Annotation.Verification.Scheme})
	return "When it arrived the verdict was: " + text + "."
}

// ladder lists the readings that were tried.
func (p *ProofView) ladder(tries []capture.Try) {
	matches := 0
	for _, matching := range [...]bool{true, false} {
		for _, try := range tries {
			if try.Matches != matching {
				continue
			}
			line := CheckLine{Title: capture.Visible(try.Reading), Text: capture.Visible(try.Meaning), Icon: "minus", Tone: Muted}
			if try.Matches {
				matches++
				line.Icon, line.Tone = "check", Good
			}
			p.Ladder = append(p.Ladder, line)
		}
	}
	switch {
	case len(tries) == 0:
	case matches == 0:
		p.Climbed = counted(len(tries), "other reading") + " tried, none matches"
	case matches == 1:
		p.Climbed = counted(len(tries), "other reading") + " tried, 1 matches"
	default:
		p.Climbed = counted(len(tries), "other reading") + " tried, " + groupDigits(int64(matches)) + " match"
	}
}

// proofFacts are the plain facts of a check.
func proofFacts(m *material) []DetailFact {
	x := m.exchange
	v := &x.Annotation.Verification
	var facts []DetailFact
	add := func(label, value, note string, mono bool) {
		if value != "" {
			facts = append(facts, DetailFact{Label: label, Value: capture.Visible(value), Copy: value, Note: note, Mono: mono})
		}
	}
	add("Scheme", v.Scheme, "", true)
	add("Proof in", placeWords(v.Header), "", false)
	add("Signed", v.Signed, "", false)
	if redacted(x) {
		return facts // the rest would be of what is not what was captured
	}
	if m.coversBody() || v.Status == capture.KeyMissing && len(x.Request.Body) > 0 {
		sum := sha256.Sum256(x.Request.Body)
		note := groupDigits(int64(len(x.Request.Body))) + " bytes as they came"
		if x.Request.Truncated {
			note += ", which is not all that was sent"
		}
		add("SHA-256 of the body", hex.EncodeToString(sum[:]), note, true)
	}
	if v.Expected == "" {
		add("Received", v.Received, "", true)
	}
	if v.Status.Proven() {
		add("Matched by", orElse(v.Key, "the only key"), "", false)
	}
	return facts
}

func placeWords(place string) string {
	switch {
	case place == "" || place == "body":
		return place
	case place == "path":
		return "the path of the address"
	case place == "query":
		return "the query of the address"
	case strings.HasPrefix(place, "?"):
		return "the address: " + place
	}
	return "the header " + place
}

// coversBody reports whether the proof depends on the body.
func (m *material) coversBody() bool {
	return strings.Contains(m.exchange.Annotation.Verification.Signed, "body")
}

// compareProof lays two values side by side, where there are two. Tokens have none:
// they are secrets.
func compareProof(v *capture.Verification) *Compare {
	if v.Expected == "" || v.Received == "" {
		return nil
	}
	c := &Compare{
		Expected: capture.Visible(v.Expected), Received: capture.Visible(v.Received),
		ExpectedTitle: "Expected", ReceivedTitle: "Received", At: -1,
	}
	if strings.Contains(v.Scheme, "rsa") || strings.Contains(v.Scheme, "jws") {
		c.ExpectedTitle, c.ReceivedTitle = "SHA-256 of the content here", "SHA-256 inside the signature"
	}
	if v.Status.Proven() {
		c.Difference = "They are equal."
		return c
	}
	expected, received := []rune(c.Expected), []rune(c.Received)
	at := 0
	for at < len(expected) && at < len(received) && expected[at] == received[at] {
		at++
	}
	if at == len(expected) && at == len(received) {
		c.Difference = "They are equal."
		return c
	}
	c.At = at
	c.Difference = "They differ from character " + groupDigits(int64(at+1)) + " on"
	if len(expected) != len(received) {
		c.Difference += "; " + counted(len(expected), "character") + " expected, " + groupDigits(int64(len(received))) + " received"
	}
	c.Difference += "."
	return c
}

// trustLines say what the verdict rests on and what it leaves open.
func trustLines(m *material) []TrustLine {
	v := &m.exchange.Annotation.Verification
	var lines []TrustLine
	add := func(icon string, tone Tone, text string) { lines = append(lines, TrustLine{icon, tone, text}) }
	yes := func(text string) { add("check", Good, text) }
	no := func(text string) { add("x", Bad, text) }
	open := func(text string) { add("minus", Muted, text) }
	name := "The sender"
	if m.provider != nil {
		name = m.provider.Name
	}
	switch {
	case m.provider == nil:
		open("Who sent it: no known provider claims this callback, so there is nothing to check it with.")
		open("Whether the body is as it was sent.")
	case v.Status == capture.Valid && m.coversBody():
		yes("Who sent it: only who has the key can have made the signature.")
		yes("The body: every byte is as it was signed.")
		open("Method, path and headers: they are not signed.")
		open("When it was sent: the signature holds no time, so that the same callback can be sent again by whoever saw it.")
	case v.Status == capture.Valid:
		yes("Who sent it: they know the token" + bearerWord(v) + ".")
		open("The body: a token does not cover it. Whoever saw the token can send anything.")
		open("When it was sent: the token is the same every time.")
	case v.Status == capture.WeakKey:
		add("triangle-alert", Warn, "Who sent it: the signature matches, but a key this small can be computed by anyone.")
		yes("The body: it was not changed by accident.")
	case v.Status == capture.Invalid || v.Status == capture.Malformed:
		no("Who sent it: the proof that came does not hold.")
		open("Whether the key, the body or the sender is the wrong one: the other readings below may tell.")
	case v.Status == capture.KeyMissing:
		open("Who sent it: a proof came, and there is no key here to check it with.")
		if m.coversBody() || strings.Contains(v.Scheme, "hmac") || strings.Contains(v.Scheme, "rsa") {
			open("The body: the proof covers it once the key is there.")
		}
	case v.Status == capture.Unsigned:
		open("Who sent it: " + name + " can prove itself, and this callback carries no proof.")
		open("The body, and when it was sent: nothing covers them.")
	default:
		open("Who sent it: " + unprovable(name))
		open("The body, and when it was sent: nothing covers them.")
	}
	if limit := limits[m.providerID()]; limit != "" {
		add("info", Secondary, limit)
	}
	return lines
}

func (m *material) providerID() string {
	if m.provider == nil {
		return ""
	}
	return m.provider.ID
}

func unprovable(name string) string { return name + " sends nothing that could be checked here." }

func bearerWord(v *capture.Verification) string {
	if strings.Contains(v.Scheme, "bearer") {
		return ", which your identity provider signed"
	}
	return ""
}

// limits say what cannot be proven of a provider's callbacks whatever is
// configured.
var limits = map[string]string{
	"kornitx":  "KornitX signs only where the Generic API notification integration is switched on (HMAC or OpenID Connect); by default its callbacks carry nothing, and KornitX lists no addresses that it calls from.",
	"mintsoft": "Mintsoft signs nothing. A key in the address and an Authorization value of your own show who sent it; the body can only be confirmed by asking Mintsoft's API for the order.",
	"komet":    "Komet signs nothing. Its token shows who sent it; what an order holds can only be confirmed by asking Komet's API for it.",
	"probo":    "Probo has no proof of origin. A long random token in the address is the only one there can be, and shows who was told the address.",
}

// publicFact describes a public key and its certificate.
func publicFact(title string, key *providers.PublicKey, at time.Time) KeyFact {
	fact := KeyFact{Title: title, Text: key.String()}
	if key.KeyID != "" {
		fact.Text += ", kid " + capture.Visible(shorten(key.KeyID, 80))
	}
	warn := func(text string) {
		if fact.Warning != "" {
			fact.Warning += " "
		}
		fact.Warning, fact.Tone = fact.Warning+text, Warn
	}
	if cert := key.Cert; cert != nil {
		fact.Text += ", certificate of " + capture.Visible(shorten(orElse(cert.Subject.CommonName, "nobody named"), 80)) +
			", valid " + cert.NotBefore.UTC().Format("2 Jan 2006") + " to " + cert.NotAfter.UTC().Format("2 Jan 2006")
		switch {
		case at.Before(cert.NotBefore):
			warn("It was not valid yet when the callback came.")
		case at.After(cert.NotAfter):
			warn("It had ended when the callback came.")
		}
	}
	if key.Weak() {
		warn("Weak key: a signature with it proves nothing about the origin.")
	}
	return fact
}
