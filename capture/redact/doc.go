// Package redact takes secrets and personal data out of exchanges before they
// leave the machine.
//
// A Redactor serves one share, in two passes: it learns every exchange, then it
// applies what it knows to each. A value is found by the places that its provider
// names, by the name that it stands under, by its shape, and by the person's own
// paths, header fields and patterns. A found value is then replaced wherever in
// the share it stands and however it is written there: in a target, a header, a
// body, a note, an answer; percent-encoded, escaped for JSON or HTML, in base64,
// in a JSON text inside a JSON string, in a compressed part.
//
// Equal values get equal placeholders, numbered in the order in which they were
// found and never made from the value. Bytes are edited where they stand: what
// holds nothing to replace keeps its bytes and its signature. A signature of a body
// that was redacted is removed, as whoever has both can try out what was there.
//
// What a share takes in memory: 16 bytes for each distinct value, which with the free
// room of its table are 20 to 30, whether it is looked for everywhere or not, and as
// much again for one of up to 11 bytes that is no sum of money, as its base64 is a value
// of its own. Only values of more than 62 bytes that are looked for everywhere keep their
// texts. Values are bounded in number, and bodies are remembered in 8 MiB at most. The
// hashes are keyed, and no placeholder is made from them.
//
// What cannot be read, such as a body in an unknown encoding or a text inside a dozen
// others, is removed as a whole rather than left to chance.
package redact
