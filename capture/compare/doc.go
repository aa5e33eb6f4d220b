// Package compare tells how two exchanges differ: two attempts of a delivery, a
// callback and its resend, a request before and after an edit. It covers the
// request line, the header and the body, and the same of both answers.
//
// What comes out is plain data that a terminal and a window can draw: sections of
// lines, each the same on both sides, changed, or on one side only. Long runs of
// equal lines are folded. Large sections make their lines when they are asked for,
// from the bodies of the exchanges, which must not change meanwhile.
//
// Nothing blocks but the computing itself, which ends when its context does. Its
// work and memory grow with the size of the bodies, not with how much they differ:
// beyond a bound it compares more coarsely and says so. A Comparison may be read by
// several goroutines.
package compare
