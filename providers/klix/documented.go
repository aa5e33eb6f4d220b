package klix

import (
	"crypto/sha256"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

// documented returns the reading of a body that the signature in the legacy
// documentation was made over. In 2020 its printed body got three fields more,
// payment.method, payment.status and payment.error, and kept the signature of
// the body before, so that it can never match as printed.
func documented(r *capture.Request) []providers.Variant {
	if len(r.Body) > providers.DecodeLimit || providers.CheckJSON(r.Body) != nil {
		return nil
	}
	body := providers.Minify(r.Body)
	payment := gjson.GetBytes(body, "payment")
	if !payment.IsObject() || payment.Index == 0 {
		return nil
	}
	kept, removed := []byte{'{'}, false
	payment.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "method", "status", "error":
			removed = true
			return true
		}
		if len(kept) > 1 {
			kept = append(kept, ',')
		}
		kept = append(append(append(kept, key.Raw...), ':'), value.Raw...)
		return true
	})
	if !removed {
		return nil
	}
	kept = append(kept, '}')
	signed := append([]byte{}, body[:payment.Index]...)
	signed = append(append(signed, kept...), body[payment.Index+len(payment.Raw):]...)
	return []providers.Variant{{
		Name:    "body minified, without payment.method, payment.status and payment.error",
		Meaning: "It would match without these three fields: this is the example of Klix's documentation, whose body was changed after it was signed, so that as printed it never matches.",
		Body:    signed,
		Digest:  sha256.Sum256(signed),
	}}
}
