package viewmodel

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"hookglass/capture"
)

// typingPause is how long the reader must stop typing before the store is asked.
const typingPause = 150 * time.Millisecond

// SetFilter filters the list in the filter language, as soon as the reader stops
// typing.
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
	filter, err := capture.ParseFilter(text)
	l.FilterProblem = filterProblem(text, err)
	if text == l.applied || err != nil {
		l.Changed.Emit()
		return
	}
	l.applied, l.filter = text, filter
	l.reload()
}

// filterProblem says what is wrong with a filter, and quotes the place.
func filterProblem(text string, err error) string {
	var wrong *capture.FilterError
	if !errors.As(err, &wrong) {
		return ""
	}
	place := text[wrong.At:wrong.End]
	if place == "" || strings.Contains(wrong.Text, strconv.Quote(place)) {
		return wrong.Text
	}
	return "“" + shorten(capture.Visible(place), 24) + "”: " + wrong.Text
}

// FilterTold tells how the filter is understood, or what is wrong with it. It is
// "" where there is none, and where mere words are looked for.
func (l *List) FilterTold() (text string, wrong bool) {
	if l.FilterProblem != "" {
		return l.FilterProblem, true
	}
	for _, term := range l.filter.Terms() {
		if term.Op != nil {
			words := l.filter.Words()
			return strings.ToUpper(words[:1]) + words[1:], false
		}
	}
	return "", false
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
