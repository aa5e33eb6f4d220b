package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Marks tells which places of a text are marked, from byte to byte; nil marks
// nothing.
type Marks func(text string) [][2]int

// maxMarks bounds what is marked in a line.
const maxMarks = 20

// under are the fields that lie under the marked places of a text.
func (m Marks) under(role Role, text *canvas.Text) []fyne.CanvasObject {
	if m == nil {
		return nil
	}
	var fields []fyne.CanvasObject
	for i, place := range m(text.Text) {
		if i == maxMarks {
			break
		}
		field := canvas.NewRectangle(nil)
		PlaceMark(field, role, text, place)
		fields = append(fields, field)
	}
	return fields
}

// PlaceMark puts a field under a place of a text, from byte to byte. A place that
// was cut off hides it.
func PlaceMark(field *canvas.Rectangle, role Role, text *canvas.Text, place [2]int) {
	from, to := place[0], min(place[1], len(text.Text))
	field.Hidden = from >= to
	if field.Hidden {
		return
	}
	left := MeasureText(role, text.Text[:from]).Width
	width := MeasureText(role, text.Text[from:to]).Width
	field.FillColor, field.CornerRadius = Color(ColorMatch), 3
	field.Move(text.Position().AddXY(left-1, 0))
	field.Resize(fyne.NewSize(width+2, text.MinSize().Height))
}
