package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// shareForm is where a person says what is to leave.
type shareForm struct {
	app   *viewmodel.App
	state *viewmodel.Share

	root, stack *fyne.Container

	scopes  *kit.Segmented
	format  *kit.Select
	says    *kit.Paragraph
	profile *kit.Select
	tells   *kit.Paragraph
	custom  *fyne.Container
	persons *kit.Check
	paths   *kit.Multiline
	headers *kit.Multiline
	regexes *kit.Multiline
	sharer  *kit.Entry
	note    *kit.Multiline
	rules   *kit.Check
	keyed   *kit.Check
	problem *remark
}

// shareLine is the height of a line of small text: room is kept for as many as
// there may be, so that what is below stays where it is.
const shareLine = 18

// profileSays tells what each profile takes out.
var profileSays = map[string]string{
	"secrets":  "Passwords, tokens and keys wherever they stand, and signatures of what that changes. Names, addresses and amounts go along.",
	"personal": "Secrets, and names, addresses, phones, e-mails, amounts and links that show them. A reader can still follow an order: the same value gets the same placeholder.",
	"custom":   "What you name here, besides the secrets.",
	"none":     "All of it goes along as it is. You are asked once more.",
}

func newShareForm(app *viewmodel.App) *shareForm {
	f := &shareForm{app: app, state: app.Share}
	change := func(write func(f *viewmodel.ShareFields, text string)) func(string) {
		return func(text string) { f.state.Change(func(fields *viewmodel.ShareFields) { write(fields, text) }) }
	}
	check := func(label string, write func(f *viewmodel.ShareFields, on bool)) *kit.Check {
		return kit.NewCheck(label, false, func(on bool) {
			f.state.Change(func(fields *viewmodel.ShareFields) { write(fields, on) })
		})
	}
	f.scopes = kit.NewSegmented(nil, change(func(f *viewmodel.ShareFields, id string) { f.Scope = id }))
	formats := make([]kit.Option, 0, len(f.state.Formats()))
	for _, format := range f.state.Formats() {
		formats = append(formats, kit.Option{ID: format.ID, Title: format.Title})
	}
	f.format = kit.NewSelect(formats, "", change(func(f *viewmodel.ShareFields, id string) { f.Format = id }))
	f.says = kit.NewParagraph(kit.RoleSmall, kit.Muted, "")
	f.profile = kit.NewSelect(options(viewmodel.ShareProfiles), "", change(func(f *viewmodel.ShareFields, id string) { f.Profile = id }))
	f.tells = kit.NewParagraph(kit.RoleSmall, kit.Muted, "")
	f.persons = check("Personal data too", func(f *viewmodel.ShareFields, on bool) { f.Persons = on })
	f.paths = kit.NewMultiline(2, "$.customer.reference", change(func(f *viewmodel.ShareFields, text string) { f.Paths = text }))
	f.headers = kit.NewMultiline(2, "X-Shop-Id", change(func(f *viewmodel.ShareFields, text string) { f.Headers = text }))
	f.regexes = kit.NewMultiline(2, "INV-[0-9]+", change(func(f *viewmodel.ShareFields, text string) { f.Regexes = text }))
	f.problem = newRemark()
	f.problem.changed = func() { f.stack.Refresh() }
	f.custom = kit.VStack(8, f.persons,
		labelled("Places in the body or the query, a line each", f.paths),
		labelled("Header fields, a line each", f.headers),
		labelled("Patterns over all text, a line each", f.regexes), f.problem.object)
	f.sharer = kit.NewEntry(kit.EntrySpec{Placeholder: "Nobody is named", OnChange: change(func(f *viewmodel.ShareFields, text string) { f.Sharer = text })})
	f.note = kit.NewMultiline(2, "For whoever opens it", change(func(f *viewmodel.ShareFields, text string) { f.Note = text }))
	f.rules = check("The rules go along", func(f *viewmodel.ShareFields, on bool) { f.Rules = on })
	f.keyed = check("I can prove later that it was captured here", func(f *viewmodel.ShareFields, on bool) { f.Keyed = on })
	f.stack = kit.VStack(14,
		labelled("What goes along", kit.HRow(0, f.scopes)),
		labelled("Format", f.format, container.New(atLeast(2*shareLine), f.says)),
		labelled("What is taken out before", f.profile, container.New(atLeast(3*shareLine), f.tells)),
		f.custom,
		labelled("From", kit.Fixed(0, 30, f.sharer)),
		labelled("Note", f.note),
		kit.VStack(4, f.rules, f.keyed,
			kit.NewParagraph(kit.RoleSmall, kit.Muted, "A code that only your key can make goes along with each callback; it tells nobody else anything.")))
	f.root = container.NewStack(kit.VScroll(kit.Pad(18, 14, 18, 16, f.stack)))
	return f
}

// update draws what is chosen and what is wrong with it.
func (f *shareForm) update() {
	s := f.state
	f.scopes.SetSegments(segments(s.Scopes()))
	f.scopes.SetSelected(s.Scope)
	f.format.SetChosen(s.Format)
	for _, format := range s.Formats() {
		if format.ID == s.Format {
			f.says.SetText(format.Says)
		}
	}
	f.profile.SetChosen(s.Profile)
	f.tells.SetText(profileSays[s.Profile])
	t := kit.Muted
	if s.Profile == "none" {
		t = kit.Warn
	}
	f.tells.SetTone(t)
	show(f.custom, s.Profile == "custom")
	f.persons.SetOn(s.Persons)
	for _, field := range []struct {
		area *kit.Multiline
		text string
	}{{f.paths, s.Paths}, {f.headers, s.Headers}, {f.regexes, s.Regexes}, {f.note, s.Note}} {
		if field.area.Text() != field.text {
			field.area.SetText(field.text)
		}
	}
	f.problem.say(s.Problem, "")
	f.sharer.SetText(s.Sharer)
	f.rules.SetOn(s.Rules)
	f.keyed.SetOn(s.Keyed)
	f.stack.Refresh()
}
