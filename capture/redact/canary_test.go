package redact_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"unicode/utf16"

	"hookglass/capture"
)

// canary is a value that must not be found in what leaves.
type canary struct {
	name     string
	text     string
	personal bool // else a secret
}

// The canaries. Each is known by one place of the seed; it is then hidden in all
// others.
var (
	secretCanary  = canary{"secret", "s3cr3t/Canary+Kéy&9", false}
	tokenCanary   = canary{"token", "tokCanary77xyzQ", false}
	knownCanary   = canary{"configured", "c0nfiguredCanary", false}
	passCanary    = canary{"password", "p4ssCanaryWord", false}
	cookieCanary  = canary{"cookie", "c00kieCanaryValue", false}
	nameCanary    = canary{"name", "Žanete Kanārija-Šmite", true}
	emailCanary   = canary{"email", "canary.bird@shop-canary.lv", true}
	phoneCanary   = canary{"phone", "+371 29 876 543", true}
	streetCanary  = canary{"street", `Kanāriju "iela" 12/3 & dzīv. 4`, true}
	ibanCanary    = canary{"iban", "LV80BANK0000435195001", true}
	cardCanary    = canary{"card", "4111111111111111", true}
	addressCanary = canary{"ip", "203.0.113.77", true}
	moneyCanary   = canary{"money", "10878.53", true}
)

var canaries = []canary{
	secretCanary, tokenCanary, knownCanary, passCanary, cookieCanary,
	nameCanary, emailCanary, phoneCanary, streetCanary, ibanCanary, cardCanary, addressCanary, moneyCanary,
}

var seedPlaces = []capture.Sensitive{
	{Path: "header X-Shop-Login", Secret: true},
	{Path: "?hook", Secret: true},
	{Path: "buyer.label"},
	{Path: "buyer.line"},
	{Path: "buyer.tel"},
	{Path: "totals[].sum"},
}

// teacher is the exchange in which each canary stands where it is known.
func teacher() *capture.Exchange {
	body, _ := json.Marshal(map[string]any{
		"buyer":     map[string]any{"label": nameCanary.text, "line": streetCanary.text, "tel": phoneCanary.text},
		"contact":   emailCanary.text,
		"api_token": tokenCanary.text,
		"totals":    []any{map[string]any{"sum": json.Number(moneyCanary.text)}},
		"text":      "account " + ibanCanary.text + ", card " + cardCanary.text,
	})
	return exchange(1, "/in?hook="+url.QueryEscape(secretCanary.text), capture.Fields{
		{Name: "Host", Value: "in.example"},
		{Name: "Content-Type", Value: "application/json"},
		{Name: "Authorization", Value: "Basic " + base64.StdEncoding.EncodeToString([]byte("shop:"+passCanary.text))},
		{Name: "Cookie", Value: "sid=" + cookieCanary.text},
		{Name: "X-Forwarded-For", Value: addressCanary.text},
	}, body)
}

func exchange(id int64, target string, fields capture.Fields, body []byte) *capture.Exchange {
	x := &capture.Exchange{ID: id, State: capture.StateAnswered, Via: capture.ViaLocal}
	x.Request = capture.Request{
		Method: "POST", Target: target, Proto: "HTTP/1.1", Host: "in.example", Header: fields, Exact: true,
		Body: body, Size: int64(len(body)), Remote: "127.0.0.1:9", Source: "127.0.0.1",
	}
	x.Request.Head = headBytes(&x.Request)
	return x
}

func headBytes(r *capture.Request) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s %s\r\n", r.Method, r.Target, r.Proto)
	for _, f := range r.Header {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, f.Value)
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// forms are the ways to write a canary in a text.
var forms = map[string]func(string) string{
	"plain":        func(s string) string { return s },
	"upper":        strings.ToUpper,
	"percent":      url.QueryEscape,
	"path":         url.PathEscape,
	"all percent":  func(s string) string { return each(s, "%%%02x") },
	"JSON":         quoted,
	"JSON ASCII":   func(s string) string { return strings.Trim(asciiJSON(s), `"`) },
	"JSON slashes": func(s string) string { return strings.ReplaceAll(quoted(s), "/", `\/`) },
	"JSON twice":   func(s string) string { return quoted(quoted(s)) },
	"HTML":         html.EscapeString,
	"HTML decimal": func(s string) string { return eachRune(s, "&#%d;") },
	"HTML hex":     func(s string) string { return eachRune(s, "&#x%X;") },
	"base64":       func(s string) string { return base64.StdEncoding.EncodeToString([]byte("a text: " + s)) },
	"base64 URL":   func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("a text > " + s + " ???")) },
	"base64 twice": func(s string) string {
		return base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte("a text: " + s))))
	},
	"base64 of JSON": func(s string) string {
		return base64.StdEncoding.EncodeToString([]byte(`{"x":` + asciiJSON(s) + `}`))
	},
	"base64 of gzip": func(s string) string {
		return base64.StdEncoding.EncodeToString(gzipped([]byte(`{"x":"` + quoted(s) + `"}`)))
	},
	"percent of base64": func(s string) string {
		return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("a text: " + s)))
	},
	"percent twice":   func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"claims":          func(s string) string { return token(`{"sub":"` + quoted(s) + `"}`) },
	"link":            func(s string) string { return "https://x.example/a?b=" + url.QueryEscape(s) + "&c=1" },
	"in a word":       func(s string) string { return "(" + s + ")" },
	"in a path":       func(s string) string { return "/a/" + url.PathEscape(s) + "/b" },
	"in a file name":  func(s string) string { return "invoice_" + s + ".pdf" },
	"JSON in a text":  func(s string) string { return `answered {"x": "` + quoted(s) + `"} twice` },
	"base64 in paths": func(s string) string { return "/hooks/" + base64.RawURLEncoding.EncodeToString([]byte("a text> "+s)) },
}

func each(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

func eachRune(s, format string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b[1 : len(b)-1])
}

func asciiJSON(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, `\u%04x`, unit)
	}
	return b.String() + `"`
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

func deflated(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

func archive(name string, data []byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, _ := z.Create(name)
	_, _ = f.Write(data)
	_ = z.Close()
	return b.Bytes()
}

func token(claims string) string {
	e := base64.RawURLEncoding
	return e.EncodeToString([]byte(`{"alg":"RS256","kid":"MPay"}`)) + "." + e.EncodeToString([]byte(claims)) + "." + e.EncodeToString([]byte("signature bytes"))
}

func wide(s string, order binary.AppendByteOrder) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + s)) {
		b = order.AppendUint16(b, unit)
	}
	return b
}

// bodies are the ways to put a text into a body, each with its header.
var bodies = map[string]func(s string) ([]byte, capture.Fields){
	"text": func(s string) ([]byte, capture.Fields) { return []byte("about " + s + "."), typed("text/plain") },
	"JSON value": func(s string) ([]byte, capture.Fields) {
		return []byte(`{"a":[{"b":"` + quoted(s) + `"}],"n":1.50}`), typed("application/json")
	},
	"JSON ASCII": func(s string) ([]byte, capture.Fields) {
		return []byte(`{"a":` + asciiJSON(s) + `}`), typed("application/json")
	},
	"JSON key": func(s string) ([]byte, capture.Fields) {
		return []byte(`{"` + quoted("x "+s) + `":true}`), typed("application/json")
	},
	"nested JSON": func(s string) ([]byte, capture.Fields) {
		inner := `{"b":"` + quoted(s) + `"}`
		middle := `{"in":"` + quoted(inner) + `"}`
		return []byte(`{"payload":"` + quoted(middle) + `"}`), typed("application/json")
	},
	"cut JSON": func(s string) ([]byte, capture.Fields) {
		return []byte(`{"a":{"b":"` + quoted(s)), typed("application/json")
	},
	"form": func(s string) ([]byte, capture.Fields) {
		return []byte("a=1&b=" + url.QueryEscape(s) + "&payload=" + url.QueryEscape(`{"x":"`+quoted(s)+`"}`)), typed("application/x-www-form-urlencoded")
	},
	"multipart": func(s string) ([]byte, capture.Fields) {
		b := "--mark\r\nContent-Disposition: form-data; name=\"doc\"; filename=\"invoice " + strings.ReplaceAll(s, `"`, "%22") + ".txt\"\r\n" +
			"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte("hello "+s)) + "\r\n" +
			"--mark\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + s + "\r\n--mark--\r\n"
		return []byte(b), typed("multipart/form-data; boundary=mark")
	},
	"JWS": func(s string) ([]byte, capture.Fields) {
		return []byte(token(`{"orderId":"` + quoted(s) + `"}`)), typed("text/plain")
	},
	"XML": func(s string) ([]byte, capture.Fields) {
		return []byte("<?xml version=\"1.0\"?><o a=\"" + html.EscapeString(s) + "\"><b>" + html.EscapeString(s) + "</b><!-- " + s + " --><c><![CDATA[" + s + "]]></c></o>"),
			typed("application/xml")
	},
	"HTML": func(s string) ([]byte, capture.Fields) {
		return []byte("<p>Dear " + eachRune(s, "&#%d;") + "<br>"), typed("text/html")
	},
	"gzip": func(s string) ([]byte, capture.Fields) {
		return gzipped([]byte(`{"a":"` + quoted(s) + `"}`)), append(typed("application/json"), capture.Field{Name: "Content-Encoding", Value: "gzip"})
	},
	"deflate": func(s string) ([]byte, capture.Fields) {
		return deflated([]byte(`{"a":"` + quoted(s) + `"}`)), append(typed("application/json"), capture.Field{Name: "Content-Encoding", Value: "deflate"})
	},
	"unknown encoding": func(s string) ([]byte, capture.Fields) {
		return []byte(s), append(typed("application/json"), capture.Field{Name: "Content-Encoding", Value: "br"})
	},
	"gzip file": func(s string) ([]byte, capture.Fields) { return gzipped([]byte(s)), typed("application/gzip") },
	"zip file":  func(s string) ([]byte, capture.Fields) { return archive("a.json", []byte(s)), typed("application/zip") },
	"UTF-16": func(s string) ([]byte, capture.Fields) {
		return wide(`{"a":"`+quoted(s)+`"}`, binary.LittleEndian), typed("application/json; charset=utf-16")
	},
	"UTF-16 BE": func(s string) ([]byte, capture.Fields) {
		return wide("about "+s, binary.BigEndian), typed("text/plain; charset=utf-16")
	},
	"binary": func(s string) ([]byte, capture.Fields) {
		return []byte("\x89PNG\r\n\x1a\n\x00\x00\x00" + s + "\x00\xff\xfe"), typed("image/png")
	},
	"lines": func(s string) ([]byte, capture.Fields) {
		return []byte("{\"a\":1}\n{\"b\":\"" + quoted(s) + "\"}\n"), typed("application/x-ndjson")
	},
	"no type": func(s string) ([]byte, capture.Fields) { return []byte("note: " + s), nil },
}

func typed(media string) capture.Fields {
	return capture.Fields{{Name: "Content-Type", Value: media}}
}

// leakers hide a text in a place of an exchange.
func leakers() map[string]func(s string) *capture.Exchange {
	fresh := func() *capture.Exchange {
		return exchange(2, "/in", capture.Fields{{Name: "Host", Value: "in.example"}}, nil)
	}
	all := map[string]func(s string) *capture.Exchange{
		"query":      func(s string) *capture.Exchange { return exchange(2, "/in?x="+url.QueryEscape(s)+"&y=2", nil, nil) },
		"query name": func(s string) *capture.Exchange { return exchange(2, "/in?"+url.QueryEscape(s)+"=1", nil, nil) },
		"path":       func(s string) *capture.Exchange { return exchange(2, "/in/"+url.PathEscape(s)+"/x", nil, nil) },
		"header": func(s string) *capture.Exchange {
			return exchange(2, "/in", capture.Fields{{Name: "X-A", Value: "b " + s}}, nil)
		},
		"header name": func(s string) *capture.Exchange {
			return exchange(2, "/in", capture.Fields{{Name: "X-" + s, Value: "b"}}, nil)
		},
		"cookies": func(s string) *capture.Exchange {
			return exchange(2, "/in", capture.Fields{{Name: "Cookie", Value: "a=1; b=" + url.QueryEscape(s)}}, nil)
		},
		"basic": func(s string) *capture.Exchange {
			return exchange(2, "/in", capture.Fields{{Name: "Authorization", Value: "Basic " + base64.StdEncoding.EncodeToString([]byte(s+":"+s))}}, nil)
		},
		"bearer": func(s string) *capture.Exchange {
			return exchange(2, "/in", capture.Fields{{Name: "Authorization", Value: "Bearer " + token(`{"a":"`+quoted(s)+`"}`)}}, nil)
		},
		"folded": func(s string) *capture.Exchange {
			x := exchange(2, "/in", capture.Fields{{Name: "X-A", Value: "a " + s}}, nil)
			x.Request.Head = []byte("POST /in HTTP/1.1\r\nX-A: a\r\n " + s + "\r\n\r\n")
			return x
		},
		"refused head": func(s string) *capture.Exchange {
			x := fresh()
			x.State, x.Request.Header = capture.StateRefused, nil
			x.Request.Head = []byte("POST /in?a=" + url.QueryEscape(s) + " HTTP/9\r\nX-A: " + s + "\r\nbroken " + s + "\r\n\r\n")
			return x
		},
	}
	for name, set := range map[string]func(x *capture.Exchange, s string){
		"trailer": func(x *capture.Exchange, s string) { x.Request.Trailers = capture.Fields{{Name: "X-T", Value: s}} },
		"note":    func(x *capture.Exchange, s string) { x.Note = "see " + s + "!" },
		"error":   func(x *capture.Exchange, s string) { x.Error = "the target said: " + s },
		"answer header": func(x *capture.Exchange, s string) {
			x.Response = &capture.Response{Header: capture.Fields{{Name: "X-A", Value: s}}}
		},
		"answer body": func(x *capture.Exchange, s string) {
			x.Response = &capture.Response{Body: []byte(`{"m":"` + quoted(s) + `"}`)}
		},
		"answer gzip": func(x *capture.Exchange, s string) {
			x.Response = &capture.Response{Body: gzipped([]byte(s)), Header: capture.Fields{{Name: "Content-Encoding", Value: "gzip"}}}
		},
		"rule name": func(x *capture.Exchange, s string) { x.Response = &capture.Response{RuleName: s} },
		"summary":   func(x *capture.Exchange, s string) { x.Annotation.Summary = "Order of " + s },
		"order":     func(x *capture.Exchange, s string) { x.Annotation.Order = s },
		"delivery":  func(x *capture.Exchange, s string) { x.Annotation.Delivery = "a|" + s },
		"reason":    func(x *capture.Exchange, s string) { x.Annotation.Verification.Reason = "expected " + s },
		"received":  func(x *capture.Exchange, s string) { x.Annotation.Verification.Received = s },
		"check": func(x *capture.Exchange, s string) {
			x.Annotation.Verification.Checks = []capture.Check{{Proof: "?a", Reason: s}}
		},
		"remark": func(x *capture.Exchange, s string) { x.Annotation.Notes = []string{"odd: " + s} },
		"difference": func(x *capture.Exchange, s string) {
			x.Sent = &capture.Sending{Differences: []capture.Difference{{What: "header X", Was: s, Is: s}}}
		},
		"redirect": func(x *capture.Exchange, s string) {
			x.Sent = &capture.Sending{Hops: []capture.Hop{{Location: "http://x.example/?q=" + url.QueryEscape(s)}}}
		},
		"host":   func(x *capture.Exchange, s string) { x.Request.Host = s },
		"source": func(x *capture.Exchange, s string) { x.Request.Source = s },
	} {
		all[name] = func(s string) *capture.Exchange {
			x := fresh()
			set(x, s)
			return x
		}
	}
	for name, body := range bodies {
		all["body "+name] = func(s string) *capture.Exchange {
			data, fields := body(s)
			return exchange(2, "/in", fields, data)
		}
	}
	return all
}
