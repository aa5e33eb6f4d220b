package viewmodel

// sessionRead is told that it is known which session is shown: the list and the
// counts are read the first time.
func (l *List) sessionRead() { l.sessionChanged() }

// sessionChanged shows the callbacks of another session. The view and the filter
// stay: who looks for something looks for it there too.
func (l *List) sessionChanged() {
	l.cache.clear()
	l.generation++
	l.ahead, l.dropped, l.New, l.Waiting = window{}, 0, 0, 0
	l.app.Sidebar.sessionChanged()
	l.reload()
	l.app.Histogram.forget()
	l.app.Histogram.otherQuestion()
}
