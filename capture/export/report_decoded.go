package export

import (
	"fmt"

	"hookglass/capture"
)

// decodedSections are what a provider makes of a callback, bounded.
func decodedSections(d *capture.Decoding) []reportSection {
	const most = 40
	var list []reportSection
	head := reportSection{Title: field(orElse(d.Title, "Content"))}
	if d.Error != "" {
		head.Notes = append(head.Notes, field("The body could not be decoded: "+d.Error))
	}
	for _, note := range d.Notes[:min(len(d.Notes), maxFields)] {
		head.Notes = append(head.Notes, field(note))
	}
	if d.Title != "" || len(head.Notes) > 0 {
		list = append(list, head)
	}
	for i := range d.Sections[:min(len(d.Sections), most)] {
		s := &d.Sections[i]
		section := reportSection{Title: field(orElse(s.Title, "Content")), Facts: decodedFacts(s.Facts)}
		section.table(s.Rows)
		list = append(list, section)
	}
	if left := len(d.Sections) - most; left > 0 {
		list = append(list, reportSection{Title: fmt.Sprintf("%d more parts are not shown", left)})
	}
	if len(d.Unknown) > 0 {
		list = append(list, reportSection{Title: "Not documented", Facts: decodedFacts(d.Unknown)})
	}
	return list
}

func decodedFacts(all []capture.Fact) []reportFact {
	var list []reportFact
	for i := range all[:min(len(all), maxFields)] {
		f := decodedFact(&all[i])
		list = append(list, f)
	}
	if left := len(all) - maxFields; left > 0 {
		list = append(list, reportFact{Name: "and", Value: fmt.Sprintf("%d more", left)})
	}
	return list
}

func decodedFact(f *capture.Fact) reportFact {
	value, note := f.Value, f.Note
	if value == "" && note == "" {
		note = "empty"
	}
	if f.Unit != "" {
		value += " " + f.Unit
	}
	return reportFact{Name: field(f.Label), Value: field(value), Note: field(note), Wide: len(value) > 80}
}

// table lays rows out in columns, in the order in which their labels come.
func (s *reportSection) table(rows [][]capture.Fact) {
	const mostColumns = 12
	at := map[string]int{}
	for _, row := range rows[:min(len(rows), maxFields)] {
		for i := range row {
			if _, known := at[row[i].Label]; !known && len(at) < mostColumns {
				at[row[i].Label] = len(s.Columns)
				s.Columns = append(s.Columns, field(row[i].Label))
			}
		}
	}
	for _, row := range rows[:min(len(rows), maxFields)] {
		cells := make([]reportFact, len(s.Columns))
		for i := range row {
			if column, known := at[row[i].Label]; known {
				cells[column] = decodedFact(&row[i])
			}
		}
		s.Rows = append(s.Rows, cells)
	}
	if left := len(rows) - maxFields; left > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d more lines are not shown.", left))
	}
	if len(at) == mostColumns {
		s.Notes = append(s.Notes, fmt.Sprintf("At most %d columns are shown.", mostColumns))
	}
}
