//go:build linux

package main_test

import (
	"fmt"
	"testing"
	"time"
)

const (
	rowRounds = 3
	wheels    = 80 // turns of the wheel in a round, each waited for
	places    = 8  // clicks into the scroll bar, that lead to rows nobody has seen
)

// moved is what going through the rows took.
type moved struct {
	*bench
	scrolls []time.Duration // until the screen shows it
	jumps   []time.Duration // until the screen shows something else
	unread  []time.Duration // until the rows are read and shown, which nobody has seen before
	read    []time.Duration // until rows are shown that were seen before

	scrollWork, jumpWork time.Duration // processor time of the goroutine that draws
	begun, ended         []int         // KiB resident
}

// BenchmarkWindowRows scrolls and jumps in a list of many callbacks and in one
// of few, in turns, and compares their memory.
func BenchmarkWindowRows(b *testing.B) {
	for b.Loop() {
		least, most := &moved{bench: newBench(b)}, &moved{bench: newBench(b)}
		for range rowRounds {
			least.open(filledFolder(b, few))
			most.open(filledFolder(b, many()))
			both := []*moved{least, most}
			for _, m := range both {
				m.begun = append(m.begun, m.resident())
				m.scroll()
			}
			for _, m := range both {
				m.jump(&m.unread)
				m.jump(&m.read)
				m.ended = append(m.ended, m.resident())
			}
			least.leave()
			most.leave()
		}
		reportRows(b, least, most)
	}
}

func reportRows(b *testing.B, least, most *moved) {
	b.Helper()
	var lines []line
	compare := func(what, metric string, few, many time.Duration, target string) {
		b.ReportMetric(ratio(many, few), metric)
		lines = append(lines, line{what, fmt.Sprintf("%s  %s: %.2f", inMillis(few), inMillis(many), ratio(many, few)), target})
	}
	mib := func(kib []int) string { return fmt.Sprintf("%.0f MiB", float64(median(kib))/1024) }
	const most12 = "1.2 at the most"
	compare("scroll, until it is seen", "scroll-of-few", median(least.scrolls), median(most.scrolls), most12)
	compare("processor time of it, UI goroutine", "scroll-work-of-few", least.scrollWork/wheels/rowRounds, most.scrollWork/wheels/rowRounds, most12)
	compare("jump, until it is seen", "jump-of-few", median(least.jumps), median(most.jumps), most12)
	compare("to rows not seen before, until they are read", "unread-of-few", median(least.unread), median(most.unread), most12)
	compare("to rows seen before", "read-of-few", median(least.read), median(most.read), most12)
	compare("processor time of a jump, UI goroutine", "jump-work-of-few", least.jumpWork/places/2/rowRounds, most.jumpWork/places/2/rowRounds, most12)
	memory := ratio(median(most.ended), median(least.ended))
	b.ReportMetric(memory, "memory-of-few")
	b.ReportMetric(0, "ns/op")
	lines = append(lines,
		line{"memory (RSS) at the start", mib(least.begun) + "  " + mib(most.begun), ""},
		line{"memory after all that", fmt.Sprintf("%s  %s: %.2f", mib(least.ended), mib(most.ended), memory), "1.25 at the most"},
	)
	printTable(fmt.Sprintf("rows: %d callbacks, and %d", few, many()), lines...)
}

// scroll turns the wheel over the list.
func (m *moved) scroll() {
	m.Helper()
	m.move(rowsX, firstRow+6*rowPitch)
	m.settle()
	before := m.drawing()
	for range wheels {
		m.scrolls = append(m.scrolls, m.changes(rowsShown, func() { m.press(wheelDown) }))
	}
	m.scrollWork += m.drawing() - before
}

// jump clicks into the scroll bar at places so far from each other that none
// shows rows that were read with those of another.
func (m *moved) jump(finals *[]time.Duration) {
	m.Helper()
	for i := range places {
		m.move(barX, barTop+120+(i*3+places/2)%places*85)
		m.settle()
		before := m.drawing()
		first, last := m.watches(rowsShown, func() { m.press(buttonLeft) })
		m.jumpWork += m.drawing() - before
		m.jumps, *finals = append(m.jumps, first), append(*finals, last)
	}
}
