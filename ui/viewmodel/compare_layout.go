package viewmodel

import (
	"sort"

	"hookglass/capture"
	"hookglass/capture/compare"
)

// compareLayout is where the rows of a comparison stand, one below the other. It
// knows runs of rows and makes a row when it comes into view.
type compareLayout struct {
	sections []*compareSection
	blocks   []compareBlock
	changes  []compareChange
	count    int
	made     map[int]CompareRow // those that came into view last
}

// compareBlock is some rows of one kind.
type compareBlock struct {
	kind    CompareKind
	section int
	from, n int // rows of the section; of a fold those that are not shown
	at      int // the place of its first row
	note    int // of a note or a key: which
	step    int // rows that stand for one of the section: 2 for the changed ones of a narrow window
}

// rows is how many rows a block has.
func (b *compareBlock) rows() int {
	switch b.kind {
	case CompareSame, CompareChanged, CompareRemoved, CompareAdded:
		return b.n * b.step
	case CompareGap, CompareTitle, CompareNote, CompareKey, CompareFold:
	}
	return 1
}

// compareChange is a place that differs: rows one below the other.
type compareChange struct{ from, to int }

const (
	compareContext = 3   // equal rows that are shown around a change
	maxMadeRows    = 512 // rows that are kept
)

// lay places everything anew.
func (l *compareLayout) lay(wide bool) {
	l.blocks, l.changes, l.count, l.made = nil, nil, 0, map[int]CompareRow{}
	for i, s := range l.sections {
		if i > 0 && (s.open || l.sections[i-1].open) {
			l.add(compareBlock{kind: CompareGap, section: i})
		}
		l.add(compareBlock{kind: CompareTitle, section: i})
		if !s.open {
			continue
		}
		for note := range s.Notes {
			l.add(compareBlock{kind: CompareNote, section: i, note: note})
		}
		for key := range len(s.keys) + len(s.Keys) {
			l.add(compareBlock{kind: CompareKey, section: i, note: key})
		}
		l.runs(i, wide)
	}
}

func (l *compareLayout) add(b compareBlock) {
	b.at = l.count
	l.blocks = append(l.blocks, b)
	l.count += b.rows()
}

// runs places the rows of a section.
func (l *compareLayout) runs(section int, wide bool) {
	s := l.sections[section]
	for i, r := range s.runs {
		if r.Kind == compare.Same {
			l.same(section, r, i == 0, i == len(s.runs)-1)
			continue
		}
		b := compareBlock{kind: CompareRemoved, section: section, from: r.From, n: r.N, step: 1}
		switch r.Kind {
		case compare.Changed:
			b.kind = CompareChanged
			if !wide {
				b.step = 2
			}
		case compare.Added:
			b.kind = CompareAdded
		case compare.Removed, compare.Same, compare.Folded:
		}
		from := l.count
		l.add(b)
		if last := len(l.changes) - 1; last >= 0 && l.changes[last].to == from {
			l.changes[last].to = l.count
		} else {
			l.changes = append(l.changes, compareChange{from, l.count})
		}
	}
}

// same places equal rows, those far from any change folded.
func (l *compareLayout) same(section int, r compare.Run, first, last bool) {
	s := l.sections[section]
	head, tail := compareContext, compareContext
	if first {
		head = 0
	}
	if last {
		tail = 0
	}
	hidden := r.N - head - tail
	if s.all || hidden < 2 || s.unfolded[r.From+head] {
		l.add(compareBlock{kind: CompareSame, section: section, from: r.From, n: r.N, step: 1})
		return
	}
	if head > 0 {
		l.add(compareBlock{kind: CompareSame, section: section, from: r.From, n: head, step: 1})
	}
	l.add(compareBlock{kind: CompareFold, section: section, from: r.From + head, n: hidden})
	if tail > 0 {
		l.add(compareBlock{kind: CompareSame, section: section, from: r.From + r.N - tail, n: tail, step: 1})
	}
}

// block is the block that a row is in, and how far down in it; nil outside.
func (l *compareLayout) block(row int) (b *compareBlock, below int) {
	if row < 0 || row >= l.count {
		return nil, 0
	}
	i := sort.Search(len(l.blocks), func(i int) bool { return l.blocks[i].at > row }) - 1
	return &l.blocks[i], row - l.blocks[i].at
}

// row makes a row, or has it from the last time.
func (l *compareLayout) row(at int) CompareRow {
	if row, ok := l.made[at]; ok {
		return row
	}
	b, below := l.block(at)
	if b == nil {
		return CompareRow{}
	}
	s := l.sections[b.section]
	row := CompareRow{Kind: b.kind}
	switch b.kind {
	case CompareGap:
	case CompareTitle:
		row.Text, row.Open = s.title, s.open
		row.Hint, row.Tone = s.hint()
	case CompareNote:
		row.Text = capital(capture.Visible(s.Notes[b.note])) + "."
	case CompareKey:
		row.Text, row.Action = s.keyWords(b.note)
	case CompareFold:
		row.Text = counted(b.n, "equal line")
		row.Action = "show"
	case CompareSame, CompareChanged, CompareRemoved, CompareAdded:
		half := 0
		if b.step == 2 {
			half = halfFirst + below%2
		}
		row = s.line(b.from+below/b.step, half)
	}
	if len(l.made) >= maxMadeRows {
		clear(l.made)
	}
	l.made[at] = row
	return row
}

// keyWords say by what the elements of an array are told apart, and what a click
// does about it.
func (s *compareSection) keyWords(i int) (text, action string) {
	words := func(k compare.ArrayKey) (path, key string) {
		const most = 100
		return shorten(capture.Visible(k.Path), most), shorten(capture.Visible(k.Key), most)
	}
	if i < len(s.keys) {
		path, key := words(s.keys[i])
		return "The elements of " + path + " are told apart by " + key + ".", "Compare them by position"
	}
	path, key := words(s.Keys[i-len(s.keys)])
	return "The elements of " + path + " are compared by position; " + key + " seems to tell them apart.", "Compare them by " + key
}

// changeAt is the index of the first change that ends behind a row.
func (l *compareLayout) changeAt(row int) int {
	return sort.Search(len(l.changes), func(i int) bool { return l.changes[i].to > row })
}
