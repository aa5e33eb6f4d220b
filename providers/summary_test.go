package providers

import (
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

func TestLine(t *testing.T) {
	if got := Line("", "Dispatched", Named("order", ""), Named("order", "7"), ""); got != "Dispatched · order 7" {
		t.Errorf("got %q", got)
	}
	if got := Line("", ""); got != "" {
		t.Errorf("nothing gives %q", got)
	}
}

func TestCounted(t *testing.T) {
	for body, want := range map[string]string{`[]`: "0 lines", `[1]`: "1 line", `[1,2]`: "2 lines", `{"a":1}`: "", `null`: ""} {
		if got := Counted(gjson.Parse(body), "line"); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

func TestSnake(t *testing.T) {
	for name, want := range map[string]string{
		"QC Query": "qc_query", "Dispatched (Retailer Notified)": "dispatched_retailer_notified",
		" --Lost -- at Sea! ": "lost_at_sea", "Ölfarbe": "ölfarbe", "": "", "!?": "", "\xff": "",
	} {
		if got := Snake(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	if got := Snake(strings.Repeat("long ", 10_000)); len(got) > 2*maxSnake {
		t.Errorf("a name of %d bytes", len(got))
	}
}

func TestDigestKeepsPartsApart(t *testing.T) {
	if a, b := Digest("ab", "c"), Digest("a", "bc"); a == b || len(a) != 16 {
		t.Errorf("got %q and %q", a, b)
	}
}

func TestWithoutZone(t *testing.T) {
	for text, want := range map[string]bool{
		"2023-02-27 12:04:19": true, "2020-10-05T23:36:31.5231781": true, "2020-10-05T23:36": true,
		"2023-02-27": false, "2020-10-05T23:36:31Z": false, "2020-10-05T23:36:31+02:00": false,
		"2020-10-05 23:36:31-0500": false, "": false, "12:04": false, "some text: with colon": false,
	} {
		if got := WithoutZone(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
