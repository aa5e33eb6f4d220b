package export

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"io/fs"
	"time"

	"github.com/klauspost/compress"
	"github.com/klauspost/compress/flate"
)

// packing is a part that is being packed.
type packing struct {
	name   string
	lines  *bytes.Buffer
	done   chan struct{}
	packed packed
	err    error
}

// entryInfo describes an entry as a file of a fixed date that only its owner reads.
type entryInfo struct {
	name string
	size int
}

func (e entryInfo) Name() string     { return e.name }
func (e entryInfo) Size() int64      { return int64(e.size) }
func (entryInfo) Mode() fs.FileMode  { return 0o600 }
func (entryInfo) ModTime() time.Time { return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) }
func (entryInfo) IsDir() bool        { return false }
func (entryInfo) Sys() any           { return nil }

// packed is a file as it stands in a zip.
type packed struct {
	method uint16
	sum    uint32
	size   int
	bytes  []byte // of the packer, until its next one
}

// packer packs one file after the other.
type packer struct {
	out     bytes.Buffer
	deflate *flate.Writer
}

// packLevel is the fastest one. On lines of callbacks it packs five to ten times
// as fast as the usual level 6, and the file is a fifth larger; a share is written
// once, while callbacks come in on the same cores.
const packLevel = 1

// pack deflates what gets smaller by it. What does not is stored: images, archives
// and encrypted bodies, found by a look at their start; anything short; and what
// would shrink so much that readers take it for a bomb.
func (p *packer) pack(data []byte) (packed, error) {
	stored := packed{zip.Store, crc32.ChecksumIEEE(data), len(data), data}
	const look, short, worth = 64 << 10, 128, 0.05
	if len(data) < short || compress.Estimate(data[:min(len(data), look)]) < worth {
		return stored, nil
	}
	p.out.Reset()
	if p.deflate == nil {
		var err error
		if p.deflate, err = flate.NewWriter(&p.out, packLevel); err != nil {
			return packed{}, err
		}
	} else {
		p.deflate.Reset(&p.out)
	}
	if _, err := p.deflate.Write(data); err != nil {
		return packed{}, err
	}
	if err := p.deflate.Close(); err != nil {
		return packed{}, err
	}
	if n := p.out.Len(); n >= len(data) || len(data) > n*maxRatio {
		return stored, nil
	}
	return packed{zip.Deflate, stored.sum, len(data), p.out.Bytes()}, nil
}
