package capture

import "time"

// Exchange is one HTTP request that we received (or, for a replay, sent) with
// its answer or its error, where it came from, and what the providers say of
// it. It is the unit of storage and of a row on screen, where it is called a
// callback.
type Exchange struct {
	ID     int64  // set by Recorder.Create; grows, is never given twice
	UID    string // a UUID version 7: unique across machines, sorts by time
	State  State
	Via    Via
	Origin int64 // the exchange a replay was made from; 0 for others
	Pinned bool  // kept by retention

	Session int64     // whose it is; 0 until the store gives it one
	Mark    Mark      // a person's colour
	Note    string    // a person's words
	Import  *Imported // of one that came from a file; nil for others

	Endpoint string // path pattern of the endpoint that received it; "" when none did

	Request  Request
	Response *Response // nil until answered
	Error    string    // one sentence: why there is no good answer, or why the body is incomplete
	Sent     *Sending  // of a replay; nil for others

	Annotation Annotation
}

// State says how far an exchange has come.
type State string

// The states of an exchange.
const (
	StateReceived State = "received"    // on disk, not yet answered
	StateHeld     State = "held"        // a person is to answer
	StateAnswered State = "answered"    // the whole answer was written
	StateGone     State = "client_gone" // the sender hung up before the end
	StateFailed   State = "failed"      // we could not answer
	StateDropped  State = "dropped"     // a rule cut the sender off
	StateRefused  State = "refused"     // the head never became a request; net/http answered for us
	StateUnknown  State = "unknown"     // we ended before we knew
)

// Via says how an exchange came to us.
type Via string

// The ways in.
const (
	ViaLocal  Via = "local"  // straight to a listener of ours
	ViaTunnel Via = "tunnel" // through the tunnel
	ViaPublic Via = "public" // through a public address of the person's own
	ViaReplay Via = "replay" // we sent it
	ViaImport Via = "import" // from a file
	ViaSample Via = "sample" // a sample that Hookglass sent to itself
)

// Live reports whether an exchange of this kind came from a sender outside, so
// that it counts as an attempt of a delivery.
func (v Via) Live() bool { return v == ViaLocal || v == ViaTunnel || v == ViaPublic }

// Public reports whether an exchange came through a public address, so that
// somebody on the way has added X-Forwarded fields.
func (v Via) Public() bool { return v == ViaTunnel || v == ViaPublic }

// By says who decided an answer.
type By string

// Who can decide an answer.
const (
	ByPreset  By = "preset"  // the provider's accepted preset
	ByChoice  By = "choice"  // a person, who chose a preset for the endpoint
	ByRule    By = "rule"    // a rule: Response.Rule
	ByHand    By = "hand"    // a person, while a rule (Response.Rule) held it
	ByApp     By = "app"     // the person's own app, to which a rule (Response.Rule) forwarded it
	ByDefault By = "default" // no provider is known: 200 {}
	ByLimit   By = "limit"   // one of our limits: 413, 503, 408
	ByServer  By = "server"  // net/http refused the head: 400, 417, 431, 501 …
	ByTarget  By = "target"  // whom a replay was sent to
)

// Annotation is what the providers say of an exchange. It is derived: it can be
// computed again from the request when a key or a provider changes.
type Annotation struct {
	Provider string // a provider's ID; "" when unknown
	Event    string // what happened at the sender: "purchase.paid", "order.dispatched"
	Summary  string // one line for a person
	Order    string // the order's key, as the shop knows it where the callback carries that
	Delivery string // equal for the attempts of one delivery; "" when it cannot be told
	Attempt  int    // 1 + earlier live exchanges with this provider and delivery; 0 when it cannot be told

	Verification Verification
	AtArrival    Status // the verdict when it arrived; never changed later

	Notes []string // contradictions and oddities worth a look; made when someone looks, not stored
}

// Decoding is a callback as people read it: what a provider makes of a body
// when someone looks. It is never stored.
type Decoding struct {
	Title    string    `json:"title,omitempty"`
	Sections []Section `json:"sections,omitempty"`
	Unknown  []Fact    `json:"unknown,omitempty"` // fields that the provider's documentation does not know
	Notes    []string  `json:"notes,omitempty"`
	Error    string    `json:"error,omitempty"` // why it could not be decoded, with the position
	Text     string    `json:"text,omitempty"`  // the body as text or hex dump where Error is set

	Sensitive []Sensitive `json:"-"`
}

// Section is a titled group of facts; Rows are the lines of a table (items,
// parcels), each a list of facts.
type Section struct {
	Title string   `json:"title"`
	Facts []Fact   `json:"facts,omitempty"`
	Rows  [][]Fact `json:"rows,omitempty"`
}

// Fact is one value with its name. Value is the text as sent; what we make of
// it goes into Note ("8 = Dispatched", "UTC is a guess: no zone given").
type Fact struct {
	Label string `json:"label"`
	Path  string `json:"path,omitempty"` // where it stands: "new_shipments[0].tracking", "?APIKEY", "header Authorization"
	Value string `json:"value"`
	Kind  Kind   `json:"kind,omitempty"`
	Unit  string `json:"unit,omitempty"` // for money: "EUR", or "EUR minor" for cents; "" when the sender does not say
	Note  string `json:"note,omitempty"`
}

// Kind tells a screen how to show a fact.
type Kind string

// The kinds of a fact. The zero Kind is plain text.
const (
	KindCode  Kind = "code"  // an identifier or a status number
	KindMoney Kind = "money" // an amount; see Fact.Unit
	KindTime  Kind = "time"  // a date or time as sent
	KindLink  Kind = "link"  // an address; never followed by itself
)

// Sensitive is a place in an exchange that holds personal data or a secret.
type Sensitive struct {
	Path   string // as Fact.Path; "[]" stands for every element: "items[].label", a last "*" for all names that begin so
	Secret bool   // a secret; otherwise personal data
}

// Timing of an answer.
type Timing struct {
	Answered time.Time     // when the last byte of the answer was handed to the system
	Took     time.Duration // from the first byte of the request's head to Answered
}
