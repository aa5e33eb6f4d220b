package ngrok

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// File is what ngrok.yml, the configuration of ngrok's own agent, says that
// matters here. It is only read.
type File struct {
	Path    string
	Token   Token
	Connect string // "host:port"
	CAFile  string // a path; "" also for "trusted" and "host"
	Proxy   string
}

// maxFile bounds what is read of ngrok.yml.
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
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // was only read
	text, err := io.ReadAll(io.LimitReader(f, maxFile))
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
	if file.CAFile == "trusted" || file.CAFile == "host" {
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
// line "ngrok config add-authtoken …" that ngrok's dashboard shows.
func CleanToken(text string) string {
	words := strings.Fields(strings.NewReplacer(`"`, " ", "'", " ", "$", " ").Replace(text))
	if len(words) == 0 {
		return ""
	}
	last := words[len(words)-1]
	if _, value, ok := strings.Cut(last, "="); ok {
		last = value
	}
	return last
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
