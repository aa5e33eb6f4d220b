package capture

import "fmt"

// Outcome says what a resend made of the first answer.
type Outcome string

// The outcomes. The zero Outcome is that there is nothing to compare with.
const (
	Same         Outcome = "same"          // a success again
	Fixed        Outcome = "fixed"         // a success in place of a failure
	Regressed    Outcome = "regressed"     // a failure in place of a success
	StillFailing Outcome = "still_failing" // a failure again
	Unanswered   Outcome = "unanswered"    // no answer, or none to the end
)

// Verdict compares the answer to a resend with the first one.
type Verdict struct {
	Outcome Outcome
	Words   string // "fixed: 200 in place of 503"
}

// Judge compares the answer to a resend with that to what it was made from. A
// success is a 2xx; what a provider makes of an answer is for it to say. An
// exchange that is not answered yet says nothing.
func Judge(first, again *Exchange) Verdict {
	if again.Response == nil || again.State != StateAnswered {
		return Verdict{Unanswered, "no answer"}
	}
	status, done := again.Response.Status, success(again)
	was, known := "no answer", true
	switch {
	case first == nil || first.State == StateReceived || first.State == StateHeld || first.State == StateUnknown:
		known = false
	case first.Response != nil:
		was = fmt.Sprint(first.Response.Status)
	}
	before := known && success(first)
	switch {
	case !known:
		return Verdict{"", fmt.Sprintf("%d", status)}
	case done && before && was == fmt.Sprint(status):
		return Verdict{Same, fmt.Sprintf("same: %d", status)}
	case done && before:
		return Verdict{Same, fmt.Sprintf("a success as at first: %d, was %s", status, was)}
	case done:
		return Verdict{Fixed, fmt.Sprintf("fixed: %d in place of %s", status, was)}
	case before:
		return Verdict{Regressed, fmt.Sprintf("regressed: %d in place of %s", status, was)}
	}
	return Verdict{StillFailing, fmt.Sprintf("still failing: %d, was %s", status, was)}
}

func success(x *Exchange) bool {
	return x.Response != nil && x.State == StateAnswered && x.Response.Status/100 == 2
}

// Acceptance is what a provider would have made of an answer.
type Acceptance struct {
	Accepted bool   // a success, and nothing in it breaks the provider's contract
	Again    bool   // as documented, it would have sent the callback again
	Words    string // "KornitX would have tried again: up to 5 times, every 2h0m0s"
}
