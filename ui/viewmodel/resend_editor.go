package viewmodel

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// maxTaken bounds the body that is read back from an editor.
const maxTaken = 64 << 20

// EditOutside writes the body into a file that only this user can read, and opens
// it with the program that the desktop has for it. Take reads it back.
func (r *Resend) EditOutside() {
	if r.page == nil || r.Body.File != "" {
		return
	}
	body, name := r.page.Exchange.Request.Body, "body"+extensionOf(contentType(r.page.Exchange))
	if r.Body.taken != nil {
		body = r.Body.taken
	} else if r.Body.Here {
		body = []byte(r.Fields.Body)
	}
	page := r.page
	r.detail.app.run(func(context.Context) func() {
		folder, err := os.MkdirTemp("", "hookglass-edit-")
		file := filepath.Join(folder, name)
		if err == nil {
			err = os.WriteFile(file, body, 0o600)
		}
		return func() {
			if err != nil || r.page != page || r.Body.File != "" {
				if folder != "" {
					_ = os.RemoveAll(folder) // nobody knows of it
				}
				r.told(err)
				return
			}
			r.Body.File = file
			r.OpenFile()
			r.Changed.Emit()
		}
	})
}

// OpenFile opens the file again that the body is edited in.
func (r *Resend) OpenFile() {
	if r.Body.File == "" {
		return
	}
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(r.Body.File)}
	if err := r.detail.app.Screen.OpenURL(address.String()); err != nil {
		r.detail.app.Notices.Say(Warn, "No program opened the file. Open it with your editor: "+r.Body.File, "", nil)
	}
}

// Take reads the edited file back. The last line end, which editors add by
// themselves, is left out where the body had none.
func (r *Resend) Take() {
	file, page := r.Body.File, r.page
	if file == "" {
		return
	}
	r.detail.app.run(func(context.Context) func() {
		body, err := readEdited(file)
		return func() {
			if r.page != page || r.Body.File != file {
				return
			}
			if err != nil {
				r.told(err)
				return
			}
			r.discardFile()
			r.take(body)
		}
	})
}

// take has a body sent in the place of the one that came.
func (r *Resend) take(body []byte) {
	came := r.page.Exchange.Request.Body
	if !bytes.Equal(body, came) && !bytes.HasSuffix(came, []byte("\n")) && bytes.HasSuffix(body, []byte("\n")) {
		body = bytes.TrimSuffix(body[:len(body)-1], []byte("\r"))
	}
	r.Result, r.Problem = nil, ""
	r.Fields.Edited = true
	edited := r.page.Exchange.Request
	edited.Body = body
	switch now := newResendBody(&edited); {
	case r.Body.Here && now.Here:
		r.Fields.Body, r.Body = string(body), now
	case bytes.Equal(body, came):
		r.Body = newResendBody(&r.page.Exchange.Request)
	default:
		r.Body = ResendBody{Why: "It was edited outside: " + byteCount(int64(len(body))) + ", was " + byteCount(int64(len(came))) + ".", taken: append([]byte{}, body...)}
	}
	r.Written++
	r.preview()
	r.Changed.Emit()
}

func (r *Resend) told(err error) {
	if err != nil {
		r.Problem = sentence(err)
	}
	r.Changed.Emit()
}

func readEdited(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	body, err := io.ReadAll(io.LimitReader(f, maxTaken+1))
	if err == nil && len(body) > maxTaken {
		err = fmt.Errorf("the file is larger than %s: it was not taken", byteCount(maxTaken))
	}
	return body, err
}

// discardFile takes the file away that the body was edited in.
func (r *Resend) discardFile() {
	if r.Body.File == "" {
		return
	}
	_ = os.RemoveAll(filepath.Dir(r.Body.File)) // the desktop clears what is left
	r.Body.File = ""
}

// extensionOf is how a file of a content type is called, so that a fitting program
// opens it.
func extensionOf(contentType string) string {
	switch {
	case strings.Contains(contentType, "json"):
		return ".json"
	case strings.Contains(contentType, "xml"):
		return ".xml"
	case strings.HasPrefix(contentType, "application/octet"), strings.HasPrefix(contentType, "image/"):
		return ".bin"
	}
	return ".txt"
}
