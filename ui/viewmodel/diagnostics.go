package viewmodel

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// CopyDiagnostics copies what helps to find a fault of ours. It holds no body,
// no key, no token and no path or address of a callback.
func (a *App) CopyDiagnostics() {
	a.Screen.Copy(a.diagnostics())
	a.Notices.Say(Good, "Copied the diagnostics. They hold no callback and no secret.", "", nil)
}

func (a *App) diagnostics() string {
	var b strings.Builder
	line := func(label string, value any) { fmt.Fprintf(&b, "%-12s %v\n", label, value) }
	line("Hookglass", a.config.Version)
	line("Go", runtime.Version())
	line("System", runtime.GOOS+"/"+runtime.GOARCH)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == "fyne.io/fyne/v2" || dep.Path == "github.com/mattn/go-sqlite3" {
				line(dep.Path[strings.LastIndexByte(dep.Path[:len(dep.Path)-1], '/')+1:], dep.Path+" "+dep.Version)
			}
		}
	}
	line("State", a.Status.State)
	line("Listening", a.Status.Host)
	line("Public", strings.TrimSpace(a.Public.Word+" "+a.Public.Code))
	line("Stored", a.Status.Stored+", "+a.Status.Size)
	line("Failure", a.Failure)
	for _, banner := range a.Notices.Banners {
		line("Banner", banner.ID)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	line("Memory", megabytes(int64(memory.HeapAlloc))+" in use, "+megabytes(int64(memory.Sys))+" in all")
	line("Goroutines", runtime.NumGoroutine())
	return b.String()
}
