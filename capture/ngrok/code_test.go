package ngrok

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
)

// codedError is as the SDK's are inside its events.
type codedError struct{ code, text string }

func (e codedError) Error() string     { return e.text }
func (e codedError) ErrorCode() string { return e.code }

func TestExplain(t *testing.T) {
	authority := &x509.Certificate{Issuer: pkix.Name{CommonName: "Corp Proxy CA", Organization: []string{"Corp Ltd"}}}
	tests := []struct {
		name  string
		err   error
		code  string
		wants string
	}{
		{"nothing", nil, "", ""},
		{"in an event", codedError{"ERR_NGROK_105", "authentication failed: " + string(goodToken)}, "ERR_NGROK_105", "not the API key"},
		{"wrapped", fmt.Errorf("failed to connect: %w", codedError{"ERR_NGROK_107", "x"}), "ERR_NGROK_107", "revoked"},
		{"in the text alone", fmt.Errorf("%s", "The endpoint is online.\r\n\r\nERR_NGROK_334\r\n"), "ERR_NGROK_334", "Stop that one"},
		{"as a link", errors.New("You have used it up\n\nhttps://ngrok.com/docs/errors/err_ngrok_725"), "ERR_NGROK_725", "bandwidth"},
		{
			"unknown to us", errors.New("Something\x1b[31m new for " + string(goodToken) + ".\r\nMore.\r\n\r\nERR_NGROK_9999\r\n"), "ERR_NGROK_9999",
			"ngrok says: Something\\u{1b}[31m new for ***. ngrok explains it at https://ngrok.com/docs/errors/err_ngrok_9999.",
		},
		{"name", &net.OpError{Op: "dial", Err: &net.DNSError{Name: "connect.test", IsNotFound: true}}, "", "The name connect.test cannot be found"},
		{"refused", &net.OpError{Op: "dial", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9}, Err: syscall.ECONNREFUSED}, "", "refused at 127.0.0.1:9"},
		{"no route", &net.OpError{Op: "dial", Err: syscall.ENETUNREACH}, "", "no network"},
		{"intercepted", fmt.Errorf("tls: %w", x509.UnknownAuthorityError{Cert: authority}), "", "signed by “Corp Proxy CA (Corp Ltd)”, not by ngrok"},
		{"another host", x509.HostnameError{Certificate: authority, Host: "connect.test"}, "", "not for connect.test"},
		{"expired", x509.CertificateInvalidError{Reason: x509.Expired}, "", "expired"},
		{"lost", fmt.Errorf("accept: %w", io.EOF), "", "was lost"},
		{"reset", errors.New("read tcp: connection reset by peer"), "", "was lost"},
		{"proxy", errors.New("socks connect tcp 127.0.0.1:1080->x:443: host unreachable"), "", "SOCKS5 proxy"},
		{"code and number in two places", codedError{"odd", "no. ERR_NGROK_107"}, "ERR_NGROK_107", "revoked"},
		{"a name that a screen would obey", &net.DNSError{Name: "a\u202eb-" + string(goodToken)}, "", `The name a\u{202e}b-*** cannot`},
		{"another host with the token", x509.HostnameError{Certificate: authority, Host: string(goodToken) + ".zz"}, "", "not for ***.zz"},
		{"other", errors.New("it broke"), "", "failed: it broke."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			code, reason := explain(test.err, goodToken)
			if code != test.code || !strings.Contains(reason, test.wants) || test.wants == "" && reason != "" {
				t.Errorf("got %q: %s\nwant %q: %s", code, reason, test.code, test.wants)
			}
			if strings.Contains(reason, string(goodToken)) {
				t.Errorf("the token is told: %s", reason)
			}
		})
	}
}

// What is shown of the service's words is bounded, the mark of the cut with it.
func TestFirstSentence(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"  It broke\r\nmore", "It broke."},
		{"Broken?", "Broken?"},
		{"a\tb\xff", `a\u{9}b\xff.`},
		{strings.Repeat("x", longestSaid-1), strings.Repeat("x", longestSaid-1) + "."},
		{strings.Repeat("x", longestSaid), strings.Repeat("x", longestSaid-3) + "…"},
		{strings.Repeat("é", longestSaid), strings.Repeat("é", longestSaid/2-2) + "…"},
	}
	for _, test := range tests {
		if got := firstSentence(test.text); got != test.want || len(got) > longestSaid {
			t.Errorf("%q\ngot  %q (%d bytes)\nwant %q", test.text, got, len(got), test.want)
		}
	}
}
