// Package export turns exchanges into bytes for other tools: a command line, a raw
// request.
package export
