package viewmodel

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"
)

// commands are what can be done with the body.
func (b *Body) commands() []Command {
	there := func() bool { return b.exchange != nil && len(b.exchange.Request.Body) > 0 }
	made := func() bool { return there() && b.made != nil }
	found := func() bool { return there() && len(b.Find.Offsets) > 0 }
	shown := func(run func()) func() {
		return func() {
			b.app.Detail.Select(TabBody)
			run()
		}
	}
	list := []Command{
		{
			ID: "body.find", Title: "Find in the body", Place: "Body", Icon: "search", Keys: []Key{"Mod+F"},
			Ready: there, Run: shown(func() { b.app.Screen.Focus(PaneFind) }),
		},
		{ID: "body.next", Title: "Find the next place", Place: "Body", Icon: "arrow-down", Keys: []Key{"F3"}, Ready: found, Run: shown(b.Next)},
		{ID: "body.previous", Title: "Find the place before", Place: "Body", Icon: "arrow-up", Keys: []Key{"Shift+F3"}, Ready: found, Run: shown(b.Previous)},
		{ID: "body.copy", Title: "Copy the body as it came", Place: "Body", Icon: "copy", Ready: made, Run: b.CopyRaw},
		{
			ID: "body.copy.pretty", Title: "Copy the body, indented", Place: "Body", Icon: "braces",
			Ready: func() bool { return made() && b.made.pretty != nil }, Run: b.CopyPretty,
		},
		{ID: "body.copy.value", Title: "Copy the value under the caret", Place: "Body", Icon: "copy", Ready: b.HasPath, Run: b.CopyValue},
		{ID: "body.copy.path", Title: "Copy the path of the value under the caret", Place: "Body", Icon: "list-tree", Ready: b.HasPath, Run: b.CopyPath},
		{ID: "body.save", Title: "Save the body …", Place: "Body", Icon: "download", Ready: made, Run: b.Save},
		{ID: "body.filter", Title: "Filter by the value under the caret", Place: "Body", Icon: "funnel", Ready: b.HasPath, Run: func() { b.filterBy(false) }},
		{ID: "body.filter.not", Title: "Filter: not the value under the caret", Place: "Body", Icon: "circle-x", Ready: b.HasPath, Run: func() { b.filterBy(true) }},
		{
			ID: "body.save.sent", Title: "Save the body as it was sent, encoded …", Place: "Body", Icon: "download",
			Ready: func() bool { return made() && b.made.coding != "" }, Run: b.SaveSent,
		},
	}
	icons := map[string]string{ViewPretty: "braces", ViewTree: "list-tree", ViewRaw: "text", ViewHex: "binary"}
	for _, v := range bodyViews(nil) {
		list = append(list, Command{
			ID: "body." + v.ID, Title: "Body: " + v.Title, Place: "Body", Icon: icons[v.ID],
			Ready: func() bool { return made() && !bodyViewOff(b.Views, v.ID) },
			Run:   shown(func() { b.Select(v.ID) }),
		})
	}
	return list
}

func bodyViewOff(views []BodyView, id string) bool {
	for _, v := range views {
		if v.ID == id {
			return v.Off
		}
	}
	return true
}

// Ready reports whether there is a body to copy or to save.
func (b *Body) Ready() bool { return b.made != nil }

// HasPath reports whether what is shown has values with paths.
func (b *Body) HasPath() bool {
	return b.made != nil && b.made.json && (b.Tree != nil || b.Text != nil)
}

// CopyText copies what was selected.
func (b *Body) CopyText(text string) {
	if b.app.copy(text, "Copied "+byteCount(int64(len(text)))+".") && !utf8.ValidString(text) {
		b.app.Notices.Say(Warn, "What is selected is no valid UTF-8: the bytes that are none were replaced.", "", nil)
	}
}

// CopyRaw copies the body as it came, without its Content-Encoding. Bytes that
// are no text are not copied: the clipboard would spoil them.
func (b *Body) CopyRaw() {
	switch {
	case b.made == nil:
	case b.made.kind == kindBinary || b.made.invalid >= 0:
		b.app.Notices.Say(Warn, "Not copied: the body is no text. It can be saved.", "", nil)
	default:
		b.app.copy(string(b.made.decoded), "Copied the body, "+byteCount(int64(len(b.made.decoded)))+".")
	}
}

// CopyPretty copies the body as the Pretty view shows it.
func (b *Body) CopyPretty() {
	if b.made == nil || b.made.pretty == nil {
		return
	}
	b.app.copy(string(b.made.pretty.Bytes), "Copied the body, indented.")
}

// CopyShown copies the body as the view shows it: indented, or as it came.
func (b *Body) CopyShown() {
	if b.made != nil && b.View == ViewPretty && b.made.pretty != nil {
		b.CopyPretty()
		return
	}
	b.CopyRaw()
}

// CopyValue copies the value under the caret, or of the node of the tree.
func (b *Body) CopyValue() {
	b.atCaret(func(value, _ string) {
		b.app.copy(value, "Copied the value, "+byteCount(int64(len(value)))+".")
	})
}

// CopyPath copies where that value stands: "$.new_shipments[0].tracking".
func (b *Body) CopyPath() {
	b.atCaret(func(_, path string) {
		if path == "" {
			b.app.Notices.Say(Warn, "Not copied: that is the whole body, which has no path.", "", nil)
			return
		}
		if !strings.HasPrefix(path, "[") {
			path = "." + path
		}
		path = "$" + path
		b.app.copy(path, "Copied the path "+shorten(path, 60)+".")
	})
}

// filterBy filters by the value under the caret, or of the node of the tree.
func (b *Body) filterBy(not bool) {
	b.atCaret(func(value, _ string) {
		term := bodyTerm(value)
		if term == "" {
			b.app.Notices.Say(Warn, "Nothing to filter by: a value with words of up to "+strconv.Itoa(maxTermValue)+" bytes is needed.", "", nil)
			return
		}
		b.app.FilterBy(term, not)
	})
}

// atCaret finds the value under the caret, off the screen's goroutine.
func (b *Body) atCaret(then func(value, path string)) {
	switch {
	case !b.HasPath():
		return
	case b.Tree != nil:
		then(b.Tree.Value(b.node), b.Tree.Path(b.node))
		return
	}
	text, caret := b.Text.Bytes, b.caret
	if b.Text == b.made.raw {
		skipped := len(b.made.decoded) - len(b.made.jsonText())
		text, caret = b.made.jsonText(), max(caret-skipped, 0)
	}
	serial := b.serial
	b.app.run(func(context.Context) func() {
		at, ok := jsonAt(text, caret)
		return func() {
			if ok && serial == b.serial {
				then(valueText(text[at.start:at.end]), at.path)
			}
		}
	})
}

// Save asks for a file and writes the body into it, without its
// Content-Encoding.
func (b *Body) Save() {
	if b.made != nil {
		b.app.Screen.Save(b.fileName(b.made.extension()), b.made.decoded)
	}
}

// SaveSent saves the body as it was sent.
func (b *Body) SaveSent() {
	if b.made != nil {
		end := b.made.extension()
		if b.made.coding == "gzip" {
			end += ".gz"
		} else if b.made.coding != "" {
			end += ".encoded"
		}
		b.app.Screen.Save(b.fileName(end), b.made.sent)
	}
}
