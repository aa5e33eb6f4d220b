package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// samplesForm is where a person says where a made callback goes, and how it is
// made.
type samplesForm struct {
	state *viewmodel.Samples

	root   fyne.CanvasObject
	stack  *fyne.Container
	places *kit.Segmented
	to     *kit.Entry
	toBox  fyne.CanvasObject
	toTold *kit.Paragraph
	order  *kit.Entry
	proof  *kit.Select
	values *kit.Multiline
	told   *kit.Paragraph
	speeds *kit.Segmented
	speed  fyne.CanvasObject
}

// samplePlaces are where it goes.
var samplePlaces = []kit.Segment{{ID: "here", Title: "Hookglass itself"}, {ID: "app", Title: "Your app"}}

func newSamplesForm(app *viewmodel.App) *samplesForm {
	f := &samplesForm{state: app.Samples}
	change := func(write func(f *viewmodel.SampleFields, text string)) func(string) {
		return func(text string) { f.state.Change(func(fields *viewmodel.SampleFields) { write(fields, text) }) }
	}
	f.places = kit.NewSegmented(samplePlaces, change(func(f *viewmodel.SampleFields, id string) { f.Here = id == "here" }))
	f.to = kit.NewEntry(kit.EntrySpec{
		Icon: "server", Placeholder: "http://localhost:3000", Mono: true,
		OnChange: change(func(f *viewmodel.SampleFields, text string) { f.To = text }),
		OnSubmit: func(string) { f.state.Send() },
	})
	f.toBox = kit.Fixed(0, 30, f.to)
	f.toTold = kit.NewParagraph(kit.RoleSmall, kit.Muted, "")
	f.order = kit.NewEntry(kit.EntrySpec{
		Placeholder: "A new one", OnChange: change(func(f *viewmodel.SampleFields, text string) { f.Order = text }),
		OnSubmit: func(string) { f.state.Send() },
	})
	f.proof = kit.NewSelect(options(viewmodel.SampleProofs), "", change(func(f *viewmodel.SampleFields, id string) { f.Proof = id }))
	f.values = kit.NewMultiline(2, "payment.status=FAILED", change(func(f *viewmodel.SampleFields, text string) { f.Values = text }))
	f.told = kit.NewParagraph(kit.RoleSmall, kit.Muted, "")
	f.speeds = kit.NewSegmented(segments(viewmodel.SampleSpeeds), change(func(f *viewmodel.SampleFields, id string) { f.Speed = id }))
	f.speed = kit.HRow(10, kit.NewText(kit.RoleSmall, kit.Secondary, "How fast"), f.speeds)
	place := kit.Fixed(0, 30, kit.Frame(nil, nil, kit.Pad(0, 2, 8, 2, f.places), nil, f.toBox))
	f.stack = kit.VStack(10,
		labelled("Where to", place, container.New(atLeast(16), f.toTold)),
		kit.Halves(12, labelled("The order that it is about", kit.Fixed(0, 30, f.order)), labelled("Proof of its origin", f.proof)),
		labelled("Values of your own", f.values, container.New(atLeast(16), f.told)),
		f.speed,
	)
	f.root = kit.Pad(18, 12, 18, 12, f.stack)
	return f
}

// update draws what is typed and what is wrong with it.
func (f *samplesForm) update() {
	s := f.state
	place := samplePlaces[1].ID
	if s.Here {
		place = samplePlaces[0].ID
	}
	f.places.SetSelected(place)
	show(f.toBox, !s.Here)
	f.to.SetText(s.To)
	f.order.SetText(s.Order)
	f.proof.SetChosen(s.Proof)
	if f.values.Text() != s.Values {
		f.values.SetText(s.Values)
	}
	f.speeds.SetSelected(s.Speed)
	show(f.speed, s.Stories)
	to, t := s.ToTold(), kit.Muted
	if s.ToProblem != "" {
		to, t = s.ToProblem, kit.Bad
	}
	f.toTold.SetTone(t)
	f.toTold.SetText(to)
	told, t := "A line each: payment.status=FAILED keeps the value's type, items:=[] takes JSON, ?action=paid is the query.", kit.Muted
	if s.Problem != "" {
		told, t = s.Problem, kit.Bad
	}
	f.told.SetTone(t)
	f.told.SetText(told)
	f.stack.Refresh()
}
