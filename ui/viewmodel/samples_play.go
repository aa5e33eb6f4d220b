package viewmodel

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// playedStory is a story that is told, or was last.
type playedStory struct {
	provider, name string
	steps          []SampleStep
}

// listSteps makes the steps of the story that is chosen: with what became of them
// where it is the one that was told last.
func (s *Samples) listSteps() {
	story, p := s.scenario(), s.provider()
	s.Steps = nil
	if story == nil {
		return
	}
	if played := s.played; played != nil && played.provider == p.ID && played.name == story.Name {
		s.Steps = append(s.Steps, played.steps...)
	} else {
		s.Steps = stepsOf(p, story)
	}
	s.Step = min(s.Step, len(s.Steps)-1)
	if s.Step >= 0 {
		s.Steps[s.Step].At = true
	}
}

func stepsOf(p *providers.Provider, story *providers.Scenario) []SampleStep {
	steps := make([]SampleStep, len(story.Scenes))
	for i := range story.Scenes {
		scene := &story.Scenes[i]
		step := SampleStep{Number: strconv.Itoa(i + 1), Title: scene.Sample, After: "at once"}
		if sample := p.Sample(scene.Sample); sample != nil {
			step.Title = sample.Title
		}
		if scene.After > 0 {
			step.After = "after " + capture.Span(scene.After)
		}
		steps[i] = step
	}
	return steps
}

// short is the status alone, where there is one.
func (r *SampleResult) short() string {
	if status, _, ok := strings.Cut(r.Text, " "); ok && status[0] >= '1' && status[0] <= '9' {
		return status
	}
	return r.Text
}

// Told says what became of what was sent; of a story also why the chosen step was
// not taken.
func (s *Samples) Told() string {
	if s.Result == nil {
		return ""
	}
	note := s.Result.Note
	if s.Step < len(s.Steps) {
		if step := &s.Steps[s.Step]; step.Note != "" && step.Tone != Good {
			note += " Number " + step.Number + ": " + step.Note
		}
	}
	return note
}

// Lasts says how long the chosen story takes at the chosen speed.
func (s *Samples) Lasts() string {
	story := s.scenario()
	if story == nil {
		return ""
	}
	speed := s.speed()
	if speed <= 0 {
		return "One after the other, without pauses."
	}
	return "It takes " + capture.Span(time.Duration(float64(story.Length())/speed)) + "."
}

// play tells a story to an address.
func (s *Samples) play(to string, m *maker, story *providers.Scenario) {
	ctx, cancel := context.WithCancel(s.app.ctx)
	s.stop = cancel
	played := &playedStory{provider: m.p.ID, name: story.Name, steps: stepsOf(m.p, story)}
	s.played = played
	total := len(story.Scenes)
	tell := func(i int, change func(step *SampleStep)) {
		s.app.config.Do(func() {
			change(&played.steps[i])
			s.listSteps()
			s.Busy = fmt.Sprintf("%s: %d of %d", story.Title, i+1, total)
			s.Changed.Emit()
		})
	}
	s.listSteps()
	s.Busy = fmt.Sprintf("%s: %d of %d", story.Title, 1, total)
	s.Changed.Emit()
	s.app.run(func(context.Context) func() {
		defer cancel()
		sent, taken, err := s.tellStory(ctx, to, m, story, tell)
		stopped := ctx.Err() != nil && sent < total
		return func() { s.ended(sent, taken, total, err, stopped) }
	})
}

// tellStory sends one callback after the other, and returns how many were sent,
// and how many of them were taken.
func (s *Samples) tellStory(ctx context.Context, to string, m *maker, story *providers.Scenario, tell func(i int, change func(step *SampleStep))) (sent, taken int, err error) {
	began := m.now()
	for i := 0; i < len(story.Scenes) && ctx.Err() == nil; i++ {
		if pause := story.Pause(i, m.fields.speed()); pause > 0 {
			tell(i, func(step *SampleStep) { step.Text, step.Tone = "waits "+capture.Span(pause), Muted })
			if !rest(ctx, pause) {
				tell(i, func(step *SampleStep) { step.Text = "" })
				return sent, taken, nil
			}
		}
		tell(i, func(step *SampleStep) { step.Text, step.Tone = "sending …", Accent })
		scene := func() (*madeCallback, error) { return m.scene(story, i, began) }
		made, err := scene()
		var result *SampleResult
		if err == nil {
			result, err = s.deliver(ctx, to, m, made, scene)
		}
		if err != nil {
			text, tone := "not sent", Bad
			if ctx.Err() != nil {
				text, tone = "stopped", Muted
			}
			tell(i, func(step *SampleStep) { step.Text, step.Tone = text, tone })
			return sent, taken, err
		}
		sent++
		if result.Tone == Good {
			taken++
		}
		tell(i, func(step *SampleStep) { step.Text, step.Tone, step.Note = result.short(), result.Tone, result.Note })
	}
	return sent, taken, nil
}

// rest reports whether a pause ended by itself.
func rest(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// ended says what became of a story.
func (s *Samples) ended(sent, taken, total int, err error, stopped bool) {
	s.Busy, s.stop = "", func() {}
	r := &SampleResult{Text: "Told", Tone: Good, Note: fmt.Sprintf("All %d callbacks were sent and taken.", total)}
	switch {
	case stopped:
		r.Text, r.Tone, r.Note = "Stopped", Muted, fmt.Sprintf("%d of %d callbacks were sent.", sent, total)
	case err != nil:
		r.Text, r.Tone, r.Note = "Ended early", Bad, fmt.Sprintf("%d of %d callbacks were sent. %s", sent, total, sentence(err))
	case taken < sent:
		r.Tone, r.Note = Warn, fmt.Sprintf("%d of %d callbacks were taken; the others are marked.", taken, total)
	}
	s.Result = r
	if s.app.Dialog != DialogSamples {
		s.app.Notices.Say(r.Tone, r.Text+". "+r.Note, "Show", s.Open)
	}
	s.build()
}
