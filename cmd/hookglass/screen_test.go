//go:build linux

package main_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"image"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// screen is a connection to a display that looks at pixels and moves the mouse
// within a millisecond, where starting a program for it would cost more than
// what is measured. It speaks just enough of X's protocol for that.
type screen struct {
	testing.TB
	failed func() // keeps a picture
	conn   net.Conn
	in     *bufio.Reader
	root   uint32
	own    uint32 // the first of the numbers that X lets us give away
	test   byte   // opcode of the XTEST extension
}

// Opcodes and the kinds of faked events.
const (
	xGetImage       = 73
	xQueryExtension = 98
	xFakeInput      = 2 // of XTEST

	xKeyPress    = 2
	xButtonPress = 4 // a release is one more
	xMotion      = 6
)

// Buttons and keys of every X server with a usual keyboard.
const (
	buttonLeft = 1
	wheelUp    = 4
	wheelDown  = 5
	keyTwo     = 11
	keyHome    = 110
	keyEnd     = 115
)

// openScreen connects to a display like ":7".
func openScreen(b testing.TB, display string, failed func()) *screen {
	b.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(b.Context(), "unix", "/tmp/.X11-unix/X"+strings.TrimPrefix(display, ":"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	s := &screen{TB: b, failed: failed, conn: conn, in: bufio.NewReaderSize(conn, 1<<20)}
	s.write([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}) // little-endian, version 11.0, no password
	head := s.read(8)
	setup := s.read(4 * int(binary.LittleEndian.Uint16(head[6:])))
	if head[0] != 1 {
		b.Fatalf("%s refuses: %q", display, setup)
	}
	s.own = binary.LittleEndian.Uint32(setup[4:])
	vendor := int(binary.LittleEndian.Uint16(setup[16:]))
	formats := int(setup[21])
	s.root = binary.LittleEndian.Uint32(setup[32+(vendor+3)/4*4+8*formats:])

	const name = "XTEST\x00\x00\x00" // padded to four bytes
	s.write([]byte{xQueryExtension, 0, 4, 0, 5, 0, 0, 0}, []byte(name))
	reply, _ := s.reply()
	if s.test = reply[9]; reply[8] == 0 {
		b.Fatalf("%s has no XTEST", display)
	}
	return s
}

func (s *screen) write(parts ...[]byte) {
	s.Helper()
	if _, err := s.conn.Write(bytes.Join(parts, nil)); err != nil {
		s.Fatal(err)
	}
}

func (s *screen) read(n int) []byte {
	s.Helper()
	data := make([]byte, n)
	if _, err := io.ReadFull(s.in, data); err != nil {
		s.Fatal(err)
	}
	return data
}

// reply reads the next reply, and passes over what X tells everyone.
func (s *screen) reply() (head, rest []byte) {
	s.Helper()
	for {
		head = s.read(32)
		switch head[0] {
		case 0:
			s.Fatalf("X says error %d of request %d", head[1], head[10])
		case 1:
			return head, s.read(4 * int(binary.LittleEndian.Uint32(head[4:])))
		}
	}
}

// pixels are those of a part of the screen, four bytes each.
func (s *screen) pixels(r image.Rectangle) []byte {
	s.Helper()
	request := []byte{xGetImage, 2, 5, 0}
	request = binary.LittleEndian.AppendUint32(request, s.root)
	for _, n := range []int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} {
		request = binary.LittleEndian.AppendUint16(request, uint16(n))
	}
	s.write(binary.LittleEndian.AppendUint32(request, ^uint32(0)))
	_, data := s.reply()
	return data
}

// fake has X believe that something was pressed, released or moved.
func (s *screen) fake(kind, detail byte, x, y int) {
	s.Helper()
	request := make([]byte, 36)
	request[0], request[1], request[2], request[4], request[5] = s.test, xFakeInput, 9, kind, detail
	binary.LittleEndian.PutUint16(request[24:], uint16(x))
	binary.LittleEndian.PutUint16(request[26:], uint16(y))
	s.write(request)
}

func (s *screen) move(x, y int) { s.Helper(); s.fake(xMotion, 0, x, y) }

func (s *screen) press(button byte) {
	s.Helper()
	s.fake(xButtonPress, button, 0, 0)
	s.fake(xButtonPress+1, button, 0, 0)
}

func (s *screen) key(code byte) {
	s.Helper()
	s.fake(xKeyPress, code, 0, 0)
	s.fake(xKeyPress+1, code, 0, 0)
}

// glance is the pause between two looks at the pixels.
const glance = 2 * time.Millisecond

// changes does something and returns how long it takes until the pixels are
// others than they were.
func (s *screen) changes(r image.Rectangle, do func()) time.Duration {
	s.Helper()
	before := s.pixels(r)
	begin := time.Now()
	do()
	s.await("the pixels change", func() bool { return !bytes.Equal(before, s.pixels(r)) })
	return time.Since(begin)
}

// watches does something and returns how long it takes until the pixels are
// others than they were, and until they are those that they stay.
func (s *screen) watches(r image.Rectangle, do func()) (first, last time.Duration) {
	s.Helper()
	const stay = 250 * time.Millisecond
	before := s.pixels(r)
	begin := time.Now()
	do()
	s.await("the pixels change and stay", func() bool {
		next, at := s.pixels(r), time.Since(begin)
		if !bytes.Equal(before, next) {
			before, last = next, at
			if first == 0 {
				first = at
			}
		}
		return first > 0 && at-last > stay
	})
	return first, last
}

// await looks again and again until a condition is met.
func (s *screen) await(what string, met func() bool) {
	s.Helper()
	begin := time.Now()
	for range time.Tick(glance) {
		if met() {
			return
		}
		if time.Since(begin) > patience {
			s.failed()
			s.Fatalf("waited in vain until %s", what)
		}
	}
}

// shown reports whether something is on the screen: where nothing is, it is
// black. A column and a line through the screen meet every window of use.
func (s *screen) shown() bool {
	s.Helper()
	return varied(s.pixels(image.Rect(8, 0, 9, deskHeight))) || varied(s.pixels(image.Rect(0, deskHeight/2, deskWidth, deskHeight/2+1)))
}

// varied reports whether there are two pixels that differ.
func varied(pixels []byte) bool {
	for i := 4; i+3 <= len(pixels); i += 4 { // the fourth byte of each means nothing
		if !bytes.Equal(pixels[i:i+3], pixels[:3]) {
			return true
		}
	}
	return false
}
