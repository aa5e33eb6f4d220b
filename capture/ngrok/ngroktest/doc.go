// Package ngroktest is an ngrok service on this machine, for tests: the
// unmodified SDK connects to it, and callers reach the SDK's endpoints through
// its HTTPS edge. It is written from what is known of the agent protocol: TLS
// with an authority of its own, muxado, Auth, Bind, Unbind, SrvInfo, heartbeats,
// proxied streams and the commands that a service can give.
//
// A Service is safe for concurrent use. Its faults (Cut, Silence, Down …) can be
// set at any time. Close waits for all of its goroutines.
package ngroktest
