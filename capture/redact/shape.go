package redact

import (
	"bytes"
	"net/netip"
)

// shapes finds what is told by its form, and credentials by the name before them.
func (w *walk) shapes(edits []edit, text []byte, m *marks) []edit {
	profile := &w.r.profile
	if profile.Secrets {
		if m.to > 0 {
			edits = w.tokens(edits, text, m)
		}
		if m.has&hasSpace != 0 {
			edits = w.schemes(edits, text)
		}
		if m.has&hasColon != 0 {
			edits = w.links(edits, text)
		}
	}
	if (profile.Secrets || profile.Personal) && m.has&(hasColon|hasEquals) != 0 {
		edits = w.assigned(edits, text)
	}
	if !profile.Personal {
		return edits
	}
	if m.has&hasAt != 0 {
		edits = w.emails(edits, text)
	}
	if m.digits >= 4 && m.has&hasDot != 0 {
		edits = w.addresses(edits, text)
	}
	if m.has&hasColon != 0 {
		edits = w.addresses6(edits, text)
	}
	if m.digits >= shortestPhone && m.has&hasPlus != 0 {
		edits = w.phones(edits, text)
	}
	if m.digits >= shortestCard {
		edits = w.cards(edits, text)
	}
	if m.digits >= 4 && m.has&isLetter != 0 && len(text) >= shortestIBAN {
		edits = w.ibans(edits, text)
	}
	return edits
}

// tokenStarts begin the credentials of well-known services.
var tokenStarts = []string{
	"sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_", "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-",
	"xoxb-", "xoxp-", "xoxa-", "xapp-", "AKIA", "ASIA", "shpat_", "shpss_", "npm_", "pypi-", "sq0csp-", "AIza",
}

// tokens finds JSON web tokens, private keys and tokens of well-known services.
func (w *walk) tokens(edits []edit, text []byte, m *marks) []edit {
	for at := 0; ; {
		n := bytes.Index(text[at:], []byte("eyJ"))
		if n < 0 {
			break
		}
		from := at + n
		to := jwtEnd(text, from)
		if to == 0 {
			at = from + 3
			continue
		}
		if w.learning {
			w.claims(text[from:to])
		}
		edits = w.replace(edits, text, from, to, kindSecret)
		at = to
	}
	if len(text) > len(privateKey) {
		if from := bytes.Index(text, privateKey); from >= 0 {
			edits = w.privateKeys(edits, text, from)
		}
	}
	return w.serviceTokens(edits, text, m)
}

var privateKey = []byte("PRIVATE KEY-----")

// serviceTokens finds the tokens of well-known services.
func (w *walk) serviceTokens(edits []edit, text []byte, m *marks) []edit {
	for i := m.from; i+shortestBase64 <= m.to; i++ {
		if m.has&hasJoint == 0 { // then it can be one of those that begin with an A
			n := bytes.IndexByte(text[i:m.to], 'A')
			if n < 0 {
				break
			}
			i += n
		}
		if !beginsToken[text[i]] || i > 0 && classes[text[i-1]]&(isLetter|isDigit) != 0 {
			continue
		}
		for _, start := range tokenStarts {
			if len(text)-i < len(start) || string(text[i:i+len(start)]) != start {
				continue
			}
			to := i + len(start)
			for to < len(text) && classes[text[to]]&isToken != 0 && text[to] != '/' && text[to] != '+' {
				to++
			}
			if to-i >= shortestBase64 {
				edits = w.replace(edits, text, i, to, kindSecret)
			}
			i = to - 1
			break
		}
	}
	return edits
}

// beginsToken says with which bytes the starts of tokens begin.
var beginsToken = func() (all [256]bool) {
	for _, start := range tokenStarts {
		all[start[0]] = true
	}
	return all
}()

// longestToken bounds what is looked at as one token.
const longestToken = 64 << 10

// jwtEnd returns where the JSON web token at text[from:] ends; 0 where there is none.
func jwtEnd(text []byte, from int) int {
	dots, at := 0, from
	for ; at < len(text) && at-from < longestToken; at++ {
		c := text[at]
		if c == '.' {
			if dots == 4 { // of an encrypted one; others have two
				break
			}
			dots++
			continue
		}
		if classes[c]&isToken == 0 || c == '+' || c == '/' {
			break
		}
	}
	for at > from && text[at-1] == '.' && dots > 2 {
		at--
		dots--
	}
	if dots < 2 {
		return 0
	}
	head, _, _ := bytes.Cut(text[from:at], []byte("."))
	if b := base64Of(head); b == nil || !bytes.HasPrefix(b.decoded, []byte("{")) {
		return 0
	}
	return at
}

// privateKeys replaces what stands between the lines of PEM.
func (w *walk) privateKeys(edits []edit, text []byte, at int) []edit {
	for {
		from := at + len(privateKey)
		to := len(text)
		next := len(text)
		if n := bytes.Index(text[from:], []byte("-----END")); n >= 0 {
			to = from + n
			next = to + len("-----END")
			if n := bytes.Index(text[next:], privateKey); n >= 0 && n < longestName {
				next += n + len(privateKey)
			}
		}
		for from < to && isSpace(text[from]) {
			from++
		}
		for to > from && isSpace(text[to-1]) {
			to--
		}
		if to > from {
			edits = w.replace(edits, text, from, to, kindSecret)
		}
		n := bytes.Index(text[next:], privateKey)
		if n < 0 {
			return edits
		}
		at = next + n
	}
}

// schemes finds "Bearer …" and "Basic …" in a text.
func (w *walk) schemes(edits []edit, text []byte) []edit {
	for i := 5; i < len(text)-1; i++ {
		if text[i] != ' ' {
			continue
		}
		from := i + 1
		basic := bytes.EqualFold(text[i-5:i], []byte("basic"))
		if !basic && (i < 6 || !bytes.EqualFold(text[i-6:i], []byte("bearer"))) {
			continue
		}
		to := from
		for to < len(text) && (classes[text[to]]&isToken != 0 || bytes.IndexByte([]byte(".~="), text[to]) >= 0) {
			to++
		}
		switch {
		case to-from < 8:
		case basic:
			edits = append(edits, w.basic(text, from, to)...)
		default:
			edits = w.replace(edits, text, from, to, kindSecret)
		}
	}
	return edits
}

// hookHosts are services whose addresses work for whoever has them.
var hookHosts = []string{"hooks.slack.com/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/", "webhook.site/", "hooks.zapier.com/", "hook.eu1.make.com/", "hook.us1.make.com/"}

// links finds credentials in addresses: user and password, parameters that are named
// so, and addresses that are credentials.
func (w *walk) links(edits []edit, text []byte) []edit {
	for at := 0; ; {
		n := bytes.Index(text[at:], []byte("://"))
		if n < 0 {
			return edits
		}
		from := at + n + len("://")
		to := from
		for to < len(text) && text[to] > ' ' && bytes.IndexByte([]byte("\"<>'`\\"), text[to]) < 0 {
			to++
		}
		at = to
		link := text[from:to]
		for _, host := range hookHosts {
			if len(link) > len(host) && bytes.EqualFold(link[:len(host)], []byte(host)) {
				edits = w.replace(edits, text, from+len(host), to, kindSecret)
			}
		}
		host := link
		if i := bytes.IndexAny(link, "/?#"); i >= 0 {
			host = link[:i]
		}
		if i := bytes.LastIndexByte(host, '@'); i > 0 {
			user, _, locked := bytes.Cut(host[:i], []byte(":"))
			edits = w.replace(edits, text, from, from+len(user), kindUser)
			if locked {
				edits = w.replace(edits, text, from+len(user)+1, from+i, kindSecret)
			}
		}
		if i := bytes.IndexByte(link, '?'); i >= 0 {
			edits = append(edits, shifted(w.parameters(link[i+1:]), from+i+1)...)
		}
	}
}

// parameters finds credentials in the query of an address.
func (w *walk) parameters(query []byte) []edit {
	var edits []edit
	for at := 0; at < len(query); {
		end := len(query)
		if n := bytes.IndexAny(query[at:], "&;#"); n >= 0 {
			end = at + n
		}
		if name, value, ok := bytes.Cut(query[at:end], []byte("=")); ok && len(value) > 0 {
			if info := w.r.named(name); info.secret || info.query {
				edits = append(edits, shifted(w.coded(value, kindSecret, codingForm), end-len(value))...)
			}
		}
		at = end + 1
	}
	return edits
}

// assigned finds what is assigned to a name in a text, as "token=abc", "password:
// abc" or, in a piece of JSON, "email":"abc".
func (w *walk) assigned(edits []edit, text []byte) []edit {
	for i := 1; i+1 < len(text); i++ {
		if text[i] != '=' && text[i] != ':' {
			continue
		}
		end := i
		for end > 0 && text[end-1] == ' ' {
			end--
		}
		quoted := end > 0 && (text[end-1] == '"' || text[end-1] == '\'')
		for end > 0 && (text[end-1] == '"' || text[end-1] == '\'' || text[end-1] == '\\') {
			end--
		}
		from := end
		for from > 0 && end-from < longestName && (classes[text[from-1]]&(isLetter|isDigit) != 0 || text[from-1] == '_' || text[from-1] == '-') {
			from--
		}
		if from == end {
			continue
		}
		info := w.r.named(text[from:end])
		kind := ""
		switch {
		case info.secret && w.r.profile.Secrets:
			kind = kindSecret
		case quoted && w.r.profile.Personal && !info.loose:
			kind = info.kind
		}
		if kind == "" {
			continue
		}
		start := i + 1
		for start < len(text) && bytes.IndexByte([]byte(" \"'\\"), text[start]) >= 0 {
			start++
		}
		stop := start
		ends := " \t\r\n&;,\"'<>)}]\\"
		if quoted {
			ends = "\r\n\"<>\\"
		}
		for stop < len(text) && bytes.IndexByte([]byte(ends), text[stop]) < 0 {
			stop++
		}
		if word := text[start:stop]; isScheme(word) && stop < len(text) && text[stop] == ' ' {
			start = stop + 1
			for stop = start; stop < len(text) && bytes.IndexByte([]byte(ends), text[stop]) < 0; {
				stop++
			}
		}
		if stop-start >= gram {
			edits = w.replace(edits, text, start, stop, kind)
			i = stop - 1
		}
	}
	return edits
}

// emails finds addresses of mail.
func (w *walk) emails(edits []edit, text []byte) []edit {
	done := 0
	for i, c := range text {
		if c != '@' || i < done {
			continue
		}
		from, to := i, i+1
		for from > done && i-from < 64 && (classes[text[from-1]]&(isLetter|isDigit|hasHigh) != 0 || bytes.IndexByte([]byte(".%+_-'"), text[from-1]) >= 0) {
			from--
		}
		for to < len(text) && to-i < 255 && (classes[text[to]]&(isLetter|isDigit|hasHigh) != 0 || text[to] == '.' || text[to] == '-') {
			to++
		}
		for to > i && (text[to-1] == '.' || text[to-1] == '-') {
			to--
		}
		for from < i && bytes.IndexByte([]byte(".'%"), text[from]) >= 0 {
			from++
		}
		domain := text[i+1 : to]
		if from == i || bytes.IndexByte(domain, '.') < 1 || bytes.EqualFold(domain, []byte("redacted.example")) {
			continue
		}
		edits = w.replace(edits, text, from, to, kindEmail)
		done = to
	}
	return edits
}

// addresses finds addresses of the Internet Protocol, version 4.
func (w *walk) addresses(edits []edit, text []byte) []edit {
	for i := 0; i < len(text); i++ {
		if classes[text[i]]&isDigit == 0 {
			continue
		}
		from, dots := i, 0
		for i < len(text) && (classes[text[i]]&isDigit != 0 || text[i] == '.') {
			if text[i] == '.' {
				dots++
			}
			i++
		}
		to := i
		for to > from && text[to-1] == '.' {
			to--
			dots--
		}
		if dots != 3 || from > 0 && (classes[text[from-1]]&(isLetter|hasHigh) != 0 || text[from-1] == '/' && (from < 2 || text[from-2] != '/')) {
			continue // a version, as in Chrome/120.0.0.0
		}
		if addr, err := netip.ParseAddr(string(text[from:to])); err == nil && !telling(addr) {
			edits = w.replace(edits, text, from, to, kindIP)
		}
	}
	return edits
}

// addresses6 finds addresses of the Internet Protocol, version 6.
func (w *walk) addresses6(edits []edit, text []byte) []edit {
	within := func(i int) bool { return isHex(text[i]) || text[i] == ':' || text[i] == '.' }
	for i := 0; i+1 < len(text); i++ {
		if text[i] != ':' {
			continue
		}
		from, to := i, i+1
		for from > 0 && i-from < 4 && isHex(text[from-1]) {
			from--
		}
		for to < len(text) && within(to) {
			to++
		}
		i = to
		bare := to == len(text) || classes[text[to]]&(isLetter|hasHigh) == 0
		for to > from && text[to-1] == '.' {
			to--
		}
		if !bare || from > 0 && classes[text[from-1]]&(isLetter|isDigit|hasHigh) != 0 || to-from < shortestIPv6 ||
			bytes.Count(text[from:to], []byte(":")) < 6 && !bytes.Contains(text[from:to], []byte("::")) {
			continue
		}
		if addr, err := netip.ParseAddr(string(text[from:to])); err == nil && !telling(addr) {
			edits = w.replace(edits, text, from, to, kindIP)
		}
	}
	return edits
}

// shortestIPv6 is the shortest address of version 6 that is told from other words:
// a::1 and the like are nobody's.
const shortestIPv6 = 8

// telling reports whether an address is everybody's.
func telling(addr netip.Addr) bool {
	return addr.IsLoopback() || addr.IsUnspecified() || netip.MustParsePrefix("198.18.0.0/15").Contains(addr)
}
