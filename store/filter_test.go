package store

import (
	"fmt"
	"math/rand/v2"
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
	apart := []string{"after", "before", "header", "body", "pinned"}
	for _, op := range capture.Operators {
		if _, ok := columns[op.Name]; ok == slices.Contains(apart, op.Name) {
			t.Errorf("%s: has a column: %t", op.Name, ok)
		}
	}
	if got, want := len(columns)+len(apart), len(capture.Operators); got != want {
		t.Errorf("the store knows %d operators, want the %d of the table", got, want)
	}
}

// Thousands of random exchanges and filters: what matches in memory is what SQL
// finds.
func TestFilterMatchesAsItsSQL(t *testing.T) {
	const exchanges, filters = 400, 3000
	random := rand.New(rand.NewPCG(5, 2026))
	db := open(t, file(t), Options{})
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.Local)
	all := make([]*capture.Exchange, exchanges)
	for i := range all {
		all[i] = randomExchange(random, now)
		x := *all[i]
		create(t, db, &x)
		update(t, db, &x)
		all[i].ID = x.ID
	}
	for i := range all {
		if all[i].Pinned {
			if err := db.Pin(t.Context(), all[i].ID, true); err != nil {
				t.Fatal(err)
			}
		}
		// What the store hands out is what is matched: it, too, is read back.
		x, err := db.Exchange(t.Context(), all[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		all[i] = x
	}
	hits := 0
	for range filters {
		text := randomFilter(random, 3)
		f := filter(t, text)
		var want []int64
		for _, x := range all {
			if f.Match(x, now) {
				want = append(want, x.ID)
			}
		}
		got, err := db.IDsOf(t.Context(), Query{Filter: f, Now: now, Ascending: true})
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%s\nSQL finds %v (%v)\nin memory match %v", text, got, err, want)
		}
		if len(want) > 0 && len(want) < exchanges {
			hits++
		}
	}
	if hits < filters/4 {
		t.Errorf("only %d of %d filters told exchanges apart: the test says little", hits, filters)
	}
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// odd are texts with something that means something to SQL, LIKE or the language.
var odd = []string{"", "a", "A", "ab", "a*b", "a%b", "a_b", `a\b`, "ä", "Ä", "a b", "100%", "hermes", "HERMES", "purchase.paid", "purchase.failed", "a\x00b", "é\"q\"", "3165671600", "-", "(", "日本"}

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
			Body: []byte(strings.Join([]string{pick(r, odd...), pick(r, odd...), pick(r, `{"a":"Hermes UK"}`, "Straße_7", "\xff\xfeHermes")}, pick(r, " ", ",", ""))),
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
