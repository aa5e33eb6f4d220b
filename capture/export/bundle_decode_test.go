package export

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzParseLine holds what is read by hand against encoding/json.
func FuzzParseLine(f *testing.F) {
	var all []*bundleLine
	for _, s := range append(sharedFixtures(), wholeShared()) {
		line, err := lineOf(s, func([]byte) (string, bool, error) { return "", false, nil })
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, line)
	}
	taken := 0
	for _, l := range all {
		if !l.isText() {
			l.toLatin1()
		}
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(l); err != nil {
			f.Fatal(err)
		}
		line := bytes.TrimSuffix(text.Bytes(), []byte("\n"))
		if parseLine(line, &bundleLine{}) {
			taken++
		} else if l.Sent == nil {
			f.Errorf("not taken: %s", line)
		}
		f.Add(line)
	}
	if taken < 3 {
		f.Errorf("%d of %d lines are taken", taken, len(all))
	}
	const start, end = `{"uid":"a","via":"local","state":"answered","request":{"method":"GET","target":"/","proto":"HTTP/1.1"`, `}}`
	for _, members := range []string{
		``, `,"host":"a","host":"b"`, `,"exact":false`, `,"exact":truex`, `,"header":[]`, `,"header":[["a"]]`, `,"header":null`,
		`,"header":[["a","b"],["c","d"]]`, `,"head":""`, `,"head":null`, `,"body":"\ud83d\ude00"`, `,"body":"\ud83d"`, `,"body":"\u00e9\u2028\/\b\f\n\r\t\"\\"`,
		`,"body":"\u+123"`, `,"body":"\u12`, `,"body":"\`, `,"body":"a`, `,"body":"\x"`, "," + `"body":"` + "\xff" + `"`, "," + `"body":"` + "\n" + `"`,
		`},"response":{"status":01`, `},"response":{"status":-0`, `},"response":{"status":-`, `},"response":{"status":1e2`, `},"response":{"status":200,"took_ns":9223372036854775808`,
		`},"response":{"status":`, `},"response":{"answered":"2026-01-02T03:04:05Z"`, `},"response":{"answered":"2026\u002d01-02T03:04:05Z"`, `},"response":{"answered":"soon"`,
		`},"annotation":{"verification":{"checks":[{"proof":"a"},{}]}`, `},"annotation":{"verification":{"checks":[]}`, `},"annotation":{"verification":null`,
		`},"annotation":{"attempt":3,"attempt":4`, `}},"x":{"y":1`, `, "host":"a"`, `,"Host":"a"`, `,"host":"a",`,
	} {
		f.Add([]byte(start + members + end))
		f.Add([]byte(start + members))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var got, want bundleLine
		if !parseLine(line, &got) {
			return
		}
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatalf("it was read, and is no line: %v", err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
}
