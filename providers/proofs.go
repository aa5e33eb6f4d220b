package providers

import (
	"strings"

	"hookglass/capture"
)

// strongest lists what several proofs can add up to, the strongest first: any
// wrong one makes a callback invalid, also beside a right one.
var strongest = [...]capture.Status{
	capture.Invalid, capture.Malformed, capture.Valid, capture.WeakKey, capture.KeyMissing, capture.Unsigned, capture.Unprovable,
}

// Combine adds up the verdicts on the proofs of one callback. The details are
// those of the proof that decided; each is listed in Checks.
func Combine(proofs []capture.Verification) capture.Verification {
	if len(proofs) == 1 {
		return proofs[0]
	}
	var v capture.Verification
	for _, status := range strongest {
		for i := range proofs {
			if proofs[i].Status == status && v.Status == "" {
				v = proofs[i]
			}
		}
	}
	v.Checks = nil
	var reasons []string
	for i := range proofs {
		p := &proofs[i]
		v.Checks = append(v.Checks, capture.Check{Proof: p.Header, Status: p.Status, Reason: p.Reason})
		v.Checks = append(v.Checks, p.Checks...)
		reasons = append(reasons, p.Header+": "+p.Reason)
	}
	v.Reason = strings.Join(reasons, " ")
	return v
}
