package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"hookglass/cmd/internal/engine"
)

// demoKey is the company API key that KornitX's demo callbacks are signed with.
const demoKey = "0123456789ABCDEF0123456789A"

// demoEnv keeps the demo away from the person's own keyring and keys.
func demoEnv(name string) string {
	if name == "HOOKGLASS_KEYRING" {
		return "off"
	}
	return ""
}

const demoDispatched = `{
  "id": 46140204,
  "ref": "8679131463FC8D18",
  "external_ref": "3165671600-PSTEST4",
  "shipping_tracking": "H023YA0000361469",
  "status": 8,
  "status_name": "Dispatched",
  "shipping_carrier": "Hermes",
  "new_shipments": [],
  "new_cancellations": []
}`

// demo fills the window: every sample of every provider, then what goes wrong in
// real life.
func demo(ctx context.Context, e *engine.Engine, url string) error {
	for name, value := range map[string]string{
		"kornitx.api_key":            demoKey,
		"mintsoft.api_key":           "demo-mintsoft-key",
		"komet.authentication_token": "demo-komet-token",
		"probo.token":                "demo-probo-token",
	} {
		if err := e.SaveKey(ctx, name, "demo", value); err != nil {
			return fmt.Errorf("set %s: %w", name, err)
		}
	}
	for _, odd := range oddities() {
		if err := odd.send(ctx, url); err != nil {
			return err
		}
	}
	for i, more := 0, true; more; i++ { // the providers take turns
		more = false
		for _, provider := range e.Set.All() {
			if i >= len(provider.Samples) {
				continue
			}
			more = true
			sample := provider.Samples[len(provider.Samples)-1-i] // the first one is the newest
			if _, err := e.Sample(ctx, provider.ID, sample); err != nil {
				return fmt.Errorf("sample %s of %s: %w", sample.Name, provider.Name, err)
			}
		}
	}
	return nil
}

// oddity is a callback that no sample shows.
type oddity struct {
	method, target, contentType string
	body                        string
	header, value               string // one more field; "" for none
}

func oddities() []oddity {
	return []oddity{
		{"POST", "/hooks/unknown?source=shop", "application/json", `{"hello":"world","amount":12.50,"items":[{"sku":"A-1"},{"sku":"B-2"}]}`, "", ""},
		{"POST", "/hooks/form", "application/x-www-form-urlencoded", "name=J%C3%BCrgen+M%C3%BCller&city=K%C3%B6ln&note=two%0Alines", "", ""},
		{"POST", "/hooks/feed", "application/xml", `<?xml version="1.0"?><order id="7"><line sku="A-1" quantity="2"/><note>Fragile &amp; heavy</note></order>`, "", ""},
		{"POST", "/hooks/upload", "multipart/form-data; boundary=cut", "--cut\r\nContent-Disposition: form-data; name=\"order\"\r\n\r\n4711\r\n--cut\r\nContent-Disposition: form-data; name=\"label\"; filename=\"label.txt\"\r\nContent-Type: text/plain\r\n\r\nJVGL1\r\n--cut--\r\n", "", ""},
		{"POST", "/hooks/binary", "application/octet-stream", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\xff\xfe\xfd", "", ""},
		{"POST", "/kornitx/orders", "application/json", `{"id": 46140204, "status": 8,`, "X-CustomGateway-Hmac", sign(demoKey, "{}")},
		{"PUT", "/kornitx/orders", "application/json", strings.Replace(demoDispatched, "Hermes", "DPD", 1), "X-CustomGateway-Hmac", sign(demoKey, demoDispatched)},
		{"PUT", "/kornitx/orders", "application/json", demoDispatched, "X-CustomGateway-Hmac", sign(demoKey+"\n", demoDispatched)},
		{"PUT", "/klix/callbacks", "application/json", `{"id":"b0b4f7c2","status":"PAID"}`, "X-Klix-Signature", "bm90IGEgc2lnbmF0dXJl"},
		{"POST", "/mintsoft/despatched?APIKEY=wrong", "application/json", `{"OrderId":1,"OrderNumber":"A-1"}`, "", ""},
		{"OPTIONS", "/klix/callbacks", "", "", "", ""},
	}
}

func sign(key, body string) string {
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write([]byte(body)) // never fails
	return hex.EncodeToString(mac.Sum(nil))
}

func (o *oddity) send(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, o.method, url+o.target, bytes.NewReader([]byte(o.body)))
	if err != nil {
		return err
	}
	if o.contentType != "" {
		request.Header.Set("Content-Type", o.contentType)
	}
	if o.header != "" {
		request.Header.Set(o.header, o.value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("send a callback of the demo: %w", err)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close())
}
