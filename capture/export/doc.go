// Package export turns exchanges into bytes for others, and files of others into
// exchanges.
//
// Formats is the table of what a Share is written as. A writer takes the exchanges
// one at a time, holds one (WriteBundle a few MiB), ends with its context and calls
// Share.Done on the goroutine that called it. What it writes was redacted before.
// Open reads files of a stranger: nothing that they name is read or written.
package export
