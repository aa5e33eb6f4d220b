package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"time"

	"hookglass/capture"
)

// ImportJob is a file that is to be imported.
type ImportJob struct {
	Path   string `json:"path"` // absolute
	Name   string `json:"name,omitempty"`
	Rules  bool   `json:"rules,omitempty"`  // all of its rules come in, disabled
	Verify bool   `json:"verify,omitempty"` // see capture.Importing
	Look   bool   `json:"look,omitempty"`   // it is opened, told of, and closed again
}

// importLine is one line of the reply to ImportFile. The last one has a report, or
// says why there is none.
type importLine struct {
	Done    int64                 `json:"done,omitempty"`
	Total   int64                 `json:"total,omitempty"`
	Opened  *capture.Opening      `json:"opened,omitempty"`
	Report  *capture.ImportReport `json:"report,omitempty"`
	Error   string                `json:"error,omitempty"`
	Closing bool                  `json:"closing,omitempty"`
}

// importFile does a job. opened is told what is in the file before anything of it
// is kept for good, and can look at the session meanwhile. A failure, or the end of ctx, leaves nothing of it behind.
func (e *Engine) importFile(ctx context.Context, job *ImportJob, opened func(*capture.Opening), p capture.Progress) (report capture.ImportReport, err error) {
	file, err := e.OpenFile(ctx, job.Path, p)
	if err != nil {
		return report, err
	}
	opened(&file)
	how := capture.Importing{Session: file.Session.ID, Name: job.Name, Verify: job.Verify}
	if !job.Look {
		if job.Rules {
			for i := range file.Rules {
				how.Rules = append(how.Rules, i)
			}
		}
		report, err = e.ImportOpened(ctx, how, p)
	}
	if job.Look || err != nil {
		err = errors.Join(err, e.CloseOpened(context.WithoutCancel(ctx), how.Session))
	}
	return report, err
}

// progressPause is how often another process hears of progress.
const progressPause = 100 * time.Millisecond

// converseImport imports a file for another process. When that closes its side,
// the import is cancelled.
func (e *Engine) converseImport(conn net.Conn, job *ImportJob) error {
	stop := context.AfterFunc(e.ctx, func() { _ = conn.SetDeadline(time.Now().Add(hearTimeout)) })
	defer stop()
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return err
	}
	if job == nil {
		job = &ImportJob{}
	}
	ctx, cancel := context.WithCancel(e.ctx) // a long import does not hold up the end
	defer cancel()
	heard := untilClosed(conn, cancel)
	out := json.NewEncoder(conn)
	tell := func(line *importLine) {
		if err := out.Encode(line); err != nil {
			cancel() // nobody listens
		}
	}
	var told time.Time
	report, err := e.importFile(ctx, job, func(o *capture.Opening) {
		tell(&importLine{Opened: o})
		if job.Look { // who asked looks at it, and then closes
			<-ctx.Done()
		}
	}, func(done, total int64) {
		if now := time.Now(); now.Sub(told) >= progressPause {
			told = now
			tell(&importLine{Done: done, Total: total})
		}
	})
	e.sessionsMoved()
	line := importLine{Report: &report}
	if err != nil {
		line = importLine{Error: err.Error(), Closing: e.ctx.Err() != nil}
	}
	if err := out.Encode(line); err != nil && ctx.Err() == nil {
		e.config.Log.Warn("who asked for an import did not hear how it ended", "err", err)
	}
	heard()
	return nil
}

// ImportIn imports a file into a folder: through the process that captures into
// it, else by itself. Where ctx ends, nothing of the file stays.
func ImportIn(ctx context.Context, config Config, job ImportJob, opened func(*capture.Opening), p capture.Progress) (capture.ImportReport, error) {
	config.MoveAside, config.brief = false, true
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		report, err := importOnce(ctx, config, &job, opened, p)
		if !errors.Is(err, errUnanswered) || pause(waiting, lockPause) != nil {
			return report, err
		}
	}
}

func importOnce(ctx context.Context, config Config, job *ImportJob, opened func(*capture.Opening), p capture.Progress) (report capture.ImportReport, err error) {
	e, err := Open(ctx, config)
	var captured *CapturedError
	if errors.As(err, &captured) {
		if captured.Owner.Socket == "" {
			return report, err
		}
		return askImport(ctx, captured.Owner.Socket, job, opened, p)
	}
	if err != nil {
		return report, err
	}
	e.alone = true
	defer func() { err = errors.Join(err, e.Close(ctx)) }()
	return e.importFile(ctx, job, opened, p)
}

// askImport has the process that captures import a file.
func askImport(ctx context.Context, socket string, job *ImportJob, opened func(*capture.Opening), p capture.Progress) (report capture.ImportReport, err error) {
	conn, err := dialControl(ctx, socket)
	if err != nil {
		return report, fmt.Errorf("%w: %w", errUnanswered, err)
	}
	defer func() { _ = conn.Close() }()
	if err := json.NewEncoder(conn).Encode(Change{Action: ImportFile, Import: job}); err != nil {
		return report, fmt.Errorf("%w: send the import: %w", errUnanswered, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // which cancels it there
	defer stop()
	in := json.NewDecoder(conn)
	for begun := false; ; begun = true {
		var line importLine
		err := in.Decode(&line)
		switch {
		case ctx.Err() != nil:
			return report, ctx.Err()
		case err != nil && !begun:
			return report, fmt.Errorf("%w: %w", errUnanswered, err)
		case err != nil:
			return report, fmt.Errorf("the process that captures ended before the import was done, and nothing of it stays: %w", err)
		case line.Opened != nil && job.Look:
			opened(line.Opened)
			return report, nil
		case line.Opened != nil:
			opened(line.Opened)
		case line.Report != nil:
			return *line.Report, nil
		case line.Closing && !begun:
			return report, fmt.Errorf("%w: it is closing", errUnanswered)
		case line.Error != "":
			return report, errors.New(line.Error)
		default:
			p(line.Done, line.Total)
		}
	}
}
