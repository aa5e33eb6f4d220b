// Package store keeps exchanges, endpoints and public key material in one
// SQLite file.
//
// A DB from Open reads and writes. One goroutine, started by Open and ended by
// Close, owns the only connection that writes. It writes creations as they come,
// commits (WAL, synchronous=FULL) as soon as no more of them are queued, and then
// wakes those who wait: every callback that came meanwhile shares the commit.
// Updates wait for such a commit until there are 16 of them, but no longer than
// 10 ms. That only one process writes is the business of somebody else's lock. A
// DB from OpenReader reads only, in any process, while another writes; its writing
// methods return ErrReadOnly.
//
// Everything is safe for concurrent use. What blocks: Create, until the request
// is on disk; Update and Reannotate, while their queue is full; Flush; and
// every other method that writes, until its own commit. Counts waits for one that
// is counting. Options.Changed is
// called on the writer's goroutine: whoever blocks there blocks every callback.
//
// Heads and bodies live apart from the columns of lists, and lists never read
// them. Bodies are not indexed for full-text search yet; that the module is
// there is checked all the same, so that a build without it fails early.
//
// Attempt numbers are exact in every committed state of the file, however
// updates overtake each other. Deleting exchanges does not number the others
// anew. An exchange whose number moves because an earlier one was annotated
// after it is not reported through Changed again.
//
// Deletion is soft: Hide and HideThrough take exchanges out of every list at
// once, and they can be shown again until the process ends. What is hidden then is
// removed by Purge or, in steps between callbacks, by the next process that opens
// the file for writing. Delete removes at once. By its id a hidden exchange is
// still found.
//
// Configured secrets never come here: see store/secret.
package store
