package capture

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Edit is what a person changes of a callback before it is resent. The zero value
// changes nothing. Its JSON form is the file of one edit for several callbacks:
//
//	{"method": "PUT", "path": "/new", "query": "a=1", "set": [{"name": "X-A", "value": "1"}],
//	 "add": […], "remove": ["X-B"], "body": "text"}
//
// Content-Length follows the body by itself.
type Edit struct {
	Method string  `json:"method,omitempty"`
	Path   string  `json:"path,omitempty"`  // begins with "/"; the query stays
	Query  *string `json:"query,omitempty"` // without "?"; "" takes it away

	Header Fields   `json:"header,omitempty"` // all of the header, in place of the old one
	Remove []string `json:"remove,omitempty"` // names in any case
	Set    Fields   `json:"set,omitempty"`    // in place of the first of that name; others of it go
	Add    Fields   `json:"add,omitempty"`    // behind all others

	Text *string `json:"body,omitempty"`
	Body []byte  `json:"body_base64,omitempty"` // bytes that are no text; Text wins
}

// ErrEdit is wrapped by the errors of an edit, which say in a sentence what of it
// cannot be.
var ErrEdit = errors.New("this edit cannot be made")

// ParseEdit reads the file of an edit. What begins with { is JSON, as Edit has it,
// and can be made of any callback. All else is a whole raw request, as an editor
// leaves it: everything behind the empty line is the body, whatever Content-Length
// says, but for a last line end that origin's body does not have and that editors
// add by themselves.
func ParseEdit(file []byte, origin *Request) (*Edit, error) {
	if trimmed := bytes.TrimSpace(file); len(trimmed) > 0 && trimmed[0] == '{' {
		return parseJSONEdit(file)
	}
	if origin == nil {
		return nil, fmt.Errorf("%w: a raw request is the edit of one callback; for several write JSON", ErrEdit)
	}
	end := headEnd(file)
	h, err := parseHead(file[:end])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEdit, err)
	}
	if whole, _ := emptyLine(file[leadingNewlines(file, buggyPrefix):], 0); whole == 0 {
		return nil, fmt.Errorf("%w: there is no empty line between head and body", ErrEdit)
	}
	body := file[end:]
	f, err := framingOf(file[:end])
	if err == nil && f.chunked {
		whole, err := ReadRequest(file)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrEdit, err)
		}
		body = whole.Body
	} else if !bytes.Equal(body, origin.Body) {
		body = withoutAddedNewline(body, origin.Body)
	}
	e := &Edit{Header: h.Header}
	if h.Method != origin.Method {
		e.Method = h.Method
	}
	if h.Target != origin.Target {
		path, query := SplitTarget(h.Target)
		e.Path, e.Query = path, &query
	}
	if slices.Equal(h.Header, origin.Header) {
		e.Header = nil
	}
	if !bytes.Equal(body, origin.Body) {
		e.Body = slices.Clip(body)
		if len(body) == 0 {
			e.Text = new(string)
		}
	}
	return e, nil
}

func parseJSONEdit(file []byte) (*Edit, error) {
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	e := &Edit{}
	if err := decoder.Decode(e); err != nil {
		return nil, fmt.Errorf("%w: it is not the JSON of an edit: %w", ErrEdit, err)
	}
	return e, e.check()
}

func withoutAddedNewline(body, origin []byte) []byte {
	if bytes.HasSuffix(origin, newline) || !bytes.HasSuffix(body, newline) {
		return body
	}
	return bytes.TrimSuffix(body[:len(body)-1], []byte("\r"))
}

// IsZero reports whether it changes nothing.
func (e *Edit) IsZero() bool {
	return e == nil || e.Method == "" && e.Path == "" && e.Query == nil && e.Header == nil &&
		len(e.Remove)+len(e.Set)+len(e.Add) == 0 && !e.HasBody()
}

// HasBody reports whether it brings a body of its own.
func (e *Edit) HasBody() bool { return e != nil && (e.Text != nil || e.Body != nil) }

// check says in a sentence what would be no request any more.
func (e *Edit) check() error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%w: "+format, append([]any{ErrEdit}, args...)...)
	}
	switch {
	case e.Method != "" && !isToken(e.Method):
		return fail("%q is no method", e.Method)
	case e.Method == http.MethodConnect:
		return fail("CONNECT asks for a tunnel, not for an answer")
	case e.Path != "" && !strings.HasPrefix(e.Path, "/"):
		return fail("the path must begin with /")
	case strings.Contains(e.Path, "?"):
		return fail("the query stands apart from the path")
	}
	for _, f := range slices.Concat(e.Header, e.Set, e.Add) {
		if !isToken(f.Name) {
			return fail("%q is no name of a header field", f.Name)
		}
		if strings.ContainsAny(f.Value, "\r\n\x00") {
			return fail("the value of %s holds a line end", f.Name)
		}
	}
	return nil
}

// Apply makes the changes. What r refers to stays as it was.
func (e *Edit) Apply(r *Request) error {
	if e.IsZero() {
		return nil
	}
	if err := e.check(); err != nil {
		return err
	}
	if e.Method != "" {
		r.Method = e.Method
	}
	if e.Path != "" || e.Query != nil {
		path, query := SplitTarget(r.Target)
		asked := strings.Contains(r.Target, "?")
		if e.Path != "" {
			path = e.Path
		}
		if e.Query != nil {
			query, asked = *e.Query, *e.Query != ""
		}
		if asked {
			path += "?" + query
		}
		r.Target = encodeTarget(path)
	}
	if e.Header != nil {
		r.Header = e.Header
	}
	for _, name := range e.Remove {
		r.Header = without(r.Header, name)
	}
	for _, f := range e.Set {
		r.Header = withField(r.Header, f)
	}
	r.Header = append(slices.Clip(r.Header), e.Add...)
	if e.Text != nil {
		r.Body, r.Size = []byte(*e.Text), int64(len(*e.Text))
	} else if e.Body != nil {
		r.Body, r.Size = e.Body, int64(len(e.Body))
	}
	return nil
}

// without returns the fields of other names.
func without(fields Fields, name string) Fields {
	return slices.DeleteFunc(slices.Clone(fields), func(f Field) bool { return strings.EqualFold(f.Name, name) })
}

// withField puts a field where the first one of its name stands.
func withField(fields Fields, field Field) Fields {
	set := make(Fields, 0, len(fields)+1)
	done := false
	for _, f := range fields {
		if !strings.EqualFold(f.Name, field.Name) {
			set = append(set, f)
		} else if !done {
			set, done = append(set, field), true
		}
	}
	if !done {
		set = append(set, field)
	}
	return set
}

// isToken reports whether a text can be a method or the name of a field (RFC
// 9110, section 5.6.2).
func isToken(text string) bool {
	for i := range len(text) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return false
		}
	}
	return text != ""
}
