package viewmodel

// Pause stops the list, not the capture: what comes is kept, answered and
// counted. Resume shows it.
func (l *List) Pause() {
	if l.Paused {
		l.resume()
		return
	}
	l.Paused, l.Waiting = true, 0
	l.pauseID = max(l.highest, l.window.newest())
	l.Changed.Emit()
}

func (l *List) resume() {
	l.Paused, l.Waiting = false, 0
	switch {
	case l.window.above:
		l.New = l.ahead.len() + l.dropped
	case l.dropped > 0 || l.refiltered:
		l.refiltered = false
		l.reload()
		return
	default:
		l.add(l.ahead.ids)
		l.ahead = window{}
		l.place()
	}
	l.Changed.Emit()
}
