package providers

import "hookglass/capture"

// Personal lists places that hold personal data; each name stands below base,
// "" for the body itself.
func Personal(base string, names ...string) []capture.Sensitive {
	places := make([]capture.Sensitive, len(names))
	for i, name := range names {
		places[i].Path = Join(base, name)
	}
	return places
}

// Secrets lists places that hold a secret: "?APIKEY", "header Authorization".
func Secrets(places ...string) []capture.Sensitive {
	all := make([]capture.Sensitive, len(places))
	for i, place := range places {
		all[i] = capture.Sensitive{Path: place, Secret: true}
	}
	return all
}
