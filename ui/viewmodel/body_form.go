package viewmodel

import (
	"bytes"
	"net/url"
	"strings"
)

// maxNameWidth is the widest name that the values of a form line up behind.
const maxNameWidth = 32

// formTable lays out a form as lines "name = value", decoded, in its order and
// with repeats. A value of several lines goes on below itself. bad is how many
// names and values could not be decoded and stand as they came.
func formTable(body []byte) (table []byte, bad int) {
	type pair struct{ name, value string }
	var pairs []pair
	width := 0
	for raw := range bytes.SplitSeq(bytes.TrimRight(body, "\r\n"), []byte("&")) {
		if len(raw) == 0 {
			continue
		}
		name, value, _ := strings.Cut(string(raw), "=")
		p := pair{formText(name, &bad), formText(value, &bad)}
		pairs = append(pairs, p)
		if n := len([]rune(p.name)); n <= maxNameWidth {
			width = max(width, n)
		}
	}
	var b bytes.Buffer
	for _, p := range pairs {
		b.WriteString(strings.ReplaceAll(p.name, "\n", " "))
		for n := len([]rune(p.name)); n < width; n++ {
			b.WriteByte(' ')
		}
		b.WriteString(" = ")
		b.WriteString(strings.ReplaceAll(p.value, "\n", "\n"+strings.Repeat(" ", width+3)))
		b.WriteByte('\n')
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), bad
}

func formText(text string, bad *int) string {
	decoded, err := url.QueryUnescape(text)
	if err != nil {
		*bad++
		return text
	}
	return decoded
}
