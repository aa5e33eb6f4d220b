package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"hookglass/capture"
)

// worded is an answered callback with a body.
func wordedExchange(body string) *capture.Exchange {
	x := annotate(arrival(body), "klix", "", capture.Valid)
	x.Annotation.Summary = "Paid " + body
	return x
}

// findAll returns what a filter finds, oldest first.
func findAll(t testing.TB, db *DB, text string) []int64 {
	t.Helper()
	ids, err := db.IDsOf(context.Background(), Query{Filter: filter(t, text), Ascending: true})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return ids
}

func TestSearchFollows(t *testing.T) {
	db := open(t, file(t), Options{Search: true})
	for _, body := range []string{"alpha beta", "beta gamma", `{"x":"caf\u00e9"}`} {
		create(t, db, wordedExchange(body))
	}
	awaitIndex(t, db)
	again := wordedExchange("")
	again.ID, again.Annotation.Summary = 2, "Delta"
	if err := db.Reannotate(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if err := db.SetNote(t.Context(), 1, "look at epsilon"); err != nil {
		t.Fatal(err)
	}
	for _, indexed := range []bool{false, true} {
		if indexed {
			awaitIndex(t, db)
		}
		for text, want := range map[string][]int64{
			"beta": {1, 2}, `"beta gamma"`: {2}, "café": {3}, "delta": {2}, "epsilon": {1}, "eps": {1}, `"eps"`: nil,
			"alpha or delta": {1, 2}, "-beta": {3}, "purchase.paid -delta": {1, 3}, "body:gam*": {2},
		} {
			if got := findAll(t, db, text); !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v (indexed: %t)", text, got, want, indexed)
			}
		}
	}
	if _, err := db.Delete(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	create(t, db, wordedExchange("zeta"))
	awaitIndex(t, db)
	ix := db.index(t.Context())
	if ids, err := ix.matching(t.Context(), `"gamma"`, 100, 1, 10); err != nil || len(ids) > 0 {
		t.Errorf("the index still has %v (%v)", ids, err)
	}
}

// TestSearchFileIsMadeAnew breaks the index in every way between two starts.
func TestSearchFileIsMadeAnew(t *testing.T) {
	other := file(t)
	func() {
		db, err := Open(t.Context(), other, Options{Search: true})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		create(t, db, wordedExchange("stranger"))
		awaitIndex(t, db)
	}()
	change := func(query string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			c, err := connect(fileURL(path, nil))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.(*sqlite3.SQLiteConn).Exec(query, nil); err != nil {
				t.Fatal(err)
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	put := func(b []byte) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, breakIt := range map[string]func(t *testing.T, path string){
		"nothing":     func(*testing.T, string) {},
		"missing":     func(_ *testing.T, path string) { _ = os.Remove(path) },
		"empty":       put(nil),
		"text":        put([]byte(strings.Repeat("no database ", 1000))),
		"another's":   func(t *testing.T, path string) { put(contents(t, searchPath(other)))(t, path) },
		"newer":       change(fmt.Sprintf("PRAGMA user_version = %d", searchVersion+1)),
		"cut":         func(t *testing.T, path string) { put(contents(t, path)[:8192])(t, path) },
		"no table":    change("DROP TABLE meta"),
		"no words":    change("DROP TABLE doc_0"),
		"ahead":       change("UPDATE meta SET value = 1000 WHERE name = 'mark'"),
		"no pages":    change("UPDATE doc_0_data SET block = zeroblob(100) WHERE id > 10"),
		"not written": change("UPDATE meta SET value = 0 WHERE name = 'clean'"),
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t)
			db := open(t, path, Options{Search: true})
			for i := range 200 {
				create(t, db, wordedExchange(fmt.Sprintf("word%d common", i)))
			}
			awaitIndex(t, db)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			breakIt(t, searchPath(path))
			reader, err := OpenReader(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			db = open(t, path, Options{Search: true})
			for _, db := range []*DB{reader, db} {
				if got := findAll(t, db, "word77"); !slices.Equal(got, []int64{78}) {
					t.Errorf("finds %v", got)
				}
				if got := findAll(t, db, "common"); len(got) != 200 {
					t.Errorf("finds %d", len(got))
				}
			}
			create(t, db, wordedExchange("word77 again"))
			awaitIndex(t, db)
			if got := findAll(t, reader, "word77"); !slices.Equal(got, []int64{78, 201}) {
				t.Errorf("then finds %v", got)
			}
			if info, err := os.Stat(searchPath(path)); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the index is %v (%v)", info, err)
			}
		})
	}
}

// A process that keeps no index changes texts: the next one that does begins anew.
func TestSearchAfterAProcessWithout(t *testing.T) {
	path := file(t)
	for i, search := range []bool{true, false, true} {
		db := open(t, path, Options{Search: search})
		if i == 0 {
			create(t, db, wordedExchange("first"))
		} else {
			if err := db.SetNote(t.Context(), 1, fmt.Sprintf("note%d", i)); err != nil {
				t.Fatal(err)
			}
		}
		if search {
			awaitIndex(t, db)
		}
		if got := findAll(t, db, fmt.Sprintf("note%d or first", i)); len(got) != 1 {
			t.Errorf("round %d finds %v", i, got)
		}
		if got := findAll(t, db, fmt.Sprintf("note%d", i-1)); len(got) != 0 {
			t.Errorf("round %d still finds %v", i, got)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Where the index cannot be made, everything else goes on.
func TestSearchWithoutAFile(t *testing.T) {
	path := file(t)
	if err := os.MkdirAll(searchPath(path)+"/in the way", 0o700); err != nil {
		t.Fatal(err)
	}
	db := open(t, path, Options{Search: true})
	create(t, db, wordedExchange("alpha"))
	if err := db.SetNote(t.Context(), 1, "beta"); err != nil {
		t.Fatal(err)
	}
	if got := findAll(t, db, "alpha beta"); !slices.Equal(got, []int64{1}) {
		t.Errorf("finds %v", got)
	}
}

func TestFindEndsWhenTold(t *testing.T) {
	db := open(t, file(t), Options{})
	for range 20 {
		create(t, db, wordedExchange("alpha"))
	}
	stop := errors.New("enough")
	if err := db.Find(t.Context(), Query{Filter: filter(t, "alpha")}, func(Found) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("Find = %v, want the error of its caller", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Find(ctx, Query{}, func(Found) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("Find = %v, want context.Canceled", err)
	}
	n := int64(0)
	if err := db.Tally(t.Context(), Query{Filter: filter(t, "alpha")}, func(so int64, _ bool) error { n = so; return nil }); err != nil || n != 20 {
		t.Errorf("Tally counts %d (%v)", n, err)
	}
}

const searchChild = "HOOKGLASS_SEARCH_CHILD"

// TestSearchChild is the process that TestSearchSurvivesKill kills.
func TestSearchChild(t *testing.T) {
	path := os.Getenv(searchChild)
	if path == "" {
		t.Skip("only in a process of its own")
	}
	db := open(t, path, Options{Search: true, Retention: Retention{MaxExchanges: 900}})
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	fmt.Println("begun")
	for i := 0; ; i++ {
		x := create(t, db, wordedExchange(fmt.Sprintf("w%d common", random.IntN(50))))
		id := max(x.ID-random.Int64N(100), 1)
		switch random.IntN(4) {
		case 0:
			_ = db.SetNote(t.Context(), id, fmt.Sprintf("w%d", random.IntN(50))) // it may be gone
		case 1:
			again := wordedExchange(fmt.Sprintf("w%d", random.IntN(50)))
			again.ID = id
			if err := db.Reannotate(t.Context(), again); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestSearchSurvivesKill kills a process that captures, changes and deletes, again
// and again: what the next one finds is what is there.
func TestSearchSurvivesKill(t *testing.T) {
	path := file(t)
	for round := range 6 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestSearchChild$", "-test.timeout", "2m")
		child.Env = append(os.Environ(), searchChild+"="+path)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		if !bufio.NewScanner(out).Scan() {
			t.Fatal("the process says nothing")
		}
		untilCaptured(t, path, int64(150*(round+1)+rand.IntN(100)))
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // it was killed
		db := open(t, path, Options{Search: true})
		compareWords(t, db)
		awaitIndex(t, db)
		compareWords(t, db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// untilCaptured waits until another process has captured so many.
func untilCaptured(t *testing.T, path string, n int64) {
	t.Helper()
	reader, err := OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	deadline := time.Now().Add(time.Minute)
	for {
		stats, err := reader.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if stats.Newest >= n {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("only %d of %d were captured in time", stats.Newest, n)
		}
	}
}

func compareWords(t *testing.T, db *DB) {
	t.Helper()
	ids, err := db.IDsOf(t.Context(), Query{Ascending: true})
	if err != nil {
		t.Fatal(err)
	}
	all, err := db.Exchanges(t.Context(), ids, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b *capture.Exchange) int { return int(a.ID - b.ID) })
	for n := range 50 {
		word := fmt.Sprintf("w%d", n)
		var want []int64
		for _, x := range all {
			if capture.HasText(x, []string{word}, false) {
				want = append(want, x.ID)
			}
		}
		if got := findAll(t, db, `"`+word+`"`); !slices.Equal(got, want) {
			t.Fatalf("%s: finds %v, want %v", word, got, want)
		}
	}
}
