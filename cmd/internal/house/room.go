package house

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// module is our own import path.
const module = "hookglass"

// Room is a package, or a folder of like packages, with the packages of ours
// that it may import. Tests are excepted.
type Room struct {
	Dir      string   // below the root; a last "*" stands for any one folder
	Imports  []string // packages of ours, as Dir; nothing else of ours is allowed
	StdOnly  bool     // nothing but the standard library besides
	JobOfOne string   // an import path of others that only rooms with this job may use
}

// Rooms is the table "Rooms and their one job" of the README. For a package the
// first room that fits counts.
var Rooms = []Room{
	{Dir: "capture", StdOnly: true},
	{Dir: "capture/ngrok", JobOfOne: "golang.ngrok.com"},
	{Dir: "capture/ngrok/ngroktest", JobOfOne: "golang.ngrok.com"},
	{Dir: "capture/export", Imports: []string{"capture"}},
	{Dir: "capture/redact", Imports: []string{"capture"}},
	{Dir: "capture/compare", Imports: []string{"capture"}, JobOfOne: "github.com/aymanbagabas/go-udiff"},
	{Dir: "providers", Imports: []string{"capture"}},
	{Dir: "providers/all", Imports: []string{"providers", "providers/*"}},
	{Dir: "providers/*", Imports: []string{"providers", "capture"}},
	{Dir: "store", Imports: []string{"capture"}, JobOfOne: "github.com/mattn/go-sqlite3"},
	{Dir: "store/secret", Imports: []string{"capture"}, JobOfOne: "github.com/zalando/go-keyring"},
	{Dir: "ui/viewmodel", Imports: []string{
		"capture", "store", "store/secret", "providers", "capture/export", "capture/compare", "capture/redact", "capture/ngrok",
	}},
	{Dir: "ui/kit", Imports: []string{"assets"}},
	{Dir: "ui", Imports: []string{"ui/viewmodel", "ui/kit"}},
	{Dir: "assets"},
	{Dir: "cmd/internal/engine", Imports: []string{
		"capture", "capture/ngrok", "capture/export", "capture/redact", "providers", "providers/*", "store", "store/secret",
	}},
	{Dir: "cmd/hookglass", Imports: []string{
		"cmd/internal/engine", "cmd/internal/fynecache", "ui", "ui/viewmodel",
		"capture", "capture/ngrok", "capture/redact", "providers", "store", "assets",
	}, JobOfOne: "fyne.io/fyne/v2/app"},
	{Dir: "cmd/hookglassctl", Imports: []string{
		"cmd/internal/engine", "capture", "capture/ngrok", "capture/export", "capture/compare", "capture/redact", "providers",
		"providers/all", "store", "store/secret",
	}},
	{Dir: "cmd/internal/edge", Imports: []string{"capture/ngrok/ngroktest"}},
	{Dir: "cmd/internal/fynecache", StdOnly: true},
	{Dir: "cmd/internal/hello", JobOfOne: "fyne.io/fyne/v2/app"},
	{Dir: "cmd/internal/house", StdOnly: true},
	{Dir: "cmd/internal/load", StdOnly: true},
	{Dir: "cmd/internal/load/bare", StdOnly: true},
}

// drawing lists the rooms that may link Fyne.
var drawing = []string{"ui", "ui/kit", "cmd/hookglass", "cmd/internal/hello"}

// FindRoom returns the room of a package by its folder below the root, or nil.
func FindRoom(dir string) *Room {
	for i := range Rooms {
		if matches(Rooms[i].Dir, dir) {
			return &Rooms[i]
		}
	}
	return nil
}

func matches(pattern, dir string) bool {
	ok, err := path.Match(pattern, dir)
	return err == nil && ok
}

// Forbids says why a room must not import a package, or "".
func (r *Room) Forbids(imported string) string {
	own, ours := strings.CutPrefix(imported, module+"/")
	switch {
	case ours && !slices.ContainsFunc(r.Imports, func(dir string) bool { return matches(dir, own) }):
		return fmt.Sprintf("of ours %s may import: %s", r.Dir, listing(r.Imports))
	case ours:
		return ""
	case r.StdOnly && strings.Contains(strings.Split(imported, "/")[0], "."):
		return r.Dir + " imports the standard library only"
	case within(imported, "fyne.io") && !slices.Contains(drawing, r.Dir):
		return "only " + strings.Join(drawing, ", ") + " draw"
	}
	for _, other := range Rooms {
		if other.JobOfOne != "" && other.JobOfOne != r.JobOfOne && within(imported, other.JobOfOne) {
			return fmt.Sprintf("%s is the job of %s alone", other.JobOfOne, listing(withJob(other.JobOfOne)))
		}
	}
	return ""
}

// withJob lists the rooms that may use an import path of others.
func withJob(job string) []string {
	var dirs []string
	for _, r := range Rooms {
		if r.JobOfOne == job {
			dirs = append(dirs, r.Dir)
		}
	}
	return dirs
}

func within(imported, parent string) bool {
	return imported == parent || strings.HasPrefix(imported, parent+"/")
}
