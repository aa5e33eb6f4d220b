package kit

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"

	"hookglass/assets"
)

// Icon is the name of an embedded icon: "search", "shield-check".
type Icon string

// iconKey is what one picture of an icon differs by from another.
type iconKey struct {
	icon  Icon
	color color.NRGBA
	side  int // in pixels of the screen
	small bool
}

// iconCache keeps the pictures that were asked for: icons, times the colours of
// two palettes, times a few sizes.
type iconCache struct {
	mu   sync.Mutex
	made map[iconKey]image.Image
}

var icons = iconCache{made: map[iconKey]image.Image{}}

// picture is an icon in a colour and size. It is drawn here because Fyne recolours
// fills only, and these are strokes; and because its reader draws strokes in
// pixels of the screen, so that they would be thin or thick by chance. An unknown
// icon is nil.
func (c *iconCache) picture(key iconKey) image.Image {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.made[key]; ok {
		return p
	}
	p, err := drawIcon(key)
	if err != nil {
		p = nil
	}
	c.made[key] = p
	return p
}

func drawIcon(key iconKey) (image.Image, error) {
	f, err := assets.Icons.Open("icons/" + string(key.icon) + ".svg")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	hex := fmt.Sprintf("#%02X%02X%02X", key.color.R, key.color.G, key.color.B)
	svg, err := oksvg.ReadReplacingCurrentColor(f, hex)
	if err != nil {
		return nil, fmt.Errorf("icon %s: %w", key.icon, err)
	}
	svg.SetTarget(0, 0, float64(key.side), float64(key.side))
	for i := range svg.SVGPaths {
		svg.SVGPaths[i].LineWidth = key.stroke()
	}
	area := image.NewRGBA(image.Rect(0, 0, key.side, key.side))
	svg.Draw(rasterx.NewDasher(key.side, key.side, rasterx.NewScannerGV(key.side, key.side, area, area.Bounds())), 1)
	return area, nil
}

// stroke is how many pixels the strokes of an icon take: a twelfth of it, and a
// little more where it is small and stands beside a text.
func (k iconKey) stroke() float64 {
	if k.small {
		return float64(k.side) * 2.25 / 24
	}
	return float64(k.side) / 12
}

// smallIcon is the largest size of those that stand beside a text. They share one
// picture of twice the size, which Fyne scales down: it need not be drawn again
// for one that is placed after its icon was set.
const smallIcon = 18

// iconSide is how many pixels a length takes on the screen.
func iconSide(length float32) int {
	if shell.Canvas != nil {
		length *= shell.Canvas.Scale()
	}
	return int(math.Round(float64(length)))
}

// IconView draws an icon in a square.
type IconView struct {
	widget.BaseWidget

	icon  Icon
	name  fyne.ThemeColorName
	width float32
}

// NewIcon makes an icon of a size.
func NewIcon(icon Icon, tone Tone, size float32) *IconView {
	v := &IconView{icon: icon, name: tone.name(), width: size}
	v.ExtendBaseWidget(v)
	return v
}

// SetIcon changes the icon.
func (v *IconView) SetIcon(icon Icon) {
	if v.icon != icon {
		v.icon = icon
		v.Refresh()
	}
}

// SetTone changes the colour.
func (v *IconView) SetTone(tone Tone) { v.SetColor(tone.name()) }

// SetColor changes the colour to a named one.
func (v *IconView) SetColor(name fyne.ThemeColorName) {
	if v.name != name {
		v.name = name
		v.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (v *IconView) CreateRenderer() fyne.WidgetRenderer {
	r := &iconRenderer{view: v, image: newImage()}
	r.Refresh()
	return r
}

type iconRenderer struct {
	view  *IconView
	image *canvas.Image
}

func (r *iconRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(r.view.width) }

func (r *iconRenderer) Layout(size fyne.Size) {
	r.image.Resize(fyne.NewSquareSize(r.view.width))
	r.image.Move(fyne.NewPos((size.Width-r.view.width)/2, (size.Height-r.view.width)/2))
}

func (r *iconRenderer) Refresh() {
	setIcon(r.image, r.view.icon, r.view.name, r.view.width)
	r.Layout(r.view.Size())
}

func (r *iconRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.image} }
func (r *iconRenderer) Destroy()                     {}

// newImage makes the image that an icon is drawn in.
func newImage() *canvas.Image { return &canvas.Image{FillMode: canvas.ImageFillContain} }

// SetImageIcon shows an icon in an image that somebody places by hand; it does
// nothing where the image shows it already. "" and an unknown icon show nothing.
func SetImageIcon(view *canvas.Image, icon Icon, name fyne.ThemeColorName) {
	setIcon(view, icon, name, view.Size().Width)
}

func setIcon(view *canvas.Image, icon Icon, name fyne.ThemeColorName, size float32) {
	c, ok := color.NRGBAModel.Convert(Color(name)).(color.NRGBA)
	var picture image.Image
	if icon != "" && ok {
		key := iconKey{icon, c, iconSide(2 * 16), true}
		if size > smallIcon {
			key.side, key.small = iconSide(size), false
		}
		picture = icons.picture(key)
	}
	if picture == nil {
		view.Hide()
		return
	}
	view.Show()
	if view.Image != picture {
		view.Image = picture
		view.Refresh()
	}
}
