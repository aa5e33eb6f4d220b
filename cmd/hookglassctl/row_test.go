package main_test

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

// printed is an exchange as list and show print it with --json.
type printed struct {
	ID         int64  `json:"id"`
	UID        string `json:"uid"`
	ReceivedAt string `json:"received_at"`
	Via        string `json:"via"`
	Origin     int64  `json:"origin"`
	Endpoint   string `json:"endpoint"`
	Remote     string `json:"remote"`
	Method     string `json:"method"`
	Target     string `json:"target"`
	Provider   string `json:"provider"`
	Event      string `json:"event"`
	Summary    string `json:"summary"`
	Order      string `json:"order"`
	Delivery   string `json:"delivery"`
	Attempt    int    `json:"attempt"`

	Verification struct {
		Status    string `json:"status"`
		AtArrival string `json:"at_arrival"`
		Scheme    string `json:"scheme"`
		Reason    string `json:"reason"`
		Tried     []struct {
			Reading string `json:"reading"`
			Matches bool   `json:"matches"`
			Meaning string `json:"meaning"`
		} `json:"tried"`
	} `json:"verification"`

	Size      int64  `json:"size"`
	Truncated bool   `json:"truncated"`
	State     string `json:"state"`
	Error     string `json:"error"`

	Answer struct {
		Status   int         `json:"status"`
		By       string      `json:"by"`
		Rule     int64       `json:"rule"`
		RuleName string      `json:"rule_name"`
		Duration float64     `json:"duration_ms"`
		Headers  [][2]string `json:"headers"`
		Body     string      `json:"body_base64"`
	} `json:"answer"`

	Sent json.RawMessage `json:"sent"`

	Session  int64           `json:"session"`
	Pinned   bool            `json:"pinned"`
	Mark     string          `json:"mark"`
	Note     string          `json:"note"`
	Imported json.RawMessage `json:"imported"`

	Proto    string          `json:"proto"`
	Host     string          `json:"host"`
	Headers  [][2]string     `json:"headers"`
	Trailers [][2]string     `json:"trailers"`
	Body     string          `json:"body_base64"`
	Decoded  json.RawMessage `json:"decoded"`
}

func (p *printed) body(t testing.TB) []byte { return unbase64(t, p.Body) }

// matching lists what the readings of the ladder that match would mean.
func (p *printed) matching() (found []string) {
	for _, try := range p.Verification.Tried {
		if try.Matches {
			found = append(found, try.Reading+": "+try.Meaning)
		}
	}
	return found
}

func unbase64(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// parse reads one line of --json and fails for a name that it does not know.
func parse(t testing.TB, line string) printed {
	t.Helper()
	var p printed
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	return p
}

// list runs list --json.
func list(t testing.TB, dir string, args ...string) []printed {
	t.Helper()
	var rows []printed
	for line := range strings.Lines(mustCtl(t, dir, nil, append([]string{"list", "--json"}, args...)...)) {
		rows = append(rows, parse(t, line))
	}
	return rows
}

// settled waits until n callbacks are answered, verified and stored, and returns
// them in the order in which they came.
func settled(t testing.TB, dir string, n int) []printed {
	t.Helper()
	mustCtl(t, dir, nil, "wait", "--since", "2000-01-01T00:00:00Z", "--count", strconv.Itoa(n), "--timeout", "20s")
	rows := list(t, dir, "--limit", "0")
	if len(rows) != n {
		t.Fatalf("there are %d callbacks, want %d", len(rows), n)
	}
	for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
		rows[i], rows[j] = rows[j], rows[i]
	}
	return rows
}

// show runs show --json.
func show(t testing.TB, dir string, id int64) printed {
	t.Helper()
	return parse(t, mustCtl(t, dir, nil, "show", strconv.FormatInt(id, 10), "--json"))
}

// last waits for the n-th callback and shows it.
func last(t testing.TB, dir string, n int) printed {
	t.Helper()
	rows := settled(t, dir, n)
	return show(t, dir, rows[n-1].ID)
}
