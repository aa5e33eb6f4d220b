package ui

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/ui/viewmodel"
)

// attachMany gives the window an engine whose jobs end when done is closed.
func (g *gallery) attachMany(t *testing.T, done <-chan struct{}) {
	t.Helper()
	g.attachResends(t)
	g.backend.StartResend = func(ctx context.Context, job capture.ResendJob, each func(*capture.Resent)) (*viewmodel.ResendRun, error) {
		report := capture.ResendReport{Total: len(job.IDs), Outcomes: map[capture.Outcome]int{}, Took: 1300 * time.Millisecond}
		for i, id := range job.IDs {
			sent := &capture.Resent{
				Origin: id, ID: id, UID: fmt.Sprint(id), Method: "PUT", URL: job.To + "/kornitx/dispatched", State: capture.StateAnswered,
				Status: []int{200, 200, 503, 200, 404}[i%5], Timings: capture.Timings{Total: time.Duration(i+1) * 370 * time.Microsecond},
			}
			sent.Verdict.Outcome = capture.Same
			if sent.Status != 200 {
				sent.Verdict.Outcome = capture.Regressed
			} else {
				report.Accepted++
			}
			sent.Acceptance = g.set.Accepts("kornitx", &capture.Response{Status: sent.Status}, &capture.Request{})
			report.Outcomes[sent.Verdict.Outcome]++
			report.Sent++
			each(sent)
		}
		if job.Schedule != "" {
			for _, id := range job.IDs[:3] {
				report.Schedules = append(report.Schedules, capture.ScheduleReport{Origin: id, Answers: []string{"503", "503", "200"}, Recovered: id%2 == 0, After: 4 * time.Hour})
			}
		}
		return &viewmodel.ResendRun{
			Pause: func() {}, Resume: func() {}, Cancel: func() {},
			Progress: func() capture.ResendProgress {
				return capture.ResendProgress{Done: 12, Total: len(job.IDs), PerSecond: 84, Left: 20 * time.Second}
			},
			Wait: func() (capture.ResendReport, error) {
				select {
				case <-done:
				case <-ctx.Done():
				}
				return report, nil
			},
		}, nil
	}
	g.Attach(g.backend)
}

// TestGalleryOfMany draws the resend of several callbacks.
func TestGalleryOfMany(t *testing.T) {
	sizes := []struct {
		name          string
		width, height float32
	}{{"1440", 1440, 900}, {"1024", 1024, 700}}
	for _, appearance := range galleryLooks {
		for _, size := range sizes[:min(len(sizes), gallerySizes)] {
			if os.Getenv("HOOKGLASS_SHOTS") == "" && appearance+size.name != "light1024" {
				continue
			}
			t.Run(appearance+"-"+size.name, func(t *testing.T) {
				prefix := "many-" + appearance + "-" + size.name + "-"
				g := newGallery(t, appearance, size.width, size.height)
				done := make(chan struct{})
				g.attachMany(t, done)
				g.samples(t)
				g.until(t, "all are listed", func() bool { return g.List.Len() > 20 })
				g.Commands.Do("list.all")
				g.until(t, "the newest is shown", func() bool { return g.Detail.Page != nil })
				m := g.Detail.Resend.Many
				g.Commands.Do("callback.resend")
				g.until(t, "it was previewed", func() bool { return m.First != "" })
				g.shoot(t, prefix+"choose")
				m.Send()
				g.until(t, "results come", func() bool { return len(m.Rows) > 20 })
				g.shoot(t, prefix+"runs")
				close(done)
				g.until(t, "it has ended", func() bool { return !m.Running })
				g.shoot(t, prefix+"ended")
				m.Change(func(f *viewmodel.ManyFields) { f.Schedule = "kornitx" })
				m.Send()
				g.until(t, "it has ended", func() bool { return len(m.Report) > 1 })
				g.shoot(t, prefix+"schedule")
				text := words(g.window.Canvas().Overlays().Top())
				for _, want := range []string{"accepted", "As KornitX would", "3 tries over 4h", "KornitX would have tried again", "regressed"} {
					if !strings.Contains(text, want) {
						t.Errorf("%q is not there: %s", want, text)
					}
				}
			})
		}
	}
}
