package kornitx

// statuses are the order's status numbers. 1, 8, 32, 64 and 128 are documented
// by KornitX; the rest is inferred from programs that agree with each other. They
// look like bit flags and are plain codes. 520 is seen as a final state; nobody
// says what it is called.
var statuses = map[string]string{
	"0":   "Unknown",
	"1":   "Received",
	"2":   "Unused",
	"4":   "In Production",
	"8":   "Dispatched",
	"32":  "QC Query",
	"64":  "Dispatched (Retailer Notified)",
	"128": "Cancelled",
	"256": "On Hold",
	"512": "Sent to Supplier",
	"513": "Received by Supplier",
	"515": "Sent to Shipper",
	"516": "Received by Shipper",
	"600": "Consolidating",
}

// documented are the codes that KornitX itself explains.
var documented = map[string]bool{"1": true, "8": true, "32": true, "64": true, "128": true}

// itemStatuses are KornitX's status numbers of a line.
var itemStatuses = map[string]string{"3": "Dispatch", "7": "Cancel"}
