// Command edge runs a loopback ngrok service, for trying the built programs
// without the real one: it prints the environment that they want and a curl
// line, and takes commands on its standard input until it is interrupted.
//
//	go run ./cmd/internal/edge --token T --dir /tmp/edge
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"hookglass/capture/ngrok/ngroktest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "edge:", err)
		stop()
		os.Exit(1)
	}
}

// run serves until ctx ends. An end of the commands is no end of the service:
// its input may be /dev/null.
func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("edge", flag.ContinueOnError)
	host := flags.String("host", "", `host of an endpoint that asks for none (default "demo.ngrok.test")`)
	token := flags.String("token", "", "the only token that is known; empty: every token is")
	dir := flags.String("dir", os.TempDir(), "folder for the authority's certificate")
	if err := flags.Parse(args); err != nil {
		return err
	}
	o := ngroktest.Options{Host: *host}
	if *token != "" {
		o.Tokens = []string{*token}
	}
	s, err := ngroktest.Start(o)
	if err != nil {
		return fmt.Errorf("start the service: %w", err)
	}
	defer s.Close()
	file := filepath.Join(*dir, "edge-ca.pem")
	if err := os.WriteFile(file, s.CAPEM(), 0o600); err != nil {
		return fmt.Errorf("write the certificate: %w", err)
	}
	if err := printLines(out, s, file, *host); err != nil {
		return err
	}
	go listen(ctx, s, in, out) // a read of the standard input cannot be ended
	<-ctx.Done()
	return nil
}

// printLines says where everything is, in lines to paste.
func printLines(out io.Writer, s *ngroktest.Service, file, host string) error {
	if host == "" {
		host = "demo.ngrok.test"
	}
	_, port := splitPort(s.EdgeAddr())
	_, err := fmt.Fprintf(out, `connect address   %[1]s
edge, HTTPS       %[2]s
edge, plain HTTP  %[3]s
HOOKGLASS_NGROK_CONNECT=%[1]s
HOOKGLASS_NGROK_CA=%[4]s
HOOKGLASS_NGROK_EDGE=%[2]s
curl --cacert %[4]s --connect-to %[5]s:443:127.0.0.1:%[6]s -d '{"id":"1"}' https://%[5]s/
commands: %[7]s
`, s.Addr(), s.EdgeAddr(), s.PlainEdgeAddr(), file, host, port, usage)
	return err
}
