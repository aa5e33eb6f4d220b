package kit

import "bytes"

// The states of the lexers of forms and of tables.
const (
	formName lexState = iota
	formValue
)

// lexForm takes a form as it came: a=b&c=%20d.
func lexForm(src []byte, pos int, state lexState) (end int, kind tokenKind, next lexState) {
	switch c := src[pos]; {
	case c == '&' || c == ';' && state == formName || c == '\n':
		return pos + 1, tokenPunctuation, formName
	case c == '=' && state == formName:
		return pos + 1, tokenPunctuation, formValue
	case c == '%':
		return min(pos+3, len(src)), tokenLiteral, state
	case c == '+':
		return pos + 1, tokenLiteral, state
	}
	end = until(src, pos, func(c byte) bool {
		return c == '&' || c == '%' || c == '+' || c == '\n' || c == '=' && state == formName
	}, false)
	if state == formName {
		return end, tokenKey, formName
	}
	return end, tokenString, formValue
}

// lexTable takes lines of a name, an equals sign between spaces, and a value.
// A line that starts with white space goes on with the value before.
func lexTable(src []byte, pos int, state lexState) (end int, kind tokenKind, next lexState) {
	if src[pos] == '\n' {
		return pos + 1, tokenSpace, formName
	}
	line := until(src, pos, func(c byte) bool { return c == '\n' }, false)
	if state == formValue {
		return line, tokenString, formValue
	}
	if isSpace(src[pos]) {
		end := min(spaces(src, pos), line)
		if end < len(src) && src[end] == '=' {
			return end, tokenSpace, formName
		}
		return end, tokenSpace, formValue
	}
	if src[pos] == '=' {
		return pos + 1, tokenPunctuation, formValue
	}
	if i := bytes.Index(src[pos:line], []byte(" =")); i > 0 {
		return pos + i + 1, tokenKey, formName
	}
	return line, tokenKey, formName
}
