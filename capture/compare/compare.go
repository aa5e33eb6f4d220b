package compare

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hookglass/capture"
)

// Options say how exchanges are compared. The zero value is what most want.
type Options struct {
	// Context is how many equal lines are shown around a difference: 3 where it is
	// 0. Below 0 nothing is folded.
	Context int

	// ArrayKey are keys that tell the elements of arrays apart, by the array's
	// path as "$.orders[].items", or by "" for all others. What has none is
	// compared by position.
	ArrayKey map[string]string

	// Connection compares the header fields too that differ by nature: those of
	// one connection, those that a tunnel adds, Date.
	Connection bool

	// Secrets are places that hold secrets; their values are masked, as are
	// credentials that stand where everybody has them. Reveal shows all.
	Secrets []capture.Sensitive
	Reveal  bool

	// Mask masks the secrets of a request target that are known by their value, as
	// lists show it. Where it is given, a path among Secrets hides no more than that.
	Mask func(target string) string
}

// defaultContext is how many equal lines people read around a difference.
const defaultContext = 3

func (o *Options) context() int {
	if o.Context == 0 {
		return defaultContext
	}
	return o.Context
}

// Comparison is how two exchanges differ.
type Comparison struct {
	Equal    bool `json:"equal"`
	Request  Part `json:"request"`
	Response Part `json:"response"`
}

// Part is a request or an answer.
type Part struct {
	Equal  bool    `json:"equal"`
	Line   Section `json:"line"` // request line or status
	Header Section `json:"header"`
	Body   Section `json:"body"`
}

// Sections are the three of a part.
func (p *Part) Sections() []*Section { return []*Section{&p.Line, &p.Header, &p.Body} }

// Exchanges compares two exchanges and their answers. The bodies must be loaded. The
// error is the context's.
func Exchanges(ctx context.Context, a, b *capture.Exchange, o Options) (*Comparison, error) {
	c := &Comparison{}
	var err error
	if c.Request, err = requests(ctx, a, b, &o); err != nil {
		return nil, err
	}
	if c.Response, err = answers(ctx, a, b, &o); err != nil {
		return nil, err
	}
	c.Equal = c.Request.Equal && c.Response.Equal
	return c, nil
}

func (p *Part) finish() {
	p.Equal = p.Line.Equal && p.Header.Equal && p.Body.Equal
}

// requests compares two requests.
func requests(ctx context.Context, a, b *capture.Exchange, o *Options) (p Part, err error) {
	x, y := &a.Request, &b.Request
	p.Line = Section{Title: "Request line", Form: FormFields}
	lineA, lineB := requestLine(a, o), requestLine(b, o)
	ordered, otherwise := compareFields(&p.Line, lineA, lineB)
	if !ordered {
		p.Line.Notes = append(p.Line.Notes, "the parameters of the query stand in another order")
	}
	if otherwise > 0 {
		p.Line.Notes = append(p.Line.Notes, "the query is written otherwise and says the same")
	}
	p.Line.SameBytes = x.Method == y.Method && x.Target == y.Target && x.Proto == y.Proto
	p.Line.finish(o.context())

	p.Header = headers(x.Header, y.Header, x.Trailers, y.Trailers, func(name string) bool {
		return capture.ConnectionField(name) || hostField(name) ||
			capture.TunnelField(name) && (a.Via.Public() || b.Via.Public())
	}, o)
	if !x.Exact || !y.Exact {
		p.Header.Notes = append(p.Header.Notes, "order and case of the fields are not known of "+which(!x.Exact, !y.Exact))
	}
	p.Body, err = compareBodies(ctx,
		payload{bytes: x.Body, header: x.Header, cut: x.Truncated}, payload{bytes: y.Body, header: y.Header, cut: y.Truncated}, o)
	p.finish()
	return p, err
}

// which names the sides.
func which(first, second bool) string {
	switch {
	case first && second:
		return "both"
	case first:
		return "the first"
	}
	return "the second"
}

// hostField reports whether a field is another one for every receiver or body, and
// says nothing that the comparison does not say already.
func hostField(name string) bool {
	return strings.EqualFold(name, "Host") || strings.EqualFold(name, "Content-Length")
}

// requestLine is a request line in lines: method, path and version, and each
// parameter of the query.
func requestLine(x *capture.Exchange, o *Options) []field {
	r := &x.Request
	if r.Method == "" {
		return nil
	}
	target, query, asked := strings.Cut(r.Target, "?")
	raw := r.Method + " " + target + " " + r.Proto
	line := field{name: "\x00line", value: raw, raw: raw, path: "line"}
	if !o.Reveal {
		target = capture.MaskTarget(target)
	}
	switch {
	case o.Reveal || !o.places()["path"]:
	case o.Mask == nil:
		target, line.secret = hidePath(target, x.Endpoint)
	default:
		if shown := o.Mask(target); shown != target {
			target, line.secret = shown, target
		}
	}
	line.text = r.Method + " " + target + " " + r.Proto
	fields := []field{line}
	if asked && query == "" {
		return append(fields, field{name: "\x00?", text: "?", path: "?"})
	}
	return append(fields, parameterFields(query, "?", o)...)
}

// headers compares two headers, and trailers.
func headers(a, b, trailersA, trailersB capture.Fields, out func(string) bool, o *Options) Section {
	s := Section{Title: "Header", Form: FormFields}
	if o.Connection {
		out = func(string) bool { return false }
	}
	secrets := o.places()
	fieldsA, leftA := headerFields(a, "header", out, secrets)
	fieldsB, leftB := headerFields(b, "header", out, secrets)
	moreA, _ := headerFields(trailersA, "trailer", out, secrets)
	moreB, _ := headerFields(trailersB, "trailer", out, secrets)
	for _, more := range [][]field{moreA, moreB} {
		for i := range more { // so that no field of the header is taken for one
			more[i].name = "trailer " + more[i].name
		}
	}
	ordered, otherwise := compareFields(&s, append(fieldsA, moreA...), append(fieldsB, moreB...))
	if !ordered {
		s.Notes = append(s.Notes, "the fields stand in another order")
	}
	if otherwise > 0 {
		s.Notes = append(s.Notes, "names are written with other capitals")
	}
	if names := leftOut(a, b, leftA, leftB); len(names) > 0 {
		s.Notes = append(s.Notes, "left out, as it belongs to one connection or was added on the way: "+strings.Join(names, ", "))
	}
	s.SameBytes = slices.Equal(a, b) && slices.Equal(trailersA, trailersB)
	s.finish(o.context())
	return s
}

// leftOut names the fields that were left out and differ.
func leftOut(a, b capture.Fields, left ...[]string) []string {
	var names []string
	seen := map[string]bool{}
	for _, name := range slices.Concat(left...) {
		lower := strings.ToLower(name)
		if !seen[lower] && !slices.Equal(a.All(name), b.All(name)) {
			names = append(names, name)
		}
		seen[lower] = true
	}
	return names
}

// answers compares what two exchanges were answered.
func answers(ctx context.Context, a, b *capture.Exchange, o *Options) (p Part, err error) {
	p.Line = Section{Title: "Answer", Form: FormFields}
	lineA, lineB := answerLine(a), answerLine(b)
	compareFields(&p.Line, lineA, lineB)
	p.Line.SameBytes = slices.Equal(lineA, lineB)
	p.Line.finish(o.context())
	x, y := a.Response, b.Response
	if x == nil {
		x = &capture.Response{}
	}
	if y == nil {
		y = &capture.Response{}
	}
	p.Header = headers(x.Header, y.Header, nil, nil, func(name string) bool {
		return capture.ConnectionField(name) || strings.EqualFold(name, "Content-Length") || strings.EqualFold(name, "Date")
	}, o)
	p.Body, err = compareBodies(ctx, payload{bytes: x.Body, header: x.Header}, payload{bytes: y.Body, header: y.Header}, o)
	p.finish()
	return p, err
}

// answerLine is a status, or why there is none.
func answerLine(x *capture.Exchange) []field {
	var lines []field
	add := func(name, text string) {
		lines = append(lines, field{name: name, value: text, raw: text, text: text, path: name})
	}
	if x.Response != nil {
		add("status", "HTTP "+strconv.Itoa(x.Response.Status))
	} else {
		add("status", "no answer: "+strings.ReplaceAll(string(x.State), "_", " "))
	}
	if x.Error != "" {
		add("error", fmt.Sprintf("error: %s", x.Error))
	}
	return lines
}
