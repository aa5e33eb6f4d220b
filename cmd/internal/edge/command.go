package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	"hookglass/capture/ngrok/ngroktest"
)

const usage = "cut, down, up, silence, speak, stop, refuse CODE, accept, host H, status"

// listen obeys commands, a line each, until they or ctx end.
func listen(ctx context.Context, s *ngroktest.Service, in io.Reader, out io.Writer) {
	lines := bufio.NewScanner(in)
	for lines.Scan() && ctx.Err() == nil {
		words := strings.Fields(lines.Text())
		if len(words) == 0 {
			continue
		}
		answer, err := obey(s, words[0], strings.Join(words[1:], " "))
		if err != nil {
			answer = err.Error()
		}
		_, _ = fmt.Fprintf(out, "%s: %s\n", words[0], answer) // nobody may look
	}
}

// obey does what one command says, and tells what it did.
func obey(s *ngroktest.Service, command, argument string) (string, error) {
	switch command {
	case "cut":
		s.Cut()
		return "every session was reset", nil
	case "down":
		return "connections are refused", s.Down(true)
	case "up":
		return "connections are accepted", s.Down(false)
	case "silence":
		s.Silence(true)
		return "nothing is answered", nil
	case "speak":
		s.Silence(false)
		return "everything is answered", nil
	case "stop":
		return stopAll(s)
	case "refuse":
		code, err := strconv.Atoi(argument)
		if err != nil {
			return "", errors.New("give the number of an error, as in: refuse 105")
		}
		s.Refuse(code, "The token TOKEN was refused.")
		return fmt.Sprintf("agents are refused with ERR_NGROK_%d from their next connection on", code), nil
	case "accept":
		s.Accept()
		return "agents are accepted", nil
	case "host":
		if argument == "" {
			return "", errors.New("give a host, as in: host other.ngrok.test")
		}
		s.NextHost(argument)
		return argument + " is handed out next", nil
	case "status":
		return fmt.Sprintf("%+v, serving %v", s.Counts(), s.URLs()), nil
	}
	return "", errors.New("unknown; there are: " + usage)
}

// stopAll tells the agents of all endpoints to stop.
func stopAll(s *ngroktest.Service) (string, error) {
	urls := s.URLs()
	if len(urls) == 0 {
		return "", errors.New("no agent is here")
	}
	var refusals []error
	for _, url := range urls {
		if err := s.StopAgent(url); err != nil {
			refusals = append(refusals, fmt.Errorf("%s: %w", url, err))
		}
	}
	return "the agents of " + strings.Join(urls, ", ") + " stop", errors.Join(refusals...)
}

func splitPort(address string) (host, port string) {
	host, port, _ = net.SplitHostPort(address) // one of our own listeners
	return host, port
}
