package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"hookglass/capture"
)

// resendLine is one line of the reply to ResendMany. The last one has a report, or
// says why there is none.
type resendLine struct {
	Result  *Resent       `json:"result,omitempty"`
	Report  *ResendReport `json:"report,omitempty"`
	Ask     *Target       `json:"ask,omitempty"`   // of an *AskError
	Error   string        `json:"error,omitempty"` // beside a report: what could not be kept
	Closing bool          `json:"closing,omitempty"`
}

// converseResend does a job for another process, which hears of each resend. When
// that closes its side, the job is cancelled.
func (e *Engine) converseResend(conn net.Conn, job *ResendJob) error {
	// Who listens may be slow, and holds up the job then; the end of the engine
	// does not wait for it.
	stop := context.AfterFunc(e.ctx, func() { _ = conn.SetDeadline(time.Now().Add(hearTimeout)) })
	defer stop()
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(e.ctx))
	defer cancel()
	out := json.NewEncoder(conn)
	tell := func(line *resendLine) {
		if err := out.Encode(line); err != nil {
			cancel() // nobody listens
		}
	}
	if job == nil {
		job = &ResendJob{}
	}
	run, err := e.StartResend(ctx, *job, func(r *Resent) { tell(&resendLine{Result: r}) })
	if err != nil {
		line := resendLine{Error: err.Error(), Closing: e.ctx.Err() != nil}
		var ask *AskError
		if errors.As(err, &ask) {
			line.Ask = &ask.ResendTarget
		}
		return out.Encode(line)
	}
	heard := untilClosed(conn, cancel)
	report, err := run.Wait()
	line := resendLine{Report: &report}
	if err != nil {
		line.Error = err.Error()
	}
	err = out.Encode(line)
	heard()
	return err
}

// untilClosed cancels what is done for who asks when that closes its side. The
// function that it returns ends the listening.
func untilClosed(conn net.Conn, cancel func()) (end func()) {
	heard := make(chan struct{})
	go func() { // nothing more is said; this sees the end
		defer close(heard)
		_, _ = io.Copy(io.Discard, conn)
		cancel()
	}()
	return func() {
		_ = conn.SetReadDeadline(time.Unix(1, 0)) // long past: ends the goroutine
		<-heard
	}
}

// ResendIn does a job in a folder: through the process that captures into it, else
// by itself. each is told what became of every resend. Where ctx ends, the job is
// cancelled, and the report says so.
func ResendIn(ctx context.Context, config Config, job ResendJob, each func(*Resent)) (ResendReport, error) {
	config.MoveAside, config.brief = false, true
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		report, err := resendOnce(ctx, config, job, each)
		if !errors.Is(err, errUnanswered) || pause(waiting, lockPause) != nil {
			return report, err
		}
	}
}

func resendOnce(ctx context.Context, config Config, job ResendJob, each func(*Resent)) (report ResendReport, err error) {
	e, err := Open(ctx, config)
	var captured *CapturedError
	if errors.As(err, &captured) {
		if captured.Owner.Socket == "" {
			return report, err
		}
		return askResend(ctx, captured.Owner.Socket, job, each)
	}
	if err != nil {
		return report, err
	}
	e.alone = true
	defer func() { err = errors.Join(err, e.Close(ctx)) }()
	run, err := e.StartResend(ctx, job, each)
	if err != nil {
		return report, err
	}
	return run.Wait()
}

// askResend has the process that captures do a job.
func askResend(ctx context.Context, socket string, job ResendJob, each func(*Resent)) (ResendReport, error) {
	dialer := net.Dialer{Timeout: patience}
	dialled, err := dialer.DialContext(ctx, "unix", socket)
	if err != nil {
		return ResendReport{}, fmt.Errorf("%w: %w", errUnanswered, err)
	}
	defer func() { _ = dialled.Close() }()
	conn, ok := dialled.(*net.UnixConn)
	if !ok {
		return ResendReport{}, fmt.Errorf("%T is no Unix socket", dialled)
	}
	if err := json.NewEncoder(conn).Encode(Change{Action: ResendMany, Resend: &job}); err != nil {
		return ResendReport{}, fmt.Errorf("%w: send the job: %w", errUnanswered, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.CloseWrite() }) // the report comes still
	defer stop()
	in := json.NewDecoder(conn)
	for begun := false; ; begun = true {
		var line resendLine
		if err := in.Decode(&line); err != nil {
			err = fmt.Errorf("the process that captures ended before the resends were done: %w", err)
			if !begun {
				err = fmt.Errorf("%w: %w", errUnanswered, err)
			}
			return ResendReport{}, err
		}
		switch {
		case line.Result != nil:
			each(line.Result)
		case line.Report != nil && line.Error != "":
			return *line.Report, errors.New(line.Error)
		case line.Report != nil:
			return *line.Report, nil
		case line.Closing:
			return ResendReport{}, fmt.Errorf("%w: it is closing", errUnanswered)
		case line.Ask != nil:
			return ResendReport{}, &AskError{ResendTarget: *line.Ask}
		default:
			// An older one replies so too: it does not know the action.
			return ResendReport{}, fmt.Errorf("%w: %s", capture.ErrReplay, strings.TrimPrefix(line.Error, capture.ErrReplay.Error()+": "))
		}
	}
}
