package probo

import (
	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

var orderFields = []providers.Known{
	{Path: "status", Label: "Status", Kind: capture.KindCode, Note: statusNote(statuses)},
	{Path: "message", Label: "Message"},
	{Path: "order", Label: "Order", Parts: true},
	{Path: "order.id", Label: "Your order", Kind: capture.KindCode},
	{Path: "order.supplier_order_number", Label: "Probo's order", Kind: capture.KindCode},
	{Path: "order.reference", Label: "Reference"},
	{Path: "order.status_page_url", Label: "Status page", Kind: capture.KindLink, Note: pageNote},
	{Path: "file", Label: "Rejected file", Parts: true},
	{Path: "file.id", Label: "Rejected file", Kind: capture.KindCode},
	{Path: "shipped_packages", Label: "Packages", Parts: true},
}

func pageNote(gjson.Result) string {
	return "a capability link: whoever has it sees the order, it seems without a login (a guess)"
}

var packageFields = []providers.Known{
	{Path: "id", Label: "Package", Kind: capture.KindCode},
	{Path: "barcode", Label: "Barcode", Kind: capture.KindCode},
	{Path: "tracking_url", Label: "Tracking", Kind: capture.KindLink},
}

var uploadFields = []providers.Known{
	{Path: "status", Label: "Status", Kind: capture.KindCode, Note: statusNote(uploads)},
	{Path: "products", Label: "Products", Parts: true},
}

var productFields = []providers.Known{
	{Path: "id", Label: "Product", Kind: capture.KindCode},
	{Path: "front_side", Label: "Front side", Parts: true},
	{Path: "front_side.file", Label: "File", Parts: true},
	{Path: "front_side.file.file_name", Label: "File"},
	{Path: "front_side.file.status", Label: "File status", Kind: capture.KindCode},
	{Path: "front_side.file.size_in_bytes", Label: "Bytes"},
	{Path: "front_side.file.dpi", Label: "DPI"},
	{Path: "front_side.file.page", Label: "Page"},
	{Path: "front_side.file.is_booklet", Label: "Booklet"},
	{Path: "front_side.file.original_file_hash", Label: "Hash", Kind: capture.KindCode},
	{Path: "front_side.file.original_file_url", Label: "Original", Kind: capture.KindLink},
	{Path: "front_side.file.production_file_url", Label: "Production file", Kind: capture.KindLink},
	{Path: "front_side.file.preview_url", Label: "Preview", Kind: capture.KindLink},
	{Path: "front_side.file.preview_medium_url", Label: "Medium preview", Kind: capture.KindLink},
	{Path: "front_side.warnings", Label: "Warnings"},
	{Path: "tiling_format", Label: "Tiling"},
	{Path: "tiles_horizontal", Label: "Tiles across"},
	{Path: "tiles_vertical", Label: "Tiles down"},
	{Path: "tiles", Label: "Tiles"},
}
