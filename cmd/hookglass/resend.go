package main

import (
	"context"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/ui/viewmodel"
)

// previewResend hands what would be sent to the window.
func previewResend(e *engine.Engine) func(context.Context, int64, capture.Resending, bool) (viewmodel.ResendPreview, error) {
	return func(ctx context.Context, id int64, how capture.Resending, keep bool) (viewmodel.ResendPreview, error) {
		v, err := e.Preview(ctx, id, how, keep)
		if err != nil {
			return viewmodel.ResendPreview{}, err
		}
		return viewmodel.ResendPreview{Out: v.Out, Note: v.Note}, nil
	}
}

// startResend hands a job under way to the window.
func startResend(e *engine.Engine) func(context.Context, capture.ResendJob, func(*capture.Resent)) (*viewmodel.ResendRun, error) {
	return func(ctx context.Context, job capture.ResendJob, each func(*capture.Resent)) (*viewmodel.ResendRun, error) {
		run, err := e.StartResend(ctx, job, each)
		if err != nil {
			return nil, err
		}
		return &viewmodel.ResendRun{Pause: run.Pause, Resume: run.Resume, Cancel: run.Cancel, Progress: run.Progress, Wait: run.Wait}, nil
	}
}
