package viewmodel

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"hookglass/capture"
	"hookglass/providers"
)

// CopyCurl copies the line that sends a sample of a provider, with its secrets.
func (c *Connect) CopyCurl(provider string) {
	if c.app.backend == nil {
		return
	}
	p := c.app.backend.Set.Find(provider)
	if p == nil {
		return
	}
	line, _ := c.curl(p, false)
	c.app.Screen.Copy(line)
	c.app.Notices.Say(Good, "The curl line was copied: run it in a terminal.", "", nil)
}

// curl makes a line that sends the first sample of a provider, signed where the
// keys in force can sign. mask hides their secrets.
func (c *Connect) curl(p *providers.Provider, mask bool) (line, signed string) {
	if len(p.Samples) == 0 {
		return "", ""
	}
	b := c.app.backend
	r := p.Samples[0].Request()
	if len(r.Header) == 1 { // without a signature over these very bytes
		r.Body = providers.Minify(r.Body)
	}
	keys := b.Set.Keys()
	switch {
	case p.Sign != nil && p.Sign(&r, keys) == nil:
		signed = "With the proof that your key makes."
	case len(r.Header) > 1:
		signed = "Only " + p.Name + " can sign: this is the example of its documentation."
	default:
		signed = "Without a proof: no key is configured that could make one."
	}
	line = curlLine(b.URL, &r)
	if mask {
		for name, values := range keys {
			if _, credential := b.Set.Credential(name); credential == nil || credential.Public {
				continue
			}
			for i := range values {
				line = withoutSecret(line, values[i].Value.Reveal())
			}
		}
	}
	return line, signed
}

// withoutSecret masks a secret in a line, as it is and as an address or a quoted
// word spells it.
func withoutSecret(line, secret string) string {
	if secret == "" {
		return line
	}
	for _, spelt := range [...]string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.Trim(shellWord(secret), "'")} {
		line = strings.ReplaceAll(line, spelt, maskedSecret(secret))
	}
	return line
}

// curlLine writes a request as a command for a POSIX shell. The body must be
// text without NUL.
func curlLine(base string, r *capture.Request) string {
	var b strings.Builder
	b.WriteString("curl -i")
	if r.Method != http.MethodPost || len(r.Body) == 0 {
		b.WriteString(" -X " + shellWord(r.Method))
	}
	b.WriteString(" " + shellWord(strings.TrimSuffix(base, "/")+r.Target))
	for _, f := range r.Header {
		b.WriteString(" -H " + shellWord(f.Name+": "+f.Value))
	}
	if len(r.Body) > 0 && utf8.Valid(r.Body) {
		b.WriteString(" --data-binary " + shellWord(string(r.Body)))
	}
	return b.String()
}

// shellWord quotes a word for a POSIX shell, where it needs that.
func shellWord(word string) string {
	plain := word != "" && strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=@%+") == ""
	if plain {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
