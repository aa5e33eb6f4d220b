package viewmodel

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"hookglass/capture"
)

// HeldOwn is an answer of a person's own to a held callback.
type HeldOwn struct {
	Status, Type, Body string

	Problem string // what is wrong with it; "" where it can be sent
	Effect  string // what it would cause at the sender; "" where nobody knows
	Broken  string // what of it the provider does not take; "" for nothing
}

// maxOwnBody is the largest body that is offered to be edited.
const maxOwnBody = 8 << 10

// usual is the answer that the provider takes as success, to begin with.
func (f *HeldForm) usual(m *material) HeldOwn {
	answer := f.held.app.backend.Set.Accepted(&m.exchange.Request, m.endpoint)
	return ownOf(&answer)
}

func ownOf(r *capture.Response) HeldOwn {
	own := HeldOwn{Status: strconv.Itoa(r.Status), Type: r.Header.Value("Content-Type")}
	if len(r.Body) <= maxOwnBody && utf8.Valid(r.Body) {
		own.Body = string(r.Body)
	}
	return own
}

// Edit takes an option over into the answer of a person's own.
func (f *HeldForm) Edit(id string) {
	option, page := f.option(id), f.held.app.Detail.Page
	if option == nil || page == nil || !f.Waiting {
		return
	}
	own := f.usual(page.material)
	if p := presetOf(page.material.presets, id); p != nil {
		own = ownOf(&p.Response)
	}
	f.OwnTurn++
	f.keepOwn(own)
	f.held.app.Screen.Focus(PaneAnswer)
}

// SetOwn is told what the fields hold.
func (f *HeldForm) SetOwn(status, contentType, body string) {
	own := HeldOwn{Status: status, Type: contentType, Body: body}
	if f.Waiting && (own.Status != f.Own.Status || own.Type != f.Own.Type || own.Body != f.Own.Body) {
		f.keepOwn(own)
	}
}

func (f *HeldForm) keepOwn(own HeldOwn) {
	f.Own = own
	f.judge()
	if f.held.drafts == nil {
		f.held.drafts = map[int64]HeldOwn{}
	}
	f.held.drafts[f.ID] = f.Own
	f.held.Changed.Emit()
}

// judge says of the answer what is wrong with it, and what it would cause.
func (f *HeldForm) judge() {
	own, page := &f.Own, f.held.app.Detail.Page
	own.Problem, own.Effect, own.Broken = "", "", ""
	answer, problem := own.answer()
	if problem != "" {
		own.Problem = problem
		return
	}
	if page == nil || page.ID != f.ID {
		return
	}
	response := capture.Response{Status: answer.Status, Header: answer.Header, Body: []byte(answer.Body)}
	m := page.material
	who, set := answering(m.endpoint, m.exchange), f.held.app.backend.Set
	own.Effect = capture.Visible(set.Effect(who, &response).Text)
	own.Broken = brokenWords(set.Contract(who, &response, &m.exchange.Request))
}

// brokenWords joins what an answer breaks.
func brokenWords(broken []string) string { return capture.Visible(strings.Join(broken, " ")) }

// answer is what the fields say, or what is wrong with them.
func (o *HeldOwn) answer() (a capture.RuleAnswer, problem string) {
	status, err := strconv.Atoi(strings.TrimSpace(o.Status))
	if err != nil || status < 200 || status > 599 {
		return a, "The status is a number from 200 to 599."
	}
	a.Status, a.Body = status, o.Body
	if contentType := strings.TrimSpace(o.Type); contentType != "" {
		a.Header = capture.Fields{{Name: "Content-Type", Value: contentType}}
	}
	return a, ""
}

// SendOwn gives the sender the answer of a person's own.
func (f *HeldForm) SendOwn() {
	if answer, problem := f.Own.answer(); problem == "" && f.ready() {
		f.answer(heldOwn, answer)
	}
}
