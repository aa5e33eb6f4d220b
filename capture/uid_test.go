package capture

import (
	"regexp"
	"testing"
	"time"
)

// The form is RFC 9562, section 5.7; the moment is that of its appendix A.6.
func TestNewUID(t *testing.T) {
	moment := time.UnixMilli(0x017F22E279B0)
	form := regexp.MustCompile(`^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	for range 1000 {
		uid := NewUID(moment)
		if !form.MatchString(uid) {
			t.Fatalf("got %q, want a match of %s", uid, form)
		}
		if seen[uid] {
			t.Fatalf("%s came twice", uid)
		}
		seen[uid] = true
	}
}

func TestUIDsSortByTime(t *testing.T) {
	before := ""
	for _, ms := range []int64{0, 1, 255, 256, 1 << 32, 1<<48 - 1} {
		uid := NewUID(time.UnixMilli(ms))
		if uid <= before {
			t.Errorf("%s does not sort behind %s", uid, before)
		}
		before = uid
	}
}
