package providers

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"hookglass/capture"
)

// JSONType is the content type of the answers that are JSON.
const JSONType = "application/json"

// Plain is 200 {}, which does no harm to any provider but Komet.
func Plain(by capture.By, preset string) capture.Response {
	return Answer(by, preset, 200, JSONType, "{}")
}

// Answer makes a response with one Content-Type.
func Answer(by capture.By, preset string, status int, contentType, body string) capture.Response {
	return capture.Response{
		Status: status, By: by, Preset: preset,
		Header: capture.Fields{{Name: "Content-Type", Value: contentType}},
		Body:   []byte(body),
	}
}

// undecodedLimit is how much of a body that cannot be decoded is laid out.
const undecodedLimit = 64 << 10

// Undecoded lays out a body that is not decoded: as text where it is text, else
// as a hex dump. err says why it is not decoded; nil where nobody tried.
func Undecoded(c *Callback, err error) capture.Decoding {
	var d capture.Decoding
	if err != nil {
		d.Error = err.Error()
	}
	body, viewErr := c.Body()
	if viewErr != nil {
		d.Error = viewErr.Error()
		body = c.Request.Body
	}
	cut := body
	if len(cut) > undecodedLimit {
		end := undecodedLimit
		for end > 0 && !utf8.RuneStart(cut[end]) {
			end--
		}
		cut = cut[:end]
	}
	if utf8.Valid(body) && !strings.ContainsRune(string(cut), 0) {
		d.Text = string(cut)
	} else {
		d.Text = hex.Dump(cut)
	}
	if len(body) > len(cut) {
		d.Notes = append(d.Notes, "only the first 64 KiB are shown here; the whole body is kept")
	}
	return d
}
