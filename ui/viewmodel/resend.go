package viewmodel

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"hookglass/capture"
)

// maxTargets is how many addresses are remembered.
const maxTargets = 8

// Resend sends the callback that is shown to an address, as it was.
type Resend struct {
	Title       string   // "Resend PUT /kornitx/orders"
	URL         string   // what the field begins with
	Suggestions []string // other addresses to choose from
	Query       string   // of the original, masked: it is added where the address has none; "" for none
	Warning     string   // which secrets go along; "" for none
	Problem     string   // why it cannot be sent; "" where it can
	Busy        string   // "Sending to localhost:3000 …"; "" while nothing runs
	Result      *ResendResult

	detail *Detail
	asked  map[string]bool // hosts that were allowed in this run
	cancel context.CancelFunc
	serial int
}

// ResendResult is what became of a resend.
type ResendResult struct {
	ID   int64 // the callback that it is kept as
	Text string
	Tone Tone
	Note string // "84 ms"; the sentence why there is no answer
}

func newResend(d *Detail) *Resend {
	return &Resend{detail: d, asked: map[string]bool{}, cancel: func() {}}
}

// show follows what the detail shows.
func (r *Resend) show(page *Page, other bool) {
	if other && r.Busy == "" {
		r.Result, r.Problem = nil, ""
	}
	if page != nil {
		r.prepare(page)
	}
}

// prepare makes the field and what it suggests.
func (r *Resend) prepare(page *Page) {
	x := page.Exchange
	path, query := x.Request.Path(), x.Request.Query()
	r.Title = "Resend " + page.Head.Method + " " + shorten(page.Head.Path, 60)
	r.Query = ""
	if query != "" {
		_, masked := capture.SplitTarget(page.material.mask(x.Request.Target))
		r.Query = "?" + shorten(capture.Visible(masked), 200)
	}
	if !strings.HasPrefix(path, "/") {
		path = "/"
	}
	local := "http://localhost:3000" + path
	r.Suggestions = nil
	add := func(address string) {
		if !slices.Contains(r.Suggestions, address) {
			r.Suggestions = append(r.Suggestions, address)
		}
	}
	for _, target := range r.detail.app.Preferences.Targets {
		if u, err := url.Parse(target); err == nil && (u.Path == "" || u.Path == "/") {
			target = strings.TrimSuffix(target, "/") + path
		}
		add(target)
	}
	add(local)
	r.URL = r.Suggestions[0]
	r.Warning = secretsWords(&page.Headers)
}

// secretsWords name the secrets that a callback carries.
func secretsWords(h *Headers) string {
	var names []string
	for _, group := range h.Groups {
		for i := range group.Rows {
			name := group.Rows[i].Name
			if strings.HasPrefix(group.Title, "Query") {
				name = "?" + name
			}
			if group.Rows[i].Secret && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "It carries secrets as they came: " + strings.Join(names, ", ") + "."
}

// Open opens the dialog.
func (r *Resend) Open() {
	if !r.Ready() {
		return
	}
	if r.Busy == "" {
		r.Result, r.Problem = nil, ""
	}
	r.prepare(r.detail.Page)
	r.detail.app.Open(DialogResend)
	r.detail.Changed.Emit()
}

// Ready reports whether there is something to send.
func (r *Resend) Ready() bool {
	page, b := r.detail.Page, r.detail.app.backend
	return page != nil && b != nil && b.Resend != nil && page.Exchange.State != capture.StateRefused
}

// Typed is told that another address is in the field: what became of the one
// before no longer counts.
func (r *Resend) Typed() {
	if r.Busy == "" && (r.Result != nil || r.Problem != "") {
		r.Result, r.Problem = nil, ""
		r.detail.Changed.Emit()
	}
}

// Send sends the callback to an address: at once to this computer, and to any
// other host after a question, which is asked once for each host.
func (r *Resend) Send(address string) {
	if !r.Ready() || r.Busy != "" {
		return
	}
	address = completeURL(address)
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		r.Problem = "This is no address: it should look like http://localhost:3000/path, without a user name."
		r.detail.Changed.Emit()
		return
	}
	r.Problem = ""
	x := r.detail.Page.Exchange
	full := address
	if query := x.Request.Query(); query != "" && !strings.Contains(address, "?") {
		before, fragment, _ := strings.Cut(address, "#")
		full = before + "?" + query
		_ = fragment // it never goes over the wire
	}
	host := strings.ToLower(u.Host)
	if capture.Loopback(address) || r.asked[host] {
		r.send(x.ID, address, full, u.Host)
		return
	}
	detail := "Everything that came goes there as it was: personal data, and whoever sees it can read it."
	if u.Scheme == "http" {
		detail += " The way there is not encrypted."
	}
	if r.Warning != "" {
		detail += "\n\n" + r.Warning
	}
	r.detail.confirm("Send this callback to "+capture.Visible(u.Host)+"?", detail, "Send it", true, func() {
		r.asked[host] = true
		r.send(x.ID, address, full, u.Host)
	})
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

func (r *Resend) send(id int64, address, full, host string) {
	app := r.detail.app
	b := app.backend
	r.serial++
	serial := r.serial
	r.Busy, r.Result = "Sending to "+capture.Visible(host)+" …", nil
	app.Open(DialogResend)
	r.detail.Changed.Emit()
	ctx, cancel := context.WithCancel(app.ctx)
	r.cancel = cancel
	app.run(func(context.Context) func() {
		sent, err := b.Resend(ctx, id, full)
		cancelled := ctx.Err() != nil
		cancel()
		result := &ResendResult{ID: sent, Tone: Bad, Text: "Not sent"}
		switch {
		case err != nil && (cancelled || errors.Is(err, context.Canceled)):
			result.Text, result.Tone, result.Note = "Cancelled", Warn, "What was sent before cannot be taken back."
		case err != nil:
			result.Note = sentence(err)
		default:
			if x, err := b.Store.Exchange(app.ctx, sent); err == nil {
				result.read(x)
			} else {
				result.Text, result.Tone, result.Note = "Sent", Secondary, ""
			}
		}
		return func() {
			if err == nil {
				r.remember(address)
			}
			if serial == r.serial {
				r.Busy, r.Result = "", result
			}
			r.detail.Refresh()
			r.detail.Changed.Emit()
		}
	})
}

// read says what became of a resend.
func (result *ResendResult) read(x *capture.Exchange) {
	if x.Response == nil {
		result.Text, result.Tone, result.Note = capital(noAnswer(x)), Bad, capture.Visible(x.Error)
		return
	}
	result.Text, result.Tone = statusLine(x.Response.Status), statusTone(x.Response.Status)
	result.Note = duration(x.Response.Timing.Took)
	if x.Error != "" {
		result.Note += ". " + capture.Visible(x.Error)
	}
}

// Cancel gives up what is being sent.
func (r *Resend) Cancel() { r.cancel() }

// remember keeps an address for the next time, without its query and without a
// path that holds a secret.
func (r *Resend) remember(address string) {
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	kept := u.Scheme + "://" + u.Host
	path := u.EscapedPath()
	mask := capture.MaskTarget(path)
	if b := r.detail.app.backend; b != nil && b.Mask != nil {
		mask = b.Mask(path)
	}
	// Where the path is the callback's own, the next callback has another.
	if page := r.detail.Page; mask == path && (page == nil || path != page.Exchange.Request.Path()) {
		kept += path
	}
	p := r.detail.app.Preferences
	targets := append([]string{kept}, slices.DeleteFunc(slices.Clone(p.Targets), func(t string) bool { return t == kept })...)
	p.Targets = targets[:min(len(targets), maxTargets)]
}

// resendLinks are the resends of a callback, oldest first.
func resendLinks(m *material, s style) (title string, links []ResendLink) {
	if len(m.resends) == 0 {
		return "", nil
	}
	const most = 8
	shown := m.resends[max(0, len(m.resends)-most):]
	for i := range shown {
		x := &shown[i]
		link := ResendLink{
			ID: x.ID, Text: noAnswer(x), Tone: Bad,
			Tip: x.Request.Received.In(s.zone).Format("15:04:05") + " to " + capture.Visible(capture.MaskTarget(resendTarget(&x.Request))),
		}
		if x.Response != nil {
			link.Text, link.Tone = groupDigits(int64(x.Response.Status)), statusTone(x.Response.Status)
		}
		links = append(links, link)
	}
	title = "Resent " + times(len(m.resends)) + ":"
	if len(shown) < len(m.resends) {
		title = "Resent " + times(len(m.resends)) + ", last:"
	}
	return title, links
}

// noAnswer says in a word why a resend has no answer.
func noAnswer(x *capture.Exchange) string {
	switch {
	case strings.HasPrefix(x.Error, "Nothing listens"):
		return "refused"
	case strings.Contains(x.Error, "did not answer within"):
		return "timed out"
	case strings.Contains(x.Error, "cancelled"):
		return "cancelled"
	case x.State == capture.StateReceived:
		return "under way"
	}
	return "no answer"
}
