package viewmodel

import (
	"context"
	"time"

	"hookglass/capture"
)

// The views of a body.
const (
	ViewPretty = "pretty"
	ViewTree   = "tree"
	ViewRaw    = "raw"
	ViewHex    = "hex"
)

// BodyView is a way to look at a body.
type BodyView struct {
	ID, Title string
	Off       bool // this body cannot be seen so
}

// BodyText is a text with its lines and how its parts are coloured. It does not
// change.
type BodyText struct {
	Bytes    []byte
	Lines    []int32 // where each line starts
	Sections []BodySection
}

// BodySection colours a text from a place on: "json", "xml", "form", "table",
// "http", "title" or "".
type BodySection struct {
	Start  int
	Syntax string
}

// BodyNote is worth a word over the body.
type BodyNote struct {
	Tone   Tone
	Text   string
	Offset int // the place in the text that it is about; -1 for none
}

// Body shows the body of the callback that the detail shows.
type Body struct {
	View  string // one of the View constants
	Views []BodyView
	Type  string // "application/json", as it was sent; "no type" for none
	Facts string // "gzip taken off · 1.2 KB"; "" for nothing to say
	Notes []BodyNote
	Busy  string // what is not done yet: "Indenting …"; "" for nothing
	Empty string // why there is no body to show; "" where there is one

	// One of these is what is shown, as View says.
	Text  *BodyText
	Bytes []byte
	Tree  *BodyTree

	Find BodyFind
	Spot Spot

	Changed Signal

	app       *App
	exchange  *capture.Exchange
	made      *bodyMade // nil while it is being made
	coming    *bodyJob  // of the exchange that is shown next; nil where it is not begun
	picked    string    // the view that somebody chose for this body
	caret     int
	node      int            // chosen in the tree
	words     capture.Filter // whose words are marked
	entered   int64          // the exchange that is to be opened at the first of them; 0 for none
	fresh     bool           // it is opened just now: the first of the words comes into view
	serial    int            // of the exchange
	stop      context.CancelFunc
	listening bool
	patience  func() <-chan time.Time // how long to wait for the indented text
}

// Spot is a place in what is shown that is to come into view; Serial tells a
// new one from the last.
type Spot struct {
	Serial int
	Offset int
	Length int // selected from there on
}

// Bodies up to this size are made at once, without a goroutine.
const atOnce = 32 << 10

// slowPretty is how long the bytes as they came are held back for the indented
// text.
const slowPretty = 100 * time.Millisecond

func newBody(a *App) *Body {
	return &Body{
		app: a, View: ViewPretty, Find: BodyFind{Current: -1}, stop: func() {},
		patience: func() <-chan time.Time { return time.After(slowPretty) },
	}
}

// show shows the body of an exchange; nil shows none. A large body is only made
// ready when somebody looks at the tab.
func (b *Body) show(x *capture.Exchange) {
	if !b.listening && b.app.Detail != nil {
		b.listening = true
		b.app.Detail.Changed.Listen(b.look)
	}
	if x != nil && b.exchange != nil && x.ID == b.exchange.ID && b.made != nil && len(x.Request.Body) == len(b.made.sent) {
		b.exchange = x // the same body, looked at again
		b.expect(nil)
		return
	}
	b.stop()
	b.serial++
	b.stop = func() {}
	b.exchange, b.made = x, nil
	b.picked, b.caret, b.node, b.fresh = "", 0, 0, true
	b.Text, b.Bytes, b.Tree = nil, nil, nil
	b.Notes, b.Busy, b.Facts, b.Type = nil, "", "", ""
	b.Views = bodyViews(nil)
	b.View = b.wanted()
	b.Find.forget()
	b.Empty = "Select a callback to read its body."
	if x == nil {
		b.expect(nil)
	} else {
		b.Type = orElse(capture.Visible(readMedia(x.Request.Header.Value("Content-Type")).name), "no type")
		b.Empty = ""
		if len(x.Request.Body) == 0 {
			b.Empty = "This callback came without a body."
			b.Views = nil
		}
	}
	if x != nil && len(x.Request.Body) > 0 && !takesLong(&x.Request) {
		first := lookAtBody(&x.Request)
		if whole, err := first.finish(func() bool { return false }); err == nil {
			b.put(whole)
			return
		}
	}
	b.Changed.Emit()
	b.look()
}

// expect is told before show that the body is being made ready already.
func (b *Body) expect(job *bodyJob) {
	b.coming.discard()
	b.coming = job
}

// look makes a large body ready, once somebody looks at it.
func (b *Body) look() {
	x := b.exchange
	if x == nil || b.made != nil || b.Busy != "" || len(x.Request.Body) == 0 || b.app.Detail.Tab != TabBody {
		return
	}
	job := b.coming
	if b.coming = nil; job == nil {
		job = b.app.makeBody(x)
	}
	b.stop = job.stop
	select {
	case whole := <-job.whole: // it was begun while the callback was read
		b.arrive(b.serial, whole)
		return
	default:
	}
	serial, patience := b.serial, b.patience()
	b.Busy = "Reading …"
	b.Changed.Emit()
	b.app.run(func(context.Context) func() {
		var whole *bodyMade
		select {
		case whole = <-job.whole:
		case <-patience:
			first := <-job.first
			b.app.config.Do(func() { b.arrive(serial, first) })
			whole = <-job.whole
		}
		return func() { b.arrive(serial, whole) }
	})
}

// arrive takes what a goroutine has made, where it is still wanted.
func (b *Body) arrive(serial int, made *bodyMade) {
	if serial == b.serial && made != nil {
		b.put(made)
	}
}

func (b *Body) put(made *bodyMade) {
	b.made = made
	b.Busy = ""
	if !made.finished {
		b.Busy = "Indenting …"
	}
	b.Facts, b.Notes = made.facts(), made.notes
	b.Views = bodyViews(made)
	b.turn(b.wanted())
	switch {
	case !made.finished:
	case made.wrong != nil && b.View == ViewPretty:
		b.spot(made.wrong.Offset, 0)
	case made.invalid >= 0 && b.View == ViewHex && b.picked == "":
		b.spot(made.invalid, 0)
	}
	b.Changed.Emit()
}

// wanted is the view that is shown where nothing speaks against it.
func (b *Body) wanted() string {
	view := b.picked
	if view == "" {
		view = b.app.Preferences.BodyView
	}
	if m := b.made; m != nil && b.picked == "" && (m.kind == kindBinary || m.invalid >= 0) {
		view = ViewHex
	}
	for _, v := range b.Views {
		if v.ID == view && !v.Off {
			return view
		}
	}
	if m := b.made; m != nil && m.kind == kindBinary {
		return ViewHex
	}
	if view == ViewTree && b.made != nil && !b.made.finished {
		return ViewTree // it comes
	}
	return ViewPretty
}

func bodyViews(m *bodyMade) []BodyView {
	binary := m != nil && m.kind == kindBinary
	return []BodyView{
		{ViewPretty, "Pretty", binary},
		{ViewTree, "Tree", m == nil || !m.json},
		{ViewRaw, "Raw", false},
		{ViewHex, "Hex", false},
	}
}

// turn shows the body in a view.
func (b *Body) turn(view string) {
	m := b.made
	before := b.Text
	b.View = view
	b.Text, b.Bytes, b.Tree = nil, nil, nil
	switch {
	case m == nil:
		return
	case view == ViewHex:
		b.Bytes = m.decoded
	case view == ViewTree && m.json:
		b.Tree = newBodyTree(m.jsonText(), m.spans)
	case view == ViewRaw || m.pretty == nil:
		b.Text = m.raw
	default:
		b.Text = m.pretty
	}
	if b.Text != before || b.Text == nil {
		b.caret, b.node = 0, 0
		b.seek(b.fresh && b.Find.Query == "")
		b.fresh = b.fresh && !m.finished
	}
}

// Select shows the body in another view, also those that are shown next.
func (b *Body) Select(view string) {
	for _, v := range b.Views {
		if v.ID != view || v.Off || view == b.View {
			continue
		}
		b.picked = view
		b.app.Preferences.BodyView = view
		b.turn(view)
		b.Changed.Emit()
		return
	}
}

// Go brings the place that a note is about into view.
func (b *Body) Go(n BodyNote) {
	if n.Offset < 0 || b.made == nil {
		return
	}
	if b.View == ViewTree {
		b.turn(ViewRaw)
	}
	b.spot(n.Offset, 0)
	b.Changed.Emit()
}

func (b *Body) spot(offset, length int) {
	b.Spot = Spot{Serial: b.Spot.Serial + 1, Offset: offset, Length: length}
	b.caret = offset
}

// MoveCaret is told where the caret is in the text or in the bytes.
func (b *Body) MoveCaret(offset int) { b.caret = offset }

// Choose is told which node of the tree is selected: what is found next is looked
// for from there, where the caret is not in it already.
func (b *Body) Choose(node int) {
	if b.node = node; b.Tree != nil && !b.Tree.Holds(node, b.caret) {
		b.caret, _ = b.Tree.reach(node)
	}
}

// exchange is the exchange of a page; nil where there is no page.
func (p *Page) exchange() *capture.Exchange {
	if p == nil {
		return nil
	}
	return p.Exchange
}
