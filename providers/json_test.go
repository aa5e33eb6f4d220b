package providers

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

func TestCheckJSON(t *testing.T) {
	deep := strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1)
	for _, tt := range []struct{ name, body, want string }{
		{"an object", `{"a":1}`, ""},
		{"with a byte order mark", "\ufeff{}", ""},
		{"blanks around", " \r\n[1]\n", ""},
		{"brackets in strings", `{"a":"` + strings.Repeat(`[{\"`, 200) + `"}`, ""},
		{"as deep as allowed", deep[1 : len(deep)-1], ""},
		{"too deep", deep, "not JSON at line 1, column 65 (byte 64): nested deeper than 64"},
		{"a comma too many", "{\n \"a\": 1,\n}", "not JSON at line 3, column 1 (byte 11): invalid character '}'"},
		{"a comment", `[{ "Order": {}, // all`, "not JSON at line 1, column 17 (byte 16): invalid character '/'"},
		{"cut off", `{"a":`, "unexpected end of JSON input"},
		{"two values", `{} {}`, "not JSON at line 1, column 4"},
		{"not JSON at all", "a=1&b=2", "not JSON at line 1, column 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := CheckJSON([]byte(tt.body))
			if tt.want == "" {
				if err != nil {
					t.Errorf("got %v, want no error", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	for _, empty := range []string{"", " \n", "\ufeff"} {
		if err := CheckJSON([]byte(empty)); !errors.Is(err, ErrEmpty) {
			t.Errorf("%q: got %v, want ErrEmpty", empty, err)
		}
	}
}

func FuzzCheckJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.50,{"b":null}]}`, "\ufeff{}", `[{ "Order": {}, // all`, "", `{"a":`, `"\u00`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		err := CheckJSON(body)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without a text")
			}
			return
		}
		root := gjson.ParseBytes(trimBOM(body))
		leaves := Unknown(root, nil)
		for _, leaf := range leaves {
			if leaf.Label != leaf.Path && leaf.Label != "…" {
				t.Errorf("leaf %+v", leaf)
			}
		}
	})
}

func ExampleCheckJSON() {
	fmt.Println(CheckJSON([]byte("{\n  \"status\": 8,\n}")))
	// Output: not JSON at line 3, column 1 (byte 17): invalid character '}' looking for beginning of object key string
}
