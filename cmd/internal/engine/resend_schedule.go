package engine

import (
	"context"
	"fmt"
	"time"

	"hookglass/capture"
)

// mostTries is how often one callback of a scheduled job is sent at the most.
func (r *ResendRun) mostTries() int {
	most := 0
	if r.job.Schedule != OwnSchedule {
		at, _ := schedule(r.engine.Set, r.job.Schedule) // it was checked
		most = len(at)
	} else {
		for _, p := range r.engine.Set.All() {
			most = max(most, len(p.Retry.Schedule()))
		}
	}
	return most
}

// follow sends one callback on its schedule, until an answer is accepted.
func (r *ResendRun) follow(ctx context.Context, s *capture.Sender, at int) {
	id := r.job.IDs[at]
	due, err := r.scheduleOf(ctx, at)
	if err != nil {
		if ctx.Err() == nil {
			r.tell(&Resent{Origin: id, State: capture.StateFailed, Error: err.Error()})
		}
		return
	}
	r.mu.Lock()
	r.total += len(due) - r.tries
	r.mu.Unlock()
	report := ScheduleReport{Origin: id}
	began := time.Now()
	for i, after := range due {
		if r.job.Speed > 0 {
			if pause(ctx, time.Until(began.Add(time.Duration(float64(after)/r.job.Speed)))) != nil {
				break
			}
		}
		if r.pace.wait(ctx) != nil || r.over() {
			break
		}
		resent := r.one(ctx, s, at, func(resent *Resent) { resent.Try, resent.After = i+1, after })
		if resent == nil {
			break
		}
		if !resent.Sent() {
			return // it cannot be sent, now or later
		}
		report.Answers = append(report.Answers, answerWords(resent))
		report.After, report.Recovered = after, resent.Acceptance.Accepted
		if report.Recovered {
			break
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if report.Recovered {
		r.total -= len(due) - len(report.Answers) // those that were not needed
	}
	if len(report.Answers) > 0 && len(r.report.Schedules) < maxSchedules {
		r.report.Schedules = append(r.report.Schedules, report)
	}
}

func answerWords(resent *Resent) string {
	if resent.Status == 0 || resent.State != capture.StateAnswered {
		return "no answer"
	}
	return fmt.Sprint(resent.Status)
}

// scheduleOf is when a callback is sent.
func (r *ResendRun) scheduleOf(ctx context.Context, at int) ([]time.Duration, error) {
	if r.job.Schedule != OwnSchedule {
		return schedule(r.engine.Set, r.job.Schedule)
	}
	v, give, err := r.prepared(ctx, at)
	if err != nil {
		return nil, err
	}
	defer give()
	return schedule(r.engine.Set, v.origin.Annotation.Provider)
}
