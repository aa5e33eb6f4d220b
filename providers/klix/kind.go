package klix

import (
	"bytes"
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/capture"
	"hookglass/providers"
)

// kind is what a callback is.
type kind int

const (
	kindUnknown kind = iota
	kindPurchase
	kindPortal
	kindVerification // order verification, and other bare JWS
	kindShipping
	kindTest
	kindTerms
)

// glance is what is told of a callback at a glance, in one pass over its body.
type glance struct {
	kind kind
	jws  *providers.JWS // of a body that is a bare JWS

	id, orderID, status, currency, total  gjson.Result
	payment, reference, event, updated    gjson.Result
	history, purchase, items, orderItems  gjson.Result
	merchantURLs, effective, methodID     gjson.Result
	externalID, jwsOrderID, brand, client gjson.Result
}

func glanceAt(c *providers.Callback) glance {
	if token, ok := bareJWS(c.Request.Body); ok {
		if j, err := providers.ParseJWS(token); err == nil {
			g := fields(j.Claims)
			g.jws, g.kind = j, kindVerification
			switch {
			case g.orderItems.Exists():
				g.kind = kindShipping // the form of 2019
			case g.status.Exists():
				g.kind = kindPurchase // the form of 2019
			}
			return g
		}
	}
	root := c.Object()
	g := fields(root)
	signed := has(c.Request, klixSignature)
	switch {
	case c.Request.Method == "OPTIONS":
		g.kind = kindTest
	case g.orderItems.Exists() && g.methodID.Exists():
		g.kind = kindShipping
	case g.event.Type == gjson.String && !signed, fromShop(c):
		g.kind = kindPortal
	case has(c.Request, portalSignature) && !signed:
		g.kind = kindPortal
	case root.Exists() && g.status.Exists():
		g.kind = kindPurchase
	case c.Request.Method == "GET" || c.Request.Method == "HEAD":
		g.kind = kindTerms
	}
	return g
}

func fields(root gjson.Result) (g glance) {
	root.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "id":
			g.id = value
		case "order_id":
			g.orderID = value
		case "status":
			g.status = value
		case "currency":
			g.currency = value
		case "total_amount":
			g.total = value
		case "payment":
			g.payment = value
		case "reference":
			g.reference = value
		case "event_type":
			g.event = value
		case "updated_on":
			g.updated = value
		case "status_history":
			g.history = value
		case "purchase":
			g.purchase = value
		case "items":
			g.items = value
		case "order_items":
			g.orderItems = value
		case "merchant_urls":
			g.merchantURLs = value
		case "effective_amount":
			g.effective = value
		case "shipping_method_id":
			g.methodID = value
		case "externalOrderId":
			g.externalID = value
		case "orderId":
			g.jwsOrderID = value
		case "brand_id":
			g.brand = value
		case "client":
			g.client = value
		}
		return true
	})
	return g
}

// bareJWS returns the token where that is the whole body. White space around it
// is not signed, so it does no harm.
func bareJWS(body []byte) (string, bool) {
	if len(body) == 0 || body[0] == '{' {
		return "", false
	}
	body = bytes.TrimSpace(body)
	if !providers.LooksLikeJWS(body) {
		return "", false
	}
	return string(body), true
}

func has(r *capture.Request, header string) bool {
	_, ok := r.Header.First(header)
	return ok
}

// fromShop reports whether the address is that of Klix's plugin for WooCommerce,
// which carries the order in its query and ignores the body.
func fromShop(c *providers.Callback) bool {
	api, _ := c.Query("wc-api")
	return strings.EqualFold(api, "wc_gateway_klix")
}

func detect(c *providers.Callback) providers.Detection {
	claim := func(confidence providers.Confidence, why string) providers.Detection {
		return providers.Detection{Confidence: confidence, Why: why}
	}
	r := c.Request
	if has(r, klixSignature) {
		return claim(providers.Certain, "header "+klixSignature)
	}
	if fromShop(c) {
		return claim(providers.VeryHigh, "query wc-api=wc_gateway_klix")
	}
	if r.Method == "OPTIONS" {
		preflight := has(r, "Access-Control-Request-Method") && has(r, "Origin")
		if !preflight && strings.Contains(strings.ToLower(r.Path()), "klix") {
			return claim(providers.Medium, "OPTIONS to an address that names Klix")
		}
		return claim(providers.Low, "OPTIONS, which Klix's connection test uses, and browsers too")
	}
	g := glanceAt(c)
	switch {
	case g.jws != nil && g.jws.KeyID == "MPay":
		return claim(providers.Certain, "the body is a JWS with kid MPay")
	case g.jws != nil && g.jws.Alg == "RS256":
		return claim(providers.Medium, "the body is a JWS with RS256")
	case g.merchantURLs.Exists() && g.effective.Exists():
		return claim(providers.VeryHigh, "merchant_urls and effective_amount")
	case g.payment.Get("accountStatementReference").Exists():
		return claim(providers.VeryHigh, "payment.accountStatementReference")
	case g.orderItems.Exists() && g.methodID.Exists():
		return claim(providers.High, "order_items and shipping_method_id")
	case g.event.Type == gjson.String && (g.history.IsArray() || g.purchase.IsObject() || g.brand.Exists() || g.client.Exists()):
		if has(r, portalSignature) {
			return claim(providers.VeryHigh, "header "+portalSignature+" and event_type")
		}
		return claim(providers.High, "event_type with status_history, purchase, brand_id or client")
	case has(r, portalSignature):
		return claim(providers.Low, "header "+portalSignature+", which others use too")
	}
	return providers.Detection{}
}
