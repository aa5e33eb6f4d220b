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

// FilterNow filters the list at once.
func (l *List) FilterNow(text string) {
	l.FilterText = text
	l.typed++
	l.applyFilter()
	l.Changed.Emit()
}

// ClearFilter shows all of the view at once.
func (l *List) ClearFilter() { l.FilterNow("") }

// filterWith asks for a term too, in the words of the filter language.
func (l *List) filterWith(term string) {
	filter, err := capture.ParseFilter(strings.TrimSpace(l.FilterText))
	if err != nil {
		filter = l.filter
	}
	l.FilterNow(filter.With(term))
}

func (l *List) applyFilter() {
	text := strings.TrimSpace(l.FilterText)
	filter, err := capture.ParseFilter(text)
	l.FilterProblem = ""
	if !l.app.Filter.begun() {
		l.FilterProblem = filterProblem(text, err)
	}
	done := l.app.Filter.done
	switch {
	case err == nil:
	case l.app.Filter.begun():
		text = l.app.Filter.beforeOperator() // no list of what has the letters of its name
		filter, err = capture.ParseFilter(text)
	case done != "" && strings.HasPrefix(text, done):
		text = done // what stands in chips holds, whatever is written behind them
		filter, err = capture.ParseFilter(text)
	}
	if text == l.applied || err != nil {
		l.Changed.Emit()
		return
	}
	l.applied, l.filter = text, filter
	l.app.Detail.Body.mark(filter)
	l.app.Detail.Changed.Emit()  // other words are marked
	l.app.Sidebar.Changed.Emit() // a saved filter may be the one in force
	l.reload()
	l.app.Histogram.otherQuestion()
	l.Changed.Emit()
}

// filterFault is what is wrong with a filter; nil for nothing.
func filterFault(text string) *capture.FilterError {
	_, err := capture.ParseFilter(text)
	var wrong *capture.FilterError
	if !errors.As(err, &wrong) {
		return nil
	}
	return wrong
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

// FilterTold tells how the filter is understood, or what is wrong with it; "" where
// there is none.
func (l *List) FilterTold() (text string, wrong bool) {
	if l.FilterProblem != "" {
		return l.FilterProblem, true
	}
	if l.filter.All() {
		return "", false
	}
	return capital(capture.Visible(l.filter.Words())), false
}

// SetView shows one of the sidebar's views, also at the next start.
func (l *List) SetView(view string) {
	view = viewOf(view)
	if view == l.View {
		return
	}
	l.View, l.app.Preferences.View = view, view
	l.reload()
	l.app.Histogram.otherQuestion()
	l.Changed.Emit()
	l.app.Sidebar.Changed.Emit()
}
