package kit

// The states of the lexer of a request's head.
const (
	httpMethod lexState = iota
	httpTarget
	httpProto
	httpName
	httpColon
	httpValue
)

// lexHTTP takes the head of a request: its first line, then a field a line.
func lexHTTP(src []byte, pos int, state lexState) (end int, kind tokenKind, next lexState) {
	c := src[pos]
	if c == '\n' {
		return pos + 1, tokenSpace, httpName
	}
	word := func(c byte) bool { return c == ' ' || c == '\n' || c == '\r' }
	line := func(c byte) bool { return c == '\n' || c == '\r' }
	switch state {
	case httpMethod:
		if c == ' ' {
			return pos + 1, tokenSpace, httpTarget
		}
		return until(src, pos, word, false), tokenLiteral, httpMethod
	case httpTarget:
		if c == ' ' {
			return pos + 1, tokenSpace, httpProto
		}
		return until(src, pos, word, false), tokenString, httpTarget
	case httpProto:
		return until(src, pos, line, false), tokenComment, httpProto
	case httpName:
		if c == ':' {
			return pos + 1, tokenPunctuation, httpColon
		}
		if isSpace(c) { // a folded line goes on with the value before
			return spaces(src[:until(src, pos, line, false)], pos), tokenSpace, httpValue
		}
		return until(src, pos, func(c byte) bool { return c == ':' || c == '\n' || c == '\r' }, false), tokenKey, httpName
	default:
		return until(src, pos, line, false), tokenString, httpValue
	}
}

// lexField takes fields without the line that a head begins with.
func lexField(src []byte, pos int, state lexState) (end int, kind tokenKind, next lexState) {
	if state == httpMethod {
		state = httpName
	}
	return lexHTTP(src, pos, state)
}
