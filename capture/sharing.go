package capture

// Sharing says what is to leave, and how.
type Sharing struct {
	Session int64   // whose exchanges; 0 for all sessions
	IDs     []int64 // these; none: all that Filter matches
	Filter  string  // in the filter language
	Format  string  // name of a format: "bundle"
	Redact  string  // a profile, as redact.ParseProfile reads it; "" is "secrets"
	Title   string  // "" is the session's name
	Sharer  string
	Note    string
	Rules   bool // the rules go along
	Keyed   bool // each exchange gets a MAC under the sharer's key, with which they can prove what was captured
}

// SharingReport tells what was written.
type SharingReport struct {
	Path      string
	Exchanges int64
	Bytes     int64            // of the file
	Replaced  map[string]int64 // values, by what they were: "secret", "phone"
	Warnings  []string         // sentences: what could not be said in this format
}

// Opening is a file that was read into a staged session.
type Opening struct {
	Session    Session // its Origin tells who shared it and how it was redacted
	Stats      SessionStats
	Duplicates int64  // exchanges that are here already
	Rules      []Rule // none of them in force
	Skipped    []SkippedPart
}

// SkippedPart is a part of a file that was not read.
type SkippedPart struct {
	Where string // "exchanges.ndjson, line 12"
	Why   string // a sentence
}

// Importing says what becomes of an opened file.
type Importing struct {
	Session int64  // the staged one
	Name    string // of the session that it becomes; "" leaves it
	Rules   []int  // indexes of the rules that are wanted; they come in disabled
	Verify  bool   // proofs are checked again with the keys that are here, where nothing was redacted
}

// ImportReport tells what was imported.
type ImportReport struct {
	Session    Session // zero where nothing was kept
	Kept       int64
	Duplicates int64 // were there before, and are so once
	Rules      int
}

// Progress is told how far a long work has come; total is 0 where it is not known.
// It must not block.
type Progress func(done, total int64)
