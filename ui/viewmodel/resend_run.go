package viewmodel

import "hookglass/capture"

// ResendRun is a job of resends under way, as the engine has it. Its functions are
// safe for concurrent use; Wait alone blocks.
type ResendRun struct {
	Pause, Resume, Cancel func()
	Progress              func() capture.ResendProgress
	Wait                  func() (capture.ResendReport, error)
}
