package providers

import (
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// freshLayouts are the forms in which providers write times, without the
// fraction of a second.
var freshLayouts = [...]string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02"}

// readTime reads a time of a sample, a text or the seconds since 1970, and says
// how to write another in the same form, as JSON. Times without a zone are UTC.
func readTime(v gjson.Result) (at time.Time, write func(time.Time) string, ok bool) {
	if v.Type == gjson.Number {
		if strings.ContainsAny(v.Raw, ".eE-") || v.Num < 1e8 || v.Num > 1e11 {
			return at, nil, false
		}
		return time.Unix(v.Int(), 0).UTC(), func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }, true
	}
	if v.Type != gjson.String {
		return at, nil, false
	}
	for _, layout := range freshLayouts {
		t, err := time.Parse(layout, v.Str)
		if err != nil || t.Year() < 1970 {
			continue
		}
		if _, after, ok := strings.Cut(v.Str, "."); ok { // Parse takes a fraction that no layout has
			digits := len(after) - len(strings.TrimLeft(after, "0123456789"))
			layout = strings.Replace(layout, ":05", ":05."+strings.Repeat("0", digits), 1)
		}
		zone := t.Location()
		return t, func(t time.Time) string { return quotedJSON(t.In(zone).Format(layout)) }, true
	}
	return at, nil, false
}
