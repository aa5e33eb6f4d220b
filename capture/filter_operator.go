package capture

import (
	"slices"
	"strings"
)

// Operator is a word of the filter language that a colon follows, or a flag that
// stands alone. Operators is the one table of them: the parser, the matching,
// the words and the help are made from it, and the store's SQL is tested against
// it.
type Operator struct {
	Name     string
	Takes    Takes
	Help     string   // what it asks, in a few words: "who sent it"
	Examples []string // values that can follow; of a flag none
	Values   []string // of TakesChoice: all there are

	says string // "%" stands for the value: "the provider is %"

	text    func(x *Exchange) string // of TakesText
	number  func(x *Exchange) int64  // of TakesNumber, TakesSize, TakesSpan, TakesStatus
	flag    func(x *Exchange) bool   // of TakesNothing
	choose  func(value string) []string
	message bool // it looks at header or body, which lists do not load
	read    bool // it looks at the annotation
	late    bool // what it looks at is not known before the answer, so that rules cannot use it
}

// Takes says what kind of value an operator takes.
type Takes int

// The kinds of values.
const (
	TakesText    Takes = iota // letters of either case, with * for anything; quoted, * is a star
	TakesChoice               // one of a few words
	TakesNumber               // 3, >1, <5, 2-4
	TakesSize                 // 10kb, >10kb, 1mb-2mb
	TakesSpan                 // >500ms, <2s
	TakesStatus               // 200, 5xx, none
	TakesMoment               // -2h, today, 2026-11-21, 2026-11-21T02:13, 02:13
	TakesHeader               // a field's name, or "name: value"
	TakesWords                // words that stand beside each other, the last one with * where it goes on
	TakesNothing              // a flag
)

// verdicts are the values of verified and the statuses that they stand for.
func verdicts(value string) []string {
	switch value {
	case "yes":
		return []string{string(Valid), string(WeakKey)}
	case "no":
		return []string{"", string(Invalid), string(KeyMissing), string(Unsigned), string(Unprovable), string(Malformed)}
	case "failed":
		return []string{string(Invalid), string(Malformed)}
	}
	return []string{value}
}

// marks are the values of mark and the colours that they stand for.
func marks(value string) []string {
	switch value {
	case "any":
		all := make([]string, len(Marks))
		for i, mark := range Marks {
			all[i] = string(mark)
		}
		return all
	case "none":
		return []string{""}
	}
	return []string{value}
}

func viaValue(value string) []string { return []string{value} }

func answerTo(x *Exchange) *Response {
	if x.Response == nil {
		return &Response{}
	}
	return x.Response
}

// Operators are all operators, in the order of the help.
var Operators = []Operator{
	{
		Name: "provider", Takes: TakesText, read: true, says: "the provider is %", Help: "who sent it; unknown for nobody we know", Examples: []string{"klix", "kornitx", "unknown"},
		text: func(x *Exchange) string { return x.Annotation.Provider },
	},
	{
		Name: "event", Takes: TakesText, read: true, says: "the event is %", Help: "what happened at the sender", Examples: []string{"purchase.*", "order.dispatched"},
		text: func(x *Exchange) string { return x.Annotation.Event },
	},
	{
		Name: "order", Takes: TakesText, read: true, says: "the order is %", Help: "the order's key, as the shop knows it", Examples: []string{"3165671600", "3165671600-*"},
		text: func(x *Exchange) string { return x.Annotation.Order },
	},
	{
		Name: "delivery", Takes: TakesText, read: true, says: "the delivery is %", Help: "equal for the attempts of one delivery", Examples: []string{"b0b4f7c2*"},
		text: func(x *Exchange) string { return x.Annotation.Delivery },
	},
	{
		Name: "attempt", Takes: TakesNumber, late: true, says: "the attempt is %", Help: "the first try of a delivery is 1", Examples: []string{">1", "2-5"},
		number: func(x *Exchange) int64 { return int64(x.Annotation.Attempt) },
	},
	{
		Name: "verified", Takes: TakesChoice, read: true, says: "its proof is %", Help: "the verdict on its origin",
		Values: []string{"yes", "no", "failed", "valid", "invalid", "weak_key", "key_missing", "unsigned", "unprovable", "malformed"}, choose: verdicts,
		text: func(x *Exchange) string { return string(x.Annotation.Verification.Status) },
	},
	{
		Name: "status", Takes: TakesStatus, late: true, says: "the answer is %", Help: "the status that was answered; none for no answer", Examples: []string{"503", "5xx", "400-499", "none"},
		number: func(x *Exchange) int64 { return int64(answerTo(x).Status) },
	},
	{
		Name: "by", Takes: TakesChoice, late: true, says: "the answer was decided by %", Help: "who decided the answer",
		Values: []string{"preset", "choice", "rule", "hand", "app", "default", "limit", "server", "target"}, choose: viaValue,
		text: func(x *Exchange) string { return string(answerTo(x).By) },
	},
	{
		Name: "state", Takes: TakesChoice, late: true, says: "the state is %", Help: "how far it has come",
		Values: []string{"received", "held", "answered", "client_gone", "dropped", "failed", "refused", "unknown"}, choose: viaValue,
		text: func(x *Exchange) string { return string(x.State) },
	},
	{
		Name: "via", Takes: TakesChoice, says: "it came via %", Help: "the way it came",
		Values: []string{"local", "tunnel", "public", "replay", "import", "sample"}, choose: viaValue,
		text: func(x *Exchange) string { return string(x.Via) },
	},
	{
		Name: "method", Takes: TakesText, says: "the method is %", Help: "of the request", Examples: []string{"PUT", "POST"},
		text: func(x *Exchange) string { return x.Request.Method },
	},
	{
		Name: "path", Takes: TakesText, says: "the path is %", Help: "of the request, without the query", Examples: []string{"/klix/*", "*/orders"},
		text: func(x *Exchange) string { return x.Request.Path() },
	},
	{
		Name: "endpoint", Takes: TakesText, says: "the endpoint is %", Help: "the endpoint that took it", Examples: []string{"/kornitx/*"},
		text: func(x *Exchange) string { return x.Endpoint },
	},
	{
		Name: "from", Takes: TakesText, says: "the caller is %", Help: "the caller's address", Examples: []string{"203.0.113.*"},
		text: func(x *Exchange) string { return x.Request.Source },
	},
	{
		Name: "size", Takes: TakesSize, says: "the body has %", Help: "of the body", Examples: []string{">10kb", "<1mb", "0"},
		number: func(x *Exchange) int64 { return x.Request.Size },
	},
	{
		Name: "took", Takes: TakesSpan, late: true, says: "the answer took %", Help: "from the first byte to the answer", Examples: []string{">500ms", "<2s"},
		number: func(x *Exchange) int64 { return int64(answerTo(x).Timing.Took) },
	},
	{Name: "after", Takes: TakesMoment, says: "it came %", Help: "received then or later", Examples: []string{"-2h", "today", "2026-11-21", "02:13"}},
	{Name: "before", Takes: TakesMoment, says: "it came before %", Help: "received earlier", Examples: []string{"-1d", "yesterday", "2026-11-21T02:41"}},
	{Name: "header", Takes: TakesHeader, says: "it has the header %", Help: "a field of the head", Examples: []string{"x-klix-signature", `"content-type: application/*"`}, message: true},
	{Name: "body", Takes: TakesWords, says: "the body has the words %", Help: "words that stand beside each other in the first 4 MiB of the body", Examples: []string{`"Hermes"`, "despatch*"}, message: true},
	{
		Name: "mark", Takes: TakesChoice, late: true, says: "its mark is %", Help: "a colour given by hand",
		Values: []string{"red", "amber", "green", "blue", "any", "none"}, choose: marks,
		text: func(x *Exchange) string { return string(x.Mark) },
	},
	{Name: "note", Takes: TakesWords, late: true, says: "its note has the words %", Help: "words of a note; * for any note", Examples: []string{`"ask Hermes"`, "refund*", "*"}},
	{Name: "pinned", Takes: TakesNothing, late: true, says: "it is pinned", Help: "pinned by hand", flag: func(x *Exchange) bool { return x.Pinned }},
	{Name: "truncated", Takes: TakesNothing, says: "its body was cut off", Help: "the body was cut off", flag: func(x *Exchange) bool { return x.Request.Truncated }},
}

// FindOperator returns an operator by its name in any case, or nil.
func FindOperator(name string) *Operator {
	for i := range Operators {
		if strings.EqualFold(Operators[i].Name, name) {
			return &Operators[i]
		}
	}
	return nil
}

// NeedsMessage reports whether the filter looks at headers or bodies, which the
// rows of lists do not hold.
func (f Filter) NeedsMessage() bool { return f.root != nil && f.root.NeedsMessage() }

// NeedsMessage is that of Filter for a part of one.
func (n *FilterNode) NeedsMessage() bool {
	return n.Term != nil && n.Term.needsMessage() || slices.ContainsFunc(n.Parts, (*FilterNode).NeedsMessage)
}

func (t *Term) needsMessage() bool {
	if t.Op == nil {
		return len(t.Words) > 0
	}
	return t.Op.message
}
