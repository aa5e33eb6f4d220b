package probo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

// glance is what is told of a body at a glance.
type glance struct {
	status, message, order, id, number, page gjson.Result
	file, packages, products                 gjson.Result
	uploader                                 bool
}

func glanceAt(root gjson.Result) (g glance) {
	root.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "status":
			g.status = value
		case "message":
			g.message = value
		case "order":
			g.order = value
		case "file":
			g.file = value
		case "shipped_packages":
			g.packages = value
		case "products":
			g.products = value
		}
		return true
	})
	if g.order.IsObject() {
		g.id, g.number, g.page = g.order.Get("id"), g.order.Get("supplier_order_number"), g.order.Get("status_page_url")
	}
	if g.products.IsArray() && g.status.Exists() {
		first := g.products.Get("0")
		g.uploader = first.Get("front_side").Exists() || first.Get("tiling_format").Exists() || first.Get("tiles").Exists()
	}
	return g
}

func (g *glance) event() string {
	if g.uploader {
		return eventName("uploader", providers.Scalar(g.status))
	}
	return eventName("order", providers.Scalar(g.status))
}

func (g *glance) title() string {
	table := statuses
	if g.uploader {
		table = uploads
	}
	sent := providers.Scalar(g.status)
	if s, ok := table[bare(sent)]; ok {
		return s.title
	}
	if sent == "" {
		return "Callback without a status"
	}
	return sent
}

// orderKey is the shop's own id; Probo only "tries" to add it, so its own number
// stands in.
func (g *glance) orderKey() string {
	if id := providers.Scalar(g.id); id != "" {
		return id
	}
	return providers.Scalar(g.number)
}

func (g *glance) barcodes() []string {
	var codes []string
	g.packages.ForEach(func(_, p gjson.Result) bool {
		if code := providers.Scalar(p.Get("barcode")); code != "" {
			codes = append(codes, code)
		}
		return true
	})
	slices.Sort(codes)
	return slices.Compact(codes)
}

// exists reports whether the message says that the order was refused because
// its id is taken.
func (g *glance) exists() bool {
	return bare(providers.Scalar(g.status)) == "not_accepted" && !g.file.Exists() && strings.Contains(strings.ToLower(g.message.Str), "already exist")
}

func read(c *providers.Callback) providers.Reading {
	g := glanceAt(c.Object())
	event := g.event()
	if pinned := c.PinnedEvent(); pinned != "" {
		event = pinned
	}
	r := providers.Reading{Event: event, Order: g.orderKey(), Notes: g.notes()}
	if m := c.Request.Method; m != "POST" {
		r.Notes = append(r.Notes, "Probo sends POST; this is "+m)
	}
	if _, ok := c.Request.Header.First("X-Security-Header"); ok {
		r.Notes = append(r.Notes, "X-Security-Header is there; Probo does not document it, so it is not checked")
	}
	if g.uploader {
		r.Delivery = g.uploadKey()
		r.Summary = providers.Line(g.title(), providers.Counted(g.products, "product"))
		return r
	}
	if r.Order != "" {
		r.Delivery = strings.Join(append([]string{r.Order, bare(providers.Scalar(g.status)), providers.Scalar(g.file.Get("id"))}, g.barcodes()...), "|")
	}
	refused := ""
	switch {
	case g.file.Exists():
		refused = strings.TrimSpace("file "+providers.Scalar(g.file.Get("id"))) + " rejected"
	case g.exists():
		refused = "the id exists already"
	}
	r.Summary = providers.Line(g.title(), providers.Named("order", r.Order), refused, providers.Counted(g.packages, "package"))
	return r
}

// uploadKey tells uploader sessions apart by the files in them, for a session
// has no id of its own in the callback.
func (g *glance) uploadKey() string {
	parts := []string{"uploader", providers.Scalar(g.status)}
	g.products.ForEach(func(_, p gjson.Result) bool {
		if hash := providers.Scalar(p.Get("front_side.file.original_file_hash")); hash != "" {
			parts = append(parts, providers.Scalar(p.Get("id"))+":"+hash)
		}
		return true
	})
	if len(parts) == 2 {
		return ""
	}
	return strings.Join(parts, "|")
}

// notes are what a reader of this callback should know.
func (g *glance) notes() []string {
	var notes []string
	if g.exists() {
		notes = append(notes, "the id is taken: the first order with it exists and goes on; this is only about the second attempt")
	}
	n := -1
	g.packages.ForEach(func(_, p gjson.Result) bool {
		n++
		barcode, address := providers.Scalar(p.Get("barcode")), providers.Scalar(p.Get("tracking_url"))
		if barcode != "" && address != "" && !strings.Contains(address, barcode) && len(notes) < maxNotes {
			notes = append(notes, fmt.Sprintf("shipped_packages[%d]: barcode and tracking_url disagree; neither is derived from the other", n))
		}
		return true
	})
	return notes
}

// maxNotes bounds the notes on packages.
const maxNotes = 10

// statusNote makes the note on a status in a decoding.
func statusNote(table map[string]status) func(v gjson.Result) string {
	return func(v gjson.Result) string {
		s, ok := table[bare(providers.Text(v))]
		switch {
		case !ok:
			return "a status that is not known here"
		case s.note != "":
			return s.title + ": " + s.note
		}
		return s.title
	}
}

func decode(c *providers.Callback) capture.Decoding {
	root, err := c.JSON()
	if err != nil {
		return providers.Undecoded(c, err)
	}
	g := glanceAt(root)
	d := capture.Decoding{Title: g.title()}
	if g.uploader {
		d.Sections = []capture.Section{
			{Title: "Upload", Facts: providers.Facts(root, "", uploadFields)},
			{Title: "Products", Rows: providers.Rows(g.products, "products", productFields)},
		}
	} else {
		d.Sections = providers.Sections(
			capture.Section{Title: "Order", Facts: providers.Facts(root, "", orderFields)},
			capture.Section{Title: "Packages", Rows: providers.Rows(g.packages, "shipped_packages", packageFields)},
		)
	}
	d.Unknown = providers.Unknown(root, d.Sections)
	return d
}
