package redact

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Profile says what is taken out.
type Profile struct {
	Name     string // "none", "secrets", "personal" or "custom"
	Secrets  bool
	Personal bool
	Paths    []string // further places, as capture.Sensitive.Path: "$.customer.name", "items[].label", "?ref"
	Headers  []string // further header fields
	Patterns []string // regular expressions over all text
}

// Names of the profiles.
const (
	ProfileNone     = "none"
	ProfileSecrets  = "secrets"
	ProfilePersonal = "personal" // secrets too
	ProfileCustom   = "custom"   // one of these with further places
)

// ParseProfile reads a profile: "none", "secrets", "personal", or one of these with
// further places, "personal,path:$.ref,header:X-Shop,regex:INV-[0-9]+". "" is
// "secrets", and so is what stands before further places where nothing does. A
// comma belongs to a pattern unless one of these words follows it.
func ParseProfile(text string) (Profile, error) {
	p := Profile{}
	base := ""
	for _, item := range profileItems(text) {
		kind, value, named := strings.Cut(item, ":")
		kind = strings.ToLower(strings.TrimSpace(kind))
		if kind != "regex" {
			value = strings.TrimSpace(value)
		}
		if named && value == "" {
			return Profile{}, fmt.Errorf("after %s: something is missing", kind)
		}
		switch {
		case named && kind == "path":
			if err := checkPath(value); err != nil {
				return Profile{}, fmt.Errorf("path %q cannot be used: %w", value, err)
			}
			p.Paths = append(p.Paths, value)
		case named && kind == "header":
			p.Headers = append(p.Headers, value)
		case named && kind == "regex":
			p.Patterns = append(p.Patterns, value)
		case !named && (kind == ProfileNone || kind == ProfileSecrets || kind == ProfilePersonal):
			if base != "" {
				return Profile{}, fmt.Errorf("a profile is %s or %s, not both", base, kind)
			}
			base = kind
		default:
			return Profile{}, fmt.Errorf("%q is no profile: use none, secrets or personal, with path:, header: or regex: behind it", item)
		}
	}
	if base == "" {
		base = ProfileSecrets
	}
	p.Name, p.Secrets, p.Personal = base, base != ProfileNone, base == ProfilePersonal
	if len(p.Paths)+len(p.Headers)+len(p.Patterns) > 0 {
		p.Name = ProfileCustom
	}
	_, err := p.compile()
	if err != nil {
		return Profile{}, err
	}
	return p, nil
}

// profileItems splits at the commas that a profile's words follow.
func profileItems(text string) []string {
	var items []string
	for part := range strings.SplitSeq(text, ",") {
		word, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ":")
		last := len(items) - 1
		switch word {
		case ProfileNone, ProfileSecrets, ProfilePersonal, "path", "header", "regex":
			items = append(items, part)
		case "":
			if last >= 0 && isPattern(items[last]) {
				items[last] += "," + part
			}
		default:
			if last >= 0 && isPattern(items[last]) {
				items[last] += "," + part
			} else {
				items = append(items, strings.TrimSpace(part))
			}
		}
	}
	return items
}

func isPattern(item string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(item)), "regex:")
}

// errEmptyPattern says that a pattern would be found between any two characters.
var errEmptyPattern = errors.New("it matches the empty text")

// compile reads the patterns. Go's regular expressions take time in proportion to
// the text, whatever they are.
func (p *Profile) compile() ([]*regexp.Regexp, error) {
	var all []*regexp.Regexp
	for i, pattern := range p.Patterns {
		re, err := regexp.Compile(pattern)
		if err == nil && re.MatchString("") {
			err = errEmptyPattern
		}
		if err != nil {
			return nil, fmt.Errorf("pattern %d cannot be used: %w", i+1, err)
		}
		all = append(all, re)
	}
	return all, nil
}

// String is the profile as ParseProfile reads it. A pattern may give away what it
// is to hide: it is for its owner alone, Words is for a file.
func (p *Profile) String() string {
	items := []string{ProfileNone}
	switch {
	case p.Personal:
		items[0] = ProfilePersonal
	case p.Secrets:
		items[0] = ProfileSecrets
	}
	for _, path := range p.Paths {
		items = append(items, "path:"+path)
	}
	for _, name := range p.Headers {
		items = append(items, "header:"+name)
	}
	for _, pattern := range p.Patterns {
		items = append(items, "regex:"+pattern)
	}
	return strings.Join(items, ",")
}

// Words tells what the profile takes out, a phrase for each. They hold no pattern,
// as that may give away what it is to hide.
func (p *Profile) Words() []string {
	var words []string
	if p.Secrets {
		words = append(words, "secrets")
	}
	if p.Personal {
		words = append(words, "personal data")
	}
	for _, path := range p.Paths {
		words = append(words, "path "+path)
	}
	for _, name := range p.Headers {
		words = append(words, "header "+name)
	}
	switch n := len(p.Patterns); n {
	case 0:
	case 1:
		words = append(words, "a pattern")
	default:
		words = append(words, fmt.Sprintf("%d patterns", n))
	}
	return words
}

// headersOnly reports whether nothing is taken out but fields of headers.
func (p *Profile) headersOnly() bool {
	return !p.Secrets && !p.Personal && len(p.Paths)+len(p.Patterns) == 0
}

// empty reports whether nothing is taken out.
func (p *Profile) empty() bool {
	return !p.Secrets && !p.Personal && len(p.Paths)+len(p.Headers)+len(p.Patterns) == 0
}
