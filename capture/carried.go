package capture

import (
	"slices"
	"strconv"
	"strings"
)

// connectionFields belong to one connection and are not sent on (RFC 9110,
// section 7.6.1), in lower case. Expect would have us wait with the body.
var connectionFields = []string{
	"connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization",
	"te", "trailer", "transfer-encoding", "upgrade", "expect",
}

// connectionField reports whether a field belongs to one connection. options are
// what the Connection fields beside it name.
func connectionField(name string, options []string) bool {
	is := func(other string) bool { return len(other) == len(name) && strings.EqualFold(other, name) }
	return slices.ContainsFunc(connectionFields, is) || slices.ContainsFunc(options, is)
}

// originFields tell an app where a request comes from, in lower case. A sender
// must not have them taken away by naming them in Connection: without them the
// app may take a stranger, whose requests come from this machine, for the person.
var originFields = append([]string{"forwarded", "via", "x-real-ip"}, tunnelFields...)

// connectionOptions are what the Connection fields of a header name, in lower
// case, without originFields.
func connectionOptions(header Fields) []string {
	var options []string
	for i := range header {
		if len(header[i].Name) != len("Connection") || !strings.EqualFold(header[i].Name, "Connection") {
			continue
		}
		for option := range strings.SplitSeq(header[i].Value, ",") {
			option = strings.ToLower(strings.Trim(option, blanks))
			if !slices.Contains(originFields, option) {
				options = append(options, option)
			}
		}
	}
	return options
}

// carrying says how the header of a callback is made into one for another host.
type carrying struct {
	host     string
	trailers bool // its trailers are sent too, behind a body in chunks
	te       bool // that the sender reads trailers is told
	direct   bool // without what the tunnel added
}

// header is the header of a request as it is sent on: its fields in their order,
// case and repeats but for Host, for what belongs to a connection, and for how the
// body is delimited. That stands where it stood.
func (c carrying) header(x *Exchange) Fields {
	options := connectionOptions(x.Request.Header)
	framing := Field{"Content-Length", strconv.Itoa(len(x.Request.Body))}
	if c.trailers {
		framing = Field{"Transfer-Encoding", "chunked"}
	}
	hosted, framed, told := false, false, false
	fields := make(Fields, 0, len(x.Request.Header)+4) // what is added here and by the callers
	for _, f := range x.Request.Header {
		switch name := f.Name; {
		case strings.EqualFold(name, "Host"):
			if !hosted {
				fields = append(fields, Field{name, c.host})
			}
			hosted = true
		case strings.EqualFold(name, "Content-Length"), strings.EqualFold(name, "Transfer-Encoding"):
			if strings.EqualFold(name, framing.Name) {
				framing.Name = name
			}
			if !framed {
				fields = append(fields, framing)
			}
			framed = true
		case c.trailers && strings.EqualFold(name, "Trailer"):
			fields = append(fields, f)
		case c.te && strings.EqualFold(name, "TE"):
			if !told {
				fields = append(fields, Field{name, "trailers"})
			}
			told = true
		case connectionField(name, options), c.direct && x.Via.Public() && TunnelField(name):
		default:
			fields = append(fields, f)
		}
	}
	if !hosted {
		fields = slices.Insert(fields, 0, Field{"Host", c.host})
	}
	if !framed && (len(x.Request.Body) > 0 || c.trailers) {
		fields = append(fields, framing)
	}
	if told {
		fields = append(fields, Field{"Connection", "TE"})
	}
	return fields
}
