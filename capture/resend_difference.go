package capture

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// differences tells in what o differs from x: edited is what a person made of it,
// and signed what signing made of that.
func differences(x *Exchange, edited, signed *Request, o *Outgoing, p *Preparation) []Difference {
	was, is := &x.Request, &o.Request
	var all []Difference
	add := func(d Difference) { all = append(all, d) }
	if was.Method != is.Method {
		add(Difference{What: "method", Was: was.Method, Is: is.Method, Why: WhyEdit})
	}
	all = append(all, targetDifference(was, edited, signed, is, p)...)
	if was.Proto != is.Proto {
		add(Difference{What: "version", Was: was.Proto, Is: is.Proto, Why: WhyVersion})
	}
	for _, name := range fieldNames(was.Header, is.Header) {
		before, after := was.Header.All(name), is.Header.All(name)
		if slices.Equal(before, after) {
			continue
		}
		d := Difference{What: "header " + name, Gone: len(after) == 0, Why: whyField(x, edited, signed, name, p)}
		if plain := d.Why == WhyReceiver || d.Why == WhyLength || d.Why == WhyConnection || d.Why == WhyMarker; plain && !d.Gone {
			d.Was, d.Is = strings.Join(before, ", "), strings.Join(after, ", ")
		}
		add(d)
	}
	if !bytes.Equal(was.Body, is.Body) {
		why := WhyEdit
		if bytes.Equal(was.Body, edited.Body) {
			why = WhySignature
		}
		add(Difference{What: "body", Was: sizeWords(len(was.Body)), Is: sizeWords(len(is.Body)), Why: why})
	}
	if len(was.Trailers) > 0 {
		add(Difference{What: "trailers", Gone: true, Why: WhyConnection})
	}
	return all
}

func sizeWords(n int) string { return fmt.Sprintf("%d bytes", n) }

// targetDifference tells it apart where a person edited the target, and where only
// the address asks for another one.
func targetDifference(was, edited, signed, is *Request, p *Preparation) []Difference {
	if was.Target == is.Target {
		return nil
	}
	why := WhyReceiver
	switch {
	case edited.Target != was.Target && (p.Edit == nil || p.Edit.Path == "" && p.Edit.Query == nil):
		why = WhySecret
	case edited.Target != was.Target:
		why = WhyEdit
	case signed.Target != edited.Target:
		why = WhySignature
	}
	return []Difference{{What: "target", Was: MaskTarget(was.Target), Is: MaskTarget(is.Target), Why: why}}
}

// whyField says why a field is another one than it was.
func whyField(x *Exchange, edited, signed *Request, name string, p *Preparation) Why {
	lower := strings.ToLower(name)
	was := x.Request.Header.All(name)
	dropped := slices.ContainsFunc(p.Drop, func(place string) bool { return strings.EqualFold(place, "header "+name) })
	connected := slices.Contains(connectionFields, lower)
	for _, value := range x.Request.Header.All("Connection") {
		for listed := range strings.SplitSeq(value, ",") {
			connected = connected || strings.EqualFold(strings.TrimSpace(listed), name)
		}
	}
	switch {
	case strings.EqualFold(name, ResendMarker) && p.Marker:
		return WhyMarker
	case lower == "host":
		return WhyReceiver
	case lower == "content-length", lower == "transfer-encoding":
		return WhyLength
	case connected:
		return WhyConnection
	case !slices.Equal(edited.Header.All(name), signed.Header.All(name)):
		return WhySignature
	case dropped:
		return WhySecret
	case slices.Equal(was, edited.Header.All(name)) && TunnelField(name):
		return WhyTunnel
	}
	return WhyEdit
}

// fieldNames are the names in either header, in their order, each once.
func fieldNames(headers ...Fields) []string {
	var names []string
	seen := map[string]bool{}
	for _, header := range headers {
		for _, f := range header {
			if lower := strings.ToLower(f.Name); !seen[lower] {
				seen[lower] = true
				names = append(names, f.Name)
			}
		}
	}
	return names
}
