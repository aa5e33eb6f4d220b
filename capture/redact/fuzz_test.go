package redact_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"hookglass/capture"
	"hookglass/capture/redact"
)

// FuzzApply redacts what a stranger may send: it never panics, the output holds
// neither a configured secret nor a learned token, and JSON stays JSON.
func FuzzApply(f *testing.F) {
	for name, write := range bodies {
		data, fields := write(tokenCanary.text)
		f.Add(data, fields.Value("Content-Type"), fields.Value("Content-Encoding"), "/a?token="+name, "note", true)
	}
	for _, b := range hostileBodies(200) {
		f.Add(b, "", "", "/", "", false)
	}
	f.Add([]byte(`{"a":[1,{"b":"\ud800"},"\\\"",-1.5e+7],"customer":{"name":"x","n":-0.0}}`), "application/json", "", "*", "é", true)
	f.Fuzz(func(t *testing.T, body []byte, media, encoding, target, note string, personal bool) {
		profile := "secrets"
		if personal {
			profile = "personal"
		}
		r := redactor(t, profile, knownCanary.text)
		x := exchange(1, target, capture.Fields{{Name: "Content-Type", Value: media}, {Name: "Content-Encoding", Value: encoding}}, body)
		x.Note = note + " " + knownCanary.text
		s := redact.Source{Exchange: x, Sensitive: []capture.Sensitive{{Path: "customer"}, {Path: "a[].b", Secret: true}}}
		before := append([]byte(nil), body...)
		r.Learn(s)
		got, changes, err := r.Apply(s)
		if err != nil {
			t.Fatal(err)
		}
		again := redactor(t, profile, knownCanary.text)
		again.Learn(s)
		again.Learn(s) // what was learned from is not gone through twice
		if x, changed, err := again.Replace(s); err != nil || changed != (len(changes) > 0) || !reflect.DeepEqual(x, got) {
			t.Fatalf("learned twice: got %+v, %v (%v)\nwant %+v with %d changes", x, changed, err, got, len(changes))
		}
		if !bytes.Equal(body, before) {
			t.Fatal("the original was written to")
		}
		if bytes.Contains(got.Request.Body, []byte(knownCanary.text)) || bytes.Contains([]byte(got.Note), []byte(knownCanary.text)) {
			t.Fatal("a configured secret stays")
		}
		if encoding == "" && json.Valid(body) != json.Valid(got.Request.Body) && json.Valid(body) {
			t.Fatalf("JSON became none: %q", got.Request.Body)
		}
	})
}

// FuzzJSON holds what was replaced against a list of what may be: all other values,
// and their order, are equal.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"a":1.50,"b":[true,null,"x"],"customer":{"n":"y"}}`), tokenCanary.text)
	f.Add([]byte(`[{"c":{}},"é\u00e9",[],""]`), `a"b\`)
	f.Fuzz(func(t *testing.T, inner []byte, secret string) {
		if !json.Valid(inner) || len(secret) < 6 {
			return
		}
		quoted, _ := json.Marshal(secret)
		body := slices.Concat([]byte(`{"keep":`), inner, []byte(`,"pin":`), quoted, []byte(`,"end":1.50}`))
		s := redact.Source{Exchange: exchange(1, "/", typed("application/json"), body), Sensitive: []capture.Sensitive{{Path: "pin", Secret: true}}}
		got, changes, err := redactor(t, "none,path:pin").Apply(s)
		if err != nil {
			t.Fatal(err)
		}
		var was, is map[string]json.RawMessage
		if json.Unmarshal(body, &was) != nil || json.Unmarshal(got.Request.Body, &is) != nil {
			t.Fatalf("JSON became none: %q", got.Request.Body)
		}
		if len(changes) == 1 && !bytes.Equal(was["keep"], is["keep"]) {
			t.Fatalf("%q became %q", was["keep"], is["keep"])
		}
		if !reflect.DeepEqual(was["end"], is["end"]) {
			t.Fatalf("%q became %q", was["end"], is["end"])
		}
	})
}
