package capture

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// MostConcurrent is how many resends a job can have under way at once.
const MostConcurrent = 64

// ResendJob says which callbacks are resent, how often and how fast.
type ResendJob struct {
	Resending
	IDs           []int64 `json:"ids"`                       // in their order
	Times         int     `json:"times,omitempty"`           // each so often, one behind the other; 0: once
	Concurrency   int     `json:"concurrency,omitempty"`     // so many at once; 0: one, of a schedule all
	Rate          float64 `json:"rate,omitempty"`            // so many a second at the most; 0: any number
	StopAtFailure bool    `json:"stop_at_failure,omitempty"` // begin no more after the first that is not accepted

	// Schedule sends each as a provider would that is not answered well: its ID, or
	// OwnSchedule for that of whoever sent it. It ends at the first accepted answer.
	Schedule string  `json:"schedule,omitempty"`
	Speed    float64 `json:"speed,omitempty"` // how much faster than in reality; 0: without any pause
}

// OwnSchedule is the schedule of whoever sent a callback.
const OwnSchedule = "own"

// Check completes a job, and says in a sentence what of it cannot be. Whether a
// provider has the schedule that is named is for the providers to say.
func (j *ResendJob) Check() error {
	j.Times = max(j.Times, 1)
	if j.Concurrency == 0 {
		j.Concurrency = 1
		if j.Schedule != "" {
			j.Concurrency = min(max(len(j.IDs), 1), MostConcurrent)
		}
	}
	switch {
	case len(j.IDs) == 0:
		return errors.New("there is no callback to resend")
	case j.Concurrency < 1 || j.Concurrency > MostConcurrent:
		return fmt.Errorf("%d at once cannot be: from 1 to %d", j.Concurrency, MostConcurrent)
	case j.Rate < 0 || math.IsNaN(j.Rate) || math.IsInf(j.Rate, 0):
		return errors.New("the rate is not a number of resends a second")
	case j.Speed < 0 || math.IsNaN(j.Speed):
		return errors.New("the speed is below zero")
	case len(j.IDs) > math.MaxInt32/j.Times:
		return errors.New("that is more than two thousand million resends")
	case j.Schedule != "" && j.Times > 1:
		return errors.New("a schedule says by itself how often: it takes no number of times")
	}
	return nil
}

// Keeps reports whether connections are kept for the next resend. A provider tries
// again over a new one.
func (j *ResendJob) Keeps() bool { return len(j.IDs)*max(j.Times, 1) > 1 && j.Schedule == "" }

// ResendProgress is how far a job has come.
type ResendProgress struct {
	Done, Total int           // Total is the most there will be
	PerSecond   float64       // over the last seconds
	Left        time.Duration // how long it goes on at that rate; 0 where that cannot be told
	Paused      bool
}

// ResendReport says how a job went.
type ResendReport struct {
	Total     int           `json:"total"`    // how many there were to be, at the most
	Sent      int           `json:"sent"`     // how many were sent
	Accepted  int           `json:"accepted"` // of those, by the contract of whoever sent the callback
	Unsent    int           `json:"unsent"`   // could not be
	Took      time.Duration `json:"took"`
	Cancelled bool          `json:"cancelled,omitempty"`
	Stopped   bool          `json:"stopped,omitempty"` // at the first failure

	Outcomes  map[Outcome]int  `json:"outcomes"`
	Schedules []ScheduleReport `json:"schedules,omitempty"` // of the first thousand callbacks
}

// ScheduleReport says how one callback fared on a schedule.
type ScheduleReport struct {
	Origin    int64         `json:"origin"`
	Answers   []string      `json:"answers"`   // of each try, in a few words: "503", "no answer"
	Recovered bool          `json:"recovered"` // the last one was accepted
	After     time.Duration `json:"after"`     // how long after the first try that would have been in reality
}

// String tells it in a sentence.
func (s *ScheduleReport) String() string {
	tries := fmt.Sprintf("%d tries", len(s.Answers))
	if len(s.Answers) == 1 {
		tries = "1 try"
	}
	switch {
	case s.Recovered && len(s.Answers) == 1:
		return fmt.Sprintf("callback %d was accepted at once: %s", s.Origin, s.Answers[0])
	case s.Recovered:
		return fmt.Sprintf("callback %d was accepted at try %d, %s after the first: %s", s.Origin, len(s.Answers), Span(s.After), joined(s.Answers))
	}
	return fmt.Sprintf("callback %d was not accepted in %s over %s: %s", s.Origin, tries, Span(s.After), joined(s.Answers))
}

// joined writes answers as "503 (3 times), 200".
func joined(answers []string) string {
	text := ""
	for i := 0; i < len(answers); {
		n := i
		for n < len(answers) && answers[n] == answers[i] {
			n++
		}
		if text != "" {
			text += ", then "
		}
		if text += answers[i]; n-i > 1 {
			text += fmt.Sprintf(" %d times", n-i)
		}
		i = n
	}
	return text
}

// OK reports whether every callback was accepted in the end, and all were sent.
func (r *ResendReport) OK() bool {
	if r.Cancelled || r.Unsent > 0 || r.Sent == 0 {
		return false
	}
	if len(r.Schedules) == 0 {
		return r.Accepted == r.Sent && !r.Stopped
	}
	for i := range r.Schedules {
		if !r.Schedules[i].Recovered {
			return false
		}
	}
	return true
}
