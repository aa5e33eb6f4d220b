//go:build linux

// These tests drive the built program in a real window on a display of its own,
// as a person would: with a mouse and a keyboard. They run where
// HOOKGLASS_WINDOW is set, which "make window" does.
package main_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/store"
)

const (
	// patience bounds every wait: a test that needs it has failed.
	patience = 20 * time.Second

	// tick is the pause between two looks.
	tick = 30 * time.Millisecond

	deskWidth, deskHeight = 1440, 900
)

// built is where the program lies once a test has asked for it.
var built struct {
	folder string
	once   sync.Once
	err    error
}

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "hookglass-window-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	built.folder = folder
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// buildTags are those of a release but for migrated_fynedo: without it Fyne
// says of every call on a wrong goroutine.
const buildTags = "sqlite_fts5 no_animations x11"

func programPath(t testing.TB) string {
	t.Helper()
	built.once.Do(func() {
		cmd := exec.CommandContext(context.Background(), "go", "build", "-tags", buildTags, "-o", filepath.Join(built.folder, "hookglass"), ".")
		if out, err := cmd.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("go build: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.folder, "hookglass")
}

// desk is a display with the program's window on it.
type desk struct {
	testing.TB
	display string   // ":7"
	folder  string   // the data folder
	with    []string // of the environment, besides the clean one
	addr    string   // where it listens
	stderr  lockedBuffer
	cmd     *exec.Cmd
	ended   chan error
	window  string // X's id
}

// lockedBuffer collects what a program says.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// newDesk starts a display, and skips the test where nobody asked for windows.
func newDesk(t testing.TB) *desk {
	t.Helper()
	if os.Getenv("HOOKGLASS_WINDOW") == "" {
		t.Skip("HOOKGLASS_WINDOW is not set: make window does")
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	screen := fmt.Sprintf("%dx%dx24", deskWidth, deskHeight)
	x := exec.CommandContext(context.WithoutCancel(t.Context()), "Xvfb", "-displayfd", "3", "-screen", "0", screen, "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{write}
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	_ = write.Close()
	t.Cleanup(func() {
		_ = x.Process.Signal(syscall.SIGTERM)
		_ = x.Wait()
	})
	number, err := io.ReadAll(io.LimitReader(read, 16))
	if n := strings.TrimSpace(string(number)); err != nil || n == "" {
		t.Fatalf("Xvfb gave no display: %q, %v", number, err)
	}
	d := &desk{TB: t, display: ":" + strings.TrimSpace(string(number)), folder: t.TempDir()}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the program said:\n%s", d.stderr.String())
		}
	})
	return d
}

// environment is a clean one: no keyring, no keys of the person who runs the
// tests, the desk's display, and no desktop.
func (d *desk) environment() []string {
	env := []string{"HOOKGLASS_KEYRING=off", "DISPLAY=" + d.display, "LANG=C.UTF-8", "XDG_RUNTIME_DIR=" + d.TempDir()}
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		switch {
		case strings.HasPrefix(name, "HOOKGLASS_"), name == "DISPLAY", name == "LANG", name == "XDG_RUNTIME_DIR", name == "FYNE_CACHE":
		default:
			env = append(env, pair)
		}
	}
	return append(env, d.with...)
}

// command is a program on the desk's display.
func (d *desk) command(name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.WithoutCancel(d.Context()), name, args...)
	cmd.Env = d.environment()
	return cmd
}

// output runs a command and returns what it printed.
func (d *desk) output(name string, args ...string) string {
	d.Helper()
	out, err := d.command(name, args...).Output()
	if err != nil {
		d.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return string(out)
}

var listeningOn = regexp.MustCompile(`listening.*url=http://(\S+)`)

// start starts the program and waits for its window, and until it listens.
func (d *desk) start(args ...string) {
	d.Helper()
	d.cmd = d.command(programPath(d), append([]string{"--data-dir", d.folder, "--listen", "127.0.0.1:0"}, args...)...)
	d.cmd.Stderr = &d.stderr
	said := len(d.stderr.String())
	if err := d.cmd.Start(); err != nil {
		d.Fatal(err)
	}
	d.ended = make(chan error, 1)
	go func() { d.ended <- d.cmd.Wait() }()
	d.Cleanup(func() { _ = d.cmd.Process.Kill() })
	d.until("the program listens", func() bool {
		match := listeningOn.FindStringSubmatch(d.stderr.String()[said:])
		if match != nil {
			d.addr = match[1]
		}
		return match != nil
	})
	d.until("a window is there", func() bool {
		out, err := d.command("xdotool", "search", "--onlyvisible", "--name", "^Hookglass").Output()
		d.window = strings.TrimSpace(strings.Split(string(out), "\n")[0])
		return err == nil && d.window != ""
	})
	d.resize(deskWidth, deskHeight)
}

// resize gives the window a size, which it may take back while it starts.
func (d *desk) resize(width, height int) {
	d.Helper()
	want := fmt.Sprintf("WIDTH=%d\nHEIGHT=%d\n", width, height)
	right := 0
	d.until("the window has its size", func() bool {
		if strings.Contains(d.output("xdotool", "getwindowgeometry", "--shell", d.window), want) {
			right++
			return right == 3
		}
		right = 0
		d.output("xdotool", "windowmove", d.window, "0", "0")
		d.output("xdotool", "windowsize", d.window, strconv.Itoa(width), strconv.Itoa(height))
		return false
	})
	d.output("xdotool", "windowfocus", "--sync", d.window)
}

// wait waits until the program has ended, and fails where it ended badly.
func (d *desk) wait() {
	d.Helper()
	select {
	case err := <-d.ended:
		if err != nil {
			d.Fatalf("the program ended with %v", err)
		}
	case <-time.After(patience):
		d.Fatal("the program does not end")
	}
}

// until waits for a condition.
func (d *desk) until(what string, met func() bool) {
	d.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for !met() {
		select {
		case <-deadline.C:
			d.keep("failed")
			d.Fatalf("waited in vain until %s", what)
		case err := <-d.ended:
			d.ended <- err
			if !met() {
				d.Fatalf("the program ended (%v) before %s", err, what)
			}
			return
		case <-ticker.C:
		}
	}
}

// key presses keys, in xdotool's names: "ctrl+k", "slash", "Return".
func (d *desk) key(keys ...string) {
	d.Helper()
	for _, key := range keys {
		d.output("xdotool", "key", "--clearmodifiers", key)
	}
}

// write types a text.
func (d *desk) write(text string) {
	d.Helper()
	d.output("xdotool", "type", "--delay", "8", "--", text)
}

// click clicks into the window at its pixels.
func (d *desk) click(x, y int) {
	d.Helper()
	d.output("xdotool", "mousemove", "--window", d.window, strconv.Itoa(x), strconv.Itoa(y), "click", "1")
}

// shot is what is on the screen.
func (d *desk) shot() image.Image {
	d.Helper()
	out, err := d.command("import", "-silent", "-window", "root", "png:-").Output()
	if err != nil {
		d.Fatalf("import: %v", err)
	}
	picture, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		d.Fatal(err)
	}
	return picture
}

// keep keeps a picture of the screen: where HOOKGLASS_SHOTS names a folder, there.
func (d *desk) keep(name string) {
	folder := os.Getenv("HOOKGLASS_SHOTS")
	if folder == "" {
		folder = os.TempDir()
	}
	file := filepath.Join(folder, "hookglass-"+name+".png")
	if out, err := d.command("import", "-silent", "-window", "root", file).CombinedOutput(); err != nil {
		d.Logf("no screenshot: %v %s", err, out)
		return
	}
	d.Logf("the screen is in %s", file)
}

// clipboard is what was copied, as another program gets it.
func (d *desk) clipboard() string {
	out, err := d.command("xclip", "-selection", "clipboard", "-o").Output()
	if err != nil {
		return ""
	}
	return string(out)
}

// stored reads what is in the database, newest first.
func (d *desk) stored(q store.Query) []capture.Exchange {
	d.Helper()
	ctx := d.Context()
	engine.Settle(ctx, d.folder)
	reader, err := engine.OpenReader(ctx, engine.Config{Folder: d.folder, Getenv: func(string) string { return "" }})
	if err != nil {
		return nil
	}
	defer func() {
		if err := reader.Close(); err != nil {
			d.Error(err)
		}
	}()
	if reader.Store == nil {
		return nil
	}
	list, err := reader.Store.List(ctx, q)
	if err != nil {
		d.Fatal(err)
	}
	return list
}

// send sends a callback and returns what it was answered.
func (d *desk) send(method, target, contentType, body string, header ...string) (int, string) {
	d.Helper()
	request, err := http.NewRequestWithContext(d.Context(), method, "http://"+d.addr+target, strings.NewReader(body))
	if err != nil {
		d.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.Fatal(err)
	}
	answer, err := io.ReadAll(response.Body)
	if err := response.Body.Close(); err != nil {
		d.Error(err)
	}
	if err != nil {
		d.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

// untilStored waits until what is stored is as wanted.
func (d *desk) untilStored(what string, q store.Query, met func([]capture.Exchange) bool) {
	d.Helper()
	d.until(what, func() bool {
		list := d.stored(q)
		return len(list) > 0 && met(list)
	})
}
