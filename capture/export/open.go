package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hookglass/capture"
)

// ErrOpen is wrapped by the errors of Open and of Opened.Each, which say in a
// sentence what is wrong with a file.
var ErrOpen = errors.New("the file cannot be read")

// Opened is a file from somebody else that is open for reading. All that it says
// is a stranger's word. It is not safe for concurrent use.
type Opened struct {
	Format string // "bundle", "har", "raw", "curl"
	Name   string // of the file, without folders; "" for a text

	// Share is what the file says of itself. Its rules are not enabled, and name no
	// target and no file. Exchanges is nil: Each reads them.
	Share Share

	when    time.Time // of what has no time of its own
	skipped skipping
	each    func(ctx context.Context, f func(*Shared) error) error
	close   func() error
}

// Open opens a file of any kind that can be imported: a bundle, a HAR, a raw HTTP
// request, a text with curl commands. It tells them by what is in them. Close must
// be called where there is no error.
func Open(ctx context.Context, path string) (*Opened, error) {
	info, err := os.Stat(path) // before it is opened: a pipe would wait for its writer
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: there is no %s; look whether it was moved or renamed", ErrOpen, path)
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%w: %s is a folder; open the files in it", ErrOpen, path)
	case err == nil && !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: %s is no plain file", ErrOpen, path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOpen, err)
	}
	o, err := openFile(ctx, file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	o.close = file.Close
	return o, nil
}

func openFile(ctx context.Context, file *os.File) (*Opened, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOpen, err)
	}
	return openAt(ctx, file, info.Size(), filepath.Base(file.Name()), info.ModTime())
}

// OpenReader is Open for what is not a file. name is the name of where it came
// from; what stands before the last slash is left out.
func OpenReader(ctx context.Context, r io.ReaderAt, size int64, name string) (*Opened, error) {
	return openAt(ctx, r, size, name, time.Now())
}

// OpenText opens a text from the clipboard: curl commands, a raw request or a HAR.
func OpenText(ctx context.Context, text string) (*Opened, error) {
	return openAt(ctx, strings.NewReader(text), int64(len(text)), "", time.Now())
}

func openAt(ctx context.Context, r io.ReaderAt, size int64, name string, when time.Time) (*Opened, error) {
	o := &Opened{Name: baseName(name), when: when.UTC()}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := o.sniff(ctx, r, size); err != nil {
		return nil, o.wrong(err)
	}
	return o, nil
}

// baseName is what stands behind the last slash of either kind.
func baseName(name string) string {
	return name[strings.LastIndexAny(name, `/\`)+1:]
}

// wrong wraps an error in ErrOpen, unless it is the context's or wrapped already.
func (o *Opened) wrong(err error) error {
	if err == nil || errors.Is(err, ErrOpen) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrOpen, err)
}

// Each gives every exchange to f, in the file's order, and ends with f's first
// error. Only when it has returned nil was all of the file as it should be: a
// file can turn out to be damaged behind what was given out. Exchanges are via
// import, with Import set; ID, Origin and Response.Rule are 0, and Session is one
// of Share.Sessions, or 0. It can be called again.
func (o *Opened) Each(ctx context.Context, f func(*Shared) error) error {
	o.skipped.again()
	var own error // what f says is not said of the file
	n := 0
	err := o.each(ctx, func(s *Shared) error {
		n++
		if why := outsized(s.Exchange); why != "" {
			o.skipped.add(fmt.Sprintf("callback %d", n), why)
			return nil
		}
		own = f(s)
		return own
	})
	if own != nil {
		return own
	}
	return o.wrong(err)
}

// Skipped tells which parts of the file were not read, and why: of the file
// itself, and of the last Each. There are at most a hundred and a last one that
// says how many more.
func (o *Opened) Skipped() []capture.SkippedPart { return o.skipped.parts() }

// Close ends the reading.
func (o *Opened) Close() error {
	if o.close == nil {
		return nil
	}
	return o.close()
}
