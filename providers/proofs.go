package providers

import (
	"slices"
	"strings"

	"hookglass/capture"
)

// strongest lists what several proofs can add up to, the strongest first: any
// wrong one makes a callback invalid, also beside a right one, and a right one
// is enough where others are absent or cannot be checked.
var strongest = [...]capture.Status{
	capture.Invalid, capture.Malformed, capture.Valid, capture.WeakKey, capture.KeyMissing, capture.Unsigned, capture.Unprovable,
}

// decisive returns the index of the strongest of several statuses, the first of
// equals, or -1 where there is none.
func decisive(n int, status func(i int) capture.Status) int {
	best, rank := -1, len(strongest)
	for i := range n {
		if r := slices.Index(strongest[:], status(i)); r < rank {
			best, rank = i, r
		}
	}
	return best
}

// Combine adds up the verdicts on the proofs of one callback. The details are
// those of the proof that decided; each is listed in Checks.
func Combine(proofs []capture.Verification) capture.Verification {
	if len(proofs) == 1 {
		return proofs[0]
	}
	var v capture.Verification
	if i := decisive(len(proofs), func(i int) capture.Status { return proofs[i].Status }); i >= 0 {
		v = proofs[i]
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

// coversBody reports whether a proof depends on the body: then Signed names it.
// It does not for a token, signed or not.
func coversBody(v *capture.Verification) bool { return strings.Contains(v.Signed, "body") }
