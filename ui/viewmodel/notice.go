package viewmodel

import (
	"errors"
	"strconv"
)

// Notices are what the window tells without being asked: toasts that go by
// themselves, and banners that stay until their cause is gone.
type Notices struct {
	Banners []Banner
	Toast   Toast // the newest; Serial tells a new one from the last

	Changed Signal

	app *App
}

// Banner asks for an act.
type Banner struct {
	ID     string // a cause has one banner: "disk", "port", "keyring", "answer"
	Tone   Tone
	Text   string // what happened, and what to do next
	Action string // title of its button; "" for none
	Run    func()
	Close  bool // a person may close it
}

// Toast says what was done, with a way back where there is one.
type Toast struct {
	Serial int
	Tone   Tone
	Text   string
	Action string // "Undo"; "" for none
	Run    func()
}

func newNotices(a *App) *Notices { return &Notices{app: a} }

// attached shows what is out of order since the start.
func (n *Notices) attached() {
	for i, text := range n.app.backend.Notices {
		n.Put(Banner{ID: "start" + strconv.Itoa(i), Tone: Warn, Text: sentence(errors.New(text)), Close: true})
	}
}

// Say shows a toast. action may be "".
func (n *Notices) Say(tone Tone, text, action string, run func()) {
	n.Toast = Toast{Serial: n.Toast.Serial + 1, Tone: tone, Text: text, Action: action, Run: run}
	n.Changed.Emit()
}

// Put shows a banner, in the place of the one with the same ID.
func (n *Notices) Put(b Banner) {
	for i := range n.Banners {
		if n.Banners[i].ID == b.ID {
			n.Banners[i] = b
			n.Changed.Emit()
			return
		}
	}
	n.Banners = append(n.Banners, b)
	n.Changed.Emit()
}

// Remove takes a banner away.
func (n *Notices) Remove(id string) {
	for i := range n.Banners {
		if n.Banners[i].ID == id {
			n.Banners = append(n.Banners[:i:i], n.Banners[i+1:]...)
			n.Changed.Emit()
			return
		}
	}
}
