package viewmodel

import (
	"net"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
)

// The tabs of a callback.
const (
	TabOverview = "overview"
	TabBody     = "body"
	TabHeaders  = "headers"
	TabProof    = "proof"
	TabAnswer   = "answer"
	TabRaw      = "raw"
)

// DetailTab is one tab.
type DetailTab struct {
	ID, Title string
	Count     string // "" for none
}

var detailTabs = [...]DetailTab{
	{ID: TabOverview, Title: "Overview"},
	{ID: TabBody, Title: "Body"},
	{ID: TabHeaders, Title: "Headers"},
	{ID: TabProof, Title: "Proof"},
	{ID: TabAnswer, Title: "Answer"},
	{ID: TabRaw, Title: "Raw"},
}

// tabOf is a remembered tab, or the first where there is none of that name.
func tabOf(id string) string {
	for _, tab := range detailTabs {
		if tab.ID == id {
			return id
		}
	}
	return TabOverview
}

// Page is one callback, formatted.
type Page struct {
	ID       int64
	Exchange *capture.Exchange
	Head     DetailHead
	Tabs     []DetailTab
	Overview Overview
	Headers  Headers

	material *material
	style    style
}

// DetailHead is what stands over the tabs.
type DetailHead struct {
	Method, Path string
	Target       string // path and query, secrets masked
	Pill         string // how it was answered: "200", "503 on purpose", "pending"
	PillTone     Tone
	Provider     string // "KornitX"; "Unknown sender"
	Hue          int    // the colour of the sender's dot
	Event        string
	Verdict      string // "HMAC valid, raw body"
	VerdictIcon  string
	VerdictTone  Tone
	Time         string // "10:42:18.231"
	TimeTip      string // with date and zone
	Size         string
	SizeTip      string
	Source       string // who called
	SourceTip    string
	Pinned       bool
	Note         string // "a sample", "resent to http://localhost:3000/x"
	NoteIcon     string
	Attempt      string // "attempt 2"; "" for the first and where it cannot be told
	Previous     int64  // the attempt before; 0 for none
	Next         int64  // the attempt after; 0 for none
	Mark         Tone   // a person's colour; Plain for none
	Remark       string // a person's note
	Origin       int64  // of a resend: what was sent again
	Resent       string // "Resent 3 times:"; "" where it was not
	Resends      []ResendLink
}

// ResendLink is one resend of the callback.
type ResendLink struct {
	ID   int64
	Text string // "200", "refused"
	Tone Tone
	Tip  string
}

// style is how times are written.
type style struct {
	zone *time.Location
	now  time.Time
}

func (a *App) style() style {
	s := style{zone: a.config.Local, now: a.config.Now()}
	if a.Preferences.UTC {
		s.zone = time.UTC
	}
	return s
}

// newPage formats a callback. It runs off the screen's goroutine.
func newPage(m *material, s style) *Page {
	p := &Page{ID: m.exchange.ID, Exchange: m.exchange, material: m, style: s}
	p.Head = newDetailHead(m, s)
	p.Overview = newOverview(m, s)
	p.Headers = newHeaders(m)
	p.Tabs = append(p.Tabs, detailTabs[:]...)
	for i := range p.Tabs {
		if p.Tabs[i].ID == TabHeaders && len(m.exchange.Request.Header) > 0 {
			p.Tabs[i].Count = strconv.Itoa(len(m.exchange.Request.Header))
		}
	}
	return p
}

func newDetailHead(m *material, s style) DetailHead {
	x := m.exchange
	r, a := &x.Request, &x.Annotation
	masked := m.mask(r.Target)
	path, _ := capture.SplitTarget(masked)
	h := DetailHead{
		Method: capture.Visible(r.Method), Path: capture.Visible(path), Target: capture.Visible(masked),
		Hue: senderHue(a.Provider), Provider: "Unknown sender", Event: capture.Visible(a.Event),
		Size: byteCount(r.Size), SizeTip: groupDigits(r.Size) + " bytes of body",
		Pinned: x.Pinned, Previous: m.previous, Next: m.next, Origin: x.Origin,
		Mark: markTone(x.Mark), Remark: capture.Visible(x.Note),
	}
	if h.Method == "" {
		h.Method = "?"
	}
	if m.provider != nil {
		h.Provider = m.provider.Name
	}
	if r.Truncated {
		h.Size += ", cut"
		h.SizeTip += "; more was sent than is kept"
	}
	at := r.Received.In(s.zone)
	h.Time, h.TimeTip = at.Format("15:04:05.000"), at.Format("Monday 2 January 2006, 15:04:05.000 MST")
	if y, d := at.Year(), at.YearDay(); y != s.now.In(s.zone).Year() || d != s.now.In(s.zone).YearDay() {
		h.Time = at.Format("2 Jan 15:04:05.000")
	}
	h.Source, h.SourceTip = source(x)
	h.Pill, h.PillTone = pillOf(m)
	h.Verdict, h.VerdictIcon, h.VerdictTone = verdictFor(x)
	if m.claimed {
		h.Verdict, h.VerdictTone = h.Verdict+", says the file", Warn
	}
	h.Note, h.NoteIcon = originNote(m), orElse(originIcon(x.Via), "send")
	if x.Via == capture.ViaReplay {
		h.NoteIcon = "send"
	}
	if a.Attempt > 1 || a.Attempt == 1 && m.next != 0 {
		h.Attempt = "attempt " + strconv.Itoa(a.Attempt)
	}
	h.Resent, h.Resends = resendLinks(m, s)
	return h
}

// senderHue numbers the colours of the senders.
func senderHue(provider string) int {
	switch provider {
	case "kornitx":
		return 1
	case "klix":
		return 2
	case "mintsoft":
		return 3
	case "probo":
		return 4
	case "komet":
		return 5
	}
	return 6
}

// source is who called, and what is known of it.
func source(x *capture.Exchange) (text, tip string) {
	r := &x.Request
	text = r.Source
	if text == "" {
		if host, _, err := net.SplitHostPort(r.Remote); err == nil {
			text = host
		}
	}
	switch x.Via {
	case capture.ViaTunnel:
		return text, "the address that the tunnel names (X-Forwarded-For)"
	case capture.ViaPublic:
		return text, "the address that your own proxy names (X-Forwarded-For); the connection came from " + r.Remote
	case capture.ViaReplay:
		return "this Hookglass", "sent by Hookglass"
	case capture.ViaLocal, capture.ViaImport, capture.ViaSample:
	}
	return text, "the connection came from " + r.Remote
}

func originNote(m *material) string {
	x := m.exchange
	switch x.Via {
	case capture.ViaReplay:
		return "resent to " + capture.Visible(capture.MaskTarget(resendTarget(&x.Request)))
	case capture.ViaSample:
		return "a sample that Hookglass sent"
	case capture.ViaImport:
		return importNote(x, m.file)
	case capture.ViaLocal, capture.ViaTunnel, capture.ViaPublic:
	}
	return ""
}

// resendTarget is where a resend went.
func resendTarget(r *capture.Request) string {
	if strings.Contains(r.Target, "://") {
		return r.Target
	}
	return r.Host + r.Target
}

// pillOf says how a callback was answered.
func pillOf(m *material) (string, Tone) {
	x := m.exchange
	if x.Response == nil || x.State == capture.StateDropped {
		return unanswered(x)
	}
	status := strconv.Itoa(x.Response.Status)
	tone := statusTone(x.Response.Status)
	switch x.Response.By {
	case capture.ByChoice, capture.ByRule:
		if p := presetOf(m.presets, x.Response.Preset); p != nil && p.Failing {
			return orElse(p.Short, status) + " on purpose", Bad
		}
		if x.Response.Status >= 400 {
			return status + " on purpose", tone
		}
	case capture.ByHand:
		if p := presetOf(m.presets, x.Response.Preset); p != nil && p.Failing {
			status, tone = orElse(p.Short, status), Bad
		}
		status += " by hand"
	case capture.ByApp:
		status += " by your app"
	case capture.ByLimit:
		status += " by a limit"
	case capture.ByServer:
		status += " refused"
	case capture.ByPreset, capture.ByDefault, capture.ByTarget:
	}
	if x.State == capture.StateGone {
		return status + ", hung up", Warn
	}
	return status, tone
}

func unanswered(x *capture.Exchange) (string, Tone) {
	switch x.State {
	case capture.StateHeld:
		return "held", Warn
	case capture.StateDropped:
		return dropWord(x), Bad
	case capture.StateGone:
		return "hung up", Warn
	case capture.StateFailed:
		if x.Via == capture.ViaReplay {
			return "no answer", Bad
		}
		return "failed", Bad
	case capture.StateRefused:
		return "refused", Warn
	case capture.StateUnknown:
		return "not known", Muted
	case capture.StateReceived, capture.StateAnswered:
	}
	return "pending", Muted
}

func statusTone(status int) Tone {
	switch {
	case status >= 500:
		return Bad
	case status >= 400:
		return Warn
	case status >= 200 && status < 300:
		return Good
	}
	return Secondary
}

// verdictOf says a verdict in few words, with its sign.
func verdictOf(v *capture.Verification) (text, icon string, tone Tone) {
	switch v.Status {
	case capture.Valid:
		return proofNoun(v.Scheme) + " valid" + signedShort(v), "shield-check", Good
	case capture.WeakKey:
		return proofNoun(v.Scheme) + " matches, weak key", "shield-alert", Warn
	case capture.Invalid:
		return proofNoun(v.Scheme) + " does not match", "shield-x", Bad
	case capture.Malformed:
		return "Proof cannot be read", "shield-x", Bad
	case capture.KeyMissing:
		return "Signed, key missing", "shield-question-mark", Warn
	case capture.Unsigned:
		return "Not signed", "shield-off", Muted
	case capture.Unprovable:
		return "Cannot be proven", "shield", Muted
	}
	return "Not checked yet", "shield", Muted
}

// proofNoun names the kind of proof that a scheme is.
func proofNoun(scheme string) string {
	switch {
	case strings.Contains(scheme, "hmac"):
		return "HMAC"
	case strings.Contains(scheme, "jws"):
		return "JWS"
	case strings.Contains(scheme, "bearer"):
		return "Bearer token"
	case strings.Contains(scheme, "rsa"):
		return "RSA signature"
	case strings.Contains(scheme, "token"):
		return "Token"
	}
	return "Proof"
}

// signedShort is ", raw body": what a valid signature covers.
func signedShort(v *capture.Verification) string {
	what, _, _ := strings.Cut(v.Signed, ",")
	if what == "" || len(what) > 40 || strings.Contains(v.Scheme, "jws") {
		return ""
	}
	return ", " + what
}
