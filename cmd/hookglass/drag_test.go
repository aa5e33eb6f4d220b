//go:build linux

package main_test

import (
	"encoding/binary"
	"net/url"
	"strings"
	"time"
)

// drag is a program from which files are dragged, as a file manager is: the
// source's side of XDND, version 5.
type drag struct {
	*screen
	window uint32 // ours
	atoms  map[string]uint32
}

// Opcodes, and the codes of events.
const (
	xCreateWindow         = 1
	xInternAtom           = 16
	xChangeProperty       = 18
	xGetProperty          = 20
	xSetSelectionOwner    = 22
	xSendEvent            = 25
	xTranslateCoordinates = 40

	xSelectionRequest = 30
	xSelectionNotify  = 31
	xClientMessage    = 33

	xAtomAtom = 4 // the type of what names atoms
)

// newDrag connects to the desk's display.
func newDrag(d *desk) *drag {
	d.Helper()
	g := &drag{screen: openScreen(d, d.display, func() { d.keep("failed") }), atoms: map[string]uint32{}}
	if err := g.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		d.Fatal(err)
	}
	g.window = g.own
	g.ask(xCreateWindow, 0, g.window, g.root, 0, 1|1<<16, 2<<16, 0, 0) // 1 × 1, without a picture
	return g
}

// ask sends a request of whole words.
func (g *drag) ask(opcode, detail byte, words ...uint32) {
	g.Helper()
	request := binary.LittleEndian.AppendUint16([]byte{opcode, detail}, uint16(1+len(words)))
	for _, word := range words {
		request = binary.LittleEndian.AppendUint32(request, word)
	}
	g.write(request)
}

// atom is the number that X gives a name.
func (g *drag) atom(name string) uint32 {
	g.Helper()
	if g.atoms[name] == 0 {
		words := padded(name)
		g.ask(xInternAtom, 0, append([]uint32{uint32(len(name))}, words...)...)
		head, _ := g.reply()
		g.atoms[name] = binary.LittleEndian.Uint32(head[8:])
	}
	return g.atoms[name]
}

// padded is a text in words.
func padded(text string) []uint32 {
	data := append([]byte(text), 0, 0, 0)
	words := make([]uint32, 0, len(data)/4)
	for ; len(data) > 3; data = data[4:] {
		words = append(words, binary.LittleEndian.Uint32(data))
	}
	return words
}

// under is the window under a place that takes drops.
func (g *drag) under(x, y int) uint32 {
	g.Helper()
	for at := g.root; ; {
		g.ask(xTranslateCoordinates, 0, g.root, at, uint32(x)|uint32(y)<<16)
		head, _ := g.reply()
		if at = binary.LittleEndian.Uint32(head[8:]); at == 0 {
			g.Fatalf("nothing at %d, %d takes a drop", x, y)
		}
		g.ask(xGetProperty, 0, at, g.atom("XdndAware"), xAtomAtom, 0, 1)
		if _, version := g.reply(); len(version) == 4 {
			return at
		}
	}
}

// tell sends a window one of XDND's messages.
func (g *drag) tell(to uint32, name string, words ...uint32) {
	g.Helper()
	event := append([]uint32{xClientMessage | 32<<8, to, g.atom(name), g.window}, words...)
	g.ask(xSendEvent, 0, append([]uint32{to, 0}, append(event, make([]uint32, 8-len(event))...)...)...)
}

// told waits for a message, and returns whether the drop is or was taken. Whoever
// asks for what is dragged gets it meanwhile.
func (g *drag) told(name, uris string) bool {
	g.Helper()
	for {
		event := g.read(32)
		word := func(i int) uint32 { return binary.LittleEndian.Uint32(event[4*i:]) }
		switch code := event[0] &^ 0x80; {
		case code == 0:
			g.Fatalf("X says error %d of request %d", event[1], event[10])
		case code == xSelectionRequest:
			requestor, target, property := word(3), word(5), word(6)
			words := append([]uint32{requestor, property, target, 8, uint32(len(uris))}, padded(uris)...)
			g.ask(xChangeProperty, 0, words...)
			g.ask(xSendEvent, 0, requestor, 0, xSelectionNotify, word(1), requestor, word(4), target, property, 0, 0)
		case code == xClientMessage && word(2) == g.atom(name):
			return word(4) != 0 // GLFW says how many bytes it got
		}
	}
}

// drop drags files to a place on the screen, lets go, and returns whether they
// were taken.
func (d *desk) drop(x, y int, files ...string) bool {
	d.Helper()
	g := newDrag(d)
	list := "# what is dragged\r\n"
	for _, file := range files {
		if !strings.Contains(file, "://") {
			file = (&url.URL{Scheme: "file", Path: file}).String()
		}
		list += file + "\r\n"
	}
	for _, name := range []string{"XdndEnter", "XdndPosition", "XdndDrop", "XdndStatus", "XdndFinished"} {
		g.atom(name) // no reply comes between events
	}
	g.move(x, y)
	g.ask(xSetSelectionOwner, 0, g.window, g.atom("XdndSelection"), 0)
	target := g.under(x, y)
	g.tell(target, "XdndEnter", 5<<24, g.atom("text/uri-list"), g.atom("text/plain"))
	g.tell(target, "XdndPosition", 0, uint32(x)<<16|uint32(y), 0, g.atom("XdndActionCopy"))
	if !g.told("XdndStatus", list) {
		return false
	}
	g.tell(target, "XdndDrop", 0, 0)
	return g.told("XdndFinished", list)
}
