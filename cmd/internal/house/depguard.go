package house

import (
	"fmt"
	"strings"
)

// Depguard writes the table as the rules of golangci-lint's depguard, indented
// as they stand in .golangci.yml.
func Depguard() string {
	var b strings.Builder
	for i := range Rooms {
		writeRoom(&b, &Rooms[i])
	}
	for i := range Rooms {
		// Rooms that share a job stand in the rule of the first.
		if r := &Rooms[i]; r.JobOfOne != "" && withJob(r.JobOfOne)[0] == r.Dir {
			writeJob(&b, r.JobOfOne, withJob(r.JobOfOne)...)
		}
	}
	writeJob(&b, "fyne.io", drawing...)
	return b.String()
}

func writeRoom(b *strings.Builder, r *Room) {
	var files []string
	files = append(files, "**/"+r.Dir+"/*.go", "!$test")
	for i := range Rooms {
		// A room with a name of its own is not one of the like packages beside it.
		if other := Rooms[i].Dir; other != r.Dir && FindRoom(other).Dir == other && matches(r.Dir, other) {
			files = append(files, "!**/"+other+"/*.go")
		}
	}
	mode, allow := "lax", []string{}
	if r.StdOnly {
		mode, allow = "strict", append(allow, "$gostd")
	}
	for _, dir := range r.Imports {
		if parent, all := strings.CutSuffix(dir, "/*"); all {
			allow = append(allow, module+"/"+parent+"/")
		} else {
			allow = append(allow, module+"/"+dir+"$")
		}
	}
	writeRule(b, r.Dir, mode, files, allow)
	if !r.StdOnly {
		writeDeny(b, module+"/", "of ours "+r.Dir+" may import: "+listing(r.Imports))
	}
}

// writeJob keeps a package of others to the rooms whose job it is.
func writeJob(b *strings.Builder, imported string, dirs ...string) {
	files := []string{"$all", "!$test"}
	for _, dir := range dirs {
		files = append(files, "!**/"+dir+"/*.go")
	}
	writeRule(b, "only "+strings.Join(dirs, ", "), "lax", files, nil)
	writeDeny(b, imported, "only for "+strings.Join(dirs, ", "))
}

func writeRule(b *strings.Builder, name, mode string, files, allow []string) {
	fmt.Fprintf(b, "        %q:\n          list-mode: %s\n", name, mode)
	writeList(b, "files", files)
	writeList(b, "allow", allow)
}

func writeList(b *strings.Builder, key string, values []string) {
	if len(values) == 0 {
		return
	}
	fmt.Fprintf(b, "          %s:\n", key)
	for _, value := range values {
		fmt.Fprintf(b, "            - %q\n", value)
	}
}

func writeDeny(b *strings.Builder, pkg, why string) {
	fmt.Fprintf(b, "          deny:\n            - pkg: %q\n              desc: %q\n", pkg, why)
}

func listing(dirs []string) string {
	if len(dirs) == 0 {
		return "nothing"
	}
	return strings.Join(dirs, ", ")
}
