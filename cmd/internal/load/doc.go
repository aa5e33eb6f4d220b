// Package load puts load on an HTTP server for benchmarks and kill tests, with
// a client that costs little: it writes ready-made requests to kept connections
// and reads of an answer no more than its status and length.
package load
