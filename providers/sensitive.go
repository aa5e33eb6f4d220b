package providers

import (
	"slices"

	"hookglass/capture"
)

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

// Sensitive are the places that may hold personal data and secrets in requests of a
// provider, by its ID; "" and unknown ones get the places of any sender's. It looks
// at no request, so it costs nothing. The list is the set's own: it is the same one
// each time, and must not be changed.
//
// A name that ends in * stands for all that begin so: "customer_*".
func (s *Set) Sensitive(provider string) []capture.Sensitive {
	if places, ok := s.sensitive[provider]; ok {
		return places
	}
	return s.sensitive[""]
}

// sensitiveOf lists the places of each provider of a set.
func sensitiveOf(list []*Provider) map[string][]capture.Sensitive {
	all := map[string][]capture.Sensitive{"": generalSecrets}
	for _, p := range list {
		all[p.ID] = slices.Concat(p.Sensitive, generalSecrets)
	}
	return all
}
