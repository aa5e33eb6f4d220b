package capture

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Term is one question of a filter.
type Term struct {
	Op    *Operator // nil for free words
	Text  string    // the value as it was meant, without quotation marks
	Quote bool      // it stood in quotation marks
	At    int       // where the term begins in the filter's text
	End   int

	Pattern   Pattern  // of TakesText, of TakesHeader the name, and of a free word that has no Words
	Value     *Pattern // of TakesHeader: the field's value; nil for any
	Choices   []string // of TakesChoice: the values that are meant
	Low, High int64    // of numbers, sizes (bytes), spans (nanoseconds), statuses: both are meant too
	Moment    Moment   // of TakesMoment
	Words     []string // of TakesWords and of free words, as Tokens makes them
	Prefix    bool     // the last of Words may go on
}

// newTerm reads the value of a term.
func newTerm(t *filterToken) (*Term, error) {
	term := &Term{Text: t.value, Quote: t.quoted, At: t.at, End: t.end}
	fail := func(format string, args ...any) (*Term, error) {
		return nil, &FilterError{t.valueAt, t.end, fmt.Sprintf(format, args...)}
	}
	if t.name == "" {
		if op := FindOperator(t.value); op != nil && op.Takes == TakesNothing && !t.quoted {
			term.Op = op
			return term, nil
		}
		if strings.TrimSpace(t.value) == "" {
			return fail("There is nothing between the quotation marks.")
		}
		term.readFree(t)
		return term, nil
	}
	if term.Op = FindOperator(t.name); term.Op == nil {
		return nil, &FilterError{t.at, t.at + len(t.name), fmt.Sprintf("There is no %q to filter by%s. Words with a colon go into quotation marks.", t.name, nearest(t.name))}
	}
	if term.Op.Takes == TakesNothing {
		return fail("%s stands alone, without a colon.", term.Op.Name)
	}
	if t.value == "" {
		return fail("A value is missing, such as %s:%s.", term.Op.Name, term.Op.example())
	}
	if !term.read(t) {
		return fail("%q is no value of %s; write for example %s.", t.value, term.Op.Name, term.Op.example())
	}
	return term, nil
}

// readFree takes what stands without an operator: words of the text, or where it
// has stars in front or within, or no word, a pattern in the short texts.
func (t *Term) readFree(token *filterToken) {
	value := token.value
	if !token.quoted {
		value = strings.TrimSuffix(value, "*")
	}
	if t.Words = Tokens(value); len(t.Words) == 0 || !token.quoted && strings.Contains(value, "*") {
		t.Words, t.Pattern = nil, Pattern("*"+starred(token)+"*")
		return
	}
	t.Prefix = !token.quoted
}

// read takes the value as its operator wants it, and reports whether it could.
func (t *Term) read(token *filterToken) (ok bool) {
	value := token.value
	switch t.Op.Takes {
	case TakesText:
		t.Pattern = Pattern(starred(token))
		if t.Op.Name == "provider" && strings.EqualFold(value, "unknown") {
			t.Pattern = ""
		}
		return true
	case TakesChoice:
		value = strings.ReplaceAll(strings.ToLower(value), "-", "_")
		t.Choices = t.Op.choose(value)
		return slices.Contains(t.Op.Values, value)
	case TakesNumber:
		t.Low, t.High, ok = parseRange(value, parseCount)
	case TakesSize:
		t.Low, t.High, ok = parseRange(value, parseBytes)
	case TakesSpan:
		t.Low, t.High, ok = parseRange(value, func(text string) (int64, bool) {
			span, ok := parseSpan(text)
			return int64(span), ok
		})
	case TakesStatus:
		t.Low, t.High, ok = parseStatus(value)
	case TakesMoment:
		t.Moment, ok = parseMoment(value)
	case TakesHeader:
		name, field, valued := strings.Cut(value, ":")
		t.Pattern = Pattern(strings.TrimSpace(name))
		if valued {
			value := Pattern(strings.TrimSpace(field))
			t.Value = &value
		}
		return t.Pattern != ""
	case TakesWords:
		t.Prefix = !token.quoted && strings.HasSuffix(value, "*")
		t.Words = Tokens(value)
		return len(t.Words) > 0 || t.Op.Name == "note" && value == "*" && t.Prefix
	case TakesNothing:
	}
	return ok
}

// example is a value that can follow an operator.
func (o *Operator) example() string {
	if len(o.Examples) > 0 {
		return o.Examples[0]
	}
	return strings.Join(o.Values, ", ")
}

// nearest proposes the operator that a mistyped name is likely to mean.
func nearest(name string) string {
	name = strings.ToLower(name)
	best, least := "", 3
	for i := range Operators {
		operator := Operators[i].Name
		d := distance(name, operator)
		if strings.HasPrefix(name, operator) || len(name) > 2 && strings.HasPrefix(operator, name) {
			d = 0
		}
		if d < least && d < len(name) {
			best, least = operator, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

// distance is how many letters must be added, dropped or changed to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func (t *Term) match(x *Exchange, now time.Time) bool {
	if t.Op == nil {
		if len(t.Words) > 0 {
			return HasText(x, t.Words, t.Prefix)
		}
		return slices.ContainsFunc(searchedTexts(x), t.Pattern.Match)
	}
	switch t.Op.Takes {
	case TakesText:
		return t.Pattern.Match(t.Op.text(x))
	case TakesChoice:
		return slices.Contains(t.Choices, t.Op.text(x))
	case TakesNumber, TakesSize, TakesSpan, TakesStatus:
		n := t.Op.number(x)
		return n >= t.Low && n <= t.High
	case TakesMoment:
		at := t.Moment.From(now)
		return x.Request.Received.Before(at) == (t.Op.Name == "before")
	case TakesHeader:
		return HasField(x.Request.Header, t.Pattern, t.Value)
	case TakesWords:
		if t.Op.Name == "note" {
			return x.Note != "" && HasWords([]byte(x.Note), t.Words, t.Prefix)
		}
		return HasBody(x.Request.Header, x.Request.Body, t.Words, t.Prefix)
	case TakesNothing:
		return t.Op.flag(x)
	}
	return false
}

// searchedTexts is what patterns without an operator are looked for in.
func searchedTexts(x *Exchange) []string {
	a := &x.Annotation
	return []string{x.Request.Target, a.Summary, a.Order, a.Event, a.Provider, x.Request.Method}
}

// HasField reports whether fields have one with such a name and, where value is
// not nil, such a value.
func HasField(fields Fields, name Pattern, value *Pattern) bool {
	for i := range fields {
		if name.Match(fields[i].Name) && (value == nil || value.Match(fields[i].Value)) {
			return true
		}
	}
	return false
}

// parseRange reads 3, >1, >=1, <5, <=5, 2-4.
func parseRange(text string, parse func(string) (int64, bool)) (low, high int64, ok bool) {
	const most = math.MaxInt64
	for _, compare := range [...]struct {
		sign      string
		low, high func(n int64) int64
	}{
		{">=", func(n int64) int64 { return n }, nil},
		{"<=", nil, func(n int64) int64 { return n }},
		{">", func(n int64) int64 { return n + 1 }, nil},
		{"<", nil, func(n int64) int64 { return n - 1 }},
	} {
		rest, found := strings.CutPrefix(text, compare.sign)
		if !found {
			continue
		}
		n, ok := parse(rest)
		if n == most {
			return 0, 0, false
		}
		if compare.low != nil {
			return compare.low(n), most, ok
		}
		return 0, compare.high(n), ok
	}
	if from, to, found := strings.Cut(text, "-"); found {
		low, lowOK := parse(from)
		high, highOK := parse(to)
		return low, high, lowOK && highOK && low <= high
	}
	n, ok := parse(text)
	return n, n, ok
}

// parseCount reads a number without a sign.
func parseCount(text string) (int64, bool) {
	n, err := strconv.ParseUint(text, 10, 63)
	return int64(n), err == nil
}

// parseBytes reads a size: "300", "10kb", "1.5 MiB"; kb and kib are both 1024.
func parseBytes(text string) (int64, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	unit := int64(1)
	for _, u := range [...]struct {
		name string
		size int64
	}{{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"kb", 1 << 10}, {"mb", 1 << 20}, {"gb", 1 << 30}, {"k", 1 << 10}, {"m", 1 << 20}, {"b", 1}} {
		if number, ok := strings.CutSuffix(text, u.name); ok {
			text, unit = strings.TrimSpace(number), u.size
			break
		}
	}
	if n, ok := parseCount(text); ok {
		return n * unit, n <= math.MaxInt64/unit
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= 0) || n > 1<<20 {
		return 0, false
	}
	return int64(n * float64(unit)), true
}

// parseStatus reads 503, 5xx, a range, or none.
func parseStatus(text string) (low, high int64, ok bool) {
	text = strings.ToLower(text)
	if text == "none" {
		return 0, 0, true
	}
	if len(text) == 3 && strings.HasSuffix(text, "xx") && text[0] >= '1' && text[0] <= '9' {
		low = int64(text[0]-'0') * 100
		return low, low + 99, true
	}
	low, high, ok = parseRange(text, parseCount)
	if low == 0 {
		low = 1 // 0 is none
	}
	return low, high, ok && low <= high
}
