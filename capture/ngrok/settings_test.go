package ngrok

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSettingsCheck(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		settings Settings
		want     string // in the error; "" for none
	}{
		{Settings{}, ""},
		{Settings{Domain: "shop.example"}, ""},
		{Settings{Domain: "https://Shop.example/"}, ""},
		{Settings{Domain: "tcp://1.tcp.test:5"}, "domain"},
		{Settings{Domain: "a b"}, "domain"},
		{Settings{Domain: "shop.example/hooks"}, "name alone"},
		{Settings{Domain: "http://localhost"}, "name alone"},
		{Settings{Proxy: "socks5://127.0.0.1:1080"}, ""},
		{Settings{Proxy: "socks5://127.0.0.1"}, ""},
		{Settings{Proxy: "socks5://127.0.0.1:99999"}, "socks5://"},
		{Settings{Proxy: "socks5://:1080"}, "socks5://"},
		{Settings{Proxy: "http://user:secret@127.0.0.1:1080"}, "socks5:// only"},
		{Settings{Proxy: "127.0.0.1"}, "socks5://"},
		{Settings{Connect: "127.0.0.1:443"}, ""},
		{Settings{Connect: "https://connect.test"}, "host and port"},
		{Settings{Connect: "connect.test"}, "host and port"},
		{Settings{Connect: "[::1]:443"}, "IPv6"},
		{Settings{Connect: "connect test:443"}, "host and port"},
		{Settings{CAFile: HostCAs}, ""},
		{Settings{CAFile: "/does/not/exist"}, "CA file"},
		{Settings{CAFile: empty}, "no certificate"},
		{Settings{Policy: "on_http_request:\n  - actions: []\n"}, ""},
		{Settings{Policy: `{"inbound":[]}`}, ""},
		{Settings{Policy: "hello"}, "policy"},
		{Settings{Policy: "actions: []"}, "on_http_request"},
		{Settings{Policy: "a: b: c"}, "neither YAML nor JSON"},
		{Settings{Policy: "on_http_request:\n- config: &a [secret\n"}, "neither YAML nor JSON in line"},
		{Settings{Policy: "inbound: []\ninbound: [secret]\n"}, "neither YAML nor JSON in line 2"},
	}
	for _, test := range tests {
		err := test.settings.Check()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, want %q", test.settings, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("a password is told: %v", err)
		}
	}
}

func TestPublicURL(t *testing.T) {
	tests := []struct{ text, want string }{
		{"shop.example", "https://shop.example"},
		{" https://Shop.Example/hooks/ ", "https://shop.example/hooks"},
		{"https://shop.example:8443", "https://shop.example:8443"},
		{"http://127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"http://shop.example", ""},
		{"ftp://shop.example", ""},
		{"https://", ""},
		{"", ""},
		{"https://u:p@shop.example", ""},
		{"https://shop.example/?a=1", ""},
		{"https://shop.example:99999", ""},
		{"https://shop.example:0", ""},
		{"https://shop.example:", ""},
		{"https://sh\u202eop.example", ""},
		{"https://a<b>.example", ""},
		{"https://shop..example", ""},
		{"http://[::1%25lo]:8080", ""},
		{"http://[::1]:8080/", "http://[::1]:8080"},
		{"https://münchen.example", "https://münchen.example"},
	}
	for _, test := range tests {
		if got, err := PublicURL(test.text); got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q: %q, %v; want %q", test.text, got, err, test.want)
		}
	}
}

func TestAllowPolicy(t *testing.T) {
	got, err := AllowPolicy([]string{"203.0.113.9", " 198.51.100.7/24", "2001:db8::1"})
	want := `{"on_http_request":[{"actions":[{"config":{"allow":["203.0.113.9/32","198.51.100.0/24","2001:db8::1/128"],"enforce":true},"type":"restrict-ips"}]}]}`
	if err != nil || got != want {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
	mapped := []string{"::ffff:203.0.113.9", "203.0.113.9", "::ffff:198.51.100.7/120"}
	want = `{"on_http_request":[{"actions":[{"config":{"allow":["203.0.113.9/32","198.51.100.0/24"],"enforce":true},"type":"restrict-ips"}]}]}`
	if got, err := AllowPolicy(mapped); err != nil || got != want {
		t.Errorf("IPv4 as IPv6: got %s, %v\nwant %s", got, err, want)
	}
	for _, bad := range [][]string{nil, {"shop.example"}, {"203.0.113.9/33"}, {"::ffff:0:0/10"}, {"fe80::1%eth0"}, {"203.0.113.9", "x"}} {
		if text, err := AllowPolicy(bad); err == nil {
			t.Errorf("%v: %s, want an error", bad, text)
		}
	}
}

func TestReadPolicy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yml")
	const text = "on_http_request:\n  - actions: []\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadPolicy(file); err != nil || got != text {
		t.Errorf("the file: %q, %v", got, err)
	}
	if got, err := ReadPolicy(`{"on_http_request":[]}`); err != nil || got != `{"on_http_request":[]}` {
		t.Errorf("the text: %q, %v", got, err)
	}
	if _, err := ReadPolicy(file + "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

const secretToken = "2secretSECRETsecretSECRET_5secretSECRET"

func TestReadFile(t *testing.T) {
	tests := []struct {
		name, text string
		want       File
	}{
		{
			"version 2", "version: 2\nauthtoken: " + secretToken + "\nserver_addr: connect.test:443\nroot_cas: /ca.pem\ntunnels:\n  x:\n    proto: http\n",
			File{Token: secretToken, Connect: "connect.test:443", CAFile: "/ca.pem"},
		},
		{
			"version 3", "version: 3\nagent:\n  authtoken: " + secretToken + "\n  connect_url: connect.test:443\n  connect_cas: trusted\n  proxy_url: socks5://p:1\nendpoints:\n  - name: x\n",
			File{Token: secretToken, Connect: "connect.test:443", Proxy: "socks5://p:1"},
		},
		{
			"the certificates of the machine", "version: 3\nagent:\n  authtoken: " + secretToken + "\n  connect_cas: host\n",
			File{Token: secretToken, CAFile: HostCAs},
		},
		{"empty", "", File{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ngrok.yml")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			test.want.Path = path
			got, err := ReadFile(path)
			if err != nil || *got != test.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "ngrok.yml")
	if err := os.WriteFile(path, []byte("version: 3\nagent:\n  authtoken: [ "+secretToken+"\n x: }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(path); err == nil || !strings.Contains(err.Error(), "line") || strings.Contains(err.Error(), secretToken) {
		t.Errorf("broken: %v, want the line and not the token", err)
	}
}

// What is no file, or a huge one, is neither waited for nor read whole.
func TestReadFileBounds(t *testing.T) {
	dir := t.TempDir()
	if _, err := ReadFile(dir); err == nil || !strings.Contains(err.Error(), "not a file") {
		t.Errorf("a folder: %v", err)
	}
	huge := filepath.Join(dir, "huge")
	if err := os.WriteFile(huge, make([]byte, maxFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, fileErr := ReadFile(huge)
	_, policyErr := ReadPolicy(huge)
	for what, err := range map[string]error{"ngrok.yml": fileErr, "policy": policyErr, "CA file": Settings{CAFile: huge}.Check()} {
		if err == nil || !strings.Contains(err.Error(), "longer than 1 MiB") {
			t.Errorf("a huge %s: %v", what, err)
		}
	}
}

func TestFilePaths(t *testing.T) {
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			if i := slices.Index(pairs, name); i >= 0 {
				return pairs[i+1]
			}
			return ""
		}
	}
	tests := []struct {
		goos string
		env  func(string) string
		want string
	}{
		{"linux", env(), filepath.Join("/home/a", ".config", "ngrok", "ngrok.yml")},
		{"linux", env("XDG_CONFIG_HOME", "/conf"), filepath.Join("/conf", "ngrok", "ngrok.yml")},
		{"darwin", env(), filepath.Join("/home/a", "Library", "Application Support", "ngrok", "ngrok.yml")},
		{"windows", env("LOCALAPPDATA", "/local"), filepath.Join("/local", "ngrok", "ngrok.yml")},
	}
	for _, test := range tests {
		if got := FilePaths(test.goos, test.env, "/home/a"); got[0] != test.want {
			t.Errorf("%s: %v, want %s first", test.goos, got, test.want)
		}
	}
}

func TestFindToken(t *testing.T) {
	home := t.TempDir()
	path := FilePaths("linux", func(string) string { return "" }, home)[0]
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("authtoken: from-file\nproxy_url: socks5://p:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	set := func(name string) string {
		if name == TokenVariable {
			return "from-environment\n"
		}
		return ""
	}
	unset := func(string) string { return "" }
	tests := []struct {
		kept   Token
		getenv func(string) string
		home   string
		token  Token
		source TokenSource
	}{
		{"from-keyring", set, home, "from-keyring", TokenSource{From: "keyring"}},
		{"", set, home, "from-environment", TokenSource{"environment", TokenVariable}},
		{"", unset, home, "from-file", TokenSource{"ngrok.yml", path}},
		{"", unset, t.TempDir(), "", TokenSource{}},
	}
	for _, test := range tests {
		token, source, file, err := FindToken(test.kept, "keyring", test.getenv, "linux", test.home)
		if err != nil || token != test.token || source != test.source {
			t.Errorf("got %q from %+v (%v), want %q from %+v", string(token), source, err, string(test.token), test.source)
		}
		if (file != nil) != (test.home == home) {
			t.Errorf("the file is %+v", file)
		}
	}
}

func TestCleanToken(t *testing.T) {
	for text, want := range map[string]string{
		secretToken: secretToken,
		"  ngrok config add-authtoken " + secretToken + "\n":            secretToken,
		"$ ngrok config add-authtoken '" + secretToken + "'":            secretToken,
		"export NGROK_AUTHTOKEN=" + secretToken:                         secretToken,
		"authtoken: " + secretToken + " # mine":                         secretToken,
		"ngrok config add-authtoken " + secretToken + " --config x.yml": secretToken,
		"NGROK_AUTHTOKEN=" + secretToken + " ngrok http 80":             secretToken,
		"“" + secretToken[:9] + "\u200b" + secretToken[9:] + "”;":       secretToken,
		secretToken[:9] + "\n" + secretToken[9:12]:                      secretToken[9:12],
		"ngrok config add-authtoken":                                    "add-authtoken",
		"":                                                              "",
	} {
		if got := CleanToken(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{secretToken: "", "": "empty", "short": "short", secretToken + "é": "characters", strings.Repeat("x", 300): "long"} {
		if err := CheckToken(text); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// A token prints as redacted, however it is printed.
func TestTokenIsNeverPrinted(t *testing.T) {
	c := Config{Token: secretToken}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "token", c.Token)
	asJSON, err := json.Marshal(struct{ T Token }{c.Token})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%+v %#v %s %q", c.Token, c.Token, c.Token, c.Token), log.String(), string(asJSON)} {
		if strings.Contains(text, secretToken) {
			t.Errorf("printed: %s", text)
		}
	}
}

func FuzzParseFile(f *testing.F) {
	f.Add([]byte("version: 3\nagent:\n  authtoken: x\n"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := parseFile(text)
		if err != nil && (file != nil || len(err.Error()) > 60) {
			t.Errorf("%+v, %v", file, err)
		}
	})
}

func FuzzPublicURL(f *testing.F) {
	f.Add("shop.example/hooks")
	f.Add("https://a:b@c?d#e")
	f.Fuzz(func(t *testing.T, text string) {
		url, err := PublicURL(text)
		if err != nil {
			return
		}
		again, err := PublicURL(url)
		if err != nil || again != url {
			t.Errorf("%q is %q, and that is %q (%v)", text, url, again, err)
		}
		if !strings.HasPrefix(url, "http") || strings.HasSuffix(url, "/") || strings.ContainsAny(url, "?#\r\n ") {
			t.Errorf("%q gives %q", text, url)
		}
	})
}

func FuzzAllowPolicy(f *testing.F) {
	f.Add("203.0.113.9,10.0.0.0/8")
	f.Fuzz(func(t *testing.T, list string) {
		text, err := AllowPolicy(strings.Split(list, ","))
		if err != nil {
			return
		}
		if err := CheckPolicy(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		var parsed struct {
			Requests []struct {
				Actions []struct {
					Config struct{ Allow []netip.Prefix }
				}
			} `json:"on_http_request"`
		}
		if err := json.Unmarshal([]byte(text), &parsed); err != nil || len(parsed.Requests[0].Actions[0].Config.Allow) == 0 {
			t.Errorf("%s: %v", text, err)
		}
	})
}
