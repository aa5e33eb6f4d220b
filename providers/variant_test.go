package providers

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"testing"
)

const pretty = "{\n  \"a\": [\n    1.000,\n    {}\n  ],\n  \"b\": \"x \u012b/\\u0041\"\n}"

func gather(body []byte, encodings ...string) map[string]string {
	all := map[string]string{}
	for v := range Variants(body, encodings) {
		all[v.Name] = string(v.Body)
	}
	return all
}

func TestVariants(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{AsReceived, pretty, pretty},
		{"body minified", pretty, `{"a":[1.000,{}],"b":"x ī/\u0041"}`},
		{"body without any white space", pretty, `{"a":[1.000,{}],"b":"xī/\u0041"}`},
		{"body pretty-printed with 2 spaces", `{"a":[1.000,{}],"b":"x ī/\u0041"}`, pretty},
		{"body pretty-printed with 4 spaces", `{"a":[1,2]}`, "{\n    \"a\": [\n        1,\n        2\n    ]\n}"},
		{"body pretty-printed with tabs", `[1,[ ]]`, "[\n\t1,\n\t[]\n]"},
		{`body on one line with ", " and ": "`, `{"a":[1,2],"b":true}`, `{"a": [1, 2], "b": true}`},
		{"CRLF turned into LF", "a\r\nb", "a\nb"},
		{"LF turned into CRLF", "a\nb\r\nc", "a\r\nb\r\nc"},
		{"white space at the end removed", "a \r\n\n", "a"},
		{"newline added at the end", "a", "a\n"},
		{"CRLF added at the end", "a", "a\r\n"},
		{"byte order mark removed", "\ufeffa", "a"},
		{"byte order mark added", "a", "\ufeffa"},
		{"slashes written as \\/", `{"u":"a/b\/cī"}`, `{"u":"a\/b\/cī"}`},
		{"letters written as \\uXXXX", `{"u":"/ī😀"}`, `{"u":"/\u012b\ud83d\ude00"}`},
		{"JSON as PHP writes it", `{"u": "/ī", "n": 1.00}`, `{"u":"\/\u012b","n":1.00}`},
		{"JSON with nothing escaped", `{"u":"\/\u012b\n\u0001\"\\"}`, `{"u":"/ī\n\u0001\"\\"}`},
		{"JSON as JavaScript writes it", `[88.00,1e2,0.0000001,-0.50,12345678901234567890]`, `[88,100,1e-7,-0.5,12345678901234567000]`},
		{"JSON as Python writes it", `{"a":"ī/","n":[88.00,5,0.10,1E1000]}`, `{"a": "\u012b/", "n": [88.0, 5, 0.1, 1E1000]}`},
		{"JSON as Go writes it, keys sorted", `{"b":1.0,"a":"<"}`, `{"a":"\u003c","b":1}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := gather([]byte(tt.body))[tt.name]
			if !ok || got != tt.want {
				t.Errorf("got %q (%v), want %q", got, ok, tt.want)
			}
		})
	}
}

func TestVariantsAreBounded(t *testing.T) {
	for name, body := range map[string][]byte{
		"empty": nil, "text": []byte("no JSON"), "JSON": []byte(pretty),
		"large": append(append([]byte(`"`), bytes.Repeat([]byte("/"), variantLimit)...), '"'),
	} {
		seen := map[string]bool{}
		n := 0
		for v := range Variants(body, nil) {
			n++
			if seen[string(v.Body)] {
				t.Errorf("%s: %s is there twice", name, v.Name)
			}
			seen[string(v.Body)] = true
			if v.Digest != sha256.Sum256(v.Body) || v.Meaning == "" && v.Name != AsReceived {
				t.Errorf("%s: %s has a wrong digest or no meaning", name, v.Name)
			}
			if name == "large" && strings.Contains(v.Name, "JSON") {
				t.Errorf("a body of %d bytes was rewritten: %s", len(body), v.Name)
			}
		}
		if n > len(alterations)+2 {
			t.Errorf("%s: %d variants", name, n)
		}
	}
}

func TestVariantsDecompress(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(`{"a": 1}`)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got := gather(packed.Bytes(), "gzip")
	if got["body decompressed"] != `{"a": 1}` || got["body decompressed, then body minified"] != `{"a":1}` {
		t.Errorf("got %q", got)
	}
	if got := gather([]byte("not packed"), "gzip"); len(got) != 1 {
		t.Errorf("a broken body: got %q, want itself alone", got)
	}
}

func FuzzVariants(f *testing.F) {
	f.Add([]byte(pretty))
	f.Add([]byte("{\"a\":\"\\ud83d\",\"b\":[1e999,-0]}\r\n"))
	f.Add([]byte(`"\`))
	f.Fuzz(func(t *testing.T, body []byte) {
		valid := CheckJSON(body) == nil && json.Valid(trimBOM(body))
		for v := range Variants(body, nil) {
			if len(v.Body) > 64*len(body)+64*1024 {
				t.Errorf("%s: %d bytes of %d", v.Name, len(v.Body), len(body))
			}
			if valid && strings.HasPrefix(v.Name, "JSON") && !json.Valid(v.Body) {
				t.Errorf("%s is no JSON: %q of %q", v.Name, v.Body, body)
			}
		}
	})
}
