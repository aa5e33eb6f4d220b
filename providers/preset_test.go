package providers

import (
	"encoding/json"
	"strings"
	"testing"

	"hookglass/capture"
)

func talking() capture.Preset {
	p := StatusPreset(200, "no", "it says no")
	p.ID, p.TakesMessage, p.Failing = "no", true, true
	p.Response.Body = []byte(`{"status":"0", "message" : "default", "n":{"message":"inner"},"error":"default"}`)
	return p
}

func TestFillWritesAnyTextAsJSON(t *testing.T) {
	for _, message := range []string{
		"plain", `quote " and \ and }`, "line\nend\x00", "</script>", "ž ☃ \u202e", `","status":"1`, strings.Repeat("x", 5000),
	} {
		preset := talking()
		answer := Fill(preset, message)
		var got struct {
			Status, Message, Error string
			N                      struct{ Message string }
		}
		if err := json.Unmarshal(answer.Body, &got); err != nil {
			t.Errorf("%q: %v: %s", message, err, answer.Body)
			continue
		}
		want := cut(message, maxMessage)
		if got.Status != "0" || got.Message != want || got.Error != want || got.N.Message != "inner" {
			t.Errorf("%q: filled in as %s", message, answer.Body)
		}
		if !strings.Contains(string(preset.Response.Body), "default") {
			t.Errorf("%q: the template was changed", message)
		}
	}
}

func TestFillKeepsTheTemplate(t *testing.T) {
	silent := talking()
	silent.TakesMessage = false
	for name, got := range map[string]capture.Response{"no message": Fill(talking(), ""), "takes none": Fill(silent, "words")} {
		if string(got.Body) != string(talking().Response.Body) {
			t.Errorf("%s: %s", name, got.Body)
		}
	}
	invalid := Fill(talking(), "a\xffb")
	if !json.Valid(invalid.Body) || !strings.Contains(string(invalid.Body), `"a\ufffdb"`) && !strings.Contains(string(invalid.Body), `"a�b"`) {
		t.Errorf("bytes that are no UTF-8: %s", invalid.Body)
	}
}

func TestChosen(t *testing.T) {
	set := NewSet(&Provider{ID: "p", Presets: []capture.Preset{StatusPreset(200, "done", ""), talking()}}, &Provider{ID: "bare"})
	for _, tt := range []struct {
		provider, id string
		status       int
	}{
		{"p", "no", 200}, {"p", "503", 0}, {"bare", "503", 503}, {"", "503", 503}, {"nobody", "400", 400}, {"p", "", 0},
	} {
		answer, ok := set.Chosen(tt.provider, tt.id, "words")
		if answer.Status != tt.status || ok != (tt.status != 0) {
			t.Errorf("%s/%s: %d, %v", tt.provider, tt.id, answer.Status, ok)
		}
		if ok && (answer.By != capture.ByChoice || answer.Preset != tt.id) {
			t.Errorf("%s/%s: by %q, preset %q", tt.provider, tt.id, answer.By, answer.Preset)
		}
	}
}

func TestEffectGoesByTheStatus(t *testing.T) {
	set := NewSet(&Provider{ID: "p", Name: "P", Presets: []capture.Preset{
		StatusPreset(200, "", "fine"), StatusPreset(503, "", "busy"), StatusPreset(400, "", "bad"),
	}}, &Provider{ID: "odd", Effect: func(*capture.Response) Effect { panic("no") }})
	for _, tt := range []struct {
		provider string
		status   int
		want     Effect
	}{
		{"p", 200, Effect{Text: "fine"}},
		{"p", 503, Effect{Failed: true, Text: "busy"}},
		{"p", 500, Effect{Failed: true, Text: "busy"}},
		{"p", 404, Effect{Failed: true, Text: "bad"}},
		{"p", 302, Effect{Text: "What P makes of 302 is not documented."}},
		{"nobody", 200, Effect{}},
		{"odd", 200, Effect{}},
	} {
		if got := set.Effect(tt.provider, &capture.Response{Status: tt.status}); got != tt.want {
			t.Errorf("%s %d: %+v, want %+v", tt.provider, tt.status, got, tt.want)
		}
	}
}
