// Package capture is the centre of Hookglass: the nouns (Exchange, Request,
// Response, Verification, Endpoint …) and the server that records a request,
// decides an answer and sends it.
//
// It imports the standard library only. What it needs from the rings around it
// comes in as a Recorder (something that keeps exchanges) and as functions in
// Handler (who sent this, what to answer).
//
// The order of a callback's path is the promise of the program: read the body
// under a limit, Recorder.Create (it returns when the request is on disk),
// answer, annotate, Recorder.Update. Nothing is answered 2xx before Create has
// returned nil. Only where a rule looks at the annotation is that made before the
// answer.
//
// A Rule is plain data; Rules are rules made ready to answer, each by a Responder.
// They may wait, and the sender with them: until it hangs up, or until we close.
// A Forwarder has goroutines of its own, for its connections to apps and for what
// is forwarded without the sender waiting for it; Forwarder.Close ends them.
//
// Exchange and what it holds are plain values without locks. One goroutine at a
// time owns an exchange: the request's, then one of those that annotate, and
// after Recorder.Update the recorder's; from then on nobody may change it.
package capture
