package engine

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"testing"
)

func TestRaise(t *testing.T) {
	folder := t.TempDir()
	nobody := func(when string) {
		t.Helper()
		if raised, err := Raise(t.Context(), folder, nil); raised || err != nil {
			t.Errorf("%s: %v, %v, want nobody", when, raised, err)
		}
	}
	nobody("in a new folder")
	t.Run("a window", func(t *testing.T) {
		raised := make(chan []string, 1)
		e, err := Open(t.Context(), Config{Folder: folder, Getenv: environment(nil), Raise: func(files []string) { raised <- files }})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = e.Close(context.WithoutCancel(t.Context())) }()
		if _, err := e.Listen(t.Context(), "127.0.0.1:0", false); err != nil {
			t.Fatal(err)
		}
		t.Chdir(t.TempDir())
		here, err := filepath.Abs("a.har")
		if err != nil {
			t.Fatal(err)
		}
		if raised, err := Raise(t.Context(), folder, []string{"a.har", here}); !raised || err != nil {
			t.Fatal(raised, err)
		}
		if got := <-raised; !reflect.DeepEqual(got, []string{here, here}) {
			t.Errorf("files %v, want %s twice", got, here)
		}
		if raised, err := Raise(t.Context(), folder, nil); !raised || err != nil {
			t.Fatal(raised, err)
		}
		if got := <-raised; len(got) > 0 {
			t.Errorf("files %v, want none", got)
		}
	})
	t.Run("a terminal", func(t *testing.T) {
		start(t, folder, nil)
		if raised, err := Raise(t.Context(), folder, nil); raised || !errors.Is(err, ErrNoWindow) {
			t.Errorf("got %v, %v, want ErrNoWindow", raised, err)
		}
	})
	nobody("after the end")
	if err := writeOwner(folder, Owner{PID: 1, Socket: filepath.Join(folder, socketFile)}); err != nil {
		t.Fatal(err)
	}
	nobody("after somebody was killed")
}

func TestRaiseWaitsForOneThatStarts(t *testing.T) {
	folder := t.TempDir()
	raised := make(chan []string, 1)
	e, err := Open(t.Context(), Config{Folder: folder, Getenv: environment(nil), Raise: func(files []string) { raised <- files }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close(context.WithoutCancel(t.Context())) }()
	asked := make(chan error, 1)
	go func() {
		_, err := Raise(t.Context(), folder, nil)
		asked <- err
	}()
	if _, err := e.Listen(t.Context(), "127.0.0.1:0", false); err != nil {
		t.Fatal(err)
	}
	if err := <-asked; err != nil {
		t.Fatal(err)
	}
	<-raised
}
