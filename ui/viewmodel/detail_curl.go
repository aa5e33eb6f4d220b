package viewmodel

import (
	"encoding/base64"
	"errors"
	"strings"
	"unicode/utf8"

	"hookglass/capture"
)

// maxArgument is the largest body that is written as an argument: Linux takes
// 128 KiB for one.
const maxArgument = 96 << 10

// maxCurl is the largest body that a command is made of: the clipboard is not
// for more.
const maxCurl = 8 << 20

// curl writes a request as a command for a POSIX shell that sends the same
// bytes. base is where to: "http://127.0.0.1:4480". What belongs to one
// connection is left out, and what curl would add by itself is taken away.
func curl(x *capture.Exchange, base string) (string, error) {
	r := &x.Request
	switch {
	case x.State == capture.StateRefused || r.Method == "":
		return "", errors.New("it never was a whole request, so that no command sends it")
	case r.Truncated:
		return "", errors.New("only a part of its body was kept")
	case len(r.Body) > maxCurl:
		return "", errors.New("its body of " + byteCount(int64(len(r.Body))) + " is too large for a command")
	}
	path := r.Path()
	if query := r.Query(); query != "" {
		path += "?" + query
	}
	if !strings.HasPrefix(path, "/") {
		path = "/"
	}
	parts := []string{"curl --globoff --path-as-is"}
	if r.Method == "HEAD" {
		parts[0] += " --head"
	} else {
		parts[0] += " -X " + quote(r.Method)
	}
	parts[0] += " " + quote(strings.TrimSuffix(base, "/")+path)
	seen := map[string]bool{}
	for _, f := range r.Header {
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
		if !seen[strings.ToLower(name)] && (name != "Content-Type" || len(r.Body) > 0) {
			parts = append(parts, "-H "+quote(name+":"))
		}
	}
	before := ""
	switch {
	case len(r.Body) == 0:
	case len(r.Body) <= maxArgument && isShellText(r.Body):
		parts = append(parts, "--data-binary "+quote(string(r.Body)))
	default:
		before = "base64 -d <<'END' | "
		parts = append(parts, "--data-binary @-")
	}
	command := before + strings.Join(parts, " \\\n  ")
	if before != "" {
		// The command has to be on one line in front of a here-document.
		command = before + strings.Join(parts, " ") + "\n" + wrap(base64.StdEncoding.EncodeToString(r.Body)) + "END"
	}
	return command + "\n", nil
}

// leftOut reports whether a field is curl's own to write.
func leftOut(name string) bool {
	switch name {
	case "host", "content-length", "connection", "transfer-encoding", "expect", "te", "trailer", "upgrade", "keep-alive", "proxy-connection":
		return true
	}
	return false
}

// isShellText reports whether a body can stand in quotes: a shell takes no NUL,
// a terminal obeys control characters, and curl reads a leading @ as a file.
func isShellText(body []byte) bool {
	if !utf8.Valid(body) || body[0] == '@' {
		return false
	}
	for _, c := range body {
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
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
