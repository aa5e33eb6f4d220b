package redact

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
)

// slot is a value that a table knows by the hash of its folded text: 16 bytes, so
// that a million people fit. The hash is keyed and never leaves the process.
type slot struct {
	hash   uint64 // its upper 56 bits, and below them what the value is; its shard has the rest
	key    uint32 // the hash of what it begins with, and how long it is
	number int32  // of its kind, or of all numbers, from 1; 0 in a free slot
}

// What a value is, in the low byte of a slot's hash: its kind and where it is
// looked for.
const (
	slotKind     = 1<<5 - 1
	slotAnywhere = 1 << 5 // it is looked for in every text
	slotWord     = 1 << 6 // only where no letter or digit stands next to it
	slotBase64   = 1 << 7 // it is another value written in base64
	slotFlags    = 1<<8 - 1
)

const (
	shards     = 1 << 8
	keyLength  = 6                // bits of a slot's key that hold the length
	isLong     = 1<<keyLength - 1 // in place of it where the text itself is kept
	longHashed = isLong - 1       // the longest that is found by its hash
)

// table holds the values of a share by the hashes of their texts. It takes 20 to 30
// bytes for each, whatever its length.
type table struct {
	seed   maphash.Seed
	mixers [2]uint64 // of what values begin with: six bytes, or four
	shards [shards][]slot
	used   [shards]int
}

func newTable() table {
	t := table{seed: maphash.MakeSeed()}
	for i := range t.mixers {
		t.mixers[i] = maphash.Comparable(t.seed, i) | 1
	}
	return t
}

// hash leaves the low byte out, which is its shard.
func (t *table) hash(text []byte) (hash uint64, shard uint8) {
	h := maphash.Bytes(t.seed, text)
	return h &^ slotFlags, uint8(h)
}

// find returns the slot of a text, or nil.
func (t *table) find(text []byte) *slot {
	hash, shard := t.hash(text)
	return t.at(hash, shard)
}

func (t *table) at(hash uint64, shard uint8) *slot {
	slots := t.shards[shard]
	if len(slots) == 0 {
		return nil
	}
	for i := slotAt(hash, len(slots)); ; {
		s := &slots[i]
		if s.number == 0 {
			return nil
		}
		if s.hash&^slotFlags == hash {
			return s
		}
		if i++; i == len(slots) {
			i = 0
		}
	}
}

// slotAt is where in a shard of n slots a hash begins to be looked for.
func slotAt(hash uint64, n int) int {
	high, _ := bits.Mul64(hash, uint64(n))
	return int(high)
}

// add takes in a text that is not there.
func (t *table) add(text []byte, flags uint8, number int32) *slot {
	hash, shard := t.hash(text)
	if n := len(t.shards[shard]); t.used[shard]+1 > n*4/5 {
		t.grow(shard, max(4, n+n/2))
	}
	t.used[shard]++
	return insert(t.shards[shard], slot{hash | uint64(flags), t.key(text), number})
}

func (t *table) grow(shard uint8, n int) {
	slots := make([]slot, n)
	for _, s := range t.shards[shard] {
		if s.number != 0 {
			insert(slots, s)
		}
	}
	t.shards[shard] = slots
}

func insert(slots []slot, s slot) *slot {
	i := slotAt(s.hash&^slotFlags, len(slots))
	for slots[i].number != 0 {
		if i++; i == len(slots) {
			i = 0
		}
	}
	slots[i] = s
	return &slots[i]
}

// The first bytes by which values are looked for: six, of shorter values four.
const (
	gram      = 4 // the shortest value that is looked for
	longGram  = 6
	firstFour = 1<<32 - 1 // of eight bytes
	firstSix  = 1<<48 - 1
)

// key tells what a text begins with, and how long it is.
func (t *table) key(text []byte) uint32 {
	n := uint32(min(len(text), isLong))
	switch {
	case len(text) >= longGram:
		return t.start(text) | n
	case len(text) >= gram:
		return t.start4(text) | n
	}
	return n
}

// start is the hash of the six bytes that a text begins with, in the upper bits.
func (t *table) start(text []byte) uint32 {
	first := uint64(0)
	if len(text) >= 8 {
		first = binary.LittleEndian.Uint64(text) & firstSix
	} else {
		first = uint64(binary.LittleEndian.Uint32(text)) | uint64(binary.LittleEndian.Uint16(text[4:]))<<32
	}
	return uint32(first*t.mixers[0]>>32) &^ isLong
}

// start4 is that of four bytes.
func (t *table) start4(text []byte) uint32 {
	return uint32(uint64(binary.LittleEndian.Uint32(text))*t.mixers[1]>>32) &^ isLong
}
