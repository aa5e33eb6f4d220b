package export

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzAppendLine holds what is written by hand against encoding/json. Each bit of
// shape leaves one of the members out.
func FuzzAppendLine(f *testing.F) {
	f.Add("a\"b\\c/\x00\x01\b\f\n\r\t\x1f\x7f<>&é\u2027\u2028\u2029\u202a\U0001F600", "", uint64(0), int64(1))
	f.Add("x", "\xff", uint64(1)<<63-1, int64(-1))
	f.Add("", "y", uint64(0x5555555555555555), int64(1_700_000_000_123_456_789))
	f.Add("{", "{", ^uint64(0)>>3, int64(0))
	f.Fuzz(func(t *testing.T, one, two string, shape uint64, n int64) {
		var l bundleLine
		texts := [...]string{one, two, one + two}
		members := 0
		var fill func(v reflect.Value)
		fill = func(v reflect.Value) {
			if v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[time.Time]() {
				members++
				if shape>>(members%61)&1 != 0 {
					return
				}
			}
			switch v.Type() {
			case reflect.TypeFor[time.Time]():
				v.Set(reflect.ValueOf(time.Unix(0, n).UTC()))
				return
			case reflect.TypeFor[*lineSending](): // written by encoding/json
				return
			}
			switch v.Kind() {
			case reflect.String:
				v.SetString(texts[members%3])
			case reflect.Bool:
				v.SetBool(true)
			case reflect.Int, reflect.Int64:
				v.SetInt(n)
			case reflect.Pointer:
				v.Set(reflect.New(v.Type().Elem()))
				fill(v.Elem())
			case reflect.Slice:
				v.Set(reflect.MakeSlice(v.Type(), members%3, members%3))
				if v.Len() == 0 { // an exchange's line has nil
					v.SetZero()
				}
				for i := range v.Len() {
					fill(v.Index(i))
				}
			case reflect.Array:
				for i := range v.Len() {
					fill(v.Index(i))
				}
			case reflect.Struct:
				for i := range v.NumField() {
					fill(v.Field(i))
				}
			default:
			}
		}
		fill(reflect.ValueOf(&l).Elem())
		l.Latin1 = false
		got, ok := appendLine(nil, &l)
		if ok != l.isText() {
			t.Fatalf("ok is %v of %+v", ok, l)
		}
		if !ok {
			return
		}
		if !utf8.Valid(got) {
			t.Errorf("not UTF-8: %q", got)
		}
		var want bytes.Buffer
		encoder := json.NewEncoder(&want)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(&l); err != nil {
			t.Fatal(err)
		}
		if string(got) != want.String() {
			t.Errorf("got  %s\nwant %s", got, want.Bytes())
		}
	})
}
