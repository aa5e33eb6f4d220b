package store

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// epoch names the index that belongs to the store.
func epoch(t *testing.T, db *DB) (value int64) {
	t.Helper()
	if err := db.read.QueryRowContext(t.Context(), "SELECT value FROM mark WHERE name = 'search_epoch'").Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// Who reads the index while it is closed, or while its oldest part goes, is no
// reason to make it anew.
func TestSearchFileIsKept(t *testing.T) {
	db := open(t, file(t), Options{Search: true})
	for range 10 {
		create(t, db, wordedExchange("alpha"))
	}
	if err := db.call(t.Context(), func(w *writer) error { w.next = 2<<shardBits + 1; return nil }); err != nil {
		t.Fatal(err)
	}
	last := create(t, db, wordedExchange("alpha")).ID
	awaitIndex(t, db)
	want, ix := epoch(t, db), db.index(t.Context())
	if len(ix.shards) != 2 {
		t.Fatalf("shards %v, want two", ix.shards)
	}
	if _, err := db.Delete(t.Context(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10); err != nil {
		t.Fatal(err)
	}
	for deadline := time.After(time.Minute); len(db.index(t.Context()).shards) > 1; {
		select {
		case <-db.writer.search.idle:
		case <-deadline:
			t.Fatal("the first shard is not dropped")
		}
	}
	if ids, err := ix.matching(t.Context(), `"alpha"`, 1, last, 10); err != nil || !slices.Equal(ids, []int64{last}) {
		t.Errorf("without its first shard the index finds %v, %v", ids, err)
	}
	db.searches.forget(ix.pool)
	_, err := ix.matching(t.Context(), `"alpha"`, 1, last, 10)
	if err == nil {
		t.Fatal("a closed index was read")
	}
	db.failedIndex(ix, err)
	create(t, db, wordedExchange("beta"))
	awaitIndex(t, db)
	if got := epoch(t, db); got != want {
		t.Errorf("the index was made anew: %d, want %d", got, want)
	}
}

// An exchange of a file that claims to come from the future, and waits for its
// answer, is not waited for.
func TestSearchPassesWhatIsOfTheFuture(t *testing.T) {
	db := open(t, file(t), Options{Search: true})
	x := imported("alpha", 1)
	x.State, x.Annotation, x.Response = capture.StateReceived, capture.Annotation{}, nil
	x.Request.Received = time.Now().Add(1000 * time.Hour)
	if err := db.CreateAll(t.Context(), []*capture.Exchange{x}); err != nil {
		t.Fatal(err)
	}
	create(t, db, wordedExchange("beta"))
	awaitIndex(t, db)
}

// Of a word that is as long as the index holds one nobody knows whether it goes on.
func TestSearchOfALongWord(t *testing.T) {
	db := open(t, file(t), Options{Search: true})
	for _, length := range []int{maxIndexed - 1, maxIndexed, maxIndexed + 1, maxIndexed + 2} {
		create(t, db, wordedExchange(strings.Repeat("a", length)))
	}
	awaitIndex(t, db)
	for i := range int64(4) {
		word := strings.Repeat("a", maxIndexed-1+int(i))
		if got := findAll(t, db, `"`+word+`"`); !slices.Equal(got, []int64{i + 1}) {
			t.Errorf("%d letters: found %v", len(word), got)
		}
		if got := findAll(t, db, word); len(got) != 4-int(i) {
			t.Errorf("%d letters that may go on: found %v", len(word), got)
		}
	}
}

// What stands beyond the part of a body that is searched is not found, with the
// index and without, in memory and not.
func TestSearchOfALargeBody(t *testing.T) {
	for _, search := range []bool{true, false} {
		db := open(t, file(t), Options{Search: search})
		body := "alpha " + strings.Repeat(". ", capture.SearchedBody/2-6) + " beta gamma"
		x := create(t, db, wordedExchange(body))
		x.Annotation.Summary = ""
		update(t, db, clone(x))
		if search {
			awaitIndex(t, db)
		}
		whole := load(t, db, x.ID)
		for _, text := range []string{"alpha", "beta", "gamma", "body:alpha", "body:gamma", `"beta gamma"`} {
			f := filter(t, text)
			if got, want := len(findAll(t, db, text)) == 1, f.Match(whole, time.Now()); got != want {
				t.Errorf("%s: found %t, in memory %t (index: %t)", text, got, want, search)
			}
		}
	}
}
