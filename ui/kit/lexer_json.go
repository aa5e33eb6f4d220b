package kit

// jsonInString is inside a string that was cut because it is long. It is never
// cut between a backslash and what that escapes.
const jsonInString lexState = 1

// maxLookahead is how far the lexer looks for the colon behind a key.
const maxLookahead = 64

// lexJSON is generous: what is no JSON is coloured as it looks.
func lexJSON(src []byte, pos int, state lexState) (end int, kind tokenKind, next lexState) {
	if state == jsonInString {
		end, closed := jsonString(src, pos)
		if end == pos {
			return spaces(src, pos), tokenSpace, 0
		}
		if closed {
			return end, tokenString, 0
		}
		return end, tokenString, jsonOpen(src, end)
	}
	switch c := src[pos]; {
	case isSpace(c):
		return spaces(src, pos), tokenSpace, 0
	case c == '"':
		end, closed := jsonString(src, pos+1)
		if !closed {
			return end, tokenString, jsonOpen(src, end)
		}
		for i := end; i < min(len(src), end+maxLookahead); i++ {
			if src[i] == ':' {
				return end, tokenKey, 0
			}
			if !isSpace(src[i]) {
				break
			}
		}
		return end, tokenString, 0
	case c == '-' || c >= '0' && c <= '9':
		return until(src, pos, func(c byte) bool { return !isNumberByte(c) }, false), tokenNumber, 0
	case isLetter(c):
		return until(src, pos, func(c byte) bool { return !isLetter(c) }, false), tokenLiteral, 0
	case c < 0x80:
		return pos + 1, tokenPunctuation, 0
	default:
		return until(src, pos, func(c byte) bool { return c < 0x80 }, false), tokenText, 0
	}
}

// jsonString is the end of the string whose inside starts at a place. A line
// feed ends it too: there is none in a string of JSON.
func jsonString(src []byte, pos int) (end int, closed bool) {
	limit := min(len(src), pos+maxToken)
	for i := pos; i < limit; i++ {
		switch src[i] {
		case '"':
			return i + 1, true
		case '\\':
			if i+1 < len(src) && src[i+1] != '\n' {
				i++
			}
		case '\n':
			return i, true
		}
	}
	if limit < len(src) && src[limit] != '\n' {
		// not between a backslash and what it escapes
		for n := 0; limit-n > pos; n++ {
			if src[limit-n-1] != '\\' {
				limit += n % 2
				break
			}
		}
	}
	return min(limit, len(src)), false
}

// jsonOpen is the state behind a piece of a string that goes on.
func jsonOpen(src []byte, end int) lexState {
	if end < len(src) {
		return jsonInString
	}
	return 0
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isNumberByte(c byte) bool {
	return c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' || c|0x20 == 'e'
}
