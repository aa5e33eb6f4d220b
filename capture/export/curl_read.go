package export

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"hookglass/capture"
)

// ErrReadCurl is wrapped by the errors of ReadCurl, which say in a sentence why a
// text is no command that can be read.
var ErrReadCurl = errors.New("it is no curl command that can be read")

// maxCommands is how many commands of one text are read.
const maxCommands = 10_000

// curlRead is a curl command that was read.
type curlRead struct {
	exchange *capture.Exchange
	skipped  []string // sentences
	err      error
}

// ReadCurl makes an exchange of the first curl command in a text: one as Curl
// writes it, as a browser copies it, or as a provider's documentation has it.
// Nothing is run and no file is read; skipped tells in sentences what was passed
// over. Request.Received stays zero, and the UID follows from the request.
func ReadCurl(command string) (x *capture.Exchange, skipped []string, err error) {
	all, err := readCurls(command, 1)
	if err != nil {
		return nil, nil, err
	}
	return all[0].exchange, all[0].skipped, all[0].err
}

// readCurls reads up to most curl commands; there is at least one.
func readCurls(text string, most int) ([]curlRead, error) {
	commands, err := shellCommands(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrReadCurl, err)
	}
	var all []curlRead
	for i := range commands {
		c := &commands[i]
		words := curlWords(c.words)
		if words == nil {
			continue
		}
		if len(all) == most {
			break
		}
		input, fed := c.input, c.fed
		if c.piped && i > 0 {
			input, fed = pipedInput(&commands[i-1])
		}
		all = append(all, readCurlWords(words, input, fed, c.varies))
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: there is no curl in it", ErrReadCurl)
	}
	return all, nil
}

var assignment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=`)

// curlWords are the words behind "curl", or nil where a command is another one.
func curlWords(words []string) []string {
	for len(words) > 0 && (words[0] == "$" || words[0] == ">" || words[0] == "%" || words[0] == "sudo" || assignment.MatchString(words[0])) {
		words = words[1:]
	}
	if len(words) == 0 {
		return nil
	}
	switch path.Base(strings.ReplaceAll(words[0], `\`, "/")) {
	case "curl", "curl.exe":
		return append([]string{}, words[1:]...)
	}
	return nil
}

// pipedInput is what a command before a pipe writes, as far as that is known
// without running it: that of base64 -d, echo, printf %s and cat.
func pipedInput(c *shellCommand) (string, bool) {
	switch words := c.words; {
	case words[0] == "base64" && c.fed:
		text := strings.Map(func(r rune) rune {
			if r == '\n' || r == '\r' || r == ' ' {
				return -1
			}
			return r
		}, c.input)
		body, err := base64.StdEncoding.DecodeString(text)
		return string(body), err == nil
	case words[0] == "cat" && c.fed && len(words) == 1:
		return c.input, true
	case words[0] == "echo" && len(words) == 2 && !c.varies:
		return words[1] + "\n", true
	case words[0] == "echo" && len(words) == 3 && words[1] == "-n" && !c.varies:
		return words[2], true
	case words[0] == "printf" && len(words) == 3 && words[1] == "%s" && !c.varies:
		return words[2], true
	}
	return "", false
}

func readCurlWords(words []string, input string, fed, varies bool) curlRead {
	c := &curlCommand{input: input, fed: fed}
	if varies {
		c.skip("A variable of the shell in it was left as it stands.")
	}
	if err := c.read(words); err != nil {
		return curlRead{skipped: c.skipped, err: fmt.Errorf("%w: %w", ErrReadCurl, err)}
	}
	r, err := c.request()
	if err != nil {
		return curlRead{skipped: c.skipped, err: fmt.Errorf("%w: %w", ErrReadCurl, err)}
	}
	return curlRead{skipped: c.skipped, exchange: &capture.Exchange{
		UID: contentUID("curl", r.Head, r.Body), State: capture.StateUnknown, Via: capture.ViaImport, Import: &capture.Imported{},
		Request: r,
	}}
}

// looksLikeCurl reports whether a text has a curl command near its start, behind
// comments, behind what scripts begin with (WriteCurl's do) and behind what may be
// written in front of one.
func looksLikeCurl(text []byte) bool {
	const look = 50
	for range look {
		line, rest, more := bytes.Cut(text, []byte("\n"))
		line = bytes.TrimSpace(line)
		switch {
		case commandLine.Match(line):
			return true
		case len(line) > 0 && line[0] != '#' && !preamble.Match(line):
			return false
		}
		if !more {
			return false
		}
		text = rest
	}
	return false
}

var commandLine = regexp.MustCompile(`^(\$ |% |> )?(sudo )?([A-Za-z_][A-Za-z0-9_]*=\S*( |$))*(\S*/)?(curl(\.exe)?( |$)|(base64|cat|echo|printf) .*\| *curl )`)

// preamble is a line that sets an option or a variable of the shell.
var preamble = regexp.MustCompile(`^(set [-+]|[A-Za-z_][A-Za-z0-9_]*=)`)

// openCurl opens a text with curl commands, of which at least the first must be
// one.
func (o *Opened) openCurl(text []byte) error {
	all, err := readCurls(string(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))), maxCommands)
	if err != nil {
		return err
	}
	if len(all) == 1 && all[0].err != nil {
		return all[0].err
	}
	times := map[string]int{} // that a sentence is said: of a script the same one of all commands
	for i := range all {
		for _, why := range all[i].skipped {
			times[why]++
		}
	}
	for i := range all {
		where := "the command"
		if len(all) > 1 {
			where = fmt.Sprintf("command %d", i+1)
		}
		for _, why := range all[i].skipped {
			switch n := times[why]; {
			case n > 1:
				o.skipped.add(fmt.Sprintf("%s%d commands", partOf, n), why)
			case n == 1:
				o.skipped.add(partOf+where, why)
			}
			times[why] = 0
		}
		if all[i].err != nil {
			o.skipped.add(where, all[i].err.Error()+".")
			continue
		}
		o.Share.Count++
	}
	if len(all) == maxCommands {
		o.skipped.add("the rest", fmt.Sprintf("At most %d commands of one text are read.", maxCommands))
	}
	o.Format = "curl"
	o.each = func(ctx context.Context, f func(*Shared) error) error {
		for i := range all {
			if err := ctx.Err(); err != nil {
				return err
			}
			if all[i].exchange == nil {
				continue
			}
			own := *all[i].exchange
			own.Request.Received = o.when
			if err := f(&Shared{Exchange: &own}); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}
