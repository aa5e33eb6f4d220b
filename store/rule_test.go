package store

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"hookglass/capture"
)

func put(t *testing.T, db *DB, r *capture.Rule) int64 {
	t.Helper()
	id, err := db.PutRule(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func rules(t *testing.T, db *DB) []capture.Rule {
	t.Helper()
	list, err := db.Rules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestRules(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	db := open(t, path, Options{})
	until := time.Date(2025, 1, 2, 3, 4, 5, 6, time.UTC)
	late := capture.Rule{
		Name: "late", Enabled: true, Order: 2, Endpoint: "/kornitx/*", Filter: "event:order.*", Kind: capture.RuleDelayed,
		Params: capture.RuleParams{
			Delay: 2 * time.Second, DelayBody: time.Minute,
			Answer: capture.RuleAnswer{
				Status: 503, Body: "wörds\x00", Header: capture.Fields{{Name: "x-ODD", Value: "1"}, {Name: "X-odd", Value: "2"}},
			},
		},
		End: capture.RuleEnd{Count: 12, Used: 3, Until: until, Quit: true}, Hits: 7,
	}
	first := capture.Rule{Order: 1, Kind: capture.RuleSequence, Params: capture.RuleParams{
		Answers: []capture.RuleAnswer{{Status: 503}, {Preset: "komet-0", Message: "no", Failing: true}, {}}, Per: capture.PerOrder,
	}}
	gone := put(t, db, &capture.Rule{Kind: capture.RuleFixed, Params: capture.RuleParams{Answer: capture.RuleAnswer{Status: 200}}})
	late.ID, first.ID = put(t, db, &late), put(t, db, &first)
	if err := db.RemoveRule(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	if err := db.RemoveRule(t.Context(), gone); !errors.Is(err, ErrNotFound) {
		t.Errorf("RemoveRule again = %v, want ErrNotFound", err)
	}
	if _, err := db.PutRule(t.Context(), &capture.Rule{ID: gone}); !errors.Is(err, ErrNotFound) {
		t.Errorf("PutRule of a removed one = %v, want ErrNotFound", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, Options{})
	if got, want := rules(t, db), []capture.Rule{first, late}; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}

	late.Enabled, late.Name = false, "off"
	put(t, db, &late)
	late.Hits, late.End.Used = 9, 5
	if err := db.CountRules(t.Context(), []capture.Rule{late, {ID: gone, Hits: 1}}); err != nil {
		t.Fatal(err)
	}
	if got, want := rules(t, db), []capture.Rule{first, late}; !reflect.DeepEqual(got, want) {
		t.Errorf("after a change got  %+v\nwant %+v", got, want)
	}
}

// An id that an exchange may name is never another rule's.
func TestRuleIDsAreNotGivenAgain(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "h.db"), Options{})
	r := capture.Rule{Kind: capture.RuleFixed}
	first := put(t, db, &r)
	if err := db.RemoveRule(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if again := put(t, db, &r); again <= first {
		t.Errorf("after %d was removed, the next rule is %d", first, again)
	}
}

// The rule that answered stays on the exchange.
func TestAnswerOfARule(t *testing.T) {
	db := several(t, 1)
	x := load(t, db, 1)
	x.Response = &capture.Response{Status: 503, By: capture.ByRule, Rule: 7, RuleName: "busy"}
	x.State = capture.StateAnswered
	if err := errors.Join(db.Update(t.Context(), x), db.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	listed, err := db.List(t.Context(), Query{})
	if err != nil || len(listed) != 1 {
		t.Fatal(listed, err)
	}
	for what, r := range map[string]*capture.Response{"read": load(t, db, 1).Response, "listed": listed[0].Response} {
		if r == nil || r.By != capture.ByRule || r.Rule != 7 || r.RuleName != "busy" {
			t.Errorf("%s: %+v", what, r)
		}
	}
}

// Choices of the third format become preset rules.
func TestMigrationOfChoices(t *testing.T) {
	path := file(t)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	conn, err := openWriting(path)
	if err != nil {
		t.Fatal(err)
	}
	third := present(t)
	for name := range third {
		if name >= "migrations/0004" {
			delete(third, name)
		}
	}
	if err := migrate(conn, path, third); err != nil {
		t.Fatal(err)
	}
	until := time.Date(2025, 1, 2, 3, 4, 5, 6, time.UTC)
	if _, err := execute(conn, `INSERT INTO choice (path, preset, message, until) VALUES ('/b', '503', '', ?), ('/a', 'komet-0', 'say "nö"', 0)`,
		until.UnixNano()); err != nil {
		t.Fatal(err)
	}
	if _, err := execute(conn, "INSERT INTO endpoint (path, name, provider, event) VALUES ('/a', 'A', 'komet', '')"); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	db := open(t, path, Options{})
	choice := func(id int64, path, preset, message string, until time.Time) capture.Rule {
		return capture.Rule{
			ID: id, Name: path, Enabled: true, Order: 1 << 40, Endpoint: path, Kind: capture.RulePreset,
			Params: capture.RuleParams{Answer: capture.RuleAnswer{Preset: preset, Message: message}},
			End:    capture.RuleEnd{Until: until},
		}
	}
	want := []capture.Rule{choice(1, "/a", "komet-0", `say "nö"`, time.Time{}), choice(2, "/b", "503", "", until)}
	if got := rules(t, db); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	e := capture.Endpoint{Path: "/a", Name: "A", Provider: "komet", Live: true}
	if err := db.PutEndpoint(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if got, err := db.Endpoints(t.Context()); err != nil || !reflect.DeepEqual(got, capture.Endpoints{e}) {
		t.Errorf("endpoints %+v, %v", got, err)
	}
}

func TestReplaceAndPlaceRules(t *testing.T) {
	db := open(t, file(t), Options{})
	rule := func(name string, order int64) capture.Rule {
		return capture.Rule{Name: name, Order: order, Kind: capture.RuleDrop, Params: capture.RuleParams{Drop: capture.DropHalf}}
	}
	names := func() (all []string) {
		for _, r := range rules(t, db) {
			all = append(all, r.Name)
		}
		return all
	}
	a, b := rule("a", 1), rule("b", 2)
	a.ID, b.ID = put(t, db, &a), put(t, db, &b)
	ids, err := db.ReplaceRules(t.Context(), []int64{a.ID, 99}, []capture.Rule{rule("c", 3), rule("d", 4)})
	if err != nil || len(ids) != 2 || ids[0] <= b.ID || ids[1] <= ids[0] {
		t.Fatalf("new ids are %v, %v", ids, err)
	}
	if got, want := names(), []string{"b", "c", "d"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if err := db.PlaceRules(t.Context(), []int64{ids[1], 99, b.ID, ids[0]}); err != nil {
		t.Fatal(err)
	}
	if got, want := names(), []string{"d", "b", "c"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
