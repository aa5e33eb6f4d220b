package redact

import (
	"bytes"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hookglass/capture"
)

// Kinds of changes that follow from others.
const (
	kindLength   = "length"
	kindEncoding = "encoding"
)

// signatureRemoved stands in place of a signature of what was redacted.
const signatureRemoved = "signature-removed"

// exchangeWalk goes through one exchange.
type exchangeWalk struct {
	walk
	wire bool // a byte that was sent or answered changed
}

// take makes edits of a part, and notes them.
func (w *exchangeWalk) take(where string, text []byte, edits []edit) ([]byte, bool) {
	if w.over {
		w.over = false
		w.budget = max(w.budget, smallBudget)
		edits = w.remove(text, "there is too much in it to be looked through")
	}
	w.inMembers = false
	if w.learning || len(edits) == 0 {
		return text, false
	}
	edits = w.settle(edits)
	told := w.toldBy(w.under(edits, where))
	w.changes = append(w.changes, w.told[told.first:told.first+told.n]...)
	out := apply(text, edits)
	w.told, w.edits = w.told[:0], w.edits[:0]
	return out, true
}

// str looks at a text that is no part of what was sent.
func (w *exchangeWalk) str(where, s string) string {
	if s == "" || w.clean(s, plainText) {
		return s
	}
	text := []byte(s)
	edits := w.leaf(text, "")
	if len(edits) == 0 {
		w.noteClean(s, plainText)
	}
	out, changed := w.take(where, text, edits)
	if !changed {
		return s
	}
	return string(out)
}

// run looks at an exchange, and makes of a copy what may leave; while learning that
// is no better than what came.
func (w *exchangeWalk) run(x, out *capture.Exchange) {
	body := w.request(x, &out.Request)
	request := w.wire
	if x.Response != nil {
		if w.learning {
			w.response(x.Response, &capture.Response{})
		} else {
			answer := *x.Response
			w.response(x.Response, &answer)
			out.Response = &answer
		}
	}
	out.Error, out.Note, out.Endpoint = w.str("error", x.Error), w.str("note", x.Note), w.str("endpoint", x.Endpoint)
	if x.Sent != nil {
		out.Sent = w.sending(x.Sent, body)
	}
	out.Annotation = x.Annotation
	w.annotation(out, body, request)
	if w.wire {
		imported := capture.Imported{Via: x.Via}
		if x.Import != nil {
			imported = *x.Import
		}
		imported.Redacted = true
		out.Import = &imported
	}
}

// request redacts a request, and reports whether its body changed.
func (w *exchangeWalk) request(x *capture.Exchange, out *capture.Request) bool {
	r := &x.Request
	fields := w.fields("header", r.Header)
	trailers := w.fields("trailer", r.Trailers)
	newTarget, targetChanged := w.requestTarget(r.Target, x.Endpoint)
	body := w.body("body", r.Body, r.Header)
	fields.follow(&body, r.Truncated, w)
	scheme := x.Annotation.Verification.Scheme
	if body.changed || targetChanged && scheme == "" {
		fields.unsign(w, "header", x.Annotation.Verification.Header)
		trailers.unsign(w, "trailer", "")
	}
	method, methodChanged := w.method(r.Method)
	out.Host = w.str("host", r.Host)
	out.Remote, out.Source = w.remote(r.Remote), w.source(r.Source)
	out.Proto = w.str("version", r.Proto)
	out.Target, out.Method = newTarget, method
	if w.learning {
		w.head(r, out, &fields)
		return false
	}
	out.Header, out.Trailers = fields.list(), trailers.list()
	if out.Body = body.bytes; body.changed {
		out.Size = int64(len(out.Body))
	}
	out.Head = w.head(r, out, &fields)
	w.wire = w.wire || methodChanged || targetChanged || body.changed || fields.changed || trailers.changed || !bytes.Equal(out.Head, r.Head)
	return body.changed
}

// requestTarget returns the target of a request as it may leave.
func (w *exchangeWalk) requestTarget(target, endpoint string) (now string, changed bool) {
	same := !w.places.path // and then what the endpoint is says nothing
	if same && w.clean(target, targetText) {
		return target, false
	}
	text := []byte(target)
	edits := w.target(text, endpoint)
	if same && len(edits) == 0 {
		w.noteClean(target, targetText)
	}
	out, changed := w.take("", text, edits)
	if !changed {
		return target, false
	}
	return string(out), true
}

// method returns the method of a request as it may leave.
func (w *exchangeWalk) method(method string) (now string, changed bool) {
	if w.clean(method, plainText) {
		return method, false
	}
	text := []byte(method)
	edits := w.fieldName(text)
	if len(edits) == 0 {
		w.noteClean(method, plainText)
	}
	out, changed := w.take("method", text, edits)
	if !changed {
		return method, false
	}
	return string(out), true
}

// target looks at a request target.
func (w *exchangeWalk) target(target []byte, endpoint string) []edit {
	path, query, asked := bytes.Cut(target, []byte("?"))
	edits := w.under(w.path(path, endpoint), "path")
	if asked {
		edits = append(edits, w.under(shifted(w.form(query, true), len(path)+1), "query")...)
	}
	return edits
}

// path looks at the path of a target. Where the provider's requests have a secret
// in it, that is what stands behind the path of an endpoint that takes all below it.
func (w *exchangeWalk) path(path []byte, endpoint string) []edit {
	edits := w.leaf(path, "")
	base, subtree := strings.CutSuffix(endpoint, "*")
	if !subtree || !w.places.path || !w.r.profile.Secrets || !bytes.HasPrefix(path, []byte(base)) {
		return edits
	}
	at := len(base)
	for at < len(path) {
		end := len(path)
		if n := bytes.IndexByte(path[at:], '/'); n >= 0 {
			end = at + n
		}
		if end-at >= shortestBase64/2 { // shorter ones are words, as in /probo/status
			edits = append(edits, shifted(w.coded(path[at:end], kindSecret, codingAny), at)...)
		}
		at = end + 1
	}
	return w.settle(edits)
}

func (w *exchangeWalk) remote(remote string) string {
	if w.clean(remote, remoteText) {
		return remote
	}
	if _, err := netip.ParseAddrPort(remote); err != nil {
		return w.str("remote", remote)
	}
	colon := strings.LastIndexByte(remote, ':')
	host, port := strings.Trim(remote[:colon], "[]"), remote[colon+1:]
	shown := w.source(host)
	if shown == host {
		if w.clean(host, sourceText) {
			w.noteClean(remote, remoteText)
		}
		return remote
	}
	if strings.Contains(shown, ":") {
		shown = "[" + shown + "]"
	}
	return shown + ":" + port
}

// source is where a request came from, which is personal of some senders.
func (w *exchangeWalk) source(source string) string {
	if w.clean(source, sourceText) {
		return source
	}
	addr, err := netip.ParseAddr(source)
	if err != nil || !w.r.profile.Personal || telling(addr) {
		out := w.str("source", source)
		if w.clean(source, plainText) {
			w.noteClean(source, sourceText)
		}
		return out
	}
	out, _ := w.take("source", []byte(source), w.leaf([]byte(source), kindIP))
	return string(out)
}

// response redacts an answer.
func (w *exchangeWalk) response(r, out *capture.Response) {
	fields, trailers := w.fields("answer header", r.Header), w.fields("answer trailer", r.Trailers)
	body := w.body("answer body", r.Body, r.Header)
	fields.follow(&body, false, w)
	if body.changed {
		fields.unsign(w, "answer header", "")
		trailers.unsign(w, "answer trailer", "")
	}
	out.RuleName = w.str("rule", r.RuleName)
	if w.learning {
		return
	}
	out.Header, out.Trailers, out.Body = fields.list(), trailers.list(), body.bytes
	w.wire = w.wire || fields.changed || trailers.changed || body.changed
}

// bodyRedacted stands in place of what a difference tells of a body that changed.
const bodyRedacted = "redacted"

// sending redacts how a resend was sent; body says that its body changed.
func (w *exchangeWalk) sending(s *capture.Sending, body bool) *capture.Sending {
	out := *s
	out.Base = w.str("target", s.Base)
	out.Differences = slices.Clone(s.Differences)
	for i := range out.Differences {
		d := &out.Differences[i]
		what := d.What
		if name, ok := strings.CutPrefix(what, "header "); ok {
			shown, _ := w.take("difference", []byte(name), w.fieldName([]byte(name)))
			d.What = "header " + string(shown)
		}
		for _, text := range [...]*string{&d.Was, &d.Is} {
			name, ok := strings.CutPrefix(what, "header ")
			if body && *text != "" && !w.learning { // no length and no signature of what is gone
				switch {
				case ok && w.r.named([]byte(name)).proof:
					*text = signatureRemoved
					continue
				case what == "body", strings.EqualFold(name, "Content-Length"):
					*text = bodyRedacted
					continue
				}
			}
			if ok {
				changed, _ := w.take("difference "+d.What, []byte(*text), w.header(name, []byte(*text)))
				*text = string(changed)
				continue
			}
			if what == "target" {
				changed, _ := w.take("difference", []byte(*text), w.target([]byte(*text), ""))
				*text = string(changed)
				continue
			}
			*text = w.str("difference "+d.What, *text)
		}
	}
	out.Hops = slices.Clone(s.Hops)
	for i := range out.Hops {
		out.Hops[i].Location = w.str("redirect", out.Hops[i].Location)
	}
	return &out
}

// annotation redacts what the providers said of a request.
func (w *exchangeWalk) annotation(out *capture.Exchange, body, request bool) {
	a := &out.Annotation
	short := w.shortValues()
	for _, text := range [...]struct {
		where string
		text  *string
	}{
		{"event", &a.Event},
		{"summary", &a.Summary},
		{"order", &a.Order},
		{"delivery", &a.Delivery},
		{"verdict", &a.Verification.Reason},
		{"verdict", &a.Verification.Key},
		{"verdict", &a.Verification.Signed},
	} {
		*text.text = short.in(w.str(text.where, *text.text))
	}
	a.Notes = slices.Clone(a.Notes)
	for i := range a.Notes {
		a.Notes[i] = short.in(w.str("remark", a.Notes[i]))
	}
	v := &a.Verification
	v.Checks = slices.Clone(v.Checks)
	for i := range v.Checks {
		v.Checks[i].Reason = w.str("verdict", v.Checks[i].Reason)
	}
	if w.learning {
		return
	}
	v.Reason = w.unmeasured(v.Reason)
	for i := range v.Checks {
		v.Checks[i].Reason = w.unmeasured(v.Checks[i].Reason)
	}
	if request && !body && strings.HasPrefix(a.Delivery, "sha256:") { // of what stood in the target or the header
		a.Delivery = w.r.delivery(a.Delivery)
	}
	if body {
		// Both are made from the bytes that are gone: with them one could try out
		// which bytes those were.
		if a.Delivery != "" {
			a.Delivery = w.r.delivery(a.Delivery)
		}
		for _, text := range [...]*string{&v.Expected, &v.Received} {
			if *text != "" {
				*text = signatureRemoved
			}
		}
	} else {
		v.Expected, v.Received = w.str("verdict", v.Expected), w.str("verdict", v.Received)
	}
	if !request || v.Status == "" {
		return
	}
	what := "request"
	if body {
		what = "body"
	}
	v.Reason = strings.TrimSpace(fmt.Sprintf("%s when captured; %s redacted since. %s", strings.ReplaceAll(string(v.Status), "_", " "), what, v.Reason))
}

// measures tell of a token how long it is and how far it is right, as providers say
// it: whoever sends tokens and gets the shares could find it out byte by byte.
var measures = regexp.MustCompile(` at byte \d+ \(\d+ bytes received, \d+ configured\)`)

// unmeasured takes them out of a reason.
func (w *exchangeWalk) unmeasured(reason string) string {
	if !w.r.profile.Secrets || !strings.Contains(reason, " bytes received, ") {
		return reason
	}
	shown := measures.ReplaceAllString(reason, "")
	if shown != reason {
		w.note(kindLength, "verdict", reason, shown)
	}
	return shown
}

// shortValues are values of this exchange that are too short to be looked for
// everywhere, and stand in what was derived from it.
type shortValues []struct{ before, after string }

// maxShort bounds how many there are.
const maxShort = 1 << 16

func (w *exchangeWalk) shortValues() shortValues {
	if w.learning {
		return nil
	}
	all := w.short[:0]
	add := func(before, after string) {
		all = append(all, struct{ before, after string }{before, after})
	}
	for i := range w.changes {
		c := &w.changes[i]
		if len(all) >= maxShort {
			break
		}
		if len(c.Before) > 1 && len(c.Before) < 16 {
			add(c.Before, c.After)
		}
		if c.Kind != kindMoney {
			continue
		}
		if !isDigits(strings.TrimLeft(c.Before, "+-")) {
			continue
		}
		if cents, err := strconv.ParseInt(c.Before, 10, 64); err == nil && cents >= 0 {
			add(fmt.Sprintf("%d.%02d", cents/100, cents%100), c.After) // of minor units
		}
	}
	w.short = all
	return all
}

// in replaces the values in a text, where they stand by themselves.
func (s shortValues) in(text string) string {
	for _, v := range s {
		for at := 0; ; {
			n := strings.Index(text[at:], v.before)
			if n < 0 {
				break
			}
			from := at + n
			to := from + len(v.before)
			if !atBorders([]byte(text), from, to) {
				at = to
				continue
			}
			text = text[:from] + v.after + text[to:]
			at = from + len(v.after)
		}
	}
	return text
}
