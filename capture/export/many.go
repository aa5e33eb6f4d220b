package export

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"hookglass/capture"
)

// WriteCurl writes a script for a POSIX shell with a command for each request that
// there is one of; of the others it says why not. The address stands at the top,
// to be given: nobody is called by accident.
func WriteCurl(ctx context.Context, w io.Writer, s *Share) error {
	out := bufio.NewWriterSize(w, 64<<10)
	_, _ = out.WriteString("#!/bin/sh\n# " + comment(orElse(s.Title, "Callbacks")) + "\n# " + comment(s.Redaction.Words()) + "\n")
	if s.Note != "" {
		_, _ = out.WriteString("# " + comment(s.Note) + "\n")
	}
	_, _ = out.WriteString("# Sends these requests to an address: sh FILE http://localhost:3000\nset -eu\nbase=${1:?the address to send to is missing}\nbase=${base%/}\n")
	err := s.each(ctx, func(x *Shared) error {
		r := &x.Request
		_, _ = fmt.Fprintf(out, "\n# %s  %s\n", r.Received.UTC().Format("2006-01-02 15:04:05.000 UTC"), comment(oneLine(x.Exchange)))
		command, err := Curl(x.Exchange, shellBase, "")
		if errors.Is(err, ErrCurl) {
			command, err = "# "+comment(err.Error())+"\n", nil
		}
		if err != nil {
			return err
		}
		_, err = out.WriteString(strings.Replace(command, "'"+shellBase, `"$base"'`, 1))
		return err
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// shellBase holds the place of the script's argument.
const shellBase = "http://base.invalid"

// comment keeps a text on the one line that begins with #.
func comment(text string) string { return capture.Visible(text) }

// oneLine tells of an exchange in a line: "klix purchase.paid, order 17, valid, 200".
func oneLine(x *capture.Exchange) string {
	a := &x.Annotation
	parts := []string{strings.TrimSpace(orElse(a.Provider, "unknown sender") + " " + a.Event)}
	if a.Order != "" {
		parts = append(parts, "order "+a.Order)
	}
	if a.Verification.Status != "" {
		parts = append(parts, words(string(a.Verification.Status)))
	}
	return strings.Join(append(parts, answerWords(x)), ", ")
}

// words is an identifier as people read it: "key missing".
func words(identifier string) string { return strings.ReplaceAll(identifier, "_", " ") }

// answerWords is a status, or how it ended without one.
func answerWords(x *capture.Exchange) string {
	if x.Response == nil || x.Response.Status == 0 {
		return words(string(x.State))
	}
	text := fmt.Sprint(x.Response.Status)
	if x.State != capture.StateAnswered {
		text += " " + words(string(x.State))
	}
	return text
}

// WriteRaw writes the raw request of a share of one exchange, and of any other a
// zip with a file for each, named by its number, and a README.txt that says what
// they are and which there is none of.
func WriteRaw(ctx context.Context, w io.Writer, s *Share) error {
	if s.Count == 1 {
		return s.each(ctx, func(x *Shared) error {
			raw, err := Raw(x.Exchange)
			if err == nil {
				_, err = w.Write(raw)
			}
			return err
		})
	}
	files := zip.NewWriter(w)
	index := &strings.Builder{}
	number, left := 0, 0
	err := s.each(ctx, func(x *Shared) error {
		number++
		line := fmt.Sprintf("%06d.http  %s  %s", number, x.Request.Received.UTC().Format("2006-01-02 15:04:05.000 UTC"), capture.Visible(oneLine(x.Exchange)))
		raw, err := Raw(x.Exchange)
		if errors.Is(err, ErrRaw) {
			line, err = line+": "+err.Error(), nil
		}
		if index.Len()+len(line) < maxIndex {
			index.WriteString(line + "\n")
		} else {
			left++
		}
		if err != nil || raw == nil {
			return err
		}
		file, err := files.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("%06d.http", number), Method: zip.Deflate, Modified: x.Request.Received.UTC()})
		if err == nil {
			_, err = file.Write(raw)
		}
		return err
	})
	if err != nil {
		return err
	}
	readme, err := files.Create("README.txt")
	if err != nil {
		return err
	}
	if left > 0 {
		fmt.Fprintf(index, "and %d more\n", left)
	}
	_, err = fmt.Fprintf(readme, "%s\n%s\n%s\n\n%s", capture.Visible(orElse(s.Title, "Callbacks")), capture.Visible(s.Note), capture.Visible(s.Redaction.Words()), index)
	if err != nil {
		return err
	}
	return files.Close()
}

// maxIndex bounds the list in a zip of raw requests, in bytes.
const maxIndex = 8 << 20
