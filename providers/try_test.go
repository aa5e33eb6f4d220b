package providers

import (
	"testing"

	"hookglass/capture"
)

func TestTrial(t *testing.T) {
	for _, tt := range []struct {
		verdicts []capture.Status
		want     string
	}{
		{nil, "Nothing is captured yet that this key could be tried on."},
		{[]capture.Status{capture.Valid, capture.WeakKey}, "This key proves 2 of 2 captured."},
		{
			[]capture.Status{capture.Valid, capture.Invalid, capture.KeyMissing, capture.Unsigned},
			"This key proves 1 of 4 captured; 1 does not match it; 2 carry no proof that it could check.",
		},
		{[]capture.Status{capture.Malformed, capture.Invalid}, "This key proves 0 of 2 captured; 2 do not match it."},
	} {
		var trial Trial
		for _, v := range tt.verdicts {
			trial.Add(v)
		}
		if got := trial.String(); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.verdicts, got, tt.want)
		}
	}
}
