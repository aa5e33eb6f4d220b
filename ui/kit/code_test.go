package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// window shows an object alone in a window of a size.
func codeWindow(t testing.TB, o fyne.CanvasObject, width, height float32, a Appearance) fyne.Window {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(NewTheme(a))
	w := app.NewWindow("")
	w.SetPadded(false)
	w.SetContent(Fill(ColorGround, o))
	w.Resize(fyne.NewSize(width, height))
	t.Cleanup(w.Close)
	return w
}

const codeSample = `{
  "id": 46140204,
  "ref": "8679131463FC8D18",
  "status": 8,
  "done": true, "none": null,
  "new_shipments": [
    {
      "tracking": "H023YA0000361469",
      "items": [
        {
          "quantity": 1.50e+3
        }
      ]
    }
  ],
  "name": "Jānis Bērziņš café",
  "odd": "a` + "\u202eb\u200bc\x01\xff" + `d	tab",
  "end": []
}`

func TestCodeLooks(t *testing.T) {
	bothLooks(t, "code", 640, 370, func() fyne.CanvasObject {
		c := NewCode(CodeSpec{})
		c.SetText(NewCodeText([]byte(codeSample), SyntaxJSON))
		place := func(text string) int { return strings.Index(codeSample, text) }
		c.SetMatches([]int32{3, int32(place("tracking")), int32(place("items"))}, 5, 1)
		c.Select(place("status"), place("none"))
		return Fill(ColorGround, c)
	})
}

func TestHexLooks(t *testing.T) {
	bothLooks(t, "hex", 660, 160, func() fyne.CanvasObject {
		h := NewHex(HexSpec{})
		h.SetBytes([]byte("PK\x03\x04\x14\x00\x00\x00\b\x00 \xc3\xa4 label.pdf\r\n\x00\x00\x00\xff\xfe\x7f and text that goes on a while, over lines"))
		h.SetMatches([]int32{14}, 5, 0)
		h.Reveal(40)
		return Fill(ColorGround, h)
	})
}

func TestTreeLooks(t *testing.T) {
	children := map[int][]TreeNode{
		0: {
			{ID: 1, Key: "id", Value: "46140204", Syntax: TreeNumber},
			{ID: 2, Key: "name", Value: "\"J\u0101nis a\u202eb\"", Syntax: TreeString},
			{ID: 3, Key: "done", Value: "true", Syntax: TreeLiteral},
			{ID: 4, Key: "items", Value: "[1]", Syntax: TreeNote, Branch: true},
			{ID: 5, Key: "long", Value: "\"" + strings.Repeat("long ", 40) + "\"", Syntax: TreeString},
		},
		4: {{ID: 6, Key: "0", Index: true, Value: "{2}", Syntax: TreeNote, Branch: true}},
	}
	bothLooks(t, "tree", 460, 200, func() fyne.CanvasObject {
		tree := NewTree(TreeSpec{Children: func(n TreeNode) []TreeNode { return children[n.ID] }})
		tree.SetRoots([]TreeNode{{Value: "{5}", Syntax: TreeNote, Branch: true}})
		tree.Select(2)
		return Fill(ColorGround, tree)
	})
}
