// Package probo knows the callbacks of Probo, a printer: the states of an order,
// a rejected file, shipped packages, and the session of its uploader.
//
// Probo signs nothing and sends no token. What helps is an address that nobody
// can guess: a token in its path or query, chosen by the receiver.
package probo

import (
	_ "embed"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

const docs = "https://apidocs.proboprints.com/guides/callbacks-webhooks"

// Provider is Probo.
var Provider = &providers.Provider{
	ID:      "probo",
	Name:    "Probo",
	Docs:    docs,
	Domains: []string{"proboprints.com"},
	Credentials: []providers.Credential{{
		Name:  credential,
		Title: "Probo token in the address",
		Help:  "A long random text of your own in the addresses that you give in callback_urls, as a part of the path (/probo/TOKEN) or as a query value (?token=TOKEN). Probo itself has no proof of origin.",
		Check: func(value string) error {
			if strings.EqualFold(value, "probo") {
				return errors.New("the token must be one that nobody can guess")
			}
			return nil
		},
	}},
	Endpoints: []capture.Endpoint{{Path: "/probo/*", Name: "Probo", Provider: "probo"}},
	Detect:    detect,
	Verify:    verify,
	Ladder:    ladder,
	Sign:      named.Sign,
	Read:      read,
	Decode:    decode,
	Sensitive: sensitive,
	Presets:   presets,
	Contract:  contract,
	Expects:   expects,
	Guide:     guide,
	// Accepted stays nil: that Probo takes 200 {} as success is a guess.
	Retry: providers.RetryPolicy{
		Text:   "Probo does not document whether it sends again, nor after how long it gives up; most statuses are pushed, not all, so gaps are normal, and a repeated shipment_in_transit is no redelivery.",
		Source: docs,
	},
	Samples: slices.Concat([]providers.Sample{
		providers.JSONSample("queued", "Order queued", "POST", "/probo/queued", sampleQueued),
		providers.JSONSample("accepted", "Order accepted", "POST", "/probo/accepted", sampleAccepted),
		providers.JSONSample("not_accepted", "Order not accepted: the id exists already", "POST", "/probo/not_accepted", sampleNotAccepted),
		providers.JSONSample("file_rejected", "File rejected", "POST", "/probo/file_rejected", sampleFileRejected),
		providers.JSONSample("shipment_in_transit", "Shipment in transit, two packages", "POST", "/probo/shipment_in_transit", sampleInTransit),
		providers.JSONSample("uploader_confirmed", "Uploader session confirmed", "POST", "/probo/uploader_confirmed", sampleUploader),
	}, statusSamples()),
	Further:   furtherSamples(),
	Fresh:     fresh,
	Scenarios: scenarios,
	TestKeys:  testKeys,
}

// These are those of the callbacks guide; the uploader's is made from the fields
// of the uploader guide.
var (
	//go:embed samples/queued.json
	sampleQueued []byte
	//go:embed samples/accepted.json
	sampleAccepted []byte
	//go:embed samples/not_accepted.json
	sampleNotAccepted []byte
	//go:embed samples/file_rejected.json
	sampleFileRejected []byte
	//go:embed samples/shipment_in_transit.json
	sampleInTransit []byte
	//go:embed samples/uploader_confirmed.json
	sampleUploader []byte
)

func detect(c *providers.Callback) providers.Detection {
	root := c.Object()
	if !root.Exists() {
		return providers.Detection{}
	}
	g := glanceAt(root)
	switch {
	case g.uploader:
		return providers.Detection{Confidence: providers.High, Why: "status and products with front_side or tiling"}
	case g.status.Type != gjson.String || !g.message.Exists() || !g.order.IsObject():
		return providers.Detection{}
	case !g.id.Exists():
		return providers.Detection{Confidence: providers.Medium, Why: "status, message and order"}
	case g.number.Exists():
		return providers.Detection{Confidence: providers.High, Why: "status, message, order.id and supplier_order_number"}
	case isStatusPage(g.page.Str):
		return providers.Detection{Confidence: providers.High, Why: "status, message, order.id and a status page at print-status.com"}
	}
	if _, known := statuses[bare(g.status.Str)]; known {
		return providers.Detection{Confidence: providers.High, Why: "status, message and order.id, with one of Probo's statuses"}
	}
	return providers.Detection{Confidence: providers.Medium, Why: "status, message and order"}
}

func isStatusPage(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return host == "print-status.com" || strings.HasSuffix(host, ".print-status.com")
}

var sensitive = slices.Concat(
	providers.Secrets("path", "?token", "?key", "?secret", "?apikey", "header Authorization", "header X-Security-Header"),
	providers.Personal("", "order.reference", "order.status_page_url", "message",
		"shipped_packages[].tracking_url", "shipped_packages[].barcode",
		"products[].front_side.file.preview_url", "products[].front_side.file.preview_medium_url",
		"products[].front_side.file.original_file_url", "products[].front_side.file.production_file_url",
		"products[].front_side.file.file_name", "products[].front_side.file.original_file_hash"),
)
