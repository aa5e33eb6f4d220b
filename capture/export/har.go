package export

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hookglass/capture"
)

// The shapes of HAR 1.2, written and read. What HAR has no room for is in fields
// that begin with an underscore, as its specification has it: _hookglass of an
// entry, which is its line in a bundle without header fields and bodies, and
// _content of a request and of a response, which is the body as it was on the wire
// where HAR's own place holds less.

type harEntry struct {
	Started  harText     `json:"startedDateTime"`
	Time     harNumber   `json:"time"`
	Request  *harRequest `json:"request"`
	Response harResponse `json:"response"`
	Cache    harEmpty    `json:"cache"`
	Timings  harTimings  `json:"timings"`
	Comment  harText     `json:"comment,omitempty"`
	Own      *bundleLine `json:"_hookglass,omitempty"`
}

type harRequest struct {
	Method      harText     `json:"method"`
	URL         harText     `json:"url"`
	Version     harText     `json:"httpVersion"`
	Cookies     []harEmpty  `json:"cookies"`
	Header      harFields   `json:"headers"`
	Query       harFields   `json:"queryString"`
	Post        *harPost    `json:"postData,omitempty"`
	HeaderBytes harNumber   `json:"headersSize"`
	BodyBytes   harNumber   `json:"bodySize"`
	Content     *harContent `json:"_content,omitempty"` // HTTP Toolkit's name for it
}

type harPost struct {
	Type     harText   `json:"mimeType"`
	Params   harFields `json:"params,omitempty"`
	Text     *harText  `json:"text,omitempty"`
	Encoding harText   `json:"encoding,omitempty"` // of the draft of HAR 1.3; never written
	Comment  harText   `json:"comment,omitempty"`
}

type harResponse struct {
	Status      harNumber   `json:"status"`
	StatusText  harText     `json:"statusText"`
	Version     harText     `json:"httpVersion"`
	Cookies     []harEmpty  `json:"cookies"`
	Header      harFields   `json:"headers"`
	Content     harContent  `json:"content"`
	Redirect    harText     `json:"redirectURL"`
	HeaderBytes harNumber   `json:"headersSize"`
	BodyBytes   harNumber   `json:"bodySize"`
	Wire        *harContent `json:"_content,omitempty"`
}

type harContent struct {
	Size     harNumber `json:"size"`
	Type     harText   `json:"mimeType"`
	Text     *harText  `json:"text,omitempty"`
	Encoding harText   `json:"encoding,omitempty"`
}

// harTimings are in milliseconds; -1 is for what did not happen.
type harTimings struct {
	Blocked harNumber `json:"blocked"`
	DNS     harNumber `json:"dns"`
	Connect harNumber `json:"connect"`
	Send    harNumber `json:"send"`
	Wait    harNumber `json:"wait"`
	Receive harNumber `json:"receive"`
	TLS     harNumber `json:"ssl"`
}

// harHead is what a HAR says of itself, as a bundle's manifest does.
type harHead struct {
	Title     string            `json:"title,omitempty"`
	Note      string            `json:"note,omitempty"`
	Sharer    string            `json:"sharer,omitempty"`
	Created   time.Time         `json:"created,omitzero"`
	Redaction Redaction         `json:"redaction"`
	Sessions  []manifestSession `json:"sessions,omitempty"`
}

// harEmpty is an object of which nothing is written or read.
type harEmpty struct{}

// UnmarshalJSON takes anything.
func (harEmpty) UnmarshalJSON([]byte) error { return nil }

// harText is a string; of other tools a number or null too.
type harText string

// UnmarshalJSON takes anything: what is no text is "", and a number is its digits.
func (t *harText) UnmarshalJSON(raw []byte) error {
	if raw[0] == '"' {
		return json.Unmarshal(raw, (*string)(t))
	}
	if *t = ""; raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9' {
		*t = harText(raw)
	}
	return nil
}

// harNumber is a number; of other tools one in quotes or null too.
type harNumber float64

// UnmarshalJSON takes anything: what is no number is 0.
func (n *harNumber) UnmarshalJSON(raw []byte) error {
	value, err := strconv.ParseFloat(strings.Trim(string(raw), `"`), 64)
	if *n = harNumber(value); err != nil || value != value {
		*n = 0
	}
	return nil
}

// harFields are header fields, and query parameters.
type harFields capture.Fields

// UnmarshalJSON takes objects with name and value, Slack's pairs, and one object
// with a member for each field.
func (f *harFields) UnmarshalJSON(raw []byte) error {
	*f = nil
	if raw[0] == '{' {
		walk := json.NewDecoder(strings.NewReader(string(raw))) // a map would forget the order
		for _, err := walk.Token(); walk.More() && err == nil; {
			name, _ := walk.Token()
			var value harText
			if err = walk.Decode(&value); err == nil {
				text, _ := name.(string)
				*f = append(*f, capture.Field{Name: text, Value: string(value)})
			}
		}
		return nil
	}
	var objects []struct {
		Name  harText `json:"name"`
		Value harText `json:"value"`
	}
	if json.Unmarshal(raw, &objects) == nil {
		for _, o := range objects {
			*f = append(*f, capture.Field{Name: string(o.Name), Value: string(o.Value)})
		}
		return nil
	}
	*f = nil
	var pairs [][]harText
	if json.Unmarshal(raw, &pairs) == nil {
		for _, pair := range pairs {
			if len(pair) == 2 {
				*f = append(*f, capture.Field{Name: string(pair[0]), Value: string(pair[1])})
			}
		}
	}
	return nil
}

// newContent writes bytes as text where they are some, and as base64 else.
func newContent(body []byte, mediaType string) harContent {
	c := harContent{Size: harNumber(len(body)), Type: harText(mediaType)}
	text := harText(body)
	if !utf8.Valid(body) {
		text, c.Encoding = harText(base64.StdEncoding.EncodeToString(body)), "base64"
	}
	if len(body) > 0 {
		c.Text = &text
	}
	return c
}

// bytes reads what newContent wrote; nil, true where there is none.
func (c *harContent) bytes() (body []byte, ok bool) { return decodeHARText(c.Text, c.Encoding) }

func decodeHARText(text *harText, encoding harText) (body []byte, ok bool) {
	if text == nil || *text == "" {
		return nil, true
	}
	if !strings.EqualFold(string(encoding), "base64") {
		return []byte(*text), encoding == ""
	}
	body, err := base64.StdEncoding.DecodeString(string(*text))
	return body, err == nil
}
