package viewmodel

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"hookglass/capture"
)

// linkParts says of an address what a person must see before it is opened.
type linkParts struct {
	Host     string   // in the letters that the browser goes to
	Warnings []string // what hides in it
	Opens    bool     // it is an http or https address
}

// inspectLink looks at an address that came in a callback.
func inspectLink(address string) linkParts {
	u, err := url.Parse(address)
	if err != nil {
		return linkParts{Warnings: []string{"It is no valid address."}}
	}
	parts := linkParts{Host: u.Host, Opens: (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""}
	warn := func(text string) { parts.Warnings = append(parts.Warnings, text) }
	if !parts.Opens {
		warn("Only http and https addresses are opened.")
	}
	if u.User != nil {
		warn("It carries a user name in front of an @, which can pass for a host name: the host is " + u.Host + ".")
	}
	if ascii := hostASCII(u.Hostname()); ascii != u.Hostname() {
		parts.Host = ascii
		warn("Its host is not written in plain letters alone: in the browser it is " + ascii + ".")
	} else if strings.Contains(strings.ToLower(u.Hostname()), "xn--") {
		warn("Its host is written in punycode: it may be shown as letters that look like others.")
	}
	if u.Scheme == "http" {
		warn("It is not encrypted (http).")
	}
	if capture.Visible(address) != address {
		warn("It holds characters that cannot be seen; they are written as escapes here.")
	}
	if capture.Loopback(address) {
		warn("It leads to this computer.")
	}
	return parts
}

// OpenLink asks whether an address that came in a callback is to be opened, and
// shows it plainly.
func (d *Detail) OpenLink(address string) {
	parts := inspectLink(address)
	detail := shorten(capture.Visible(address), 600)
	for _, warning := range parts.Warnings {
		detail += "\n\n" + warning
	}
	if !parts.Opens {
		d.app.Notices.Say(Warn, "Not opened: "+strings.Join(parts.Warnings, " "), "Copy it", func() { d.copy(address, "the address") })
		return
	}
	d.confirm("Open a page of "+parts.Host+"?", detail, "Open in the browser", false, func() {
		if err := d.app.Screen.OpenURL(address); err != nil {
			d.app.Notices.Say(Bad, "The browser could not be started: "+err.Error(), "", nil)
		}
	})
}

// hostASCII is a host name as the browser looks it up: labels with other
// letters in punycode.
func hostASCII(host string) string {
	labels := strings.Split(host, ".")
	for i, label := range labels {
		if strings.IndexFunc(label, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 {
			labels[i] = "xn--" + punycode([]rune(strings.ToLower(label)))
		}
	}
	return strings.Join(labels, ".")
}

// punycode writes a label as RFC 3492 has it.
func punycode(label []rune) string {
	const base, low, high, skew, damp = 36, 1, 26, 38, 700
	const digits = "abcdefghijklmnopqrstuvwxyz0123456789"
	var out []byte
	for _, r := range label {
		if r <= unicode.MaxASCII {
			out = append(out, byte(r))
		}
	}
	plain := len(out)
	if plain > 0 {
		out = append(out, '-')
	}
	bias, delta, next := 72, 0, rune(unicode.MaxASCII+1)
	for done := plain; done < len(label); next++ {
		least := rune(unicode.MaxRune)
		for _, r := range label {
			if r >= next && r < least {
				least = r
			}
		}
		delta += int(least-next) * (done + 1)
		next = least
		for _, r := range label {
			if r < next {
				delta++
			}
			if r != next {
				continue
			}
			q := delta
			for k := base; ; k += base {
				t := min(max(k-bias, low), high)
				if q < t {
					break
				}
				out = append(out, digits[t+(q-t)%(base-t)])
				q = (q - t) / (base - t)
			}
			out = append(out, digits[q])
			if done == plain {
				delta /= damp
			} else {
				delta /= 2
			}
			done++
			delta += delta / done
			for bias = 0; delta > (base-low)*high/2; bias += base {
				delta /= base - low
			}
			bias += (base - low + 1) * delta / (delta + skew)
			delta = 0
		}
		delta++
	}
	return string(out)
}

// shorten cuts a text at the border of a character.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
