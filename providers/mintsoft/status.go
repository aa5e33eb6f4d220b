package mintsoft

// statuses names every OrderStatusId. Mintsoft's help lists the names; the
// numbers come from two independent clients, one of them a capture of
// /api/Order/Statuses. A database may show other names to its users, and shows 5
// and 6 as despatched.
var statuses = map[string]string{
	"1":  "New",
	"2":  "Printed",
	"3":  "Cancelled",
	"4":  "Despatched",
	"5":  "Invoiced",
	"6":  "Invoice failed",
	"7":  "Holding",
	"8":  "Failed",
	"9":  "On back order",
	"10": "Awaiting confirmation",
	"11": "Awaiting documentation",
	"12": "Awaiting payment",
	"13": "Query raised",
	"14": "Pack and hold",
	"15": "Awaiting picking",
	"16": "Picking started",
	"17": "Picked",
	"18": "Fraud risk",
	"19": "Picking skipped",
	"20": "Packed",
	"21": "Awaiting replen",
	"22": "Processing",
	"23": "Rebinned",
}

// Events of Mintsoft.
const (
	despatched = "order.despatched"
	cancelled  = "order.cancelled"
	delivered  = "order.delivered"
	split      = "order.split"
	bookedIn   = "asn.booked_in"
)

var titles = map[string]string{
	despatched: "Despatched",
	cancelled:  "Cancelled",
	delivered:  "Delivered",
	split:      "Split",
	bookedIn:   "ASN booked in",
	"":         "Order",
}

// hints are the last parts of the addresses in Mintsoft's own examples, in
// lower case.
var hints = []struct{ part, event string }{
	{"orderdespatched", despatched},
	{"ordercancelled", cancelled},
	{"orderdelivered", delivered},
	{"ordersplit", split},
}

// told are the events that an OrderStatusId tells. There is no status
// "delivered".
var told = map[string]string{"4": despatched, "3": cancelled}

// fitting are the OrderStatusIds that go with an event; an event without an
// entry goes with any.
var fitting = map[string][]string{
	despatched: {"4", "5", "6"},
	cancelled:  {"3"},
	delivered:  {"4", "5", "6"},
}
