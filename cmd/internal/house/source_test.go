package house_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hookglass/cmd/internal/house"
)

const maxLines = 500

// source is one Go file of the tree.
type source struct {
	name  string // below the root, with slashes
	lines int
	tree  *ast.File
}

func (s *source) dir() string  { return path.Dir(s.name) }
func (s *source) test() bool   { return strings.HasSuffix(s.name, "_test.go") }
func (s *source) base() string { return strings.TrimSuffix(path.Base(s.name), ".go") }

// sources parses every Go file of the tree, whatever its build tags.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go"):
			return nil
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		tree, err := parser.ParseFile(token.NewFileSet(), name, content, parser.ParseComments)
		if err != nil {
			return err
		}
		all = append(all, source{filepath.ToSlash(name), bytes.Count(content, []byte("\n")), tree})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no Go files were found")
	}
	return all
}

func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		room := house.FindRoom(s.dir())
		if room == nil {
			t.Errorf("%s is in no room: give its package a line in the table of rooms", s.name)
			continue
		}
		if s.test() {
			continue
		}
		for _, spec := range s.tree.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if why := room.Forbids(imported); why != "" {
				t.Errorf("%s imports %s: %s", s.name, imported, why)
			}
		}
	}
}

func TestPackagesAreDocumented(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		if !s.test() {
			documented[s.dir()] = documented[s.dir()] || strings.TrimSpace(s.tree.Doc.Text()) != ""
		}
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc comment", dir)
		}
	}
}

func TestFiles(t *testing.T) {
	vague := []string{"util", "utils", "common", "model", "models", "types", "helper", "helpers", "misc"}
	for _, s := range sources(t) {
		if s.lines > maxLines {
			t.Errorf("%s has %d lines, more than %d", s.name, s.lines, maxLines)
		}
		if slices.Contains(vague, strings.TrimSuffix(s.base(), "_test")) || slices.Contains(vague, s.tree.Name.Name) {
			t.Errorf("%s is not named after the noun it holds", s.name)
		}
	}
}

func TestNoInitFunctions(t *testing.T) {
	for _, s := range sources(t) {
		for _, decl := range s.tree.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function: registries are explicit lists", s.name)
			}
		}
	}
}

// The view models post to the screen through one injected function; the app
// passes fyne.Do, and nobody else knows it.
func TestOneFyneDo(t *testing.T) {
	var places []string
	for _, s := range sources(t) {
		ast.Inspect(s.tree, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "fyne" && (sel.Sel.Name == "Do" || sel.Sel.Name == "DoAndWait") {
					places = append(places, s.name)
				}
			}
			return true
		})
	}
	if len(places) > 1 {
		t.Errorf("fyne.Do is used in %d places, more than one: %s", len(places), strings.Join(places, ", "))
	}
}
