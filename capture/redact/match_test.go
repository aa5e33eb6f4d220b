package redact

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// TestMatcherFindsWhatATrialFinds holds the matcher against trying every value at every
// place, with few values and with many, short, long and beginning alike.
func TestMatcherFindsWhatATrialFinds(t *testing.T) {
	t.Parallel()
	for round := range 60 {
		random := rand.New(rand.NewPCG(7, uint64(round)))
		word := func(most int) []byte {
			text := make([]byte, gram+random.IntN(most))
			for i := range text {
				text[i] = "ab1 "[random.IntN(4)]
			}
			return text
		}
		table := newTable()
		m := newMatcher(&table, &commons{version: 1})
		values := map[string]bool{}
		for n := range []int{3, 30, 300, 5000}[round%4] {
			text := word([]int{70, 12}[round/4%2] + 5*(round%3))
			if round%5 == 0 && len(text) < 9 { // the matcher then skips places
				text = append(text, "abab1"...)
			}
			if values[string(text)] {
				continue
			}
			values[string(text)] = true
			m.add(table.add(text, slotAnywhere, int32(n+1)), text)
		}
		m.long.order()
		text := word(3000)
		for value := range values {
			at := random.IntN(len(text))
			text = bytes.Join([][]byte{text[:at], []byte(value), text[at:]}, nil)
			if len(text) > 6000 {
				break
			}
		}
		var want []string
		for i := 0; i < len(text); {
			n := min(80+gram, len(text)-i)
			for n >= gram && !values[string(text[i:i+n])] {
				n--
			}
			if n < gram {
				i++
				continue
			}
			want = append(want, fmt.Sprint(i, i+n))
			i += n
		}
		var got []string
		for _, h := range m.find(nil, text, text) {
			got = append(got, fmt.Sprint(h.from, h.to))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("round %d, %d values: got %v\nwant %v", round, len(values), got, want)
		}
	}
}

// TestTableKeepsEveryValue fills a table so far that it grows many times.
func TestTableKeepsEveryValue(t *testing.T) {
	t.Parallel()
	if size := unsafe.Sizeof(slot{}); size != 16 {
		t.Errorf("a value takes %d bytes, want 16", size)
	}
	const values = 200_000
	table := newTable()
	for n := range values {
		table.add(fmt.Appendf(nil, "value %d", n), slotAnywhere|2, int32(n+1))
	}
	room := 0
	for i := range table.shards {
		room += len(table.shards[i])
	}
	if room > values*2 {
		t.Errorf("%d values take the room of %d", values, room)
	}
	for n := range values {
		s := table.find(fmt.Appendf(nil, "value %d", n))
		if s == nil || s.number != int32(n+1) || s.hash&slotFlags != slotAnywhere|2 {
			t.Fatalf("value %d is %+v", n, s)
		}
	}
	if s := table.find([]byte("another")); s != nil {
		t.Errorf("what was not added is %+v", s)
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "",
		"@AZ[`az{":                      "@az[`az{",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ":    "abcdefghijklmnopqrstuvwxyz",
		"Žanete KANĀRIJA-Šmite ÄÖÜ 123": "žanete kanārija-šmite äöü 123",
		"İSTANBUL \xff\xc3A":            "İstanbul \xff\xc3a",
	} {
		if got := string(fold(nil, []byte(text))); got != want {
			t.Errorf("%q folded is %q, want %q", text, got, want)
		}
	}
}

func TestBodiesAreRemembered(t *testing.T) {
	t.Parallel()
	var b bodies
	key := func(n uint64) uint64 { return n*0x9E3779B97F4A7C15 | 2 }
	const added = 100_000
	for n := uint64(1); n <= added; n++ {
		b.add(key(n), n%3 == 0)
	}
	forgot := 0
	for n := uint64(1); n <= 2*added; n++ {
		learned, clean := b.has(key(n))
		switch {
		case n > added && learned:
			t.Fatalf("%d was never learned", n)
		case n <= added && !learned:
			forgot++
		case n <= added && clean != (n%3 == 0):
			t.Fatalf("%d is clean: %v", n, clean)
		}
	}
	if forgot > added/20 {
		t.Errorf("%d of %d are forgotten", forgot, added)
	}
	for n := uint64(1); n <= 3*bodiesMost; n++ {
		b.add(key(n), true)
	}
	if len(b.keys) != bodiesMost {
		t.Errorf("there is room for %d, want %d at most", len(b.keys), bodiesMost)
	}
}

// TestValueThatIsBase64OfAnother goes on finding a text that became a value of its own,
// of a kind that is not looked for.
func TestValueThatIsBase64OfAnother(t *testing.T) {
	t.Parallel()
	r, err := New(Profile{Secrets: true, Personal: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.learn([]byte("Smith99"), kindName)
	text := []byte(base64.StdEncoding.EncodeToString([]byte("Smith99")))
	for _, learned := range []string{"", "U21pdGg5OQ", "U21pdGg5OQ=="} {
		r.learn([]byte(learned), kindDelivery)
		if hits := r.matching().find(nil, text, fold(nil, text)); len(hits) != 1 || hits[0].from != 0 {
			t.Errorf("after %q was learned, in %s there is %v", learned, text, hits)
		}
	}
}
