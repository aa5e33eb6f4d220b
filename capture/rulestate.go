package capture

// RuleState is a rule with what is known of it now.
type RuleState struct {
	Rule    Rule    // with Hits and End as they are now
	Active  bool    // it is asked: on, usable and not ended
	Places  []Place // how far its sequence is, the keys used last first
	Problem string  // why it cannot be used; "" where it can
}

// RuleTrial says what of the callbacks that were captured last a rule would have
// matched by itself: "14 of the last 200".
type RuleTrial struct {
	Matched int
	Of      int
	IDs     []int64 // of those that matched, newest first, at most 20
}

// RulePreview says what a rule by itself would do with a callback.
type RulePreview struct {
	Matches bool
	Why     string     // why it does not match; "" where it does
	Answers []Response // every answer that it can give, in its order; see Rule.Preview
	Broken  [][]string // of each answer, what of the sender's contract it breaks
}
