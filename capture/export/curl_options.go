package export

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// curlCommand is what the options of a curl command say.
type curlCommand struct {
	input   string // of @-
	fed     bool
	skipped []string

	url, method, proto string
	header             []string // as they are given: "Name: value"
	data               []byte
	hasData            bool
	json               bool
	form               []string
	get, head          bool
	user, bearer       string
	agent, referer     *string
	cookies            []string
	compressed         bool
	length             string // of a range
}

func (c *curlCommand) skip(format string, values ...any) {
	c.skipped = append(c.skipped, fmt.Sprintf(format, values...))
}

// curlShort are the one-letter options that mean something here, and those that
// take a value.
var curlShort = map[byte]string{
	'X': "request", 'H': "header", 'd': "data", 'F': "form", 'u': "user", 'A': "user-agent", 'e': "referer", 'b': "cookie",
	'G': "get", 'I': "head", '0': "http1.0", 'T': "upload-file", 'r': "range", 'K': "config",
	'o': "output", 'm': "max-time", 'x': "proxy", 'w': "write-out", 'D': "dump-header", 'c': "cookie-jar", 'E': "cert",
	'C': "continue-at", 'U': "proxy-user", 'y': "speed-time", 'Y': "speed-limit", 'z': "time-cond", 'P': "ftp-port",
	'Q': "quote", 't': "telnet-option", 'h': "help",
}

// curlValued are the options that take a value and change nothing of what is sent,
// or nothing that is looked at here.
var curlValued = optionSet(`output max-time proxy write-out dump-header cookie-jar cert continue-at proxy-user speed-time
	speed-limit time-cond ftp-port quote telnet-option cacert capath cert-type ciphers connect-timeout connect-to crlfile
	dns-servers dns-interface doh-url engine expect100-timeout hostpubmd5 interface keepalive-time key key-type limit-rate
	local-port max-filesize max-redirs netrc-file noproxy output-dir pass pinnedpubkey preproxy proxy-header proxy-cacert
	rate resolve retry retry-delay retry-max-time socks4 socks4a socks5 socks5-hostname stderr tls-max tls13-ciphers trace
	trace-ascii unix-socket abstract-unix-socket alt-svc aws-sigv4 curves delegation happy-eyeballs-timeout-ms hsts
	parallel-max request-target service-name variable create-file-mode proto proto-default proto-redir`)

func optionSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(text) {
		set[w] = true
	}
	return set
}

// curlMeant are the options with a value that are read.
var curlMeant = optionSet(`request header data data-ascii data-raw data-binary data-urlencode json form form-string user user-agent
	referer cookie upload-file range config url oauth2-bearer url-query`)

// read reads the words behind "curl".
func (c *curlCommand) read(args []string) error {
	value := func() (string, error) {
		if len(args) == 0 {
			return "", errors.New("the value of its last option is missing")
		}
		v := args[0]
		args = args[1:]
		return v, nil
	}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case strings.HasPrefix(arg, "--") && len(arg) > 2:
			name := arg[2:]
			v, err := "", error(nil)
			if curlMeant[name] || curlValued[name] {
				if v, err = value(); err != nil {
					return err
				}
			}
			if err := c.option(name, v); err != nil {
				return err
			}
		case strings.HasPrefix(arg, "-") && len(arg) > 1 && arg != "--":
			if err := c.letters(arg[1:], value); err != nil {
				return err
			}
		case arg == "--":
		default:
			c.address(arg)
		}
		if strings.HasPrefix(arg, "--next") || arg == "-:" {
			c.skip("What stands behind --next is another request, and was left out.")
			return nil
		}
	}
	return nil
}

// letters reads one-letter options: -sSXPOST.
func (c *curlCommand) letters(text string, value func() (string, error)) error {
	for i := range len(text) {
		name := curlShort[text[i]]
		if !curlMeant[name] && !curlValued[name] {
			if err := c.option(name, ""); err != nil {
				return err
			}
			continue
		}
		v := text[i+1:]
		if v == "" {
			var err error
			if v, err = value(); err != nil {
				return err
			}
		}
		return c.option(name, v)
	}
	return nil
}

func (c *curlCommand) address(text string) {
	if c.url != "" {
		c.skip("It has more than one URL; only the first was taken.")
		return
	}
	c.url = text
}

// option takes one option in.
func (c *curlCommand) option(name, v string) error {
	switch name {
	case "url":
		c.address(v)
	case "request":
		c.method = v
	case "header":
		if strings.HasPrefix(v, "@") {
			c.skip("Header fields in a file were not read.")
			return nil
		}
		c.header = append(c.header, v)
	case "data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json", "url-query":
		return c.addData(name, v)
	case "form", "form-string":
		if name == "form-string" {
			v = strings.Replace(v, "=", "=\x00", 1) // taken as it stands
		}
		c.form = append(c.form, v)
	case "upload-file":
		c.skip("The file that it uploads was not read.")
		if c.method == "" {
			c.method = "PUT"
		}
	case "config":
		c.skip("Options in a file were not read.")
	case "user":
		c.user = v
	case "oauth2-bearer":
		c.bearer = v
	case "user-agent":
		c.agent = &v
	case "referer":
		c.referer = &v
	case "cookie":
		if !strings.Contains(v, "=") {
			c.skip("Cookies in a file were not read.")
			return nil
		}
		c.cookies = append(c.cookies, v)
	case "range":
		c.length = v
	case "get":
		c.get = true
	case "head":
		c.head = true
	case "compressed":
		c.compressed = true
	case "http1.0":
		c.proto = "HTTP/1.0"
	}
	return nil
}

// addData takes a part of the body in. What begins with @ is the name of a file,
// and no file is read; @- is what the command is given as input.
func (c *curlCommand) addData(name, v string) error {
	file := ""
	switch name {
	case "data-raw":
	case "data-urlencode":
		v, file = urlencoded(v)
	case "url-query":
		c.skip("What --url-query adds was left out.")
		return nil
	default:
		if rest, ok := strings.CutPrefix(v, "@"); ok {
			v, file = "", rest
		}
	}
	if file == "-" && c.fed {
		v, file = c.input, ""
		if name == "data" || name == "data-ascii" { // curl takes these out of what it reads
			v = strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(v)
		}
	}
	switch {
	case file == "-":
		c.skip("What it is given as input is not known here: the body is not all there.")
	case file != "":
		c.skip("The file %s was not read: the body is not all there.", short(file))
	}
	if c.hasData && name != "json" {
		c.data = append(c.data, '&')
	}
	c.hasData, c.json = true, c.json || name == "json"
	c.data = append(c.data, v...)
	return nil
}

// urlencoded is what --data-urlencode makes: of "name=value" the value is encoded,
// of "=value" and "value" all. With an @ it is a file.
func urlencoded(v string) (text, file string) {
	i := strings.IndexAny(v, "=@")
	switch {
	case i < 0:
		return escapeURL(v), ""
	case v[i] == '@':
		return "", v[i+1:]
	case i == 0:
		return escapeURL(v[1:]), ""
	}
	return v[:i+1] + escapeURL(v[i+1:]), ""
}

// escapeURL encodes as curl does: a space is %20.
func escapeURL(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
