package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"

	"gopkg.in/natefinch/lumberjack.v2"
)

const (
	logFile   = "hookglass.log"
	crashFile = "crash.txt"
)

// logs is where the program's log goes, and where the runtime writes what it
// says of a crash. Neither ever holds a body or a secret.
type logs struct {
	*slog.Logger

	file  *lumberjack.Logger
	crash *os.File

	report string // the report of the crash that ended an earlier run; "" when none did
}

// openLogs begins to log to errs and to a rotating file in a folder, which it
// makes where it is missing.
func openLogs(folder string, errs io.Writer) (*logs, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	l := &logs{file: &lumberjack.Logger{Filename: filepath.Join(folder, logFile), MaxSize: 4, MaxBackups: 3}}
	l.Logger = slog.New(slog.NewTextHandler(io.MultiWriter(errs, quiet{l.file}), nil))

	path := filepath.Join(folder, crashFile)
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		l.report = filepath.Join(folder, "crash-"+info.ModTime().UTC().Format("20060102-150405")+".txt")
		if err := os.Rename(path, l.report); err != nil {
			return nil, errors.Join(fmt.Errorf("keep the report of the last crash: %w", err), l.file.Close())
		}
	}
	crash, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the crash report: %w", err), l.file.Close())
	}
	l.crash = crash
	if err := debug.SetCrashOutput(crash, debug.CrashOptions{}); err != nil {
		l.Warn("a crash would not be written to a file", "err", err)
	}
	return l, nil
}

func (l *logs) close() {
	_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
	_ = l.crash.Close()
	_ = os.Remove(l.crash.Name())
	_ = l.file.Close()
}

// quiet drops the errors of a writer: a full disk must not silence the log on
// standard error.
type quiet struct{ io.Writer }

func (q quiet) Write(b []byte) (int, error) {
	_, _ = q.Writer.Write(b)
	return len(b), nil
}
