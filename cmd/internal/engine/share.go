package engine

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"hookglass/capture"
	"hookglass/capture/export"
	"hookglass/capture/redact"
	"hookglass/providers"
	"hookglass/store"
	"hookglass/store/secret"
)

// sharer makes shares of what a folder holds. An engine has one, and a reader.
type sharer struct {
	store     *store.DB
	set       *providers.Set
	endpoints capture.Endpoints
	secrets   *secret.Store // where the sharer's key is kept
	known     []string      // the values of configured secrets, which leave with no profile but none
	unread    bool          // there are more of them, which could not be read
	courtesy  *courtesy
	apart     bool // another process captures: whether callbacks come is seen in the store
}

// PreviewShare makes what would leave, and tells every change to each. Nothing is
// written; the report has no path.
func (e *Engine) PreviewShare(ctx context.Context, what capture.Sharing, each func(redact.Change), p capture.Progress) (capture.SharingReport, error) {
	return e.sharer().preview(ctx, what, each, p)
}

// WriteShare writes a share into a file for its owner alone, in the place of one
// that is there. Where it fails or ctx ends, nothing of it stays.
func (e *Engine) WriteShare(ctx context.Context, what capture.Sharing, path string, p capture.Progress) (capture.SharingReport, error) {
	return e.sharer().write(ctx, what, path, p)
}

// ShareText makes a share as a text, for the clipboard.
func (e *Engine) ShareText(ctx context.Context, what capture.Sharing) (string, error) {
	return e.sharer().text(ctx, what)
}

func (e *Engine) sharer() *sharer {
	return &sharer{
		store: e.Store, set: e.Set, endpoints: e.Endpoints(), secrets: e.secrets,
		known: *e.masked.Load(), unread: e.unread.Load(), courtesy: &e.courtesy,
	}
}

// PreviewShare is Engine.PreviewShare for who only reads.
func (r *Reader) PreviewShare(ctx context.Context, what capture.Sharing, each func(redact.Change), p capture.Progress) (capture.SharingReport, error) {
	if r.Store == nil {
		return capture.SharingReport{}, ErrEmpty
	}
	return r.sharer(ctx, what.Redact).preview(ctx, what, each, p)
}

// WriteShare is Engine.WriteShare for who only reads.
func (r *Reader) WriteShare(ctx context.Context, what capture.Sharing, path string, p capture.Progress) (capture.SharingReport, error) {
	if r.Store == nil {
		return capture.SharingReport{}, ErrEmpty
	}
	return r.sharer(ctx, what.Redact).write(ctx, what, path, p)
}

// StreamShare writes a share to w as it is made; what was written before a failure
// stays there.
func (r *Reader) StreamShare(ctx context.Context, what capture.Sharing, w io.Writer) (capture.SharingReport, error) {
	if r.Store == nil {
		return capture.SharingReport{}, ErrEmpty
	}
	run, err := r.sharer(ctx, what.Redact).begin(ctx, what, nil)
	if err != nil {
		return capture.SharingReport{}, err
	}
	err = run.writeTo(ctx, w)
	return run.report, err
}

func (r *Reader) sharer(ctx context.Context, profile string) *sharer {
	known, all := r.knownSecrets(ctx, profile)
	return &sharer{
		store: r.Store, set: r.Set, endpoints: r.Endpoints, secrets: r.secrets,
		known: known, unread: len(r.notices) > 0 || !all, courtesy: &courtesy{}, apart: true,
	}
}

func (s *sharer) preview(ctx context.Context, what capture.Sharing, each func(redact.Change), p capture.Progress) (capture.SharingReport, error) {
	run, err := s.begin(ctx, what, p)
	if err != nil {
		return capture.SharingReport{}, err
	}
	run.each = each
	share, err := run.share(ctx)
	if err != nil {
		return run.report, err
	}
	for _, err := range share.Exchanges {
		if err != nil {
			return run.report, err
		}
	}
	return run.report, nil
}

// errEmptyShare says that a file would be one that nobody can open.
var errEmptyShare = errors.New("no callback is to be shared, so nothing was written: the session and the filter let none through")

// writeBuffer is how much of a file is written at a time.
const writeBuffer = 256 << 10

func (s *sharer) write(ctx context.Context, what capture.Sharing, path string, p capture.Progress) (capture.SharingReport, error) {
	path, err := sharePath(path)
	if err != nil {
		return capture.SharingReport{}, err
	}
	run, err := s.begin(ctx, what, p)
	if err != nil {
		return capture.SharingReport{}, err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*.part") // 0600
	if err != nil {
		return capture.SharingReport{}, writeFailure(path, err)
	}
	out := bufio.NewWriterSize(file, writeBuffer)
	err = run.writeTo(ctx, out)
	if err == nil && run.report.Exchanges == 0 && !what.Rules {
		err = errEmptyShare
	}
	if err == nil {
		err = errors.Join(out.Flush(), file.Sync())
	}
	if info, statErr := file.Stat(); statErr == nil { // of one that is written there is nothing to fail
		run.report.Bytes = info.Size()
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return capture.SharingReport{}, errors.Join(writeFailure(path, err), os.Remove(file.Name()))
	}
	run.report.Path = path
	return run.report, nil
}

// sharePath is where a share is put: where a link leads, and never in the place of
// what is no file, as a device.
func sharePath(path string) (string, error) {
	if info, err := os.Stat(path); err == nil { // else it is not there yet, or the writing tells
		switch {
		case info.IsDir():
			return path, fmt.Errorf("%s is a folder: give the name of a file in it", path)
		case !info.Mode().IsRegular():
			return path, fmt.Errorf("%s is no plain file, and is not replaced by one", path)
		}
		return filepath.EvalSymlinks(path)
	}
	return path, nil
}

// writeFailure says why a file could not be written, without the name of the one that
// was to take its place.
func writeFailure(path string, err error) error {
	var failed *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &failed):
		return fmt.Errorf("write %s: %w", path, failed.Err)
	case errors.As(err, &link):
		return fmt.Errorf("write %s: %w", path, link.Err)
	}
	return err
}

// maxShareText bounds what is made for the clipboard.
const maxShareText = 4 << 20

// errLongText says that a share is no text for the clipboard.
var errLongText = fmt.Errorf("this is more than %d MiB, too much for the clipboard: write a file instead", maxShareText>>20)

func (s *sharer) text(ctx context.Context, what capture.Sharing) (string, error) {
	run, err := s.begin(ctx, what, nil)
	if err != nil {
		return "", err
	}
	var out boundedText
	if err := run.writeTo(ctx, &out); err != nil {
		return "", err
	}
	return out.String(), nil
}

// boundedText takes maxShareText bytes.
type boundedText struct{ bytes.Buffer }

func (b *boundedText) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxShareText {
		return 0, errLongText
	}
	return b.Buffer.Write(p)
}

// toolName is what a file says that it was made by: "Hookglass v1.2.0".
func toolName() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return "Hookglass " + info.Main.Version
	}
	return "Hookglass"
}

// writeTo writes the share in its format.
func (r *shareRun) writeTo(ctx context.Context, w io.Writer) error {
	share, err := r.share(ctx)
	if err != nil {
		return err
	}
	counted := &countedWriter{to: w}
	err = r.format.Write(ctx, counted, share)
	r.report.Bytes = counted.n
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// countedWriter counts what is written.
type countedWriter struct {
	to io.Writer
	n  int64
}

func (c *countedWriter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	return n, err
}

// created is the moment of a share.
func created() time.Time { return time.Now().UTC().Truncate(time.Second) }

// findFormat returns the format of a name, the bundle for "".
func findFormat(name string) (*export.Format, error) {
	if name == "" {
		name = "bundle"
	}
	if f, ok := export.FindFormat(name); ok {
		return &f, nil
	}
	return nil, fmt.Errorf("%q is no format that Hookglass writes", name)
}
