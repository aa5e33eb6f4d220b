package capture

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What a template may be at the most.
const (
	maxVariables   = 256
	maxHeaderValue = 8 << 10 // bytes of a header value after its variables were filled in
)

// TemplateVariables are the variables of templates, for help and completion. What
// ends in a dot goes on with a name, or with a path into a JSON body:
// body.items.0.sku.
var TemplateVariables = []string{
	"order", "delivery", "event", "provider", "method", "path", "query.", "header.", "body.", "now", "uuid", "counter",
}

// readVariables are those that want the annotation.
var readVariables = []string{"order", "delivery", "event", "provider"}

// TemplateError says what is wrong with a template, and where.
type TemplateError struct {
	At, End int    // bytes of the text
	Text    string // a sentence for a person
}

func (e *TemplateError) Error() string { return fmt.Sprintf("at character %d: %s", e.At+1, e.Text) }

// errTooLong says that a filled template passes MaxRuleBody.
var errTooLong = errors.New("with its variables filled in, the body is larger than 1 MiB")

// template is a text with variables such as {{order}}, parsed.
type template struct {
	parts  []templatePart
	escape escape
	reads  bool // it wants the annotation
}

// templatePart is a text, or else a variable.
type templatePart struct {
	text     string
	variable string
	name     string // what follows the dot
	path     int    // of body.: which of the paths
	inside   bool   // of JSON: it stands inside a string
}

// parseTemplate reads a template. Its paths into the body join paths.
func parseTemplate(text string, as escape, paths *bodyPaths) (*template, error) {
	t := &template{escape: as}
	var place jsonPlace
	for at := 0; ; {
		open := strings.Index(text[at:], "{{")
		if open < 0 {
			t.add(templatePart{text: text[at:]})
			return t, nil
		}
		open += at
		literal := text[at:open]
		place.pass(literal)
		t.add(templatePart{text: literal})
		length := strings.Index(text[open:], "}}")
		if length < 0 {
			return nil, &TemplateError{open, len(text), "This variable does not end: }} is missing."}
		}
		end := open + length + 2
		if len(t.parts) > 2*maxVariables {
			return nil, &TemplateError{open, end, "There are too many variables."}
		}
		part, problem := readVariable(strings.TrimSpace(text[open+2:end-2]), paths)
		if problem == "" && as == escapeJSON && place.escaped {
			problem = "A backslash before a variable would change what it says."
		}
		if problem != "" {
			return nil, &TemplateError{open, end, problem}
		}
		part.inside = place.inside
		t.add(part)
		t.reads = t.reads || slices.Contains(readVariables, part.variable)
		at = end
	}
}

func (t *template) add(p templatePart) {
	if p.text != "" || p.variable != "" {
		t.parts = append(t.parts, p)
	}
}

// readVariable reads what stands between {{ and }}. It returns what is wrong with
// it as a sentence.
func readVariable(word string, paths *bodyPaths) (p templatePart, problem string) {
	const most = 40 // letters of a word of a person's that are worth repeating
	shown := fmt.Sprintf("%.*q", most+2, word[:min(len(word), most)])
	head, name, dotted := strings.Cut(word, ".")
	variable := head
	if dotted {
		variable += "."
	}
	switch {
	case word == "":
		return p, "The name of a variable is missing."
	case !slices.Contains(TemplateVariables, variable):
		return p, fmt.Sprintf("There is no variable %s; there are %s.", shown, variableList())
	case dotted && name == "":
		return p, fmt.Sprintf("After %s a name is missing.", shown)
	}
	p = templatePart{variable: variable, name: name}
	switch variable {
	case "header.":
		if !headerName(name) {
			return p, fmt.Sprintf("%s is no name of a header field.", shown)
		}
	case "body.":
		steps := strings.Split(name, ".")
		if len(steps) > maxSteps || slices.Contains(steps, "") {
			return p, fmt.Sprintf("%s is no path into a body; write for example body.items.0.sku.", shown)
		}
		p.path = paths.add(steps)
	}
	return p, ""
}

func variableList() string {
	var names []string
	for _, name := range TemplateVariables {
		switch name {
		case "body.":
			name = "body.id"
		case "header.", "query.":
			name += "name"
		}
		names = append(names, name)
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// Question is a callback that is to be answered by a rule.
type Question struct {
	Exchange *Exchange
	Endpoint *Endpoint // the one that took it; nil where none did
	Now      time.Time
	Hit      int64 // the how manieth callback of the rule it is
}

// filling is what the templates of one answer are filled with.
type filling struct {
	*Question
	uid   string
	found [][]byte // what the body says at each path, as raw JSON
}

// fill writes a template with its variables filled in.
func (t *template) fill(f *filling) ([]byte, error) {
	if len(t.parts) == 1 && t.parts[0].variable == "" {
		return []byte(t.parts[0].text), nil
	}
	var out []byte
	for i := range t.parts {
		p := &t.parts[i]
		if p.variable == "" {
			out = append(out, p.text...)
		} else {
			text, raw := f.value(p)
			if len(text) > MaxRuleBody {
				return nil, errTooLong
			}
			out = t.escape.write(out, text, raw, p.inside)
		}
		if len(out) > MaxRuleBody {
			return nil, errTooLong
		}
	}
	if t.escape == escapeHeader {
		out = out[:min(len(out), maxHeaderValue)]
	}
	return out, nil
}

// value is what a variable stands for: its text, and the JSON that it is where
// it is a value of the body. A value that is not there is "" and null.
func (f *filling) value(p *templatePart) (text string, raw []byte) {
	x := f.Exchange
	switch p.variable {
	case "order":
		return x.Annotation.Order, nil
	case "delivery":
		return x.Annotation.Delivery, nil
	case "event":
		return x.Annotation.Event, nil
	case "provider":
		return x.Annotation.Provider, nil
	case "method":
		return x.Request.Method, nil
	case "path":
		return x.Request.Path(), nil
	case "query.":
		return queryValue(x.Request.Query(), p.name), nil
	case "header.":
		return x.Request.Header.Value(p.name), nil
	case "body.":
		return rawText(f.found[p.path])
	case "now":
		return f.Now.UTC().Format(time.RFC3339), nil
	case "uuid":
		if f.uid == "" {
			f.uid = NewUID(f.Now) // one for the whole answer
		}
		return f.uid, nil
	case "counter":
		text = strconv.FormatInt(f.Hit, 10)
		return text, []byte(text)
	}
	return "", nil
}

// queryValue returns the first value of a name in a query, decoded where it can
// be.
func queryValue(query, name string) string {
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if decoded, err := url.QueryUnescape(key); err == nil {
			key = decoded
		}
		if key != name {
			continue
		}
		if decoded, err := url.QueryUnescape(value); err == nil {
			value = decoded
		}
		return value
	}
	return ""
}
