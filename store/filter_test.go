package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// filter parses a filter that is known to be good.
func filter(t testing.TB, text string) capture.Filter {
	t.Helper()
	f, err := capture.ParseFilter(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return f
}

// Every operator has its SQL.
func TestEveryOperatorHasSQL(t *testing.T) {
	apart := []string{"after", "before", "header", "body", "mark", "note", "pinned"}
	for _, op := range capture.Operators {
		if _, ok := columns[op.Name]; ok == slices.Contains(apart, op.Name) {
			t.Errorf("%s: has a column: %t", op.Name, ok)
		}
	}
	if got, want := len(columns)+len(apart), len(capture.Operators); got != want {
		t.Errorf("the store knows %d operators, want the %d of the table", got, want)
	}
}

// Thousands of random exchanges and filters: what matches in memory is what the
// store finds, whether or not there is an index, and however far it is.
func TestFilterMatchesAsItsSQL(t *testing.T) {
	for _, indexed := range []int{0, 150, 400} {
		t.Run(fmt.Sprint(indexed, " indexed"), func(t *testing.T) {
			random := rand.New(rand.NewPCG(5, uint64(2026+indexed)))
			db := open(t, file(t), Options{Search: indexed > 0})
			now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.Local)
			all := randomExchanges(t, db, random, 400, indexed, now)
			hits := 0
			const filters = 1000
			for range filters {
				hits += compareFilter(t, db, all, randomFilter(random, 3), now)
			}
			if hits < filters/4 {
				t.Errorf("only %d of %d filters told exchanges apart: the test says little", hits, filters)
			}
		})
	}
}

// randomExchanges keeps exchanges, of which the index has the first and nothing of
// what becomes of them later. It returns them as the store hands them out.
func randomExchanges(t *testing.T, db *DB, random *rand.Rand, n, indexed int, now time.Time) []*capture.Exchange {
	all := make([]*capture.Exchange, n)
	for i := range all {
		if i == indexed && i > 0 {
			awaitIndex(t, db)
			db.writer.search.close()
		}
		all[i] = randomExchange(random, now)
		x := *all[i]
		create(t, db, &x)
		update(t, db, &x)
		all[i].ID = x.ID
	}
	if indexed == n {
		awaitIndex(t, db)
		db.writer.search.close()
	}
	for i, x := range all {
		if random.IntN(4) == 0 {
			if err := db.Pin(t.Context(), x.ID, true); err != nil {
				t.Fatal(err)
			}
		}
		if random.IntN(4) == 0 {
			again := randomExchange(random, now)
			again.ID, again.Via = x.ID, x.Via
			if annotated(again) {
				if err := db.Reannotate(t.Context(), again); err != nil {
					t.Fatal(err)
				}
			}
		}
		if random.IntN(4) == 0 {
			if err := db.SetNote(t.Context(), x.ID, pick(random, odd...)); err != nil {
				t.Fatal(err)
			}
			if err := db.SetMark(t.Context(), x.ID, pick(random, append(capture.Marks, "")...)); err != nil {
				t.Fatal(err)
			}
		}
		flush(t, db)
		kept, err := db.Exchange(t.Context(), x.ID)
		if err != nil {
			t.Fatal(err)
		}
		all[i] = kept
	}
	return all
}

// awaitIndex waits until the search index knows everything.
func awaitIndex(t testing.TB, db *DB) {
	t.Helper()
	flush(t, db)
	stats, err := db.Stats(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.After(10 * time.Minute)
	for {
		if ix := db.index(context.Background()); ix != nil && ix.mark >= stats.Newest && len(ix.touched) == 0 {
			return
		}
		select {
		case <-db.writer.search.idle:
		case <-deadline:
			t.Fatal("the index is not made in time")
		}
	}
}

// compareFilter compares what the store finds with what matches in memory. It
// returns 1 where the filter tells exchanges apart.
func compareFilter(t *testing.T, db *DB, all []*capture.Exchange, text string, now time.Time) int {
	t.Helper()
	f := filter(t, text)
	var want []int64
	for _, x := range all {
		if f.Match(x, now) {
			want = append(want, x.ID)
		}
	}
	got, err := db.IDsOf(t.Context(), Query{Filter: f, Now: now, Ascending: true})
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("%s\nthe store finds %v (%v)\nin memory match %v", text, got, err, want)
	}
	newest := slices.Clone(want)
	slices.Reverse(newest)
	if newest = newest[:min(len(newest), 10)]; !slices.Equal(newest, want) || len(want) > 0 {
		got, err = db.IDsOf(t.Context(), Query{Filter: f, Now: now, Limit: 10})
		if err != nil || !slices.Equal(got, newest) {
			t.Fatalf("%s\nthe newest that the store finds are %v (%v)\nin memory %v", text, got, err, newest)
		}
	}
	if len(want) > 0 && len(want) < len(all) {
		return 1
	}
	return 0
}

// FuzzFind finds what matches in memory, whatever the filter and the texts are.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{"hermes", `"hermes uk" or pinned`, "-(order:3165671600 a)", "order:31656* mark:any", "note:* -via:local", `body:"straße" after:-1h`, "path:/klix* header:x-klix-signature", strings.Repeat("x", 70)} {
		f.Add(seed, "a hermes uk b", `{"n":"Stra\\u00dfe"}`)
	}
	path := filepath.Join(f.TempDir(), "hookglass.db")
	db, err := Open(context.Background(), path, Options{Search: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { db.Close() })
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text, order, body string) {
		parsed, err := capture.ParseFilter(text)
		if err != nil {
			return
		}
		x := randomExchange(rand.New(rand.NewPCG(uint64(len(text)), uint64(len(body)))), now)
		x.Annotation.Order, x.Request.Body = order, []byte(body)
		create(t, db, x)
		if len(text)%2 == 0 {
			awaitIndex(t, db)
		}
		kept, err := db.Exchange(t.Context(), x.ID)
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.IDsOf(t.Context(), Query{Filter: parsed, Now: now, After: x.ID - 1})
		if want := parsed.Match(kept, now); err != nil || (len(got) == 1) != want {
			t.Fatalf("%q finds %v (%v), in memory it matches: %t", text, got, err, want)
		}
	})
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// odd are texts with something that means something to SQL, LIKE or the language.
var odd = []string{"", strings.Repeat("long", 20), strings.Repeat("long", 20) + "er", "a-b", "hermes uk", "uk hermes", "x\\u00e9\\\"q", "a", "A", "ab", "a*b", "a%b", "a_b", `a\b`, "ä", "Ä", "a b", "100%", "hermes", "HERMES", "purchase.paid", "purchase.failed", "a\x00b", "é\"q\"", "3165671600", "-", "(", "日本"}

func randomExchange(r *rand.Rand, now time.Time) *capture.Exchange {
	target := pick(r, "/", "/klix/", "/klix/x?a=1", "/KLIX/ä%20", "http://h.test/abs/x?y", "*", "h.test:443", "/a*b", "/a_b?"+pick(r, odd...))
	header := "content-type: " + pick(r, "application/json", "text/plain", "a*b") + "\r\n"
	if r.IntN(2) == 0 {
		header += "X-Klix-Signature: " + pick(r, "abc", "", "ab%c") + "\r\n"
	}
	x := &capture.Exchange{
		State:    pick(r, capture.StateReceived, capture.StateAnswered, capture.StateGone, capture.StateHeld),
		Via:      pick(r, capture.ViaLocal, capture.ViaTunnel, capture.ViaPublic, capture.ViaReplay, capture.ViaSample),
		Endpoint: pick(r, "", "/klix/*", "/kornitx/*"), Pinned: r.IntN(4) == 0,
		Request: capture.Request{
			Received: now.Add(-time.Duration(r.Int64N(int64(72 * time.Hour)))),
			Remote:   "127.0.0.1:5", Source: pick(r, "203.0.113.9", "203.0.113.10", "::1"),
			Method: pick(r, "PUT", "POST", "OPTIONS"), Target: target, Proto: "HTTP/1.1", Host: "h.test",
			Head: []byte("PUT / HTTP/1.1\r\n" + header + "\r\n"), Exact: true,
			Body: []byte(strings.Join([]string{pick(r, odd...), pick(r, odd...), pick(r, `{"a":"Hermes UK"}`, "Straße_7", `{"a":"{\"b\":\"caf\\u00e9 a\"}"}`, "q=caf%C3%A9+a&p=%7B%22a%22%7D", "\xff\xfeHermes")}, pick(r, " ", ",", ""))),
			Size: pick[int64](r, 0, 1, 1024, 10<<10, 10<<10+1, 3<<20), Truncated: r.IntN(5) == 0,
		},
	}
	if r.IntN(5) > 0 {
		x.Annotation = capture.Annotation{
			Provider: pick(r, "", "klix", "kornitx"), Event: pick(r, odd...), Summary: pick(r, odd...),
			Order: pick(r, odd...), Delivery: pick(r, odd...),
			Verification: capture.Verification{Status: pick(r, capture.Statuses...)}, AtArrival: capture.Valid,
		}
	}
	if r.IntN(4) > 0 {
		x.Response = &capture.Response{
			Status: pick(r, 200, 204, 404, 500, 503), By: pick(r, capture.ByPreset, capture.ByChoice, capture.ByTarget),
			Timing: capture.Timing{Answered: now, Took: pick(r, time.Millisecond, 500*time.Millisecond, 2*time.Second)},
		}
	}
	return x
}

func randomFilter(r *rand.Rand, depth int) string {
	if depth > 0 && r.IntN(3) > 0 {
		left, right := randomFilter(r, depth-1), randomFilter(r, depth-1)
		return pick(r, "("+left+" or "+right+")", left+" "+right, left+" and "+right, "-("+left+")", "not "+left)
	}
	word := func() string {
		text := pick(r, odd...)
		text = strings.ReplaceAll(text, "\x00", "")
		if text == "" {
			text = "x"
		}
		quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
		if strings.ContainsAny(text, ` "()\-`) {
			return quoted
		}
		return pick(r, quoted, text, text+"*", "*"+text)
	}
	if r.IntN(5) == 0 {
		if w := word(); !strings.HasPrefix(w, "-") {
			return w
		}
	}
	op := capture.Operators[r.IntN(len(capture.Operators))]
	switch op.Takes {
	case capture.TakesText:
		return op.Name + ":" + pick(r, append([]string{word(), word(), word()}, op.Examples...)...)
	case capture.TakesChoice:
		return op.Name + ":" + pick(r, op.Values...)
	case capture.TakesNumber:
		return op.Name + ":" + pick(r, "1", ">1", "<=1", "0-3")
	case capture.TakesSize:
		return op.Name + ":" + pick(r, "0", ">10kb", "<=10kb", "1-1024", ">=3mb")
	case capture.TakesSpan:
		return op.Name + ":" + pick(r, ">0s", "<1s", "500ms", ">=2s")
	case capture.TakesStatus:
		return op.Name + ":" + pick(r, "none", "2xx", "503", ">=500", "<300")
	case capture.TakesMoment:
		return op.Name + ":" + pick(r, "-1h", "-2d", "today", "yesterday", "02:13", "2026-11-20", "2026-11-20T02:13:00Z")
	case capture.TakesHeader:
		return op.Name + ":" + pick(r, "x-klix-signature", "x-*", `"Content-Type: a*"`, `"content-type: text/plain"`, "none")
	case capture.TakesWords:
		if tokens := capture.Tokens(word()); len(tokens) > 0 {
			return op.Name + ":" + pick(r, tokens[0], tokens[0]+"*", `"hermes uk"`, fmt.Sprintf("%q", strings.Join(tokens, " ")))
		}
		return op.Name + ":hermes"
	case capture.TakesNothing:
	}
	return op.Name
}
