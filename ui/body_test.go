package ui

import (
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"hookglass/capture"
	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// bodyRequest is a request with a body.
func bodyRequest(t *testing.T, contentType, body string) capture.Request {
	t.Helper()
	r, err := capture.ReadRequest([]byte("POST /hooks/x HTTP/1.1\r\nHost: h\r\nAuthorization: Basic c2VjcmV0\r\nContent-Type: " + contentType + "\r\n\r\n" + body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const oddText = "{\"odd\":\"a\u202eb\u200bc\u00a0d\",\n \"tab\":\t1,}"

// TestBodyLooks compares the panes of the body with pictures.
func TestBodyLooks(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	form := "order=PS-1001&status=shipped&note=two+lines%0Ahere&empty="
	parts := "--x\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"a\":[1,true]}\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"label.bin\"\r\n\r\n\x00\x01label\r\n--x--\r\n"
	for _, c := range []struct {
		name, fixture, contentType, body string
		tab                              string
		then                             func(b *viewmodel.Body)
		width, height                    float32
		golden                           bool
	}{
		{"pretty", "kornitx/dispatched", "", "", viewmodel.TabBody, func(b *viewmodel.Body) { b.SetQuery("ref") }, 840, 640, true},
		{"tree", "kornitx/dispatched", "", "", viewmodel.TabBody, func(b *viewmodel.Body) { b.Select(viewmodel.ViewTree) }, 840, 560, true},
		{"raw", "kornitx/dispatched", "", "", viewmodel.TabBody, func(b *viewmodel.Body) { b.Select(viewmodel.ViewRaw) }, 840, 400, false},
		{"hex", "kornitx/dispatched", "", "", viewmodel.TabBody, func(b *viewmodel.Body) { b.Select(viewmodel.ViewHex); b.SetQuery("ref") }, 840, 480, true},
		{"wrong", "", "application/json", oddText, viewmodel.TabBody, nil, 840, 360, true},
		{"form", "", "application/x-www-form-urlencoded", form, viewmodel.TabBody, nil, 840, 360, false},
		{"parts", "", "multipart/form-data; boundary=x", parts, viewmodel.TabBody, nil, 840, 480, false},
		{"xml", "", "text/xml", "<order id=\"1\"><!-- c --><item><ref>A&amp;B</ref></item></order>", viewmodel.TabBody, nil, 840, 400, false},
		{"binary", "", "text/plain", "gr\xfc\xdf aus M\xfcnchen", viewmodel.TabBody, nil, 840, 360, false},
		{"none", "", "text/plain", "", viewmodel.TabBody, nil, 840, 400, false},
		{"narrow", "kornitx/dispatched", "", "", viewmodel.TabBody, nil, 500, 560, false},
		{"wire", "", "application/json", `{"id":7,"lines":[1,2,3]}`, viewmodel.TabRaw, nil, 840, 400, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newDetailBench(t)
			b.Detail.Select(c.tab)
			var pane fyne.CanvasObject = newBodyPane(b.App)
			if c.tab == viewmodel.TabRaw {
				pane = newRawPane(b.App)
			}
			if c.fixture != "" {
				b.open(t, b.record(t, c.fixture, nil))
			} else {
				b.open(t, b.keep(t, bodyRequest(t, c.contentType, c.body), nil))
			}
			if c.then != nil {
				c.then(b.Detail.Body)
				b.run(t, func() bool { return b.Detail.Body.Find.Count != "…" })
			}
			if c.golden || os.Getenv("HOOKGLASS_SHOTS") != "" {
				draw(t, "body-"+c.name, c.width, c.height, kit.Fill(kit.ColorGround, pane))
				return
			}
			w := test.NewTempWindow(t, pane)
			w.Resize(fyne.NewSize(c.width, c.height))
			if w.Canvas().Capture().Bounds().Empty() {
				t.Error("nothing is drawn")
			}
		})
	}
}

// TestBodyPaneByHand types, looks for, selects and copies as a person does.
func TestBodyPaneByHand(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	b := newDetailBench(t)
	var copied string
	b.Screen.Copy = func(text string) { copied = text }
	b.Detail.Select(viewmodel.TabBody)
	pane := newBodyPane(b.App)
	w := test.NewTempWindow(t, pane)
	w.Resize(fyne.NewSize(840, 400))
	body := b.Detail.Body
	b.open(t, b.keep(t, bodyRequest(t, "application/json", `{"list":[{"ref":"A"},{"ref":"B"}],"ref":"C"}`), nil))
	found := func() bool { return body.Find.Count != "…" }

	pane.focusFind()
	test.Type(w.Canvas().Focused(), "ref")
	b.run(t, found)
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got, want := body.Find.Count, "2 of 3"; got != want {
		t.Errorf("found %q, want %q", got, want)
	}
	if got, want := pane.code.Caret(), int(body.Find.Offsets[1]); got != want {
		t.Errorf("the caret is at %d, want %d", got, want)
	}
	path := func() string {
		copied = ""
		b.Commands.Do("body.copy.path")
		b.run(t, func() bool { return copied != "" })
		return copied
	}
	if got, want := path(), "$.list[1].ref"; got != want {
		t.Errorf("path %q, want %q", got, want)
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if body.Find.Query != "" || len(body.Find.Offsets) != 0 {
		t.Errorf("Escape left %q", body.Find.Query)
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.Canvas().Focused() != fyne.Focusable(pane.code) {
		t.Errorf("a second Escape leads to %T", w.Canvas().Focused())
	}

	pane.code.TypedShortcut(&fyne.ShortcutSelectAll{})
	pane.code.TypedShortcut(&fyne.ShortcutCopy{})
	if copied != string(body.Text.Bytes) {
		t.Errorf("copied %q", copied)
	}
	body.Select(viewmodel.ViewTree)
	pane.focus()
	for _, name := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyDown} {
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
	}
	if got, want := path(), "$.list[0].ref"; got != want {
		t.Errorf("path in the tree %q, want %q", got, want)
	}
	body.Select(viewmodel.ViewHex)
	pane.hex.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	pane.hex.TypedShortcut(&fyne.ShortcutCopy{})
	if copied != "22" {
		t.Errorf("copied %q of the bytes", copied)
	}
}
