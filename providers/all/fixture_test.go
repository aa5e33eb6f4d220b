package all

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

// fixture is a testdata/*.http of a provider: lines "# name: value" with what is
// expected, a line "---", and a raw request.
type fixture struct {
	name    string
	raw     []byte
	request capture.Request
	want    map[string]string

	endpoint *capture.Endpoint // nil where the fixture names none
	keys     providers.Keys
	secrets  []string // configured values that may not show anywhere
}

// expectations are the names that a fixture may give. error, note and reason are
// parts of the text, the others all of it.
var expectations = map[string]bool{
	"provider": true, "event": true, "verdict": true, "order": true, "delivery": true, "endpoint": true,
	"summary": true, "scheme": true, "ladder": true, "error": true, "note": true, "reason": true,
}

func readFixtures(t testing.TB, set *providers.Set, id string) []fixture {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", id, "testdata", "*.http"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatalf("%s has no testdata/*.http", id)
	}
	fixtures := make([]fixture, len(paths))
	for i, path := range paths {
		fixtures[i] = readFixture(t, set, path)
	}
	return fixtures
}

func readFixture(t testing.TB, set *providers.Set, path string) fixture {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := fixture{name: filepath.Base(path), want: map[string]string{}, keys: providers.Keys{}}
	for {
		line, rest, ok := bytes.Cut(text, []byte("\n"))
		if !ok {
			t.Fatalf("%s: no line --- before the request", path)
		}
		text = rest
		header := strings.TrimSuffix(string(line), "\r")
		if header == "---" {
			break
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(header, "# "), ":")
		value = strings.TrimPrefix(value, " ")
		switch credential, isKey := strings.CutPrefix(name, "key "); {
		case !ok:
			t.Fatalf("%s: %q is not \"# name: value\"", path, header)
		case isKey:
			f.addKey(t, set, filepath.Dir(path), credential, value)
		case !expectations[name]:
			t.Fatalf("%s: %q is no expectation", path, name)
		default:
			f.want[name] = value
		}
	}
	f.raw = text
	if f.request, err = capture.ReadRequest(text); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	f.endpoint = endpointOf(set, &f)
	return f
}

func (f *fixture) addKey(t testing.TB, set *providers.Set, dir, credential, value string) {
	t.Helper()
	name, label, _ := strings.Cut(credential, " (")
	label = strings.TrimSuffix(label, ")")
	_, wanted := set.Credential(name)
	if wanted == nil {
		t.Fatalf("%s: no provider wants the credential %q", f.name, name)
	}
	if file, ok := strings.CutPrefix(value, "@"); ok {
		content, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		value = string(content)
	}
	f.keys[name] = append(f.keys[name], providers.NewKey(name, label, value, wanted.Public))
	if !wanted.Public {
		f.secrets = append(f.secrets, value)
	}
}

// endpointOf is the default endpoint of the path that the fixture names, or else
// one that a user pinned to the provider there.
func endpointOf(set *providers.Set, f *fixture) *capture.Endpoint {
	path := f.want["endpoint"]
	if path == "" {
		return nil
	}
	for _, e := range set.Endpoints() {
		if e.Path == path {
			return &e
		}
	}
	return &capture.Endpoint{Path: path, Provider: f.want["provider"]}
}

// callback is the fixture's request, with its endpoint or without.
func (f *fixture) callback(pinned bool) *providers.Callback {
	r := f.request
	var e *capture.Endpoint
	if pinned {
		e = f.endpoint
	}
	return providers.NewCallback(&r, e, providers.LookLimit)
}

// altered is the fixture's request after a change of its raw bytes, or false
// where it is no request any more.
func (f *fixture) altered(change func(raw []byte) []byte) (capture.Request, bool) {
	r, err := capture.ReadRequest(change(bytes.Clone(f.raw)))
	return r, err == nil
}
