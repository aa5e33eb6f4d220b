package redact

import (
	"hash/maphash"
	"math/bits"

	"hookglass/capture"
)

// Most texts of callbacks are those of the callback before: a media type, a host, an
// event. What was learned from is not learned from again, and what was looked at and
// holds nothing is not looked at again. Texts are remembered by a keyed hash alone.

// longestClean is the longest text other than a body that is remembered.
const longestClean = 256

// seen remembers texts.
type seen struct {
	seed   maphash.Seed
	mixers [2]uint64
	texts  [2048]uint64 // the last ones
	bodies bodies
}

func (s *seen) begin() {
	s.seed = maphash.MakeSeed()
	for i := range s.mixers {
		s.mixers[i] = maphash.Comparable(s.seed, i)
	}
}

// key tells a text that is looked at in one way from all others.
func (s *seen) key(hash uint64, places *places, what, version uint32) uint64 {
	high, low := bits.Mul64(hash^s.mixers[0]^uint64(what)<<32^uint64(version), s.mixers[1]^uint64(places.id)<<17)
	return high ^ low | 2
}

// What texts are that stand under no name.
const (
	plainText = iota
	targetText
	sourceText
	remoteText
	namedText // and from here on those under a name
)

// clean reports whether a text was looked at in the same way, and nothing found; while
// learning, whether it was looked at.
func (w *walk) clean(text string, what uint32) bool {
	if len(text) > longestClean {
		return false
	}
	key := w.textKey(text, what)
	return w.r.seen.texts[key>>16%uint64(len(w.r.seen.texts))] == key
}

// noteClean remembers that nothing was found in a text, or that it was learned from.
func (w *walk) noteClean(text string, what uint32) {
	if len(text) <= longestClean && !w.over {
		key := w.textKey(text, what)
		w.r.seen.texts[key>>16%uint64(len(w.r.seen.texts))] = key
	}
}

func (w *walk) textKey(text string, what uint32) uint64 {
	version := uint32(0)
	if !w.learning {
		version = w.r.common.version
	}
	return w.r.seen.key(maphash.String(w.r.seen.seed, text), w.places, what, version)
}

// bodies remembers the bodies that were learned from, and the long texts in them, 8
// bytes for each and 8 MiB at most: of more it forgets some, and they are looked at
// once more.
type bodies struct {
	keys []uint64
	used int
}

const (
	bodiesFirst = 1 << 10
	bodiesMost  = 1 << 20
	bodyWays    = 4 // places where one body may be
	cleanBody   = 1 // the bit of those that hold nothing
)

// has reports whether a body was learned from, and whether nothing was found in it.
func (b *bodies) has(key uint64) (learned, clean bool) {
	if len(b.keys) == 0 {
		return false, false
	}
	at := key >> 8 % uint64(len(b.keys)/bodyWays) * bodyWays
	for _, k := range b.keys[at : at+bodyWays] {
		if k&^cleanBody == key&^cleanBody {
			return true, k&cleanBody != 0
		}
	}
	return false, false
}

func (b *bodies) add(key uint64, clean bool) {
	if b.used >= len(b.keys)/2 && len(b.keys) < bodiesMost {
		old := b.keys
		b.keys, b.used = make([]uint64, max(bodiesFirst, 2*len(old))), 0
		for _, k := range old {
			if k != 0 {
				b.put(k)
			}
		}
	}
	key &^= cleanBody
	if clean {
		key |= cleanBody
	}
	b.put(key)
}

func (b *bodies) put(key uint64) {
	at := key >> 8 % uint64(len(b.keys)/bodyWays) * bodyWays
	for i := range b.keys[at : at+bodyWays] {
		if b.keys[at+uint64(i)] == 0 {
			b.keys[at+uint64(i)] = key
			b.used++
			return
		}
	}
}

// bodyKey tells a body, or a part of one, that is looked at in one way from all others.
// How deep it stands counts, as texts inside texts are looked into only so far.
func (w *walk) bodyKey(body []byte, media *mediaType) uint64 {
	return w.r.seen.key(maphash.Bytes(w.r.seen.seed, body), w.places, media.id, uint32(w.depth))
}

// spared reports whether what is known of a body spares looking through it: while learning,
// that it was learned from; else, that only values learned elsewhere could stand in
// it, and none does.
func (w *walk) spared(body []byte, key uint64) bool {
	learned, clean := w.r.seen.bodies.has(key)
	if w.learning {
		if learned && !clean { // so that what it is a part of is not taken for clean
			w.r.found++
		}
		return learned
	}
	return clean && !w.holdsKnown(body)
}

// learnedBody remembers a body that was learned from. It is clean where no value was
// found, and where every text in it was looked at as it stands.
func (w *walk) learnedBody(key uint64, found int, budget int) {
	if !w.over && !w.cut {
		w.r.seen.bodies.add(key, w.r.found == found && w.budget == budget)
	}
}

// mediaType is a Content-Type taken apart.
type mediaType struct {
	id         uint32
	kind       string
	parameters map[string]string
}

// leafMedia is of texts that are no body, but a part of one.
var leafMedia = &mediaType{}

// maxMedia bounds how many are remembered.
const maxMedia = 256

// media takes a Content-Type apart; most callbacks have the same.
func (r *Redactor) media(header capture.Fields) *mediaType {
	text := header.Value("Content-Type")
	if m := r.mediaTypes[text]; m != nil {
		return m
	}
	m := parseMedia(text)
	r.mediaID++
	m.id = r.mediaID
	if len(r.mediaTypes) < maxMedia && len(text) <= longestClean {
		r.mediaTypes[text] = m
	}
	return m
}
