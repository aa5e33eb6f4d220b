package ngrok

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// File is what ngrok.yml, the configuration of ngrok's own agent, says that
// matters here. It is only read.
type File struct {
	Path    string
	Token   Token
	Connect string // "host:port"
	CAFile  string // a path, or HostCAs; "" also for "trusted", which is ngrok's own
	Proxy   string
}

// maxFile bounds what is read of ngrok.yml and of the files that settings name.
const maxFile = 1 << 20

// FilePaths are the places where ngrok.yml can be, the likeliest first.
func FilePaths(goos string, getenv func(string) string, home string) []string {
	var paths []string
	add := func(parts ...string) {
		if parts[0] != "" {
			paths = append(paths, filepath.Join(parts...))
		}
	}
	switch goos {
	case "darwin":
		add(home, "Library", "Application Support", "ngrok", "ngrok.yml")
	case "windows":
		add(getenv("LOCALAPPDATA"), "ngrok", "ngrok.yml")
	default:
		add(getenv("XDG_CONFIG_HOME"), "ngrok", "ngrok.yml")
		if home != "" {
			add(home, ".config", "ngrok", "ngrok.yml")
		}
	}
	add(home, ".ngrok2", "ngrok.yml") // of version 2
	return paths
}

// ReadFile reads an ngrok.yml of version 2 or 3. A missing one is fs.ErrNotExist.
// An error tells of the place, never of the content, which holds a token.
func ReadFile(path string) (*File, error) {
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", path) // a pipe would be waited for
	}
	text, err := readAll(path)
	if err != nil {
		return nil, err
	}
	file, err := parseFile(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	file.Path = path
	return file, nil
}

// readAll reads a file that a person named, up to a length that none of them has.
func readAll(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // was only read
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(content) > maxFile {
		return nil, fmt.Errorf("%s is longer than 1 MiB", path)
	}
	return content, nil
}

// agentFile is the part that version 3 keeps under agent, and version 2 at the
// top.
type agentFile struct {
	Token   string `yaml:"authtoken"`
	Connect string `yaml:"connect_url"`
	Server  string `yaml:"server_addr"` // of version 2
	CAs     string `yaml:"connect_cas"`
	RootCAs string `yaml:"root_cas"` // of version 2
	Proxy   string `yaml:"proxy_url"`
}

func parseFile(text []byte) (*File, error) {
	var parsed struct {
		agentFile `yaml:",inline"`
		Agent     agentFile `yaml:"agent"`
	}
	if err := yaml.Unmarshal(text, &parsed); err != nil {
		return nil, errors.New("it is no YAML" + lineOf(err))
	}
	first := func(values ...string) string {
		for _, v := range values {
			if v = strings.TrimSpace(v); v != "" {
				return v
			}
		}
		return ""
	}
	old, agent := parsed.agentFile, parsed.Agent
	file := &File{
		Token:   Token(first(agent.Token, old.Token)),
		Connect: first(agent.Connect, agent.Server, old.Connect, old.Server),
		CAFile:  first(agent.CAs, agent.RootCAs, old.CAs, old.RootCAs),
		Proxy:   first(agent.Proxy, old.Proxy),
	}
	file.Connect = strings.TrimPrefix(strings.TrimPrefix(file.Connect, "https://"), "tls://")
	if file.CAFile == "trusted" {
		file.CAFile = ""
	}
	return file, nil
}

// lineOf takes the line out of an error of the YAML reader: what follows it may
// quote the content.
func lineOf(err error) string {
	_, rest, ok := strings.Cut(err.Error(), "line ")
	if !ok {
		return ""
	}
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	if digits == "" {
		return ""
	}
	return " in line " + digits
}

// CleanToken takes the token out of what a person pastes: also out of the whole
// line "ngrok config add-authtoken …" that ngrok's dashboard shows. Where nothing
// has the shape of a token it returns the last word, for CheckToken to judge.
func CleanToken(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r): // copied from a page, with what nobody sees
			return -1
		case strings.ContainsRune("\"'`“”‘’$=;,", r):
			return ' '
		}
		return r
	}, text)
	words := strings.Fields(text)
	for _, w := range words {
		if CheckToken(w) == nil {
			return w
		}
	}
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// CheckToken says why a text cannot be an authtoken.
func CheckToken(text string) error {
	switch {
	case text == "":
		return errors.New("it is empty")
	case strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "":
		return errors.New("it has characters that no authtoken of ngrok's has")
	case len(text) < 20:
		return errors.New("it is too short for an authtoken of ngrok's: copy it whole")
	case len(text) > 200:
		return errors.New("it is too long for an authtoken of ngrok's")
	}
	return nil
}

// TokenVariable is the variable of the environment that ngrok's own agent reads.
const TokenVariable = "NGROK_AUTHTOKEN"

// FindToken returns the token in force and where it is from: the one that is
// kept, else the environment's, else that of ngrok.yml. The file, nil where there
// is none, is returned for what else it says. An error is of a file that cannot
// be read; a token is returned all the same where one is found before it.
func FindToken(kept Token, keptIn string, getenv func(string) string, goos, home string) (Token, TokenSource, *File, error) {
	var file *File
	var err error
	for _, path := range FilePaths(goos, getenv, home) {
		if file, err = ReadFile(path); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		err = nil
	}
	switch {
	case kept != "":
		return kept, TokenSource{From: keptIn}, file, err
	case getenv(TokenVariable) != "":
		return Token(strings.TrimSpace(getenv(TokenVariable))), TokenSource{From: "environment", Name: TokenVariable}, file, err
	case file != nil && file.Token != "":
		return file.Token, TokenSource{From: "ngrok.yml", Name: file.Path}, file, err
	}
	return "", TokenSource{}, file, err
}
