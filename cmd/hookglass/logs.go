package main

import (
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
	crash *os.File // nil where it could not be opened

	report string // the report of the crash that ended an earlier run; "" when none did
}

// openLogs begins to log to errs and to a rotating file in a folder, which it
// makes where it is missing. A folder that takes no files is no reason not to
// start: the window says what is wrong with it.
func openLogs(folder string, errs io.Writer) *logs {
	l := &logs{file: &lumberjack.Logger{Filename: filepath.Join(folder, logFile), MaxSize: 4, MaxBackups: 3}}
	l.Logger = slog.New(slog.NewTextHandler(io.MultiWriter(errs, quiet{l.file}), nil))
	if err := l.openCrash(folder); err != nil {
		l.Warn("a crash would not be written to a file", "err", err)
	}
	return l
}

// openCrash keeps the report of an earlier crash, and has the next one written.
func (l *logs) openCrash(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	path := filepath.Join(folder, crashFile)
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		l.report = filepath.Join(folder, "crash-"+info.ModTime().UTC().Format("20060102-150405")+".txt")
		if err := os.Rename(path, l.report); err != nil {
			l.report = ""
			return fmt.Errorf("keep the report of the last crash: %w", err)
		}
	}
	crash, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the crash report: %w", err)
	}
	l.crash = crash
	return debug.SetCrashOutput(crash, debug.CrashOptions{})
}

func (l *logs) close() {
	_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
	if l.crash != nil {
		_ = l.crash.Close()
		_ = os.Remove(l.crash.Name())
	}
	_ = l.file.Close()
}

// quiet drops the errors of a writer: a full disk must not silence the log on
// standard error.
type quiet struct{ io.Writer }

func (q quiet) Write(b []byte) (int, error) {
	_, _ = q.Writer.Write(b)
	return len(b), nil
}
