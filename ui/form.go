package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hookglass/ui/kit"
)

// remark is the line under an entry: what is wrong with it, else what follows
// from it. Without words it takes no room.
type remark struct {
	object  *kit.Paragraph
	text    string
	changed func() // the words are others, so that what is below may have to move; may be nil
}

func newRemark() *remark {
	r := &remark{object: kit.NewParagraph(kit.RoleSmall, kit.Muted, "")}
	r.object.Hide()
	return r
}

// say shows a problem, else a note.
func (r *remark) say(problem, note string) {
	if problem != "" {
		r.tell(kit.Bad, problem)
	} else {
		r.tell(kit.Muted, note)
	}
}

func (r *remark) tell(tone kit.Tone, text string) {
	r.object.SetTone(tone)
	if r.text == text {
		return
	}
	r.text = text
	r.object.SetText(text)
	if text == "" {
		r.object.Hide()
	} else {
		r.object.Show()
	}
	if r.changed != nil {
		r.changed()
	}
}

// codeBox is a line in the code's font on a raised ground, with a button that
// copies it. The line is cut where it is too long; what is copied is not.
func codeBox(text string, copied func()) fyne.CanvasObject {
	return codeBoxIn(kit.RoleMono, text, copied)
}

// codeBoxIn is codeBox in a size of its own.
func codeBoxIn(role kit.Role, text string, copied func()) fyne.CanvasObject {
	words := kit.NewShrinkingText(role, kit.Plain, text)
	words.Address = strings.HasPrefix(text, "http")
	row := kit.HRow(8, words, kit.Spacer(),
		kit.NewButton(kit.ButtonSpec{Icon: "copy", Tip: "Copy", Tone: kit.Secondary, OnTap: copied}))
	return container.NewStack(kit.NewCard(kit.ColorRaised, kit.ColorLine, 6), kit.Pad(10, 2, 3, 2, row))
}

// navRow is a line of a list of pages: a mark, a title, and a block behind it
// where it is the one that is shown.
type navRow struct {
	widget.BaseWidget
	kit.Pressable

	title    string
	mark     fyne.CanvasObject
	selected bool

	ground *kit.Surface
	text   *kit.Text
}

func newNavRow(title string, mark fyne.CanvasObject, onTap func()) *navRow {
	r := &navRow{title: title, mark: mark}
	r.OnPress, r.Changed = onTap, r.show
	r.ground = kit.NewCard(kit.ColorSelected, "", 6)
	r.text = kit.NewShrinkingText(kit.RoleBody, kit.Secondary, title)
	r.ExtendBaseWidget(r)
	r.show()
	return r
}

func (r *navRow) setSelected(selected bool) {
	if r.selected != selected {
		r.selected = selected
		r.show()
	}
}

func (r *navRow) show() {
	tone, name := kit.Secondary, kit.ColorHover
	if r.selected {
		tone, name = kit.Plain, kit.ColorSelected
	}
	r.text.SetTone(tone)
	r.ground.SetColor(name)
	if r.selected || r.Hovered || r.Focused {
		r.ground.Show()
	} else {
		r.ground.Hide()
	}
}

// AccessibilityLabel is the title.
func (r *navRow) AccessibilityLabel() string { return r.title }

// CreateRenderer is for Fyne.
func (r *navRow) CreateRenderer() fyne.WidgetRenderer {
	row := kit.HRow(8, kit.Fixed(16, 0, container.NewCenter(r.mark)), r.text)
	return widget.NewSimpleRenderer(container.NewStack(r.ground, kit.Fixed(0, 28, kit.Pad(8, 0, 8, 0, row))))
}

// hueDot is the dot in the colour of a sender.
func hueDot(hue int) fyne.CanvasObject { return kit.NewDot(kit.HueName(hue), 8) }
