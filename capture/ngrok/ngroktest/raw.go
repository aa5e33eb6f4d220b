package ngroktest

import (
	"context"
	"errors"
	"io"
	"net"
)

// OpenRaw opens a port on this machine whose connections go into streams of a
// URL's endpoint byte by byte, as the service does with TLS that it does not
// end: nothing is read, nothing is added. It returns the address; the port is
// open until the service is closed.
func (s *Service) OpenRaw(url string) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(s.ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	if !s.begin() {
		return "", errors.Join(net.ErrClosed, l.Close())
	}
	context.AfterFunc(s.ctx, func() { _ = l.Close() }) // it says at most that it was closed
	go func() {
		defer s.running.Done()
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.running.Go(func() { s.carry(conn, url) })
		}
	}()
	return l.Addr().String(), nil
}

// carry joins a connection with a stream, both ways; each half ends by itself.
func (s *Service) carry(conn net.Conn, url string) {
	defer func() { _ = conn.Close() }() // both halves have ended
	stream, err := s.dialHost(url, conn.RemoteAddr().String())
	if err != nil {
		return
	}
	stop := context.AfterFunc(s.ctx, func() { _ = conn.Close() })
	defer stop()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		if _, err := io.Copy(stream, conn); err != nil {
			_ = stream.Close()
			return
		}
		_ = closeWrite(stream)
	}()
	if _, err := io.Copy(conn, stream); err != nil {
		_ = conn.Close()
	}
	_ = closeWrite(conn)
	<-sent
	_ = stream.Close()
}
