package viewmodel

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/providers"
)

// sent is a raw request of a provider's testdata, with what the provider says of
// it.
type sent struct {
	name    string
	request capture.Request
	want    map[string]string
	keys    providers.Keys
}

// readSent reads a testdata/*.http of a provider: lines "# name: value", a line
// "---", and the request.
func readSent(t *testing.T, set *providers.Set, path string) sent {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := sent{
		name: filepath.Base(filepath.Dir(filepath.Dir(path))) + "/" + strings.TrimSuffix(filepath.Base(path), ".http"),
		want: map[string]string{}, keys: providers.Keys{},
	}
	for {
		line, rest, _ := bytes.Cut(text, []byte("\n"))
		text = rest
		header := strings.TrimSuffix(string(line), "\r")
		if header == "---" {
			break
		}
		name, value, _ := strings.Cut(strings.TrimPrefix(header, "# "), ":")
		value = strings.TrimPrefix(value, " ")
		credential, isKey := strings.CutPrefix(name, "key ")
		if !isKey {
			s.want[name] = value
			continue
		}
		credential, label, _ := strings.Cut(credential, " (")
		if file, ok := strings.CutPrefix(value, "@"); ok {
			content, err := os.ReadFile(filepath.Join(filepath.Dir(path), file))
			if err != nil {
				t.Fatal(err)
			}
			value = string(content)
		}
		s.keys[credential] = append(s.keys[credential], set.Key(credential, strings.TrimSuffix(label, ")"), value))
	}
	if s.request, err = capture.ReadRequest(text); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return s
}

// everySent are the requests in the testdata of every provider.
func everySent(t *testing.T, set *providers.Set) []sent {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "providers", "*", "testdata", "*.http"))
	if err != nil || len(paths) < 50 {
		t.Fatalf("%d fixtures, %v", len(paths), err)
	}
	all := make([]sent, len(paths))
	for i, path := range paths {
		all[i] = readSent(t, set, path)
	}
	return all
}

// record keeps a request as the engine does, with its answer, and returns its
// id.
func (b *bench) record(t *testing.T, r capture.Request, change func(*capture.Exchange)) int64 {
	t.Helper()
	at := b.now.Add(-time.Minute)
	r.Received, r.Remote = at, "127.0.0.1:50000"
	if r.Source == "" {
		r.Source = "54.187.216.72"
	}
	if r.Head == nil {
		head := r.Method + " " + r.Target + " HTTP/1.1\r\n"
		for _, f := range r.Header {
			head += f.Name + ": " + f.Value + "\r\n"
		}
		r.Head, r.Exact = []byte(head+"\r\n"), true
	}
	r.Size = int64(len(r.Body))
	x := &capture.Exchange{UID: capture.NewUID(at), State: capture.StateReceived, Via: capture.ViaLocal, Request: r}
	e := b.engine.Endpoints().Find(r.Path())
	if e != nil {
		x.Endpoint = e.Path
	}
	x.Annotation = b.engine.Set.Annotate(&x.Request, e)
	answer := b.engine.Set.Accepted(&x.Request, e)
	answer.Timing = capture.Timing{Answered: at.Add(4 * time.Millisecond), Took: 4 * time.Millisecond}
	x.Response, x.State = &answer, capture.StateAnswered
	if change != nil {
		change(x)
	}
	if err := b.engine.Store.Create(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	id := x.ID
	if err := b.engine.Store.Update(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if err := b.engine.Store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.settle()
	return id
}

// open shows a callback.
func (b *bench) open(t *testing.T, id int64) *Page {
	t.Helper()
	b.Detail.Show(id)
	b.settle()
	if b.Detail.Page == nil || b.Detail.Page.ID != id {
		t.Fatalf("callback %d is not shown: %+v, %q", id, b.Detail.Page, b.Detail.Problem)
	}
	return b.Detail.Page
}

// keyed lets keys be saved into the set, as the engine does.
func (b *bench) keyed() {
	b.engine.SaveKey = func(_ context.Context, credential, label, value string) error {
		keys := maps.Clone(b.engine.Set.Keys())
		keys[credential] = append(keys[credential], b.engine.Set.Key(credential, label, value))
		b.engine.Set.SetKeys(keys)
		return nil
	}
}

// sentBy reads one fixture: "kornitx/dispatched".
func (b *bench) sentBy(t *testing.T, name string) sent {
	t.Helper()
	provider, file, _ := strings.Cut(name, "/")
	return readSent(t, b.engine.Set, filepath.Join("..", "..", "providers", provider, "testdata", file+".http"))
}
