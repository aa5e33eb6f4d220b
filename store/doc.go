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
// them. Words are looked for in them through a search index, which is a file of its
// own: path + "-search". With Options.Search a goroutine that Close ends keeps it,
// behind what is captured: while callbacks come it rests most of the time, so what
// is newest may have to be read. The index is made again where it is missing,
// damaged, or not this file's. Nothing waits for it, and what is found is the same
// without it. Other processes read it too.
//
// Find goes where the fewest exchanges are to be looked at: by facets, by the index,
// by tables of few rows, by the times that the index knows of blocks of 256 ids; and
// checks what is left against the rows. What no index tells is read in slices. A
// Find sees each exchange as it is when it is looked at.
//
// Attempt numbers are exact in every committed state of the file, however
// updates overtake each other. Deleting exchanges does not number the others
// anew. An exchange whose number moves because an earlier one was annotated
// after it is not reported through Changed again.
//
// Exchanges belong to sessions, of which one is active: what is captured goes there.
// A session that is staged (of a file that is being read) or deleted is not seen but
// by its ID, and the next process removes it, in steps between callbacks; so does
// RemoveSession at once. CreateAll fills a staged session between callbacks, and
// CommitSession opens it without what is here already. Beside Retention, which does
// not count what was imported, each session can have limits of its own; those of age
// are looked at when something is written.
//
// What lists are mostly asked for (session, way in, state, provider, event, verdict,
// answer) stands once per combination in a dictionary, the facets, that the writer
// keeps in memory too. A stranger can invent events, and a file all of it: beyond
// 1,024 combinations of a session, some facets stand for any event, and beyond twice
// as many for anything, so that rows tell.
//
// Deletion is soft: Hide and HideThrough take exchanges out of every list at
// once, and they can be shown again until the process ends. What is hidden then is
// removed by Purge or, in steps between callbacks, by the next process that opens
// the file for writing. Delete removes at once. By its id a hidden exchange is
// still found.
//
// Configured secrets never come here: see store/secret.
package store
