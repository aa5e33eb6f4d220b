// Command hookglass is the desktop app: a window on the engine that it shares
// with hookglassctl. It captures from its first second, and a second start
// brings the window of the first to the front.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"github.com/alecthomas/kong"

	"hookglass/assets"
	"hookglass/cmd/internal/engine"
	_ "hookglass/cmd/internal/fynecache"
	"hookglass/ui"
	"hookglass/ui/viewmodel"
)

const (
	exitFailure = 1
	exitUsage   = 2
)

// version is set by the linker for a release.
var version = "0.2.0-dev"

type flags struct {
	DataDir string   `help:"Folder of the database." default:"${folder}" placeholder:"DIR" type:"path"`
	Listen  string   `help:"Address to listen on, instead of the one in the settings." placeholder:"ADDR"`
	AnyPort bool     `help:"Take the next free port where the address is in use."`
	Demo    bool     `help:"Open on callbacks of every kind, in a folder that is thrown away."`
	Version bool     `help:"Print the version."`
	Files   []string `arg:"" optional:"" help:"Files to open." type:"path"`
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: it returns the exit code. It must be called on the first
// goroutine, which becomes the screen's.
func run(args []string, out, errs io.Writer) int {
	var f flags
	exited, exit := false, 0
	parser, err := kong.New(&f,
		kong.Name("hookglass"),
		kong.Description("Capture, verify, decode and answer webhook callbacks, in a window."),
		kong.Vars{"folder": engine.DefaultFolder()},
		kong.Writers(out, errs),
		kong.Exit(func(code int) { exited, exit = true, code }),
	)
	if err == nil {
		_, err = parser.Parse(args)
	}
	switch {
	case exited: // --help
		return exit
	case err != nil:
		_, _ = fmt.Fprintf(errs, "hookglass: %v; see hookglass --help\n", err)
		return exitUsage
	case f.Version:
		_, _ = fmt.Fprintf(out, "hookglass %s %s\n", version, runtime.Version())
		return 0
	}
	if err := start(&f, errs); err != nil {
		_, _ = fmt.Fprintf(errs, "hookglass: %v\n", err)
		return exitFailure
	}
	return 0
}

// start shows the window and returns when it is closed.
func start(f *flags, errs io.Writer) (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if f.Demo {
		folder, err := os.MkdirTemp("", "hookglass-demo-")
		if err != nil {
			return fmt.Errorf("make a folder for the demo: %w", err)
		}
		defer func() { _ = os.RemoveAll(folder) }() // a demo's
		f.DataDir = folder
	} else if raised, err := engine.Raise(ctx, f.DataDir, f.Files); raised {
		return nil
	} else if err != nil && !errors.Is(err, engine.ErrNoWindow) { // the window says who captures
		return err
	}
	logs := openLogs(f.DataDir, errs)
	defer logs.close()

	fyneApp := app.New() // without an ID: Fyne keeps no preferences of its own
	fyneApp.SetIcon(fyne.NewStaticResource("hookglass.png", assets.AppIcon))
	do := fyne.Do
	a := viewmodel.New(viewmodel.Config{
		Do:       do,
		Settings: filepath.Join(f.DataDir, "window.json"),
		Version:  version,
		Mac:      runtime.GOOS == "darwin",
	})
	p := &program{flags: f, app: a, logs: logs, ctx: ctx, do: do}
	window := ui.New(a, fyneApp, do)
	a.Opened.Files(f.Files) // as soon as there is an engine
	fyneApp.Lifecycle().SetOnStarted(p.open)
	window.Show()
	ended := make(chan struct{})
	defer close(ended)
	watch := sync.OnceFunc(func() { go p.endAnyway(ended) })
	quit := a.Screen.Quit
	a.Screen.Quit = func() { watch(); quit() }
	go quitOnSignal(ctx, func() { watch(); do(fyneApp.Quit) })
	fyneApp.Run()
	return p.close()
}

// quitOnSignal quits when the system asks for it, as Fyne does by itself: but this
// starts the watch over the end.
func quitOnSignal(ctx context.Context, quit func()) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(asked)
	select {
	case <-asked:
		quit()
	case <-ctx.Done():
	}
}

// closeTimeout bounds the end of the program.
const closeTimeout = 8 * time.Second
