package viewmodel

import (
	"bytes"
	"context"
	"strings"

	"hookglass/capture"
)

// Raw shows the request as it was on the wire: head and body. Secrets in the
// head are masked until Detail.Secrets; what is copied holds them.
type Raw struct {
	Text  *BodyText // nil while it is made, and for no callback
	Notes []BodyNote

	// Masked says that something is masked now, Secret that there is something
	// to mask.
	Masked, Secret bool

	Changed Signal

	app       *App
	exchange  *capture.Exchange
	secrets   bool // that Text was made with
	serial    int
	pending   bool
	listening bool
}

func newRaw(a *App) *Raw { return &Raw{app: a} }

// show shows the request of an exchange; nil shows none.
func (r *Raw) show(x *capture.Exchange) {
	if !r.listening && r.app.Detail != nil {
		r.listening = true
		r.app.Detail.Changed.Listen(r.look)
	}
	same := x != nil && r.exchange != nil && x.ID == r.exchange.ID && len(x.Request.Body) == len(r.exchange.Request.Body)
	r.exchange = x
	if same {
		return
	}
	r.serial++
	r.pending = false
	r.Text, r.Notes, r.Masked, r.Secret = nil, nil, false, false
	r.Changed.Emit()
	r.look()
}

// look makes the text, once somebody looks at it.
func (r *Raw) look() {
	d, x := r.app.Detail, r.exchange
	if x == nil || d.Tab != TabRaw || r.pending || r.Text != nil && r.secrets == d.Secrets {
		return
	}
	r.pending = true
	serial, secrets := r.serial, d.Secrets
	hide := r.hidden(x)
	target := x.Request.Target
	if b := r.app.backend; b != nil && b.Mask != nil {
		target = b.Mask(target)
	}
	job := func(context.Context) func() {
		head, masked := maskHead(x.Request.Head, hide, x.Request.Target, target)
		if secrets {
			head = x.Request.Head
		}
		text := wireText(&x.Request, head)
		return func() {
			if serial != r.serial {
				return
			}
			r.pending, r.secrets = false, secrets
			r.Text, r.Notes = text, wireNotes(&x.Request)
			r.Secret, r.Masked = masked, masked && !secrets
			r.Changed.Emit()
			r.look()
		}
	}
	if len(x.Request.Body) <= atOnce {
		job(r.app.ctx)()
		return
	}
	r.app.run(job)
}

// hidden are the names of the fields whose values are masked, in lower case.
func (r *Raw) hidden(x *capture.Exchange) map[string]bool {
	hide := map[string]bool{}
	for _, f := range x.Request.Header {
		if name := strings.ToLower(f.Name); secretField(name) {
			hide[name] = true
		}
	}
	if page := r.app.Detail.Page; page != nil && page.ID == x.ID {
		for _, g := range page.Headers.Groups {
			for _, row := range g.Rows {
				if row.Secret {
					hide[strings.ToLower(row.Name)] = true
				}
			}
		}
	}
	return hide
}

// maskHead puts dots in the place of secret values, line by line.
func maskHead(head []byte, hide map[string]bool, target, shown string) (masked []byte, some bool) {
	var out []byte
	hiding := false
	for i, line := range bytes.SplitAfter(head, []byte("\n")) {
		end := line[len(bytes.TrimRight(line, "\r\n")):]
		name, _, found := bytes.Cut(line, []byte(":"))
		switch {
		case i == 0:
			if shown != target {
				line = bytes.Replace(line, []byte(target), []byte(shown), 1)
				some = true
			}
			hiding = false
		case len(line) > 0 && (line[0] == ' ' || line[0] == '\t'):
			if hiding { // a folded value goes on
				line = append([]byte(" "+dots), end...)
			}
		case found && hide[strings.ToLower(string(bytes.TrimSpace(name)))]:
			line = append([]byte(string(name)+": "+dots), end...)
			hiding, some = true, true
		default:
			hiding = false
		}
		out = append(out, line...)
	}
	return out, some
}

// wireText is head and body in one text.
func wireText(r *capture.Request, head []byte) *BodyText {
	all := make([]byte, 0, len(head)+len(r.Body))
	all = append(append(all, head...), r.Body...)
	t := &BodyText{Bytes: all, Lines: lineStarts(all), Sections: []BodySection{{0, "http"}}}
	if len(r.Body) > 0 {
		syntax := ""
		if codingsOf(r.Header.All("Content-Encoding")) == "" {
			kind, _, _ := kindOf(readMedia(r.Header.Value("Content-Type")), r.Body)
			syntax = kind.syntax()
		}
		t.Sections = append(t.Sections, BodySection{len(head), syntax})
	}
	return t
}

// wireNotes says where the text is not what was on the wire.
func wireNotes(r *capture.Request) []BodyNote {
	var notes []BodyNote
	note := func(tone Tone, text string) { notes = append(notes, BodyNote{tone, text, -1}) }
	if !r.Exact {
		note(Warn, "The head could not be kept as it came: it is rebuilt, and order and case of the fields are those of Go's library.")
	}
	if strings.Contains(strings.ToLower(r.Header.Value("Transfer-Encoding")), "chunked") {
		note(Muted, "The body came in chunks; their framing is not kept.")
	}
	if len(r.Trailers) > 0 {
		note(Muted, "Trailers came behind the body; they are listed under Headers.")
	}
	if r.Truncated {
		note(Warn, "The body is cut: "+byteCount(int64(len(r.Body)))+" are kept, and more was sent or announced.")
	}
	return notes
}

// ShowSecrets shows what is masked, or masks it again.
func (r *Raw) ShowSecrets(show bool) { r.app.Detail.ShowSecrets(show) }

// CopyText copies what was selected.
func (r *Raw) CopyText(text string) {
	r.app.copy(text, "Copied "+byteCount(int64(len(text)))+".")
}

// Copy copies the whole request as it was, secrets and all.
func (r *Raw) Copy() {
	if r.exchange == nil {
		return
	}
	request := &r.exchange.Request
	text := "Copied the request."
	if r.Secret {
		text = "Copied the request, with the secrets in its head."
	}
	r.app.copy(string(request.Head)+string(request.Body), text)
}

// Save asks for a file and writes the request into it.
func (r *Raw) Save() {
	if r.exchange != nil {
		request := &r.exchange.Request
		b := Body{app: r.app, exchange: r.exchange}
		r.app.Screen.Save(b.fileName(".http"), append(append([]byte(nil), request.Head...), request.Body...))
	}
}
