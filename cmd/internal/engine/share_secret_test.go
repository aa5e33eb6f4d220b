package engine

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hookglass/capture"
)

// A secret that only the process which captures has, from its environment, leaves no
// share that another process makes.
func TestShareApartKnowsTheCapturersSecrets(t *testing.T) {
	s := shareStarted(t)
	const token = "2capturersNgrokTokenOfItsOwn"
	for name, c := range map[string]struct {
		redact string
		want   bool
	}{"secrets": {"secrets", false}, "personal": {"personal", false}, "none": {"none", true}} {
		t.Run(name, func(t *testing.T) {
			r, err := OpenReader(t.Context(), Config{Folder: s.config.Folder, Getenv: environment(map[string]string{"NGROK_AUTHTOKEN": token})})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = r.Close() }()
			path := filepath.Join(t.TempDir(), "x.jsonl")
			report, err := r.WriteShare(t.Context(), capture.Sharing{Format: "jsonl", Redact: c.redact, Note: "mine is " + token}, path, nil)
			if err != nil || len(report.Warnings) > 0 {
				t.Fatalf("%v, warnings %q", err, report.Warnings)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(text), kornitxKey); got != c.want {
				t.Errorf("the key that only the capturing process has is in the file: %v, want %v", got, c.want)
			}
		})
	}
}

// Where the process that captures does not say what it knows, the share says so.
func TestShareApartFromOneThatDoesNotSay(t *testing.T) {
	s := shareStarted(t)
	r, err := OpenReader(t.Context(), Config{Folder: s.config.Folder, Getenv: environment(nil)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	socket := filepath.Join(t.TempDir(), "deaf.sock")
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	go func() { // it hangs up on whoever asks
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	if err := writeOwner(s.config.Folder, Owner{PID: os.Getpid(), Socket: socket}); err != nil {
		t.Fatal(err)
	}
	report, err := r.PreviewShare(t.Context(), capture.Sharing{}, nil, nil)
	if err != nil || len(report.Warnings) != 1 {
		t.Errorf("%v, warnings %q; want one", err, report.Warnings)
	}
}

// What a stranger's file said of itself leaves no less redacted than the callbacks in it.
func TestShareOfAStrangersWords(t *testing.T) {
	s := start(t, t.TempDir(), map[string]string{"HOOKGLASS_KORNITX_API_KEY": kornitxKey})
	o, err := s.OpenText(t.Context(), `{"log":{"_hookglass":{"redaction":{"profile":"custom","rules":["all but `+kornitxKey+`"]},"sessions":[{"id":1,"name":"s",`+
		`"public":[{"at":"2026-01-01T00:00:00Z","state":"failed","code":"`+kornitxKey+`"}]}]},`+
		`"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"http://h/"}}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	imported, err := s.ImportOpened(t.Context(), capture.Importing{Session: o.Session.ID}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.ShareText(t.Context(), capture.Sharing{Format: "har", Session: imported.Session.ID})
	if err != nil || strings.Contains(text, kornitxKey) || !strings.Contains(text, "what was taken out before: all but ") {
		t.Errorf("%v: %s", err, text)
	}
}
