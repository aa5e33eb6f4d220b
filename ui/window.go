package ui

import (
	"net/url"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// Sizes of the window, in pixels of FYNE_SCALE 1.
const (
	usualWidth, usualHeight = 1280, 820

	topHeight    = 46
	statusHeight = 26
	sidebarWidth = 196
	listWidth    = 372
	listLeast    = 300

	sidebarFrom = 900 // below it there is no sidebar
	besideFrom  = 761 // below it the callback covers the list
)

// Window is Hookglass's window.
type Window struct {
	app    *viewmodel.App
	fyne   fyne.App
	window fyne.Window

	top     *topBar
	status  *statusBar
	list    *listPane
	detail  *detailPane
	sidebar fyne.CanvasObject
	split   *kit.Splitter
	banners *bannerBar
	place   *sessionBar
	strip   *strip
	toasts  *kit.Toasts
	dialogs *dialogs

	root       *fyne.Container
	appearance string
	width      float32
	toast      int  // serial of the toast that was shown last
	quitting   bool // the window may close
	notifying  atomic.Bool
}

// New makes the window of an App; Show shows it. do runs a function on the
// screen's goroutine, later.
func New(app *viewmodel.App, fyneApp fyne.App, do func(func())) *Window {
	w := &Window{app: app, fyne: fyneApp, window: fyneApp.NewWindow("Hookglass")}
	tips := kit.NewTooltipLayer()
	w.toasts = kit.NewToasts()
	over := []fyne.CanvasObject{w.toasts.Object(), tips.Object()}
	kit.Use(kit.Shell{Do: do, OtherKey: w.press, Tips: tips, Over: over, Canvas: w.window.Canvas()})
	w.appearance = "unset"
	w.applyTheme()
	w.setScreen()

	w.top = newTopBar(app)
	w.list = newListPane(app)
	w.detail = newDetailPane(app)
	w.sidebar = kit.Frame(nil, nil, nil, kit.VLine(), kit.Fixed(sidebarWidth, 0,
		kit.Frame(kit.Pad(8, 8, 8, 0, newSessionButton(app)), nil, nil, nil, newSidebar(app))))
	width := app.Preferences.ListWidth
	if width == 0 {
		width = listWidth
	}
	w.split = kit.NewSplitter(w.list, w.detail, width, listLeast, func(width float32) { app.Preferences.ListWidth = width })
	w.banners = newBannerBar(app)
	w.place = newSessionBar(app)
	w.strip = newStrip(app)
	w.dialogs = newDialogs(w)

	w.status = newStatusBar(app)

	middle := kit.Frame(nil, nil, w.sidebar, nil, w.split)
	body := kit.Frame(kit.VStack(0, w.top.root, w.strip.root, kit.HLine(), w.banners.root, w.place.root), kit.VStack(0, kit.HLine(), w.status.root), nil, nil, middle)
	w.strip.moved = func() { body.Layout.Layout(body.Objects, body.Size()) }
	w.banners.moved = func() { body.Layout.Layout(body.Objects, body.Size()) }
	w.place.moved = w.banners.moved
	w.root = container.New(&windowLayout{w}, kit.Fill(kit.ColorPanel, body), w.top.filter.below.Object(), over[0], over[1])
	size := rememberedSize(app.Preferences) // before the first layout overwrites it
	w.window.SetPadded(false)
	w.window.SetContent(w.root)
	w.setKeys()
	w.window.Resize(size)
	w.window.SetCloseIntercept(app.AskToQuit)
	w.window.SetOnDropped(w.dropped)
	app.Changed.Listen(w.update)
	app.Notices.Changed.Listen(w.say)
	fyneApp.Lifecycle().SetOnEnteredForeground(func() { app.SetForeground(true) })
	fyneApp.Lifecycle().SetOnExitedForeground(func() { app.SetForeground(false) })
	w.update()
	return w
}

// Show shows the window.
func (w *Window) Show() {
	w.window.Show()
	w.focus(viewmodel.PaneList)
}

// Canvas is what the window draws on, for tests.
func (w *Window) Canvas() fyne.Canvas { return w.window.Canvas() }

// rememberedSize is the size of the window when it was closed the last time.
func rememberedSize(p *viewmodel.Preferences) fyne.Size {
	if p.Width >= 400 && p.Height >= 300 {
		return fyne.NewSize(p.Width, p.Height)
	}
	return fyne.NewSize(usualWidth, usualHeight)
}

// setScreen gives the view models what only a window can do.
func (w *Window) setScreen() {
	w.app.Screen = viewmodel.Screen{
		Copy: func(text string) { w.fyne.Clipboard().SetContent(text) },
		OpenURL: func(address string) error {
			parsed, err := url.Parse(address)
			if err != nil {
				return err
			}
			return w.fyne.OpenURL(parsed)
		},
		Save:   w.save,
		SaveTo: w.saveTo,
		Paste:  func() string { return w.fyne.Clipboard().Content() },
		Focus:  w.focus,
		Raise: func() {
			w.window.Show()
			w.window.RequestFocus()
		},
		Notify: w.notify,
		Quit: func() {
			w.quitting = true
			w.fyne.Quit()
		},
	}
}

// dropped opens files that were dropped onto the window.
func (w *Window) dropped(_ fyne.Position, uris []fyne.URI) {
	paths := make([]string, 0, len(uris))
	for _, uri := range uris {
		path := uri.Path()
		if uri.Scheme() != "file" {
			path = uri.String()
		}
		paths = append(paths, path)
	}
	w.window.RequestFocus() // where they came from has it still
	w.app.Opened.Files(paths)
}

// notify tells the desktop, which may take its time to answer, or never do: what
// comes meanwhile is not told.
func (w *Window) notify(title, text string) {
	if w.notifying.Swap(true) {
		return
	}
	go func() {
		defer w.notifying.Store(false)
		w.fyne.SendNotification(fyne.NewNotification(title, text))
	}()
}

func (w *Window) applyTheme() {
	if w.appearance == w.app.Preferences.Appearance {
		return
	}
	w.appearance = w.app.Preferences.Appearance
	look := kit.FollowSystem
	switch w.appearance {
	case "dark":
		look = kit.Dark
	case "light":
		look = kit.Light
	}
	w.fyne.Settings().SetTheme(kit.NewTheme(look))
}

// update draws what has changed of the shell.
func (w *Window) update() {
	w.applyTheme()
	switch {
	case !w.app.Narrow:
		w.split.ShowBoth()
	case w.app.Covered:
		w.split.ShowTrailing()
	default:
		w.split.ShowLeading()
	}
	w.dialogs.update()
}

// say shows the newest toast.
func (w *Window) say() {
	if toast := w.app.Notices.Toast; toast.Serial != w.toast {
		w.toast = toast.Serial
		w.toasts.Show(kit.Tone(toast.Tone), toast.Text, toast.Action, toast.Run)
	}
}

func (w *Window) focus(pane viewmodel.Pane) {
	switch pane {
	case viewmodel.PaneFilter:
		w.top.filter.focus()
	case viewmodel.PaneFind:
		w.detail.focusFind()
	case viewmodel.PaneKey:
		w.detail.focusKey()
	case viewmodel.PaneWord:
		w.detail.focusMessage()
	case viewmodel.PaneAnswer:
		w.detail.focusOwn()
	case viewmodel.PaneNote:
		w.detail.head.note.focus()
	case viewmodel.PaneHistogram:
		w.list.times.bars.Focus()
	case viewmodel.PaneDetail:
		w.detail.focus()
	default:
		w.list.focus()
	}
}

// resized is told of every new size of the window.
func (w *Window) resized(size fyne.Size) {
	w.app.Preferences.Width, w.app.Preferences.Height = size.Width, size.Height
	if size.Width == w.width {
		return
	}
	w.width = size.Width
	if size.Width < sidebarFrom {
		w.sidebar.Hide()
	} else {
		w.sidebar.Show()
	}
	w.top.resized(size.Width)
	w.strip.resized(size.Width)
	w.place.resized(size.Width)
	w.app.SetNarrow(size.Width < besideFrom)
}

// windowLayout gives every layer the whole window.
type windowLayout struct{ window *Window }

// MinSize is what still works.
func (*windowLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(480, 360) }

// Layout is for Fyne.
func (l *windowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.window.resized(size)
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}
