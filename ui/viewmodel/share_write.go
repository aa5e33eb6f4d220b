package viewmodel

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"hookglass/capture"
	"hookglass/capture/export"
)

// ShareFormat is a way to write the file.
type ShareFormat struct {
	ID, Title string
	Says      string // what it is good for, and what it loses
}

// Formats are the ways to write a file.
func (s *Share) Formats() []ShareFormat {
	list := make([]ShareFormat, len(export.Formats))
	for i := range export.Formats {
		f := &export.Formats[i]
		list[i] = ShareFormat{ID: f.Name, Title: f.Title, Says: f.Says}
	}
	return list
}

// format is the chosen one, or nil.
func (s *Share) format() *export.Format {
	if f, found := export.FindFormat(s.Format); found {
		return &f
	}
	return nil
}

// CanWrite reports whether all that would change was shown.
func (s *Share) CanWrite() bool {
	return s.preview != nil && s.preview.known && s.Busy == "" && s.preview.report.Exchanges > 0
}

// Size says how much would leave: "24 callbacks"; "" until it is known.
func (s *Share) Size() string {
	if s.preview == nil || !s.preview.known {
		return ""
	}
	r := &s.preview.report
	text := groupDigits(r.Exchanges) + " " + plural("callback", r.Exchanges)
	if r.Bytes > 0 {
		text += ", about " + byteCount(r.Bytes)
	}
	return text
}

// Write asks where to, and writes the file. Where nothing is taken out, it asks
// first, and names what is in there.
func (s *Share) Write() {
	if !s.CanWrite() {
		return
	}
	if s.Profile != "none" {
		s.where()
		return
	}
	s.app.Confirm("Share it with nothing taken out?", s.inThere(), "Share all of it", true, s.where)
}

// inThere names what would leave.
func (s *Share) inThere() string {
	counts := s.Counts()
	if len(counts) == 0 {
		return "No secret and no personal data was found in it, but what is not recognised goes along too: whoever gets the file sees every byte of " + s.Size() + "."
	}
	const most = 6
	named := make([]string, 0, most+1)
	for i := range counts[:min(len(counts), most)] {
		named = append(named, counts[i].Text)
	}
	if len(counts) > most {
		named = append(named, "more")
	}
	last := len(named) - 1
	list := named[last]
	if last > 0 {
		list = strings.Join(named[:last], ", ") + " and " + named[last]
	}
	return "In there are " + list + ". Whoever gets the file can read them, and use the secrets. What Hookglass did not recognise goes along too."
}

// where asks for the path.
func (s *Share) where() {
	f := s.format()
	if f == nil || s.app.Screen.SaveTo == nil {
		return
	}
	s.app.Screen.SaveTo(s.fileName()+f.ExtensionFor(s.preview.report.Exchanges), s.write)
}

// fileName is a name for the file: that of the session with the day.
func (s *Share) fileName() string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r > 127:
			return r
		}
		return '-'
	}, s.app.Sessions.Name())
	name = strings.Trim(shorten(name, 60), "-… ")
	return orElse(name, "callbacks") + "-" + s.app.config.Now().In(s.app.config.Local).Format("2006-01-02")
}

// write writes the file, with progress.
func (s *Share) write(path string) {
	b := s.app.backend
	if b == nil || !s.CanWrite() {
		return
	}
	preview := s.preview
	s.stop()
	ctx, cancel := context.WithCancel(s.app.ctx)
	s.cancel, s.Busy, s.Writing = cancel, "Writing "+filepath.Base(path)+" …", true
	serial, sharing := s.serial, s.sharing()
	progress := s.progress(serial)
	s.app.run(func(context.Context) func() {
		share, err := sharing(ctx)
		var report capture.SharingReport
		if err == nil {
			report, err = b.WriteShare(ctx, share, path, progress)
		}
		return func() {
			cancel()
			if serial != s.serial {
				if err == nil && s.Busy == "" { // it was done before it was stopped
					s.wrote(&report, path)
				}
				return
			}
			s.stop()
			switch {
			case errors.Is(err, context.Canceled):
			case err != nil:
				s.preview, s.Problem = preview, "Not written: "+sentence(err)
				s.app.Notices.Say(Bad, s.Problem, "", nil)
			default:
				s.wrote(&report, path)
			}
			s.Changed.Emit()
		}
	})
	s.Changed.Emit()
}

func (s *Share) progress(serial int) capture.Progress {
	return sparingly(s.after, func(done, total int64) {
		if serial == s.serial {
			s.Done, s.Total = done, total
			s.Changed.Emit()
		}
	})
}

// wrote closes the dialog and says what is in the file.
func (s *Share) wrote(report *capture.SharingReport, path string) {
	path = orElse(report.Path, path)
	s.preview = nil // it holds what must not leave
	if s.app.Dialog == DialogShare {
		s.app.Open(NoDialog)
	}
	replaced := int64(0)
	for _, n := range report.Replaced {
		replaced += n
	}
	text := "Wrote " + filepath.Base(path) + ": " + groupDigits(report.Exchanges) + " " + plural("callback", report.Exchanges)
	tone := Good
	switch {
	case s.Profile == "none":
		text += ", nothing taken out."
		tone = Warn
	case replaced == 0:
		text += ", nothing to take out."
	default:
		text += ", " + groupDigits(replaced) + " " + plural("value", replaced) + " replaced."
	}
	if len(report.Warnings) > 0 {
		text += " " + capture.Visible(report.Warnings[0])
	}
	s.app.Notices.Say(tone, text, "Show the folder", func() {
		folder := filepath.Dir(path)
		if err := s.app.Screen.OpenURL("file://" + filepath.ToSlash(folder)); err != nil {
			s.app.copy(folder, "No program opened it; its path was copied.")
		}
	})
}

// ProgressWords says how far a long work has come: "1 240 of 5 000".
func ProgressWords(done, total int64) string {
	switch {
	case done <= 0 && total <= 0:
		return ""
	case total <= 0:
		return groupDigits(done)
	}
	return groupDigits(min(done, total)) + " of " + groupDigits(total)
}
