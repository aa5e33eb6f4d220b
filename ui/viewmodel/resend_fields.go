package viewmodel

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hookglass/capture"
)

// maxTyped is how long a text may be that is edited in the window.
const maxTyped = 10 << 10

// ResendFields are what a person types and chooses for a resend.
type ResendFields struct {
	URL      string
	KeepPath bool // of the address only scheme and host count
	Edited   bool // the following four count

	Method string
	Target string // path and query
	Header string // "Name: value", a line each
	Body   string // where it can be edited here

	Resign, Drop, Follow, Marker bool
}

// ResendBody is what can be done with the body of a resend.
type ResendBody struct {
	Here  bool   // it can be edited in the window
	Why   string // why it cannot: "It is 48 kB, …"
	Said  string // "JSON", "Line 3: …"
	Tone  Tone
	JSON  bool   // it can be formatted
	File  string // where it is edited outside; "" where it is not
	taken []byte // what was read back of that; nil: nothing
}

// newResendFields are those of a callback as it came. Secrets are hidden, unless
// they are shown elsewhere too.
func newResendFields(x *capture.Exchange, secrets []string, plain bool) ResendFields {
	r := &x.Request
	f := ResendFields{Method: r.Method, Target: r.Target}
	if plain {
		secrets = nil
	}
	var lines []string
	for _, field := range r.Header {
		lines = append(lines, field.Name+": "+hidden(field, secrets))
	}
	f.Header = strings.Join(lines, "\n")
	f.Target = hiddenTarget(r.Target, secrets)
	if newResendBody(r).Here {
		f.Body = string(r.Body)
	}
	return f
}

// hidden is the value of a field as it is shown.
func hidden(field capture.Field, secrets []string) string {
	for _, place := range secrets {
		if name, ok := strings.CutPrefix(place, "header "); ok && strings.EqualFold(name, field.Name) {
			return dots
		}
	}
	return field.Value
}

// hiddenTarget is a target with dots in the place of the secrets of its query.
func hiddenTarget(target string, secrets []string) string {
	path, query, asked := strings.Cut(target, "?")
	if !asked {
		return target
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		for _, place := range secrets {
			if secret, ok := strings.CutPrefix(place, "?"); ok && strings.EqualFold(secret, name) && value != "" {
				pairs[i] = name + "=" + dots
			}
		}
	}
	return path + "?" + strings.Join(pairs, "&")
}

// newResendBody says what can be done with a body.
func newResendBody(r *capture.Request) ResendBody {
	b := ResendBody{Here: true}
	switch {
	case len(r.Body) > maxTyped:
		b.Here, b.Why = false, "It is "+byteCount(int64(len(r.Body)))+": too long to be edited here."
	case !utf8.Valid(r.Body) || bytes.IndexFunc(r.Body, oddControl) >= 0:
		b.Here, b.Why = false, "It holds bytes that cannot be typed here."
	}
	if b.Here {
		b.judge(string(r.Body))
	}
	return b
}

// oddControl reports whether a field for text would not give a character back.
func oddControl(c rune) bool { return c != '\n' && unicode.IsControl(c) && c != '\t' }

// judge says whether a text is JSON; one that does not look like it is not told so.
func (b *ResendBody) judge(text string) {
	b.Said, b.Tone, b.JSON = "", Muted, false
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || trimmed[0] != '{' && trimmed[0] != '[' {
		return
	}
	var value json.RawMessage
	err := json.Unmarshal([]byte(text), &value)
	if err == nil {
		b.Said, b.Tone, b.JSON = "Valid JSON", Good, true
		return
	}
	b.Said, b.Tone = "No JSON: "+err.Error(), Warn
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at := int(min(max(syntax.Offset-1, 0), int64(len(text))))
		before := text[:at]
		line := strings.Count(before, "\n") + 1
		column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
		b.Said = fmt.Sprintf("No JSON: line %d, column %d: %s", line, column, syntax.Error())
	}
}

// check looks at the body that is typed.
func (r *Resend) check() {
	if r.Body.Here {
		r.Body.judge(r.Fields.Body)
	}
}

// Format lays the JSON of the body out, or puts it into one line where it is laid
// out already. No value is changed.
func (r *Resend) Format() {
	if !r.Body.JSON {
		return
	}
	var out bytes.Buffer
	if json.Indent(&out, []byte(strings.TrimSpace(r.Fields.Body)), "", "  ") != nil || out.Len() > maxTyped {
		return
	}
	if out.String() == r.Fields.Body {
		out.Reset()
		if json.Compact(&out, []byte(r.Fields.Body)) != nil {
			return
		}
	}
	r.Written++
	r.Change(func(f *ResendFields) { f.Body = out.String() })
}

// edit is what was edited, or what of it cannot be.
func (r *Resend) edit() (e *capture.Edit, problem string) {
	f, o, x := &r.Fields, &r.Original, r.page.Exchange
	e = &capture.Edit{}
	if method := strings.TrimSpace(f.Method); method != x.Request.Method {
		if method == "" {
			return nil, "The method is missing: GET, POST, PUT …"
		}
		e.Method = method
	}
	if f.Target != o.Target {
		target, ok := r.revealTarget(strings.TrimSpace(f.Target))
		if !ok {
			return nil, "A hidden secret of the query was moved: type its value, or take it out."
		}
		if !strings.HasPrefix(target, "/") {
			return nil, "The path is missing: it begins with /."
		}
		path, query := capture.SplitTarget(target)
		e.Path, e.Query = path, &query
	}
	if f.Header != o.Header {
		if e.Header, problem = r.header(); problem != "" {
			return nil, problem
		}
	}
	switch {
	case r.Body.taken != nil:
		e.Body = r.Body.taken
		if len(e.Body) == 0 {
			e.Body, e.Text = nil, new(string)
		}
	case r.Body.Here && f.Body != o.Body:
		body := f.Body
		e.Text = &body
	}
	return e, ""
}

// header reads the typed header. A secret that is still hidden is what came.
func (r *Resend) header() (capture.Fields, string) {
	fields := capture.Fields{}
	used := map[string]int{}
	for i, line := range strings.Split(r.Fields.Header, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Sprintf("Line %d of the header has no colon: it should look like Name: value.", i+1)
		}
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if value == dots {
			all, lower := r.page.Exchange.Request.Header.All(name), strings.ToLower(name)
			if used[lower] >= len(all) {
				return nil, fmt.Sprintf("Line %d of the header hides a secret that did not come: type its value.", i+1)
			}
			value = all[used[lower]]
			used[lower]++
		}
		fields = append(fields, capture.Field{Name: name, Value: value})
	}
	return fields, ""
}

// revealTarget puts the secrets that came in the place of the dots.
func (r *Resend) revealTarget(target string) (string, bool) {
	path, query, asked := strings.Cut(target, "?")
	if !asked {
		return target, !strings.Contains(target, dots)
	}
	came := strings.Split(r.page.Exchange.Request.Query(), "&")
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		if value != dots {
			continue
		}
		at := slices.IndexFunc(came, func(other string) bool {
			n, _, _ := strings.Cut(other, "=")
			return strings.EqualFold(n, name)
		})
		if at < 0 {
			return target, false
		}
		pairs[i] = came[at]
		came = slices.Delete(came, at, at+1)
	}
	target = path + "?" + strings.Join(pairs, "&")
	return target, !strings.Contains(target, dots)
}
