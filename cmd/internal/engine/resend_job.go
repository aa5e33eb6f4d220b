package engine

import (
	"fmt"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// MostConcurrent is how many resends a job can have under way at once.
const MostConcurrent = capture.MostConcurrent

// OwnSchedule is the schedule of whoever sent a callback.
const OwnSchedule = capture.OwnSchedule

// ResendJob says which callbacks are resent, how often and how fast.
type ResendJob = capture.ResendJob

// ResendProgress is how far a job has come.
type ResendProgress = capture.ResendProgress

// ResendReport says how a job went.
type ResendReport = capture.ResendReport

// ScheduleReport says how one callback fared on a schedule.
type ScheduleReport = capture.ScheduleReport

// CheckJob completes a job, and says in a sentence what of it cannot be.
func CheckJob(j *ResendJob, set *providers.Set) error {
	if err := j.Check(); err != nil || j.Schedule == "" || j.Schedule == OwnSchedule {
		return err
	}
	_, err := schedule(set, j.Schedule)
	return err
}

// schedule is when a provider sends what nobody takes.
func schedule(set *providers.Set, provider string) ([]time.Duration, error) {
	p := set.Find(provider)
	if p == nil {
		return nil, fmt.Errorf("nothing is known of how %q sends again", provider)
	}
	at := p.Retry.Schedule()
	if at == nil {
		return nil, fmt.Errorf("%s has no schedule: %s", p.Name, p.Retry.Text)
	}
	return at, nil
}
