package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// maxText is the largest raw request or text with curl commands that is read: it
// is held in memory.
const maxText = 64 << 20

// sniff finds out what a file is, and opens it.
func (o *Opened) sniff(ctx context.Context, r io.ReaderAt, size int64) error {
	start := make([]byte, 4<<10)
	n, err := r.ReadAt(start, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	start = start[:n]
	text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(text) == 0:
		return errors.New("it is empty")
	case bytes.HasPrefix(start, []byte("PK\x03\x04")), bytes.HasPrefix(start, []byte("PK\x05\x06")):
		return o.openBundle(ctx, r, size)
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")):
		return errors.New("it is text in UTF-16: save it as UTF-8")
	case powerShell.Match(text):
		return errors.New("it is a command for PowerShell, which is not read: copy it as cURL, for bash or for cmd")
	case text[0] == '{':
		return o.openHAR(ctx, r, size)
	case looksLikeCurl(text):
		return o.withText(r, size, o.openCurl)
	case looksLikeRequest(text):
		return o.withText(r, size, o.openRaw)
	}
	return errors.New("it is no bundle, no HAR, no raw HTTP request and no curl command")
}

// powerShell is the start of what a browser copies for PowerShell, and of a curl
// command that goes on behind a backtick.
var powerShell = regexp.MustCompile("\\A(?i:\\$[a-z_]+ *=|(invoke-(webrequest|restmethod)|iwr|irm) |curl(\\.exe)? ([^'\"\\n]|'[^'\\n]*'|\"[^\"\\n]*\")* `\\r?\\n)")

// withText reads a file that is small enough to be held whole.
func (o *Opened) withText(r io.ReaderAt, size int64, open func(text []byte) error) error {
	if size > maxText {
		return fmt.Errorf("it is larger than %d MiB", maxText>>20)
	}
	text, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err != nil {
		return err
	}
	return open(text)
}

// looksLikeRequest reports whether a text begins with a request line, or with a
// line whose last word is a version.
func looksLikeRequest(text []byte) bool {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	words := strings.Fields(string(line))
	return len(words) >= 2 && strings.HasPrefix(words[len(words)-1], "HTTP/")
}
