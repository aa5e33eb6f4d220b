package mintsoft

import (
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

// group is a titled part of an order.
type group struct {
	title  string
	fields []providers.Known
}

// orderGroups lays out the order object of Mintsoft's API, in the order that a
// person wants.
var orderGroups = []group{
	{"Order", []providers.Known{
		{Path: "OrderNumber", Label: "Order number", Kind: capture.KindCode},
		{Path: "ExternalOrderReference", Label: "Shop's reference", Kind: capture.KindCode},
		{Path: "ID", Label: "Mintsoft order", Kind: capture.KindCode},
		{Path: "OrderStatusId", Label: "Status", Kind: capture.KindCode, Note: statusNote},
		{Path: "Part", Label: "Part"},
		{Path: "NumberOfParts", Label: "Parts"},
		{Path: "CLIENT_CODE", Label: "Client"},
		{Path: "ClientId", Label: "Client id", Kind: capture.KindCode},
		{Path: "WAREHOUSE_CODE", Label: "Warehouse"},
		{Path: "WarehouseId", Label: "Warehouse id", Kind: capture.KindCode},
		{Path: "Channel", Label: "Channel"},
		{Path: "ChannelId", Label: "Channel id", Kind: capture.KindCode},
		{Path: "Source", Label: "Source"},
		{Path: "Tags", Label: "Tags"},
		{Path: "OrderLock", Label: "Locked"},
		{Path: "OrderItems", Label: "Items", Parts: true},
		{Path: "OrderNameValues", Label: "Values", Parts: true},
	}},
	{"Shipment", []providers.Known{
		{Path: "CourierServiceName", Label: "Courier service"},
		{Path: "TrackingNumber", Label: "Tracking number", Kind: capture.KindCode},
		{Path: "TrackingURL", Label: "Tracking", Kind: capture.KindLink},
		{Path: "NumberOfParcels", Label: "Parcels"},
		{Path: "TotalItems", Label: "Items"},
		{Path: "TotalWeight", Label: "Weight"},
		{Path: "CourierServiceTypeId", Label: "Courier service type id", Kind: capture.KindCode},
		{Path: "CourierServiceId", Label: "Courier service id", Kind: capture.KindCode},
	}},
	{"Dates", []providers.Known{
		{Path: "OrderDate", Label: "Ordered", Kind: capture.KindTime, Note: timeNote},
		{Path: "SourceOrderDate", Label: "Ordered at the source", Kind: capture.KindTime, Note: timeNote},
		{Path: "RequiredDespatchDate", Label: "Despatch required by", Kind: capture.KindTime, Note: timeNote},
		{Path: "DespatchDate", Label: "Despatched", Kind: capture.KindTime, Note: timeNote},
		{Path: "RequiredDeliveryDate", Label: "Delivery required by", Kind: capture.KindTime, Note: timeNote},
		{Path: "DespatchedByUser", Label: "Despatched by"},
		{Path: "LastUpdated", Label: "Last updated", Kind: capture.KindTime, Note: timeNote},
		{Path: "LastUpdatedByUser", Label: "Last updated by"},
	}},
	{"Recipient", person},
	{"Money", append([]providers.Known{
		{Path: "Currency", Label: "Currency", Parts: true},
		{Path: "Currency.Code", Label: "Currency"},
		{Path: "Currency.Name", Label: "Currency name"},
		{Path: "Currency.Symbol", Label: "Currency symbol"},
		{Path: "Currency.ID", Label: "Currency's own id", Kind: capture.KindCode},
		{Path: "CurrencyId", Label: "Currency id", Kind: capture.KindCode},
	}, amounts(money...)...)},
}

var person = []providers.Known{
	{Path: "Title", Label: "Title"},
	{Path: "FirstName", Label: "First name"},
	{Path: "LastName", Label: "Last name"},
	{Path: "CompanyName", Label: "Company"},
	{Path: "Address1", Label: "Address"},
	{Path: "Address2", Label: "Address, line 2"},
	{Path: "Address3", Label: "Address, line 3"},
	{Path: "Town", Label: "Town"},
	{Path: "County", Label: "County"},
	{Path: "PostCode", Label: "Postcode"},
	{Path: "Country", Label: "Country", Parts: true},
	{Path: "Country.Name", Label: "Country"},
	{Path: "Country.Code", Label: "Country code"},
	{Path: "Country.Code3", Label: "Country code, three letters"},
	{Path: "Country.ID", Label: "Country's own id"},
	{Path: "CountryId", Label: "Country id"},
	{Path: "Phone", Label: "Phone"},
	{Path: "Mobile", Label: "Mobile"},
	{Path: "Email", Label: "E-mail"},
	{Path: "RecipientType", Label: "Recipient type"},
	{Path: "VATNumber", Label: "VAT number"},
	{Path: "EORINumber", Label: "EORI number"},
	{Path: "UKIMSNumber", Label: "UKIMS number"},
	{Path: "PIDNumber", Label: "PID number"},
	{Path: "Comments", Label: "Comments"},
	{Path: "GiftMessages", Label: "Gift messages"},
	{Path: "DeliveryNotes", Label: "Delivery notes"},
	{Path: "PIIRemoved", Label: "Personal data removed"},
}

var money = []string{
	"OrderValue", "ShippingTotalExVat", "ShippingTotalVat", "DiscountTotalExVat", "DiscountTotalVat", "TotalVat",
	"ShippingNet", "ShippingTax", "ShippingGross", "DiscountNet", "DiscountTax", "DiscountGross",
	"TotalOrderNet", "TotalOrderTax", "TotalOrderGross",
}

var itemFields = []providers.Known{
	{Path: "SKU", Label: "SKU", Kind: capture.KindCode},
	{Path: "Details", Label: "Details"},
	{Path: "Quantity", Label: "Quantity"},
	{Path: "Allocated", Label: "Allocated"},
	{Path: "Commited", Label: "Committed"}, // the API's own spelling
	{Path: "OnBackOrder", Label: "On back order"},
	{Path: "Price", Label: "Price", Kind: capture.KindMoney},
	{Path: "ProductId", Label: "Product", Kind: capture.KindCode},
	{Path: "OrderId", Label: "Mintsoft order", Kind: capture.KindCode},
	{Path: "ID", Label: "Item id", Kind: capture.KindCode},
	{Path: "OrderItemNameValues", Label: "Values"},
}

var nameValueFields = []providers.Known{{Path: "Name", Label: "Name"}, {Path: "Value", Label: "Value"}}

// trackingFields are those of OrderShipmentTrackingEvent. That a delivered
// callback is an array of these is a guess: the documentation says "all the
// events relating to that delivery".
var trackingFields = []providers.Known{
	{Path: "CourierTimeStamp", Label: "Courier's time", Kind: capture.KindTime, Note: timeNote},
	{Path: "CourierCustomerDescription", Label: "Description"},
	{Path: "CourierExternalDescription", Label: "Courier's description"},
	{Path: "TrackingStatusId", Label: "Tracking status", Kind: capture.KindCode},
	{Path: "CourierTrackingStageCode", Label: "Stage", Kind: capture.KindCode},
	{Path: "CourierTrackingEventId", Label: "Courier's event", Kind: capture.KindCode},
	{Path: "OrderShipmentId", Label: "Shipment", Kind: capture.KindCode},
	{Path: "OrderShipment", Label: "Shipment's details"},
	{Path: "ID", Label: "Event id", Kind: capture.KindCode},
	{Path: "LastUpdated", Label: "Last updated", Kind: capture.KindTime, Note: timeNote},
	{Path: "LastUpdatedByUser", Label: "Last updated by"},
}

var splitFields = []providers.Known{
	{Path: "OrderId", Label: "Parent", Kind: capture.KindCode},
	{Path: "SplitOrderId", Label: "Child", Kind: capture.KindCode},
	{Path: "Order", Label: "Parent's order", Parts: true},
	{Path: "SplitOrder", Label: "Child's order", Parts: true},
	{Path: "ID", Label: "Split id", Kind: capture.KindCode},
	{Path: "LastUpdated", Label: "Last updated", Kind: capture.KindTime, Note: timeNote},
	{Path: "LastUpdatedByUser", Label: "Last updated by"},
}

var asnFields = []providers.Known{
	{Path: "POReference", Label: "Purchase order", Kind: capture.KindCode},
	{Path: "ASNStatus", Label: "Status", Parts: true},
	{Path: "ASNStatus.Name", Label: "Status"},
	{Path: "ASNStatus.ID", Label: "Status id", Kind: capture.KindCode},
	{Path: "Items", Label: "Items", Parts: true},
	{Path: "ID", Label: "ASN", Kind: capture.KindCode},
	{Path: "ClientId", Label: "Client id", Kind: capture.KindCode},
	{Path: "WarehouseId", Label: "Warehouse id", Kind: capture.KindCode},
	{Path: "LastUpdated", Label: "Last updated", Kind: capture.KindTime, Note: timeNote},
	{Path: "LastUpdatedByUser", Label: "Last updated by"},
}

// asnItemFields: the name of their array, Items, is a guess; QuantityReceieved is
// the API's own spelling.
var asnItemFields = []providers.Known{
	{Path: "SKU", Label: "SKU", Kind: capture.KindCode},
	{Path: "ProductId", Label: "Product", Kind: capture.KindCode},
	{Path: "Quantity", Label: "Quantity"},
	{Path: "QuantityReceieved", Label: "Received"},
	{Path: "ID", Label: "Item id", Kind: capture.KindCode},
}

func amounts(paths ...string) []providers.Known {
	all := make([]providers.Known, len(paths))
	for i, path := range paths {
		all[i] = providers.Known{Path: path, Label: words(path), Kind: capture.KindMoney}
	}
	return all
}

// words makes a label of a name: "TotalOrderNet" is "Total order net".
func words(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func statusNote(v gjson.Result) string {
	return statusName(providers.Text(v))
}

// timeNote says of a time what Mintsoft leaves open: it writes .NET's seven
// digits of a second, and no zone.
func timeNote(v gjson.Result) string {
	switch _, fraction, _ := strings.Cut(v.Str, "."); {
	case strings.HasPrefix(v.Str, "0001-01-01"):
		return "no time: .NET writes an unset date like this"
	case !providers.WithoutZone(v.Str):
		return ""
	case len(fraction) == 7:
		return "no zone given; seven digits of a second, as sent"
	}
	return "no zone given"
}
