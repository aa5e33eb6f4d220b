package viewmodel

// Scrolled is told that a person has scrolled: top is the row at the upper edge,
// atTop says that nothing of it is out of view, and visible how many rows are.
func (l *List) Scrolled(top, visible int, atTop bool) {
	following, unseen := l.Following, l.New
	l.visible = visible
	l.setTop(top)
	l.Following = atTop && top == 0 && !l.window.above
	if !l.window.above {
		l.New = min(l.New, l.Top)
	}
	if l.Following != following || l.New != unseen {
		l.Changed.Emit()
	}
}

// Placed is told where the pane is after it has scrolled by itself.
func (l *List) Placed(top, visible int) {
	l.visible = visible
	l.setTop(top)
	if !l.window.above {
		l.New = min(l.New, l.Top)
	}
}

// ToTop goes to the newest callback and follows what comes.
func (l *List) ToTop() {
	if l.window.above {
		l.load(span{}, l.ToTop)
		return
	}
	l.Following, l.New = true, 0
	l.setTop(0)
	l.Changed.Emit()
}

func (l *List) setTop(i int) {
	l.Top = max(min(i, l.Len()-1), 0)
	l.topID = l.idAt(l.Top)
}

// place finds the row at the upper edge again, after rows came or went.
func (l *List) place() {
	switch {
	case l.Following:
		l.setTop(0)
	case l.topID == 0:
		l.setTop(l.Top)
	default:
		row, found := l.rowOf(l.topID)
		l.Top = max(min(row, l.Len()-1), 0)
		if !found {
			l.topID = l.idAt(l.Top)
		}
	}
}

// hold stops following: the rows in view stay where they are.
func (l *List) hold() {
	if l.Following {
		l.Following = false
		l.setTop(l.Top)
	}
}

// reveal has the pane bring a row into view.
func (l *List) reveal(row int) {
	l.Reveal = row
	l.RevealSerial++
}

// Pill says how many callbacks came in above; "" for none.
func (l *List) Pill() string {
	if l.New == 0 || l.Paused {
		return ""
	}
	return groupDigits(int64(l.New)) + " new"
}

// PausedText says what comes while the list is paused; "" while it is not.
func (l *List) PausedText() string {
	switch {
	case !l.Paused:
		return ""
	case l.Waiting == 0:
		return "Paused. Callbacks are still kept and answered."
	case l.Waiting == 1:
		return "Paused. 1 callback came in meanwhile."
	}
	return "Paused. " + groupDigits(int64(l.Waiting)) + " callbacks came in meanwhile."
}
