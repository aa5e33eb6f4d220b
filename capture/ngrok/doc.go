// Package ngrok opens a public HTTPS address with ngrok's SDK and says how it
// is. It is the only importer of the SDK.
//
// Open starts a goroutine that owns the tunnel until Close; Config.Changed is
// called from it, in order. Nothing waits for the network: Open returns at once,
// Retry and Reopen only leave a word, and Close tells the service, lets answers
// arrive that are on their way, and is done after two and a half seconds at the
// latest.
//
// The SDK has its ways, and each has its answer here:
//
//   - It retries a refused token for ever: the first coded error ends the opening.
//   - What is given to its Listen is the session's life: that is the tunnel's, not
//     the caller's.
//   - Its handlers are called with locks held: they only fill a mailbox.
//   - Its listener locks up where nobody accepts while it is closed: a pump always
//     does. Its connections never end a write that is stuck: theirs is left behind.
//   - It pauses up to 30 seconds between tries and cannot be woken, and not at all
//     where the service accepts and cuts: the dialer does the waiting, and is woken
//     by a jump of the clock or another network.
//   - It binds again what the service has stopped: then the session is ended.
//   - It does not notice another host after a reconnect: Reopen does.
//
// One thing cannot be helped: it tells the service this machine's name, the path
// of the program and the number of the process.
package ngrok
