package capture

import "strconv"

// Value is what an operator looks at in an exchange, as it is written in a filter:
// "unknown" for the provider of an unknown sender, "none" for the status of no
// answer. It is "" where there is nothing, and for operators that look at many
// things or at ranges.
func (o *Operator) Value(x *Exchange) string {
	switch o.Takes {
	case TakesText, TakesChoice:
		text := o.text(x)
		switch {
		case o.Name == "provider" && text == "":
			return "unknown"
		case o.Name == "mark" && text == "":
			return "none"
		}
		return text
	case TakesNumber:
		return strconv.FormatInt(o.number(x), 10)
	case TakesStatus:
		if n := o.number(x); n > 0 {
			return strconv.FormatInt(n, 10)
		}
		return "none"
	case TakesSize, TakesSpan, TakesMoment, TakesHeader, TakesWords, TakesNothing:
	}
	return ""
}

// Choose returns what a value of TakesChoice stands for: of mark, any stands for
// every colour.
func (o *Operator) Choose(value string) []string { return o.choose(value) }
