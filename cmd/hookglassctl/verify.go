package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"hookglass/capture"
)

type verifyCommand struct {
	File string `arg:"" help:"A raw HTTP request: head, empty line, body. - reads standard input. Whatever expires is judged as of now."`
	JSON bool   `help:"One JSON object."`
}

// verifyLimit bounds what verify reads.
const verifyLimit = 64 << 20

func (c *verifyCommand) Run(ctx context.Context, t *terminal) (err error) {
	raw, err := readFile(c.File, t.in)
	if err != nil {
		return err
	}
	request, err := capture.ReadRequest(raw)
	if err != nil {
		return fmt.Errorf("%s is not a raw HTTP request: %w", c.File, err)
	}
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	c.tellLength(t, &request, len(raw))
	request.Received = time.Now() // what expires is judged as of now
	x := &capture.Exchange{State: capture.StateReceived, Via: capture.ViaImport, Request: request}
	if endpoint := reader.Endpoints.Find(request.Path()); endpoint != nil {
		x.Endpoint = endpoint.Path
	}
	look := reader.Look(x)
	x.Annotation = look.Annotation
	x.Annotation.AtArrival = look.Annotation.Verification.Status
	if c.JSON {
		err = writeJSON(t.out, wholeRowOf(x, &look))
	} else {
		err = writeWhole(t.out, x, &look, 0)
	}
	if err == nil && !look.Annotation.Verification.Status.Proven() {
		return errNo
	}
	return err
}

// tellLength says where the body of the file is not what its head announces.
func (c *verifyCommand) tellLength(t *terminal, r *capture.Request, size int) {
	length, announced := r.Header.First("Content-Length")
	if !announced || r.Header.Value("Transfer-Encoding") != "" {
		return
	}
	rest := int64(size - len(r.Head) - len(r.Body))
	switch {
	case r.Truncated:
		t.say("%s ends before the %s bytes of body that its Content-Length announces", c.File, length)
	case rest > 0:
		t.say("%s goes on for %s behind the %s bytes of body that its Content-Length announces; they are left out", c.File, bytesText(rest), length)
	}
}

func readFile(name string, stdin io.Reader) ([]byte, error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }() // only read
		in = file
	}
	raw, err := io.ReadAll(io.LimitReader(in, verifyLimit+1))
	if err == nil && len(raw) > verifyLimit {
		return nil, fmt.Errorf("%s is larger than %s", name, bytesText(verifyLimit))
	}
	return raw, err
}
