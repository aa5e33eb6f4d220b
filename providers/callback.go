package providers

import (
	"crypto/sha256"
	"net/url"
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/capture"
)

// DecodeLimit is the size of a body, in bytes and after removing its
// Content-Encoding, up to which it is decoded as it arrives. Larger ones are
// decoded only when someone looks.
const DecodeLimit = 1 << 20

// LookLimit is the size of a body up to which it is decoded when someone looks.
const LookLimit = 32 << 20

// Callback is a request on its way through the providers, with the views of it
// that several of them want, each made once. It is not safe for concurrent use.
type Callback struct {
	Request  *capture.Request
	Endpoint *capture.Endpoint // the endpoint that took it; nil when none did

	limit   int
	viewed  bool
	view    []byte
	viewErr error
	parsed  bool
	json    gjson.Result
	jsonErr error
	summed  bool
	sum     [sha256.Size]byte
}

// NewCallback makes a callback that decodes bodies up to limit bytes.
func NewCallback(r *capture.Request, e *capture.Endpoint, limit int) *Callback {
	return &Callback{Request: r, Endpoint: e, limit: limit}
}

// Pinned reports whether the endpoint is pinned to a provider.
func (c *Callback) Pinned(provider string) bool {
	return c.Endpoint != nil && c.Endpoint.Provider == provider
}

// PinnedEvent returns the event that the endpoint is pinned to, or "".
func (c *Callback) PinnedEvent() string {
	if c.Endpoint == nil {
		return ""
	}
	return c.Endpoint.Event
}

// Body returns the body without its Content-Encoding. It is for decoding;
// verification starts from Request.Body, the bytes as they came. The error says
// why there is no view: an unknown coding, broken data, or more than the limit
// (capture.ErrTooLarge).
func (c *Callback) Body() ([]byte, error) {
	if !c.viewed {
		c.viewed = true
		c.view, c.viewErr = capture.DecodeBody(c.Request.Header.All("Content-Encoding"), c.Request.Body, c.limit)
	}
	return c.view, c.viewErr
}

// Sum returns the SHA-256 of the body as it came.
func (c *Callback) Sum() [sha256.Size]byte {
	if !c.summed {
		c.summed, c.sum = true, sha256.Sum256(c.Request.Body)
	}
	return c.sum
}

// JSON returns the body as a JSON value. Numbers keep their text in Raw. The
// error says at which line and column the body stops being JSON.
func (c *Callback) JSON() (gjson.Result, error) {
	if c.parsed {
		return c.json, c.jsonErr
	}
	c.parsed = true
	body, err := c.Body()
	if err != nil {
		c.jsonErr = err
		return c.json, err
	}
	if c.jsonErr = CheckJSON(body); c.jsonErr == nil {
		c.json = gjson.ParseBytes(trimBOM(body))
	}
	return c.json, c.jsonErr
}

// Object returns the body where it is a JSON object, and a result that does not
// exist otherwise.
func (c *Callback) Object() gjson.Result {
	v, err := c.JSON()
	if err != nil || !v.IsObject() {
		return gjson.Result{}
	}
	return v
}

// Query returns the first value of a query parameter, its name compared without
// case, and whether it is there.
func (c *Callback) Query(name string) (string, bool) {
	for pair := range strings.SplitSeq(c.Request.Query(), "&") {
		n, value, _ := strings.Cut(pair, "=")
		if strings.EqualFold(unescaped(n), name) {
			return unescaped(value), true
		}
	}
	return "", false
}

// unescaped decodes a part of a query; what is broken stays as it is.
func unescaped(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil {
		return decoded
	}
	return text
}
