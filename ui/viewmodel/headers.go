package viewmodel

import (
	"net/url"
	"strings"

	"hookglass/capture"
)

// Headers are the fields of a request in their order, and the parameters of its
// address and form.
type Headers struct {
	Note   string // what is not as it came; "" where all is
	Groups []HeaderGroup
}

// HeaderGroup is a table of names and values.
type HeaderGroup struct {
	Title string
	Kind  HeaderKind
	Rows  []HeaderRow
}

// HeaderKind says what the rows of a group are.
type HeaderKind int

// The kinds of groups.
const (
	GroupFields HeaderKind = iota
	GroupTrailers
	GroupQuery
	GroupForm
)

// HeaderRow is one field or parameter.
type HeaderRow struct {
	Name, Value string
	Copy        string // the value as sent
	Mark        string // "added by the tunnel", "2nd of this name"; "" for none
	Tone        Tone   // of the mark
	Secret      bool   // Value is masked until Detail.Secrets
	Shown       string // of a secret: the value in full
}

// Text is what is shown of the value.
func (r *HeaderRow) Text(secrets bool) string {
	if r.Secret && secrets {
		return r.Shown
	}
	return r.Value
}

// HasSecrets reports whether anything is masked.
func (h *Headers) HasSecrets() bool {
	for i := range h.Groups {
		for k := range h.Groups[i].Rows {
			if h.Groups[i].Rows[k].Secret {
				return true
			}
		}
	}
	return false
}

func newHeaders(m *material) Headers {
	x := m.exchange
	r := &x.Request
	var h Headers
	switch x.Via {
	case capture.ViaTunnel:
		h.Note = "Order and case of these fields are as ngrok delivered them; what the sender wrote is not known."
	case capture.ViaPublic:
		h.Note = "Order and case of these fields are as your proxy delivered them; what the sender wrote is not known."
	case capture.ViaLocal, capture.ViaReplay, capture.ViaImport, capture.ViaSample:
	}
	if !r.Exact && len(r.Header) > 0 {
		h.Note = "The head could not be kept as it came: order and case of these fields are those of Go's library."
	}
	hidden := secretPlaces(m.look.Decoding.Sensitive)
	title := "Header"
	if x.Via == capture.ViaReplay {
		title = "Header that was sent"
	}
	h.add(title, GroupFields, fieldRows(r.Header, hidden, addedBy(x.Via)))
	h.add("Trailers", GroupTrailers, fieldRows(r.Trailers, hidden, ""))
	h.add("Query of the address", GroupQuery, secretParameters(parameters(r.Query()), hidden, m.mask))
	if strings.HasPrefix(contentType(x), "application/x-www-form-urlencoded") && r.Size <= maxForm {
		body, err := capture.DecodeBody(r.Header.All("Content-Encoding"), r.Body, maxForm)
		if err == nil {
			h.add("Form", GroupForm, parameters(string(body)))
		}
	}
	return h
}

// maxForm is the size of a form up to which it is laid out.
const maxForm = 256 << 10

func (h *Headers) add(title string, kind HeaderKind, rows []HeaderRow) {
	if len(rows) > 0 {
		h.Groups = append(h.Groups, HeaderGroup{title, kind, rows})
	}
}

// addedBy says who adds the fields that tell of the way, "" for nobody.
func addedBy(via capture.Via) string {
	switch via {
	case capture.ViaTunnel:
		return "added by the tunnel"
	case capture.ViaPublic:
		return "added by your proxy"
	case capture.ViaLocal, capture.ViaReplay, capture.ViaImport, capture.ViaSample:
	}
	return ""
}

func fieldRows(fields capture.Fields, hidden map[string]bool, added string) []HeaderRow {
	rows := make([]HeaderRow, len(fields))
	total, seen := map[string]int{}, map[string]int{}
	for _, f := range fields {
		total[strings.ToLower(f.Name)]++
	}
	for i, f := range fields {
		name := strings.ToLower(f.Name)
		seen[name]++
		rows[i] = HeaderRow{Name: capture.Visible(f.Name), Value: capture.Visible(f.Value), Copy: f.Value}
		switch {
		case added != "" && capture.TunnelField(f.Name):
			rows[i].Mark, rows[i].Tone = added, Accent
		case total[name] > 1:
			rows[i].Mark, rows[i].Tone = groupDigits(int64(seen[name]))+" of "+groupDigits(int64(total[name])), Warn
		}
		if secretField(name) || hidden["header "+name] {
			rows[i].hide()
		}
		if f.Value == "" {
			rows[i].Mark, rows[i].Tone = "empty", Muted
		}
	}
	return rows
}

// secretField reports whether a header field carries a credential, whoever sent
// it.
func secretField(name string) bool {
	switch name {
	case "authorization", "proxy-authorization", "cookie", "set-cookie":
		return true
	}
	return false
}

// hide masks a value. Of an Authorization its kind stays, which is worth seeing.
func (r *HeaderRow) hide() {
	if r.Copy == "" {
		return
	}
	r.Secret, r.Shown, r.Value = true, r.Value, dots
	if kind, _, ok := strings.Cut(r.Shown, " "); ok && strings.EqualFold(r.Name, "Authorization") && len(kind) <= 10 {
		r.Value = kind + " " + dots
	}
}

// maxParameters bounds how many parameters are laid out.
const maxParameters = 1000

// parameters splits a query or a form, in its order and with repeats.
func parameters(raw string) []HeaderRow {
	if raw == "" {
		return nil
	}
	var rows []HeaderRow
	for pair := range strings.SplitSeq(raw, "&") {
		if len(rows) == maxParameters {
			return append(rows, HeaderRow{Name: "…", Value: "more are in the Raw tab"})
		}
		if pair == "" {
			continue
		}
		name, value, has := strings.Cut(pair, "=")
		row := HeaderRow{Name: capture.Visible(queryUnescaped(name)), Value: capture.Visible(queryUnescaped(value)), Copy: queryUnescaped(value)}
		switch {
		case !has:
			row.Mark, row.Tone = "without a value", Muted
		case value == "":
			row.Mark, row.Tone = "empty", Muted
		}
		rows = append(rows, row)
	}
	return rows
}

func queryUnescaped(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil {
		return decoded
	}
	return text
}

// secretParameters masks the parameters that are named like credentials, as
// rows mask them, and those that the provider calls secret.
func secretParameters(rows []HeaderRow, hidden map[string]bool, mask func(string) string) []HeaderRow {
	for i := range rows {
		probe := "/?" + url.QueryEscape(rows[i].Name) + "=" + url.QueryEscape(rows[i].Copy)
		if hidden["?"+strings.ToLower(rows[i].Name)] || mask(probe) != probe {
			rows[i].hide()
		}
	}
	return rows
}

// ShowSecrets shows the secrets that came with the callback, or masks them
// again; the next callback begins masked.
func (d *Detail) ShowSecrets(show bool) {
	if d.Secrets != show {
		d.Secrets = show
		d.Changed.Emit()
	}
}
