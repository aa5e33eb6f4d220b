package viewmodel

// EmptyKind says why there are no rows.
type EmptyKind int

// Why a list is empty.
const (
	NotEmpty      EmptyKind = iota
	EmptyLoading            // not read yet, or still reading
	EmptyFirst              // nothing was ever captured
	EmptyView               // the sidebar's view has nothing
	EmptyFiltered           // the filter lets nothing through
	EmptyFailed             // it cannot be read
)

// Empty says what to show in place of rows.
type Empty struct {
	Kind     EmptyKind
	Title    string
	Sentence string
}

// Empty says why there are no rows.
func (l *List) Empty() Empty {
	switch {
	case l.Len() > 0 && l.Problem == "":
		return Empty{}
	case l.app.Failure != "":
		return Empty{EmptyFailed, "Hookglass cannot start", l.app.Failure}
	case l.Problem != "" && l.Len() == 0:
		return Empty{EmptyFailed, "The list cannot be read", l.Problem}
	case l.Len() > 0:
		return Empty{}
	case l.Searching() != "":
		return Empty{EmptyLoading, "Searching …", "Nothing was found so far. Escape stops."}
	case !l.known || l.loading:
		return Empty{EmptyLoading, "Reading the callbacks …", ""}
	case l.applied != "":
		where := ""
		if l.View != ViewAll {
			where = " in " + viewTitle(l.app, l.View)
		}
		sentence := "No callback" + where + " is what the filter asks for."
		if told, _ := l.FilterTold(); told != "" && len(told) < 200 {
			sentence = "No callback" + where + " is so: " + lowerFirst(told) + "."
		}
		return Empty{EmptyFiltered, "Nothing matches", sentence}
	case l.View == ViewAll && l.Paused:
		return Empty{EmptyView, "Paused", "What comes now is kept and answered, and shown when you go on."}
	case l.View == ViewAll && !l.app.Sessions.Live():
		return Empty{EmptyView, "Nothing here", "No callback is in this session."}
	case l.View == ViewAll:
		return Empty{EmptyFirst, "No callbacks yet", ""}
	}
	return Empty{EmptyView, "Nothing here", viewSentence(l.app, l.View)}
}

// Heading is the title of the list and how many there are: "Callbacks", "1 284".
func (l *List) Heading() (title, count string) {
	title = "Callbacks"
	if l.View != ViewAll {
		title = viewTitle(l.app, l.View)
	}
	if !l.known || l.window.len() == 0 {
		return title, ""
	}
	if n, ok := l.app.Sidebar.count(l.View); ok && l.applied == "" && !l.Paused {
		return title, groupDigits(max(n, int64(l.window.len())))
	}
	if n, ok := l.app.Sidebar.counts.Matching(l.query().Filter); ok && l.View == ViewAll && l.app.Sidebar.known && !l.Paused {
		return title, groupDigits(max(n, int64(l.window.len())))
	}
	count = groupDigits(int64(l.window.len()))
	if l.window.below || l.window.above || l.search != nil && !l.loading {
		count = "≥ " + count
	}
	return title, count
}
