package viewmodel

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/providers/all"
)

func TestRowText(t *testing.T) {
	m := rowMaker{
		set: all.NewSet(), mask: func(s string) string { return capture.MaskTarget(s) },
		style: style{zone: time.UTC}, endpoints: capture.Endpoints{{Path: "/komet", Provider: "komet"}},
	}
	answer := func(status int, by capture.By, preset string) *capture.Response {
		return &capture.Response{Status: status, By: by, Preset: preset, Timing: capture.Timing{Took: 84 * time.Millisecond}}
	}
	for _, test := range []struct {
		name string
		x    capture.Exchange
		text string
		tone Tone
	}{
		{"answered", capture.Exchange{State: capture.StateAnswered, Response: answer(200, capture.ByPreset, "")}, "200", Good},
		{"refused by a rule", capture.Exchange{State: capture.StateAnswered, Response: answer(503, capture.ByRule, "")}, "503", Bad},
		{"refused by choice", capture.Exchange{State: capture.StateAnswered, Response: answer(503, capture.ByChoice, "503")}, "503", Bad},
		{"client error", capture.Exchange{State: capture.StateAnswered, Response: answer(413, capture.ByLimit, "")}, "413", Warn},
		{"komet says no", capture.Exchange{
			State: capture.StateAnswered, Endpoint: "/komet", Response: answer(200, capture.ByChoice, kometNo(t, &m)),
		}, "K:0", Warn},
		{"pending", capture.Exchange{State: capture.StateReceived}, "pending", Muted},
		{"held", capture.Exchange{State: capture.StateHeld}, "held", Warn},
		{"failed", capture.Exchange{State: capture.StateFailed}, "failed", Bad},
		{"failed on the way", capture.Exchange{State: capture.StateFailed, Response: answer(200, capture.ByPreset, "")}, "failed", Bad},
		{"gone", capture.Exchange{State: capture.StateGone, Response: answer(200, capture.ByPreset, "")}, "gone", Warn},
		{"gone before", capture.Exchange{State: capture.StateGone}, "gone", Warn},
		{"refused", capture.Exchange{State: capture.StateRefused, Response: answer(400, capture.ByServer, "")}, "refused 400", Warn},
		{"resend without answer", capture.Exchange{State: capture.StateFailed, Via: capture.ViaReplay}, "no answer", Bad},
		{"not known", capture.Exchange{State: capture.StateUnknown}, "not known", Muted},
	} {
		row := m.row(&test.x)
		if row.Answer != test.text || row.AnswerTone != test.tone {
			t.Errorf("%s: %q in tone %d, want %q in %d", test.name, row.Answer, row.AnswerTone, test.text, test.tone)
		}
	}
}

// kometNo is the ID of the preset that says no with a 200.
func kometNo(t *testing.T, m *rowMaker) string {
	t.Helper()
	presets := m.set.Presets("komet")
	i := slices.IndexFunc(presets, func(p capture.Preset) bool { return p.Short == "K:0" })
	if i < 0 {
		t.Fatal("Komet has no K:0")
	}
	return presets[i].ID
}

func TestRowHidesWhatIsHostile(t *testing.T) {
	m := rowMaker{
		set: all.NewSet(), style: style{zone: time.UTC},
		mask: func(s string) string { return capture.MaskTarget(s, "sesame-open") },
	}
	row := m.row(&capture.Exchange{
		Request: capture.Request{
			Method: "GET\x1b[31m", Target: "/a/sesame-open/\u202eb" + strings.Repeat("x", 5000) + "?token=t", Size: 12_400, Truncated: true,
		},
		Annotation: capture.Annotation{Event: "a\nb", Summary: "Dispatched\r", Attempt: 3},
	})
	for _, text := range []string{row.Method, row.Path, row.Event, row.Meta} {
		if strings.ContainsAny(text, "\x1b\u202e\n\r") || strings.Contains(text, "sesame-open") || len(text) > 400 {
			t.Errorf("shown: %q", text)
		}
	}
	if !row.Cut || row.Attempt != "#3" || !strings.HasPrefix(row.Meta, "12.4 KB, cut · attempt 3 · Dispatched") {
		t.Errorf("cut %t, attempt %q, meta %q", row.Cut, row.Attempt, row.Meta)
	}
}

func TestWindowSets(t *testing.T) {
	w := window{}
	w.insert([]int64{2, 4, 6})
	w.insert([]int64{8})
	w.insert([]int64{1, 5, 9})
	w.remove([]int64{0, 4, 9, 10})
	if want := []int64{1, 2, 5, 6, 8}; !slices.Equal(w.ids, want) {
		t.Fatalf("%v, want %v", w.ids, want)
	}
	for id, want := range map[int64]int{8: 0, 6: 1, 1: 4, 7: 1, 9: 0, 0: 5, 3: 3} {
		if got, _ := w.find(id); got != want {
			t.Errorf("%d is at %d, want %d", id, got, want)
		}
	}
	if n := w.trim(3); n != 2 || w.oldest() != 5 || !w.below {
		t.Errorf("trimmed %d, oldest %d", n, w.oldest())
	}
	w.remove([]int64{5, 6, 8})
	if w.len() != 0 || w.newest() != 0 {
		t.Errorf("%v is left", w.ids)
	}
}

func TestRowCacheIsBounded(t *testing.T) {
	c := newRowCache()
	c.put(&Row{ID: 1})
	for id := int64(2); id <= maxCached; id++ {
		c.put(&Row{ID: id})
	}
	c.get(1)
	c.put(&Row{ID: maxCached + 1})
	if !c.has(1) || c.has(2) || len(c.rows) != maxCached || c.order.Len() != maxCached {
		t.Errorf("1 kept %t, 2 kept %t, %d rows", c.has(1), c.has(2), len(c.rows))
	}
}
