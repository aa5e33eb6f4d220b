package viewmodel

import "time"

// day is a date as one number, so that dates compare: 20260304.
func day(t time.Time) int {
	y, m, d := t.Date()
	return y*10000 + int(m)*100 + d
}

// dayName is what stands over the first callback of a day.
func dayName(t, now time.Time) string {
	now = now.In(t.Location())
	switch day(t) {
	case day(now):
		return "Today"
	case day(now.AddDate(0, 0, -1)):
		return "Yesterday"
	}
	if t.Year() == now.Year() {
		return t.Format("Monday 2 January")
	}
	return t.Format("Monday 2 January 2006")
}
