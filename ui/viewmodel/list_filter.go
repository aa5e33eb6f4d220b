package viewmodel

import (
	"strings"
	"time"
)

// typingPause is how long the reader must stop typing before the store is asked.
const typingPause = 150 * time.Millisecond

// SetFilter filters the list by words in path, event, summary or order, as soon
// as the reader stops typing.
func (l *List) SetFilter(text string) {
	if text == l.FilterText {
		return
	}
	l.FilterText = text
	l.typed++
	if strings.TrimSpace(text) == "" {
		l.applyFilter()
		l.Changed.Emit()
		return
	}
	serial := l.typed
	l.after(typingPause, func() {
		if serial == l.typed {
			l.applyFilter()
		}
	})
	l.Changed.Emit()
}

// ClearFilter shows all of the view at once.
func (l *List) ClearFilter() {
	l.FilterText = ""
	l.typed++
	l.applyFilter()
	l.Changed.Emit()
}

func (l *List) applyFilter() {
	text := strings.Join(strings.Fields(l.FilterText), " ")
	if text == l.applied {
		return
	}
	l.applied = text
	l.reload()
}

// SetView shows one of the sidebar's views, also at the next start.
func (l *List) SetView(view string) {
	view = viewOf(view)
	if view == l.View {
		return
	}
	l.View, l.app.Preferences.View = view, view
	l.reload()
	l.Changed.Emit()
	l.app.Sidebar.Changed.Emit()
}
