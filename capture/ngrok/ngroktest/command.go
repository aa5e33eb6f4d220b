package ngroktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"golang.ngrok.com/muxado/v2"
)

// commandTimeout bounds how long an agent may take to answer a command; one that
// knows no commands never does.
const commandTimeout = 5 * time.Second

// StopAgent tells the agent of a URL to stop, and returns what it answers: an
// error where it refuses.
func (s *Service) StopAgent(url string) error { return s.command(url, typeStop) }

// RestartAgent tells the agent of a URL to restart, as StopAgent.
func (s *Service) RestartAgent(url string) error { return s.command(url, typeRestart) }

// UpdateAgent tells the agent of a URL to update itself, as StopAgent.
func (s *Service) UpdateAgent(url string) error { return s.command(url, typeUpdate) }

func (s *Service) command(url string, kind streamType) error {
	t := s.tunnelOf(url)
	if t == nil {
		return fmt.Errorf("nobody serves %s", url)
	}
	stream, err := t.owner.mux.OpenTypedStream(muxado.StreamType(kind))
	if err != nil {
		return err
	}
	defer func() { _ = stream.Close() }() // it was answered
	if err := stream.SetReadDeadline(time.Now().Add(commandTimeout)); err != nil {
		return err
	}
	if err := json.NewEncoder(stream).Encode(struct{}{}); err != nil {
		return err
	}
	var answer errorResponse
	if err := json.NewDecoder(stream).Decode(&answer); err != nil {
		return err
	}
	if answer.Error != "" {
		return errors.New(answer.Error)
	}
	return nil
}

// StopTunnel ends an endpoint and leaves its agent connected.
func (s *Service) StopTunnel(url, code, message string) error {
	t := s.tunnelOf(url)
	if t == nil {
		return fmt.Errorf("nobody serves %s", url)
	}
	s.mu.Lock()
	delete(s.tunnels, t.host)
	s.tell()
	s.mu.Unlock()
	stream, err := t.owner.mux.OpenTypedStream(muxado.StreamType(typeStopTunnel)) // stays open: nothing is answered
	if err != nil {
		return err
	}
	return json.NewEncoder(stream).Encode(stopTunnelCommand{t.id, message, code})
}
