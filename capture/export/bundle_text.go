package export

import (
	"errors"
	"reflect"
	"time"
	"unicode/utf8"
)

// JSON holds no bytes that are not UTF-8, and header fields may be of such. A line
// with one is written with every text read as Latin-1, where each byte is a
// character.

var errNotLatin1 = errors.New("it says latin1 and holds a character that is no byte")

// eachText calls f with every text in v, a struct, a slice or a pointer to them.
func eachText(v reflect.Value, f func(text reflect.Value) bool) bool {
	switch v.Kind() {
	case reflect.String:
		return f(v)
	case reflect.Pointer:
		return v.IsNil() || eachText(v.Elem(), f)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if !eachText(v.Index(i), f) {
				return false
			}
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return true
		}
		for i := range v.NumField() {
			if !eachText(v.Field(i), f) {
				return false
			}
		}
	default:
	}
	return true
}

// toLatin1 makes a line one that JSON can hold. It must own its slices.
func (l *bundleLine) toLatin1() {
	l.Latin1 = true
	if l.Sent != nil { // its lists are the exchange's own
		l.Sent.Differences = append(l.Sent.Differences[:0:0], l.Sent.Differences...)
		l.Sent.Hops = append(l.Sent.Hops[:0:0], l.Sent.Hops...)
	}
	eachText(reflect.ValueOf(l), func(text reflect.Value) bool {
		text.SetString(latin1(text.String()))
		return true
	})
}

// isText reports whether JSON can hold a line as it is.
func (l *bundleLine) isText() bool {
	return eachText(reflect.ValueOf(l), func(text reflect.Value) bool { return utf8.ValidString(text.String()) })
}

// fromLatin1 undoes toLatin1.
func (l *bundleLine) fromLatin1() error {
	if !l.Latin1 {
		return nil
	}
	l.Latin1 = false
	ok := eachText(reflect.ValueOf(l), func(text reflect.Value) bool {
		bytes := make([]byte, 0, text.Len())
		for _, r := range text.String() {
			if r > 0xff {
				return false
			}
			bytes = append(bytes, byte(r))
		}
		text.SetString(string(bytes))
		return true
	})
	if !ok {
		return errNotLatin1
	}
	return nil
}

func latin1(text string) string {
	runes := make([]rune, len(text))
	for i := range len(text) {
		runes[i] = rune(text[i])
	}
	return string(runes)
}
