package house_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hookglass/cmd/internal/house"
)

var update = flag.Bool("update", false, "write the depguard rules into .golangci.yml")

const root = "../../.."

func TestDepguardRulesAreTheTable(t *testing.T) {
	file := filepath.Join(root, ".golangci.yml")
	config := read(t, file)
	const begin, end = "    depguard:\n      rules:\n", "  exclusions:\n"
	head, rest, found := strings.Cut(config, begin)
	if !found {
		t.Fatalf("%s has no depguard rules", file)
	}
	got, tail, found := strings.Cut(rest, end)
	if !found {
		t.Fatalf("%s: no exclusions after the depguard rules", file)
	}
	want := house.Depguard()
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("the depguard rules in .golangci.yml are not those of the table; run: go test ./cmd/internal/house -update")
	}
	if err := os.WriteFile(file, []byte(head+begin+want+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLinters(t *testing.T) {
	config := read(t, filepath.Join(root, ".golangci.yml"))
	for _, name := range strings.Fields(`bodyclose copyloopvar depguard errorlint exhaustive misspell nilerr noctx
		nolintlint revive rowserrcheck sqlclosecheck unconvert usetesting`) {
		if !strings.Contains(config, "\n    - "+name) {
			t.Errorf(".golangci.yml does not enable %s", name)
		}
	}
	if !strings.Contains(config, "enable: [gofumpt, goimports]") {
		t.Error(".golangci.yml does not enable gofumpt and goimports")
	}
}

func TestTopLevel(t *testing.T) {
	const expected = ` cmd ui capture providers store assets FyneApp.toml go.mod go.sum
		README.md Makefile LICENSE CHANGELOG.md bin ` // bin is what make build makes; git ignores it
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Fields(expected)
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, ".") && !contains(known, name) {
			t.Errorf("%s is not expected at the top level", name)
		}
	}
}

func TestFixturesAreBinary(t *testing.T) {
	attributes := read(t, filepath.Join(root, ".gitattributes"))
	for pattern, attribute := range map[string]string{
		"*.http": "binary", "**/testdata/**": "-text", "**/samples/**": "-text",
	} {
		if !hasLine(attributes, pattern, attribute) {
			t.Errorf(".gitattributes does not mark %s %s: a checkout on Windows would break every signature", pattern, attribute)
		}
	}
}

func hasLine(attributes string, words ...string) bool {
	for line := range strings.Lines(attributes) {
		if strings.Join(strings.Fields(line), " ") == strings.Join(words, " ") {
			return true
		}
	}
	return false
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(content), "\r\n", "\n")
}
