package export

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// shellCommand is one command of a shell's text: its words, without their quotes,
// and the text that it is given as its input.
type shellCommand struct {
	words  []string
	input  string // of a here-document
	fed    bool   // there is one
	piped  bool   // its input is what the command before it writes
	varies bool   // a word holds a variable or another command, left as it stands
}

// shellLexer takes a text apart as a POSIX shell does, with bash's $'…' besides.
// It expands and runs nothing: what a shell would fill in stays as it stands. It
// goes through the text once.
type shellLexer struct {
	text     string
	at       int
	ended    int // where the last word did
	commands []shellCommand
	now      shellCommand
	heres    []hereDocument // whose text begins behind this line
	words    int            // of all commands
	doubled  bool           // two double quotes in a quoted word are one of its own
	adjoined bool           // there are two such quotes
	single   bool           // a word has single quotes, which the Windows prompt does not know
}

type hereDocument struct {
	end  string
	tabs bool // <<-
}

// maxWords bounds the words of a text: one of two bytes takes a hundred in memory.
const maxWords = 500_000

var (
	errQuote = errors.New("a quote is not closed")
	errWords = fmt.Errorf("it has more than %d words", maxWords)
)

// shellCommands reads the commands of a text for a POSIX shell or for the Windows
// prompt. There two double quotes in a quoted word are one of the word's own; a text
// that has such and no words in single quotes, as hardly one for a POSIX shell does,
// is taken for one of Windows.
func shellCommands(text string) ([]shellCommand, error) {
	text, windows := fromCmd(text)
	l := &shellLexer{text: text, doubled: windows}
	all, err := l.all()
	if err != nil || !l.adjoined || l.single || windows {
		return all, err
	}
	l = &shellLexer{text: doubledQuotes.Replace(text), doubled: true}
	return l.all()
}

// doubledQuotes makes of a text that has doubled quotes what the lexer reads: carets
// stand in it only between the two halves of a line break, outside of quotes.
var doubledQuotes = strings.NewReplacer("\"^\r\n\r\n\"", "\n", "\"^\n\n\"", "\n", "$", `\$`, "`", "\\`")

func (l *shellLexer) all() ([]shellCommand, error) {
	for l.at < len(l.text) {
		if err := l.step(); err != nil {
			return nil, err
		}
	}
	if len(l.heres) > 0 {
		return nil, fmt.Errorf("the text up to %s is missing", short(l.heres[0].end))
	}
	l.finish(false)
	return l.commands, nil
}

// finish ends a command.
func (l *shellLexer) finish(piped bool) {
	if len(l.now.words) > 0 {
		l.commands = append(l.commands, l.now)
	}
	l.now = shellCommand{piped: piped}
}

// step reads a blank, an operator, a comment or a word.
func (l *shellLexer) step() error {
	rest := l.text[l.at:]
	switch c := rest[0]; {
	case c == ' ' || c == '\t' || c == '\r':
		l.at++
	case strings.HasPrefix(rest, "\\\n"):
		l.at += 2
	case strings.HasPrefix(rest, "\\\r\n"):
		l.at += 3
	case c == '\n':
		l.at++
		return l.newline()
	case c == '#':
		l.at += lineLength(rest)
	case c == '|' && !strings.HasPrefix(rest, "||"):
		l.at++
		l.finish(true)
	case c == ';' || c == '&' || c == '|':
		l.at++
		l.finish(false)
	case strings.HasPrefix(rest, "<<"):
		return l.here()
	case c == '<' || c == '>':
		if n := len(l.now.words); n > 0 && l.ended == l.at && strings.Trim(l.now.words[n-1], "0123456789") == "" {
			l.now.words = l.now.words[:n-1] // 2>&1
		}
		for l.at < len(l.text) && strings.IndexByte("<>&|", l.text[l.at]) >= 0 {
			l.at++
		}
		l.blanks()
		_, err := l.word() // a file, which is not touched
		return err
	default:
		word, err := l.word()
		if err == nil {
			l.now.words, l.ended = append(l.now.words, word), l.at
			if l.words++; l.words > maxWords {
				err = errWords
			}
		}
		return err
	}
	return nil
}

func (l *shellLexer) blanks() {
	for l.at < len(l.text) && (l.text[l.at] == ' ' || l.text[l.at] == '\t') {
		l.at++
	}
}

func lineLength(text string) int {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return i
	}
	return len(text)
}

// here reads the beginning of a here-document.
func (l *shellLexer) here() error {
	l.at += 2
	tabs := strings.HasPrefix(l.text[l.at:], "-")
	if tabs {
		l.at++
	}
	l.blanks()
	end, err := l.word()
	if err != nil {
		return err
	}
	l.heres = append(l.heres, hereDocument{end, tabs})
	l.now.fed = true
	// The command that it feeds may have ended before its text comes.
	if len(l.heres) > 1 {
		return errors.New("there are two here-documents on one line")
	}
	return nil
}

// newline ends a command, and reads the here-document that follows.
func (l *shellLexer) newline() error {
	if len(l.heres) == 0 {
		l.finish(false)
		return nil
	}
	doc := l.heres[0]
	l.heres = nil
	l.finish(false)
	var body strings.Builder
	for l.at < len(l.text) {
		n := lineLength(l.text[l.at:])
		line := strings.TrimSuffix(l.text[l.at:l.at+n], "\r")
		l.at = min(l.at+n+1, len(l.text))
		if doc.tabs {
			line = strings.TrimLeft(line, "\t")
		}
		if line == doc.end {
			for i := len(l.commands) - 1; i >= 0; i-- {
				if l.commands[i].fed && l.commands[i].input == "" {
					l.commands[i].input = body.String()
					break
				}
			}
			return nil
		}
		body.WriteString(line + "\n")
	}
	return fmt.Errorf("the text up to %s is missing", short(doc.end))
}

// word reads one word.
func (l *shellLexer) word() (string, error) {
	var b strings.Builder
	for l.at < len(l.text) {
		rest := l.text[l.at:]
		switch c := rest[0]; {
		case strings.IndexByte(" \t\r\n;&|<>", c) >= 0:
			return b.String(), nil
		case c == '\'':
			end := strings.IndexByte(rest[1:], '\'')
			if end < 0 {
				return "", errQuote
			}
			b.WriteString(rest[1 : 1+end])
			l.at, l.single = l.at+end+2, true
		case strings.HasPrefix(rest, "$'"):
			l.at, l.single = l.at+2, true
			if err := l.ansi(&b); err != nil {
				return "", err
			}
		case c == '"' || strings.HasPrefix(rest, `$"`):
			l.at += strings.IndexByte(rest, '"') + 1
			if err := l.double(&b); err != nil {
				return "", err
			}
		case c == '\\' && len(rest) > 1:
			if rest[1] != '\n' {
				b.WriteByte(rest[1])
			}
			l.at += 2
		default:
			l.now.varies = l.now.varies || expands(rest)
			b.WriteByte(c)
			l.at++
		}
	}
	return b.String(), nil
}

// double reads what stands in double quotes.
func (l *shellLexer) double(b *strings.Builder) error {
	for l.at < len(l.text) {
		c := l.text[l.at]
		l.at++
		switch {
		case c == '"' && l.doubled && strings.HasPrefix(l.text[l.at:], `"`):
			b.WriteByte('"')
			l.at++
		case c == '"':
			l.adjoined = l.adjoined || b.Len() > 0 && strings.HasPrefix(l.text[l.at:], `"`)
			return nil
		case c == '\\' && l.at < len(l.text) && strings.IndexByte("$`\"\\\n", l.text[l.at]) >= 0:
			if l.text[l.at] != '\n' {
				b.WriteByte(l.text[l.at])
			}
			l.at++
		default:
			l.now.varies = l.now.varies || expands(l.text[l.at-1:])
			b.WriteByte(c)
		}
	}
	return errQuote
}

// expands reports whether a shell would write something else for what text begins
// with: a variable, a command.
func expands(text string) bool {
	if text[0] == '`' {
		return true
	}
	if text[0] != '$' || len(text) == 1 {
		return false
	}
	c := text[1]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_{(@*#?$!-", c) >= 0
}

// ansiEscapes are those of one character.
var ansiEscapes = map[byte]byte{
	'a': '\a', 'b': '\b', 'e': 0x1b, 'E': 0x1b, 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v',
	'\\': '\\', '\'': '\'', '"': '"', '?': '?',
}

// ansi reads what stands in $'…', as browsers write bodies.
func (l *shellLexer) ansi(b *strings.Builder) error {
	for l.at < len(l.text) {
		c := l.text[l.at]
		l.at++
		if c == '\'' {
			return nil
		}
		if c != '\\' || l.at == len(l.text) {
			b.WriteByte(c)
			continue
		}
		c = l.text[l.at]
		l.at++
		if plain, ok := ansiEscapes[c]; ok {
			b.WriteByte(plain)
			continue
		}
		switch c {
		case 'x':
			b.WriteByte(byte(l.number(16, 2)))
		case 'u', 'U':
			n := l.number(16, map[byte]int{'u': 4, 'U': 8}[c])
			if n > utf8.MaxRune {
				n = utf8.RuneError
			}
			b.WriteRune(rune(n))
		case '0', '1', '2', '3', '4', '5', '6', '7':
			l.at--
			b.WriteByte(byte(l.number(8, 3)))
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return errQuote
}

// number reads up to most digits.
func (l *shellLexer) number(base, most int) uint64 {
	n := 0
	for n < most && l.at+n < len(l.text) {
		if _, err := strconv.ParseUint(l.text[l.at+n:l.at+n+1], base, 8); err != nil {
			break
		}
		n++
	}
	value, err := strconv.ParseUint(l.text[l.at:l.at+n], base, 64)
	if err != nil {
		return 0 // there are no digits
	}
	l.at += n
	return value
}

// fromCmd makes of a command as browsers copy it for the Windows prompt one that
// shellCommands reads: a caret takes the meaning from what follows.
func fromCmd(text string) (command string, windows bool) {
	line, _, _ := strings.Cut(text, "\n")
	if !strings.Contains(line, `^"`) && !strings.HasSuffix(strings.TrimRight(line, "\r"), " ^") {
		return text, false
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '^' && i+1 < len(text) {
			i++
		} else if text[i] != '$' && text[i] != '`' {
			b.WriteByte(text[i])
			continue
		}
		if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			i++
		}
		switch text[i] {
		case '\n':
		case '$', '`': // nothing to cmd, much to a shell
			b.WriteString(`\` + text[i:i+1])
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String(), true
}
