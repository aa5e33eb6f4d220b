package main_test

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSearch(t *testing.T) {
	p := serve(t, t.TempDir())
	configure(t, p.dir)
	for _, c := range []callback{
		{"POST", "/a", []string{asJSON}, []byte(`{"order":"SHOP-1001","city":"Daugavpils","note":"ring the \u0101 bell twice"}`)},
		{"POST", "/b", []string{asJSON}, []byte(`{"nested":"{\"city\":\"Daugavpils\"}"}`)},
		{"POST", "/c?token=hidden99", []string{"X-Ticket: zulu-77"}, []byte("nothing \x1b[31m here")},
	} {
		p.send(t, c)
	}
	settled(t, p.dir, 3)
	for _, tt := range []struct {
		words []string
		want  []string // targets, newest first
	}{
		{[]string{"Daugavpils"}, []string{"/b", "/a"}},
		{[]string{"daugav"}, []string{"/b", "/a"}},
		{[]string{"SHOP-1001"}, []string{"/a"}},
		{[]string{"bell twice"}, []string{"/a"}},
		{[]string{"twice bell"}, nil},
		{[]string{"Daugavpils", "path:/a"}, []string{"/a"}},
		{[]string{"zulu"}, []string{"/c"}},
		{[]string{"absent"}, nil},
	} {
		stdout, stderr, code := ctl(t, p.dir, nil, append([]string{"search", "--json"}, tt.words...)...)
		var got []string
		for line := range strings.Lines(stdout) {
			var hit struct {
				Target, Excerpt string
				Hits            [][2]int
			}
			if err := json.Unmarshal([]byte(line), &hit); err != nil {
				t.Fatalf("%v in %s", err, line)
			}
			path, _, _ := strings.Cut(hit.Target, "?")
			got = append(got, path)
			if tt.words[0] == "Daugavpils" && (len(hit.Hits) == 0 || hit.Excerpt[hit.Hits[0][0]:hit.Hits[0][1]] != "Daugavpils") {
				t.Errorf("%v: the hit is not marked in %q: %v", tt.words, hit.Excerpt, hit.Hits)
			}
		}
		if strings.Join(got, " ") != strings.Join(tt.want, " ") || code != 0 && len(tt.want) > 0 || code != 1 && len(tt.want) == 0 {
			t.Errorf("search %v: got %v and exit %d (%s), want %v", tt.words, got, code, stderr, tt.want)
		}
	}
	p.send(t, callback{"POST", "/d", []string{asJSON}, []byte(`{"authenticationToken":"hidden88","companyId":6316,"password":"hidden77"}`)})
	settled(t, p.dir, 4)
	for _, args := range [][]string{{"companyId"}, {"--json", "companyId"}} {
		if text := mustCtl(t, p.dir, nil, append([]string{"search"}, args...)...); !strings.Contains(text, "companyId") || strings.Contains(text, "hidden") {
			t.Errorf("a secret beside a hit is shown: %s", text)
		}
	}
	text := mustCtl(t, p.dir, nil, "search", "here", "--limit", "1")
	if !strings.Contains(text, "«here»") || strings.Contains(text, "\x1b") || strings.Contains(text, "hidden99") {
		t.Errorf("a hit is shown as %q", text)
	}
	if got := mustCtl(t, p.dir, nil, "search", "--session", "1", "Daugavpils", "--limit", "1"); strings.Count(got, "«") != 1 {
		t.Errorf("of one session at most one: got %q", got)
	}
}
