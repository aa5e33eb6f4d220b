package compare

import (
	"fmt"
	"slices"
	"strings"

	"hookglass/capture"
)

// masked stands for a secret.
const masked = "***"

// alwaysSecret are the places that hold credentials whoever sends them.
var alwaysSecret = []string{
	"header authorization", "header proxy-authorization", "header cookie", "header set-cookie",
}

// places are those of the secrets in lower case, as Line.Path has them: "header
// authorization", "?apikey", "items[].token". None where they are to be shown.
// Signatures are no secrets: each fits its own body alone.
func (o *Options) places() map[string]bool {
	if o.Reveal {
		return nil
	}
	all := map[string]bool{}
	for _, place := range alwaysSecret {
		all[place] = true
	}
	for _, s := range o.Secrets {
		place := strings.ToLower(s.Path)
		if s.Secret && place != "" && !strings.Contains(place, "signature") && !strings.Contains(place, "hmac") {
			all[place] = true
		}
	}
	return all
}

// hideParameter masks what capture knows for a credential by its name.
func (o *Options) hideParameter(raw string) bool {
	return !o.Reveal && capture.MaskTarget("/?"+raw) != "/?"+raw
}

// hidePath masks what of a path stands behind that of an endpoint with a subtree, or
// else the last part of it.
func hidePath(path, endpoint string) (shown, secret string) {
	front := path[:strings.LastIndexByte(path, '/')+1]
	if base, subtree := strings.CutSuffix(endpoint, "*"); subtree && strings.HasPrefix(path, base) {
		front = base
	}
	if secret = path[len(front):]; secret == "" {
		return path, ""
	}
	return front + masked, secret
}

// secretNames are the names of the secrets of a body, for text that cannot be read
// as what it should be.
func (o *Options) secretNames() []string {
	var names []string
	for place := range o.places() {
		if strings.HasPrefix(place, "header ") || strings.HasPrefix(place, "?") || place == "path" {
			continue
		}
		names = append(names, place[strings.LastIndexByte(place, '.')+1:])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// hideNamed masks what stands behind a name up to the end of the line, the next
// comma, ampersand or tag. Names are in lower case and stand in any.
func hideNamed(line string, names []string) string {
	for _, name := range names {
		lower := asciiLower(line)
		var b strings.Builder
		done := 0
		for {
			at := strings.Index(lower[done:], name)
			if at < 0 {
				break
			}
			from := done + at + len(name)
			for from < len(line) && strings.IndexByte("\":=> \t", line[from]) >= 0 {
				from++
			}
			to := len(line)
			if i := strings.IndexAny(line[from:], ",&<"); i >= 0 {
				to = from + i
			}
			b.WriteString(line[done:from])
			if to > from {
				b.WriteString(masked)
			}
			done = to
		}
		line = b.String() + line[done:]
	}
	return line
}

// asciiLower keeps the length, which strings.ToLower does not.
func asciiLower(text string) string {
	lower := []byte(text)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c | 0x20
		}
	}
	return string(lower)
}

// secretNote says in what way two secrets differ, as far as that tells nothing of
// them.
func secretNote(a, b string) string {
	if a == b {
		return ""
	}
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	return fmt.Sprintf("a secret: it differs from byte %d on, %d bytes and %d", at+1, len(a), len(b))
}
