package viewmodel

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// byteCount writes a size for people: "496 B", "12.4 KB", "3.1 MB".
func byteCount(n int64) string {
	const unit = 1000
	if n < unit {
		return strconv.FormatInt(n, 10) + " B"
	}
	size, suffix := float64(n)/unit, 0
	for size >= 999.5 && suffix < 3 {
		size /= unit
		suffix++
	}
	return fmt.Sprintf("%.*f %s", decimals(size), size, [...]string{"KB", "MB", "GB", "TB"}[suffix])
}

// decimals is how many decimals a size of that magnitude is worth.
func decimals(size float64) int {
	if size < 99.95 {
		return 1
	}
	return 0
}

// groupDigits writes a number with thin gaps: "1 349".
func groupDigits(n int64) string {
	text := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, text = "-", text[1:]
	}
	var b strings.Builder
	for i, digit := range text {
		if i > 0 && (len(text)-i)%3 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(digit)
	}
	return sign + b.String()
}

// duration writes how long something took: "84 ms", "1.2 s", "3 min 20 s".
func duration(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "under 1 ms"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
}

// counted is a number with its noun: "1 line", "2 lines".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return groupDigits(int64(n)) + " " + noun + "s"
}

// times says how often: "once", "3 times".
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return strconv.Itoa(n) + " times"
}

// capital writes the first letter large, but for a name from a payload.
func capital(text string) string {
	word, _, _ := strings.Cut(text, " ")
	if text == "" || text[0] < 'a' || text[0] > 'z' || strings.ContainsAny(word, "_.[(") {
		return text
	}
	return string(text[0]-'a'+'A') + text[1:]
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
