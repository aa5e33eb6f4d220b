// Command hookglassctl is Hookglass in a terminal: it captures webhook
// callbacks, lists and shows them, proves where they came from and answers
// them. It shares its engine and its data folder with the desktop app.
//
// It ends with 0, with 1 for a failure (or a "no": a proof that does not hold,
// a callback that did not come), and with 2 for wrong usage. Errors are one
// sentence on standard error.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"hookglass/cmd/internal/engine"
)

const (
	exitFailure = 1
	exitUsage   = 2
)

// errNo ends the program with 1 and without a word: what was printed says it.
var errNo = errors.New("no")

type commands struct {
	DataDir string `help:"Folder of the database." default:"${folder}" placeholder:"DIR" type:"path"`

	Serve    serveCommand    `cmd:"" help:"Capture callbacks and answer them."`
	List     listCommand     `cmd:"" help:"List captured callbacks, newest first."`
	Wait     waitCommand     `cmd:"" help:"Wait for callbacks to come; for tests and CI."`
	Show     showCommand     `cmd:"" help:"Show one callback whole: its proof, its content, its answer."`
	Curl     curlCommand     `cmd:"" help:"Print a curl command that sends the same bytes."`
	Request  requestCommand  `cmd:"" help:"Print the raw request: its head and its body, byte for byte."`
	Diff     diffCommand     `cmd:"" help:"Say how two callbacks, or a callback and its resend, differ."`
	Replay   replayCommand   `cmd:"" help:"Resend callbacks: as they came, edited, often, or as their sender would try again."`
	Trigger  triggerCommand  `cmd:"" help:"Send callbacks as a provider would: one event, or a story."`
	Identity identityCommand `cmd:"" help:"The test identity that triggered callbacks are signed with."`
	Search   searchCommand   `cmd:"" help:"Find words in callbacks: in paths, headers, bodies and notes."`
	Session  sessionCommand  `cmd:"" help:"Named sets of callbacks: begin, switch, rename, archive, delete."`
	Export   exportCommand   `cmd:"" help:"Write callbacks into a file for somebody else; secrets are taken out first."`
	Import   importCommand   `cmd:"" help:"Read callbacks that somebody shared: a bundle, HAR, a raw request, a curl command."`
	Prove    proveCommand    `cmd:"" help:"Check which callbacks of a shared file are what you captured."`
	Pin      pinCommand      `cmd:"" help:"Pin callbacks, so that retention leaves them alone."`
	Mark     markCommand     `cmd:"" help:"Mark callbacks with a colour."`
	Note     noteCommand     `cmd:"" help:"Write a note on a callback."`
	Delete   deleteCommand   `cmd:"" help:"Delete callbacks."`
	Verify   verifyCommand   `cmd:"" help:"Check a raw HTTP request in a file, as show would."`
	Secret   secretCommand   `cmd:"" help:"Keys and tokens that callbacks are verified with."`
	Endpoint endpointCommand `cmd:"" help:"Paths that receive callbacks."`
	Rule     ruleCommand     `cmd:"" help:"What callbacks are answered instead of what their sender takes as success."`
	Held     heldCommand     `cmd:"" help:"List the callbacks whose senders wait for an answer of yours."`
	Answer   answerCommand   `cmd:"" help:"Answer a callback that is held."`
	Presets  presetsCommand  `cmd:"" help:"The answers that a provider knows, and what each causes."`
	Filters  filtersCommand  `cmd:"" help:"What --filter understands, or how it understands a filter."`
}

// terminal is what a command talks to.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	log      *slog.Logger
	folder   string
}

// config is the engine configuration of the commands that do not capture.
func (t *terminal) config() engine.Config {
	return engine.Config{Folder: t.folder, Log: t.log}
}

// read opens the folder for looking, and says what could not be read of it.
func (t *terminal) read(ctx context.Context) (*engine.Reader, error) {
	reader, err := engine.OpenReader(ctx, t.config())
	if err == nil {
		for _, notice := range reader.Notices() {
			t.say("%s", notice)
		}
	}
	return reader, err
}

// say tells the person something that is not the command's result.
func (t *terminal) say(format string, values ...any) {
	_, _ = fmt.Fprintf(t.err, "hookglassctl: "+format+"\n", values...)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program: it returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	var c commands
	exited, exit := false, 0
	parser, err := kong.New(&c,
		kong.Name("hookglassctl"),
		kong.Description("Capture, verify, decode and answer webhook callbacks."),
		kong.Vars{"folder": engine.DefaultFolder(), "listen": engine.DefaultListen},
		kong.Writers(out, errs),
		kong.Exit(func(code int) { exited, exit = true, code }),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	t := &terminal{in: in, out: out, err: errs, log: slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	if err != nil {
		t.say("%v", err)
		return exitUsage
	}
	parsed, err := parser.Parse(args)
	if exited { // --help
		return exit
	}
	if err != nil {
		t.say("%v; see hookglassctl --help", err)
		return exitUsage
	}
	t.folder = c.DataDir
	err = parsed.Run(t)
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		t.say("%v", err)
		return exitUsage
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		t.say("cancelled")
	case !errors.Is(err, errNo):
		t.say("%v", err)
	}
	return exitFailure
}

// usageError is a wrong argument that only the command could notice.
type usageError struct{ what string }

func (e *usageError) Error() string { return e.what }

func usage(format string, values ...any) error {
	return &usageError{fmt.Sprintf(format, values...)}
}
