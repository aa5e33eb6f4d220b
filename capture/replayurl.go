package capture

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// replayURL is where a request is sent.
type replayURL struct {
	secure bool
	host   string // as in a Host field
	name   string // without the port
	addr   string // with it
	target string // path and query
}

// base is the address without path: "http://localhost:3000".
func (u *replayURL) base() string {
	if u.secure {
		return "https://" + u.host
	}
	return "http://" + u.host
}

// parseReplayURL reads an address as a person writes it. What may not stand in a
// request line is percent-encoded; all else of path and query stays as it is.
func parseReplayURL(text string) (to replayURL, err error) {
	text = strings.TrimSpace(text)
	fail := func(why string, args ...any) (replayURL, error) {
		return to, fmt.Errorf("%w: "+why, append([]any{ErrReplay}, args...)...)
	}
	if text == "" {
		return fail("there is no address to send it to")
	}
	u, err := url.Parse(text)
	if err != nil {
		// Of its text, which may hold secrets, nothing is told.
		var parse *url.Error
		if errors.As(err, &parse) {
			err = parse.Err
		}
		return fail("the address cannot be read: %w", err)
	}
	to.secure = strings.EqualFold(u.Scheme, "https")
	switch {
	case !to.secure && !strings.EqualFold(u.Scheme, "http"):
		return fail("the address must begin with http:// or https://")
	case u.Hostname() == "":
		return fail("the address names no host")
	case u.User != nil:
		return fail("the address holds a user name; it is sent as it was, and that would change it")
	}
	port := "80"
	if to.secure {
		port = "443"
	}
	if u.Port() != "" {
		port = u.Port()
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return fail("%s is no port", port)
	}
	to.host, to.name, to.addr = strings.TrimSuffix(u.Host, ":"), u.Hostname(), net.JoinHostPort(u.Hostname(), port)
	_, rest, _ := strings.Cut(text, "://")
	to.target = "/"
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest, _, _ = strings.Cut(rest[i:], "#")
		to.target = encodeTarget(rest)
	}
	return to, nil
}

func encodeTarget(rest string) string {
	var b strings.Builder
	if !strings.HasPrefix(rest, "/") {
		b.WriteByte('/')
	}
	for i := range len(rest) {
		if c := rest[i]; c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Loopback reports whether a URL leads to this machine alone: a loopback
// address, localhost or a name under it. What cannot be read does not.
func Loopback(url string) bool {
	to, err := parseReplayURL(url)
	if err != nil {
		return false
	}
	name := strings.TrimSuffix(strings.ToLower(to.name), ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.Unmap().IsLoopback()
}

// tunnelFields are those that the tunnel adds, in lower case.
var tunnelFields = []string{"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}

// TunnelField reports whether a header field of a request that came through the
// tunnel is one that the tunnel adds. A sender may send one of that name too.
func TunnelField(name string) bool { return slices.Contains(tunnelFields, strings.ToLower(name)) }

// ConnectionField reports whether a header field belongs to one connection, by its
// name alone.
func ConnectionField(name string) bool {
	return slices.Contains(connectionFields, strings.ToLower(name))
}

// replayedHeader is the header of x for another host.
func replayedHeader(x *Exchange, host string) Fields {
	return append(carrying{host: host, direct: true}.header(x), Field{"Connection", "close"})
}

// windowsRefused and windowsReset are WSAECONNREFUSED and WSAECONNRESET;
// syscall.ECONNREFUSED and ECONNRESET are not they.
const (
	windowsRefused = syscall.Errno(10061)
	windowsReset   = syscall.Errno(10054)
)

// replayFailure says in a sentence why there is no answer.
func replayFailure(err error, to replayURL, timeout time.Duration) string {
	var unknown *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, context.Canceled):
		return "The sending was cancelled."
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Sprintf("%s did not answer within %s.", to.addr, timeout)
	case errors.Is(err, errCutAnswer):
		// Whatever ended it: there was the begin of an answer.
		return fmt.Sprintf("There is no good answer from %s: %v.", to.addr, err)
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, windowsRefused):
		return fmt.Sprintf("Nothing listens at %s.", to.addr)
	case errors.As(err, &unknown) && unknown.IsNotFound:
		return fmt.Sprintf("There is no host %s.", to.name)
	case errors.As(err, &certificate):
		return fmt.Sprintf("The certificate of %s does not hold: %v.", to.name, certificate.Err)
	case errors.As(err, &record):
		return fmt.Sprintf("%s does not speak TLS: try http:// in place of https://.", to.addr)
	case errors.Is(err, errNoAnswer), errors.Is(err, syscall.ECONNRESET), errors.Is(err, windowsReset), errors.Is(err, syscall.EPIPE):
		return fmt.Sprintf("%s closed the connection without an answer.", to.addr)
	}
	return fmt.Sprintf("There is no good answer from %s: %v.", to.addr, err)
}
