package providers

import (
	"bytes"
	"slices"
	"time"

	"hookglass/capture"
)

// Provider is one sender of callbacks.
type Provider struct {
	ID   string // "klix"
	Name string // "Klix"
	Docs string // address of its documentation

	// Domains are its own, with all below them: nothing is resent there by mistake.
	Domains []string

	Credentials []Credential       // what it can be verified with
	Endpoints   []capture.Endpoint // the endpoints that exist from the first start

	// Detect says how surely a request is this provider's. It looks at method,
	// path, header and body, never at keys.
	Detect func(c *Callback) Detection

	// Verify checks the proof of origin with the keys configured for this
	// provider. It must be quick: it runs for every callback as it arrives.
	Verify func(c *Callback, keys Keys) capture.Verification

	// Ladder tries other readings of a proof that failed, and says of each
	// whether it would match. It may take its time: it runs when someone looks.
	Ladder func(c *Callback, keys Keys) []capture.Try

	// Sign adds to a request the proof that Verify accepts.
	Sign func(r *capture.Request, keys Keys) error

	// Read finds the event, the keys and the summary. It must be quick: it runs
	// for every callback as it arrives.
	Read func(c *Callback) Reading

	// Decode lays the callback out for a person, when someone looks. Its notes
	// are those that Read does not give.
	Decode func(c *Callback) capture.Decoding

	// Accepted is the answer that this provider takes as success; nil is 200 {}.
	// OPTIONS never comes here. It is given before anything is decoded, so it
	// goes by method, path and endpoint; only Klix's shipping cost, which wants an
	// answer of its own, is also looked for in the first 16 KiB of a POST.
	Accepted func(c *Callback) capture.Response

	// Sensitive are the places that hold personal data and secrets, wherever in
	// its callbacks they stand. Decode may add some of the callback at hand.
	Sensitive []capture.Sensitive

	// Presets are the answers that a person can choose in place of Accepted: one
	// that is taken as success first, then those that cause something.
	Presets []capture.Preset

	// Effect says what an answer causes, where that is not told by its status
	// alone; nil goes by the presets.
	Effect func(answer *capture.Response) Effect

	// Contract says in sentences what of an answer to a request breaks what this
	// provider documents of answers. The request may be made up: a method alone.
	Contract func(answer *capture.Response, request *capture.Request) []string

	Expects Expectation
	Retry   RetryPolicy
	Guide   Guide
	Samples []Sample

	// Further are samples of the documented events that Samples leave out: they
	// differ from those in little, so that a list of all would be long and dull.
	Further   []Sample
	Fresh     Freshness
	Scenarios []Scenario
	TestKeys  []TestKey // what its callbacks are signed with where no key of the person's can
}

// Credential is a key or token that a provider can be verified with.
type Credential struct {
	Name   string                   // "klix.certificate"; the environment says HOOKGLASS_KLIX_CERTIFICATE
	Title  string                   // "Klix certificate (legacy)"
	Help   string                   // where to find it in the provider's own console
	Public bool                     // public material: kept in the database, shown in full
	Check  func(value string) error // why a value cannot be used; nil takes anything but an empty one

	// Narrows says that it proves nothing by itself: it is what a proof by
	// another credential must also say.
	Narrows bool
}

// Confidence says how surely a request is a provider's.
type Confidence int

// Confidences, from none to certain.
const (
	None Confidence = iota
	Low
	Medium
	High
	VeryHigh
	Certain
)

var confidenceNames = [...]string{"none", "low", "medium", "high", "very high", "certain"}

func (c Confidence) String() string { return confidenceNames[min(max(c, None), Certain)] }

// Detection is a provider's claim to a request.
type Detection struct {
	Confidence Confidence
	Why        string // "header X-Klix-Signature"
}

// Reading is what a callback says at a glance.
type Reading struct {
	Event    string
	Summary  string
	Order    string
	Delivery string   // without the provider's ID
	Notes    []string // contradictions: "the path says cancelled, OrderStatusId 4 says despatched"
}

// Expectation is what a provider takes as success.
type Expectation struct {
	Text   string // one sentence, which says where it is a guess
	Source string // where it is documented
}

// RetryPolicy says how a provider sends again what was not accepted.
type RetryPolicy struct {
	Known  bool
	Tries  int           // further tries at the most; 0 when not known
	Every  time.Duration // between tries; 0 when it grows or is not known
	Within time.Duration // no try after that; 0 when not known
	Text   string        // one sentence for a person
	Source string        // where it is documented
}

// Sample is a callback as the provider would send it, for samples, docs and
// tests.
type Sample struct {
	Name   string // "dispatched"
	Title  string // "Order dispatched"
	Method string
	Path   string // mostly under one of the provider's endpoints
	Header capture.Fields
	Body   []byte

	// OrderField is where an order of one's own goes into a sample that holds
	// none: "order_id", "?order". "" where there is one, or there can be none.
	OrderField string

	// NameOnly says that its event does not find it: it is the documentation's own
	// example, and another sample of that event is more like what is sent.
	NameOnly bool
}

// Request returns the sample as a request that nobody has received yet: without
// a host, a time and a raw head. It may be changed.
func (s *Sample) Request() capture.Request {
	return capture.Request{
		Method: s.Method, Target: s.Path, Proto: "HTTP/1.1", Header: slices.Clone(s.Header),
		Body: bytes.Clone(s.Body), Size: int64(len(s.Body)),
	}
}

// JSONSample makes a sample with a body in JSON.
func JSONSample(name, title, method, path string, body []byte, more ...capture.Field) Sample {
	return Sample{
		Name: name, Title: title, Method: method, Path: path, Body: body,
		Header: append(capture.Fields{{Name: "Content-Type", Value: JSONType}}, more...),
	}
}
