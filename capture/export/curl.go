package export

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hookglass/capture"
)

const (
	// maxArgument is the largest body that is written as an argument: Linux takes
	// 128 KiB for one.
	maxArgument = 96 << 10

	// maxInline is the largest body that stands in a command: neither a clipboard
	// nor a terminal is for more.
	maxInline = 8 << 20
)

// ErrCurl is wrapped by the errors of Curl, which say in a sentence why there is
// no command.
var ErrCurl = errors.New("there is no curl command for it")

// Curl writes a request as a command for a POSIX shell that sends the same bytes.
// base is where to, in place of the host: "http://127.0.0.1:4480". What belongs to
// one connection is left out, and what curl would add by itself is taken away;
// curl writes Host first.
//
// The body is read from file, which must be the body's bytes; with "" it stands in
// the command itself, as text or as base64.
func Curl(x *capture.Exchange, base, file string) (string, error) {
	r := &x.Request
	switch {
	case x.State == capture.StateRefused || r.Method == "":
		return "", fmt.Errorf("%w: it never was a whole request", ErrCurl)
	case oddHead(r):
		return "", fmt.Errorf("%w: there are characters in its head that no request can have", ErrCurl)
	case r.Truncated:
		return "", fmt.Errorf("%w: only a part of its body was kept", ErrCurl)
	case file == "" && len(r.Body) > maxInline:
		return "", fmt.Errorf("%w: its body of %d bytes is too large for one", ErrCurl, len(r.Body))
	}
	path := r.Path()
	if query := r.Query(); query != "" {
		path += "?" + query
	}
	if !strings.HasPrefix(path, "/") {
		path = "/"
	}
	first := "curl --globoff --path-as-is"
	switch {
	case r.Proto == "HTTP/1.0":
		first += " --http1.0"
	case strings.HasPrefix(base, "https:"):
		first += " --http1.1" // a later one has no case, and may have another order
	}
	if r.Method == "HEAD" {
		first += " --head"
	} else {
		first += " -X " + quote(r.Method)
	}
	first += " " + quote(strings.TrimSuffix(base, "/")+path)
	if r.Target == "*" || r.Target == path && strings.Contains(path, "#") { // which curl would keep to itself
		first += " --request-target " + quote(r.Target)
	}
	parts := append([]string{first}, fieldArguments(x)...)
	before, behind := "", ""
	switch {
	case file != "" && len(r.Body) > 0:
		parts = append(parts, "--data-binary "+quote("@"+file))
	case len(r.Body) == 0 && r.Header.Value("Content-Length") == "0" && r.Method != "HEAD":
		parts = append(parts, "--data-binary ''") // else curl does not say that there is none
	case len(r.Body) == 0:
	case len(r.Body) <= maxArgument && isShellText(r.Body):
		parts = append(parts, "--data-binary "+quote(string(r.Body)))
	default:
		before, behind = "base64 -d <<'END' | ", wrap(base64.StdEncoding.EncodeToString(r.Body))+"END\n"
		parts = append(parts, "--data-binary @-")
	}
	if before != "" { // on one line in front of a here-document
		return before + strings.Join(parts, " ") + "\n" + behind, nil
	}
	return strings.Join(parts, " \\\n  ") + "\n", nil
}

// fieldArguments are the header fields in their order, and what keeps curl from
// adding its own.
func fieldArguments(x *capture.Exchange) []string {
	var parts []string
	seen := map[string]bool{}
	for _, f := range x.Request.Header {
		name := strings.ToLower(f.Name)
		seen[name] = true
		if leftOut(name) || x.Via.Public() && capture.TunnelField(name) {
			continue
		}
		if f.Value == "" {
			parts = append(parts, "-H "+quote(f.Name+";")) // curl's way to send an empty one
			continue
		}
		parts = append(parts, "-H "+quote(f.Name+": "+f.Value))
	}
	for _, name := range [...]string{"User-Agent", "Accept", "Content-Type"} {
		if !seen[strings.ToLower(name)] && (name != "Content-Type" || len(x.Request.Body) > 0 || x.Request.Header.Value("Content-Length") == "0") {
			parts = append(parts, "-H "+quote(name+":"))
		}
	}
	return parts
}

// leftOut reports whether a field is curl's own to write.
func leftOut(name string) bool {
	switch name {
	case "host", "content-length", "connection", "transfer-encoding", "expect", "te", "trailer", "upgrade", "keep-alive", "proxy-connection":
		return true
	}
	return false
}

// oddHead reports whether there are control characters in a head, which none that
// came here has: a terminal would obey them.
func oddHead(r *capture.Request) bool {
	odd := func(text string) bool {
		return strings.ContainsFunc(text, func(c rune) bool { return c < ' ' && c != '\t' || c >= 0x7f && c < 0xa0 })
	}
	return odd(r.Method) || odd(r.Target) || slices.ContainsFunc(r.Header, func(f capture.Field) bool { return odd(f.Name) || odd(f.Value) })
}

// isShellText reports whether a body can stand in quotes: a shell takes no NUL,
// a terminal obeys control characters, and curl reads a leading @ as a file.
func isShellText(body []byte) bool {
	if !utf8.Valid(body) || body[0] == '@' {
		return false
	}
	for _, c := range string(body) {
		if c < ' ' && c != '\n' && c != '\t' || c >= 0x7f && c < 0xa0 || unicode.Is(unicode.Bidi_Control, c) {
			return false
		}
	}
	return true
}

// quote writes a text as one word of a POSIX shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func wrap(text string) string {
	const width = 76
	var b strings.Builder
	for len(text) > width {
		b.WriteString(text[:width] + "\n")
		text = text[width:]
	}
	b.WriteString(text + "\n")
	return b.String()
}
