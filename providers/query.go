package providers

import (
	"net/url"
	"strings"
)

// queryValue returns the first query value of that name, decoded.
func queryValue(target, name string) (string, bool) {
	_, raw, _ := strings.Cut(target, "?")
	for pair := range strings.SplitSeq(raw, "&") {
		n, v, _ := strings.Cut(pair, "=")
		if decoded, err := url.QueryUnescape(n); err == nil && decoded == name && pair != "" {
			if value, err := url.QueryUnescape(v); err == nil {
				return value, true
			}
			return v, true
		}
	}
	return "", false
}

// queryNames lists the names of a query as places: "?action".
func queryNames(target string) []string {
	_, raw, _ := strings.Cut(target, "?")
	var names []string
	for pair := range strings.SplitSeq(raw, "&") {
		n, _, _ := strings.Cut(pair, "=")
		if decoded, err := url.QueryUnescape(n); err == nil && pair != "" {
			names = append(names, "?"+decoded)
		}
	}
	return names
}

// setQuery replaces the value of that name where it stands, or adds it.
func setQuery(target, name, value string) string {
	base, raw, asks := strings.Cut(target, "?")
	if _, there := queryValue(target, name); !there {
		return withQuery(target, name, value)
	}
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		n, _, _ := strings.Cut(pair, "=")
		if decoded, err := url.QueryUnescape(n); err == nil && decoded == name {
			pairs[i] = n + "=" + url.QueryEscape(value)
			break
		}
	}
	if !asks {
		return base
	}
	return base + "?" + strings.Join(pairs, "&")
}
