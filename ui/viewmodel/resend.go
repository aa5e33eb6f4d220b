package viewmodel

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"hookglass/capture"
)

// maxTargets is how many addresses are remembered.
const maxTargets = 8

// Resend sends a callback to an address: as it was, or edited. It keeps to the
// callback that it was opened for, whatever is shown meanwhile.
type Resend struct {
	Title       string // "PUT /kornitx/orders"
	Suggestions []string
	Secrets     []string // what it carries: "Authorization", "?APIKEY"
	CannotSign  string   // why it cannot be signed again; "" where it can

	Fields   ResendFields // what is typed
	Body     ResendBody   // what can be done with the body
	Preview  ResendShown  // what would be sent
	Problem  string       // why it cannot be sent; "" where it can
	Busy     string       // "Sending to localhost:3000 …"; "" while nothing runs
	Result   *ResendResult
	Written  int // counts how often Fields were changed by something else than typing
	Changed  Signal
	Original ResendFields

	Many *ResendMany // of several callbacks, or on a schedule

	detail *Detail
	page   *Page
	asked  map[string]bool // hosts that were allowed in this run
	cancel context.CancelFunc
	serial int

	previewing, again bool // a preview is being made; and another is wanted
}

func newResend(d *Detail) *Resend {
	return &Resend{detail: d, asked: map[string]bool{}, cancel: func() {}, Many: newResendMany(d.app)}
}

// Open opens the dialog for the callback that is shown, or for the several that
// are selected.
func (r *Resend) Open() {
	if len(r.detail.app.List.Chosen()) > 1 && r.Many.Ready() {
		r.Many.Open()
		return
	}
	if !r.Ready() {
		return
	}
	if r.Busy == "" && (r.page == nil || r.page.ID != r.detail.Page.ID) {
		r.discardFile()
		r.prepare(r.detail.Page)
	}
	r.detail.app.Open(DialogResend)
	r.Changed.Emit()
	r.preview()
}

// OnSchedule has the callback sent as its sender would, until it is accepted.
func (r *Resend) OnSchedule() {
	if r.page != nil {
		r.Many.open([]int64{r.page.ID}, capture.OwnSchedule)
	}
}

// Ready reports whether there is something to send.
func (r *Resend) Ready() bool {
	page, b := r.detail.Page, r.detail.app.backend
	return page != nil && b != nil && b.ResendAs != nil && page.Exchange.State != capture.StateRefused
}

// prepare begins with a callback.
func (r *Resend) prepare(page *Page) {
	b := r.detail.app.backend
	r.page = page
	x := page.Exchange
	r.Title = page.Head.Method + " " + shorten(page.Head.Path, 80)
	r.Result, r.Problem, r.Preview = nil, "", ResendShown{}
	places := b.Set.SecretsIn(&x.Annotation, &x.Request)
	r.Secrets = nil
	for _, place := range places {
		r.Secrets = append(r.Secrets, strings.TrimPrefix(place, "header "))
	}
	r.CannotSign = ""
	trial := x.Request
	trial.Header = slices.Clone(trial.Header)
	if err := b.Set.Resign(x.Annotation.Provider, &trial); err != nil {
		r.CannotSign = sentence(err)
	}
	r.suggest()
	r.Original = newResendFields(x, places, r.detail.Secrets)
	r.Original.URL = r.Suggestions[0]
	r.Original.Resign = r.CannotSign == ""
	r.Fields = r.Original
	r.Body = newResendBody(&x.Request)
	r.Written++
}

// suggest gathers addresses: those of callbacks of the same kind, the last used
// first, then the hosts of others.
func (r *Resend) suggest() {
	r.Suggestions = nil
	add := func(address string) {
		if address != "" && !slices.Contains(r.Suggestions, address) && len(r.Suggestions) < maxTargets {
			r.Suggestions = append(r.Suggestions, address)
		}
	}
	for _, address := range r.page.material.targets {
		add(address)
	}
	for _, address := range r.detail.app.Preferences.Targets {
		add(address)
	}
	add("http://localhost:3000")
}

// Change is told what a person typed or chose. What became of the sending before
// no longer counts.
func (r *Resend) Change(f func(f *ResendFields)) {
	before := r.Fields
	f(&r.Fields)
	if r.Fields == before {
		return
	}
	if r.Busy == "" {
		r.Result, r.Problem = nil, ""
	}
	r.check()
	r.preview()
	r.Changed.Emit()
}

// Undo brings the callback back as it came; where it goes stays.
func (r *Resend) Undo() {
	address, keep := r.Fields.URL, r.Fields.KeepPath
	r.Fields = r.Original
	r.Fields.URL, r.Fields.KeepPath, r.Fields.Edited = address, keep, true
	file := r.Body.File
	r.Body = newResendBody(&r.page.Exchange.Request)
	r.Body.File = file
	r.Written++
	r.check()
	r.preview()
	r.Changed.Emit()
}

// CanUndo reports whether anything of the callback was edited.
func (r *Resend) CanUndo() bool {
	f, o := &r.Fields, &r.Original
	return f.Method != o.Method || f.Target != o.Target || f.Header != o.Header || f.Body != o.Body || r.Body.taken != nil
}

// Send sends it: at once to this computer, and to any other host after a question,
// which is asked once for each host; to a provider's own domain after another.
func (r *Resend) Send() {
	if r.page == nil || r.Busy != "" {
		return
	}
	how, host, problem := r.made()
	if r.Problem = problem; problem != "" {
		r.Changed.Emit()
		return
	}
	how.Consent.Remote = r.asked[host]
	r.send(how, host)
}

// addressOf reads an address; host is "" where it is none.
func addressOf(text string) (address, host string) {
	address = completeURL(text)
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return address, ""
	}
	return address, strings.ToLower(u.Host)
}

// made is what is typed, as the engine takes it; or what of it cannot be.
func (r *Resend) made() (how capture.Resending, host, problem string) {
	f := &r.Fields
	how = capture.Resending{KeepPath: f.KeepPath, DropSecrets: f.Drop && len(r.Secrets) > 0, Follow: f.Follow, Marker: f.Marker}
	if how.To, host = addressOf(f.URL); host == "" {
		return how, "", "This is no address: it should look like http://localhost:3000/path, without a user name."
	}
	if !f.Edited {
		return how, host, ""
	}
	how.Edit, problem = r.edit()
	how.Resign = f.Resign && r.CannotSign == "" && !how.Edit.IsZero()
	return how, host, problem
}

// completeURL adds what people leave out: "localhost:3000/x", ":3000/x".
func completeURL(address string) string {
	address = strings.TrimSpace(address)
	switch {
	case address == "" || strings.Contains(address, "://"):
	case strings.HasPrefix(address, ":"):
		address = "http://localhost" + address
	default:
		if capture.Loopback("http://" + address) {
			return "http://" + address
		}
		address = "https://" + address
	}
	return address
}

// remember keeps a host for callbacks of other kinds: what they were sent to
// themselves the engine keeps.
func (r *Resend) remember(address string) {
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	kept := u.Scheme + "://" + u.Host
	p := r.detail.app.Preferences
	targets := append([]string{kept}, slices.DeleteFunc(slices.Clone(p.Targets), func(t string) bool { return t == kept })...)
	p.Targets = targets[:min(len(targets), maxTargets)]
}
