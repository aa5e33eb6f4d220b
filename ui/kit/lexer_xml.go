package kit

import "bytes"

// The states of the XML lexer.
const (
	xmlText lexState = iota
	xmlTag           // inside <…>
	xmlName          // right behind < or </
	xmlComment
	xmlCDATA
	xmlInstruction // <? … ?>, <! … >
	xmlDouble      // inside "…" of a tag
	xmlSingle
)

// lexXML takes HTML as well as it can.
func lexXML(src []byte, pos int, state lexState) (end int, kind tokenKind, next lexState) {
	switch state {
	case xmlTag:
		return lexTag(src, pos)
	case xmlName:
		return until(src, pos, func(c byte) bool { return isSpace(c) || c == '>' || c == '/' || c == '<' }, false), tokenKey, xmlTag
	case xmlComment:
		return lexUpTo(src, pos, "-->", tokenComment, xmlComment, xmlText)
	case xmlCDATA:
		return lexUpTo(src, pos, "]]>", tokenString, xmlCDATA, xmlText)
	case xmlInstruction:
		return lexUpTo(src, pos, ">", tokenComment, xmlInstruction, xmlText)
	case xmlDouble:
		return lexUpTo(src, pos, `"`, tokenString, xmlDouble, xmlTag)
	case xmlSingle:
		return lexUpTo(src, pos, "'", tokenString, xmlSingle, xmlTag)
	default:
		return lexContent(src, pos)
	}
}

// lexContent takes what stands outside of tags.
func lexContent(src []byte, pos int) (end int, kind tokenKind, next lexState) {
	rest := src[pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return pos + 4, tokenComment, xmlComment
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return pos + 9, tokenPunctuation, xmlCDATA
	case bytes.HasPrefix(rest, []byte("<?")), bytes.HasPrefix(rest, []byte("<!")):
		return pos + 2, tokenComment, xmlInstruction
	case bytes.HasPrefix(rest, []byte("</")):
		return pos + 2, tokenPunctuation, nameFollows(src, pos+2)
	case rest[0] == '<':
		return pos + 1, tokenPunctuation, nameFollows(src, pos+1)
	case rest[0] == '&':
		end = pos + 1
		for end < min(len(src), pos+maxEntity) && isEntityByte(src[end]) {
			end++
		}
		if end < len(src) && src[end] == ';' {
			end++
		}
		return end, tokenLiteral, xmlText
	default:
		return until(src, pos, func(c byte) bool { return c == '<' || c == '&' }, false), tokenText, xmlText
	}
}

// maxEntity is how long a reference like &amp; is at most.
const maxEntity = 64

func isEntityByte(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' || c == '#' }

func nameFollows(src []byte, pos int) lexState {
	if pos < len(src) && (isSpace(src[pos]) || src[pos] == '>' || src[pos] == '/' || src[pos] == '<') {
		return xmlTag
	}
	return xmlName
}

// lexTag takes what stands between a tag's name and its >.
func lexTag(src []byte, pos int) (end int, kind tokenKind, next lexState) {
	switch c := src[pos]; {
	case c == '>':
		return pos + 1, tokenPunctuation, xmlText
	case c == '"':
		return pos + 1, tokenString, xmlDouble
	case c == '\'':
		return pos + 1, tokenString, xmlSingle
	case c == '=' || c == '/':
		return pos + 1, tokenPunctuation, xmlTag
	case c == '<': // the tag before was not closed
		return pos + 1, tokenPunctuation, nameFollows(src, pos+1)
	case isSpace(c):
		return spaces(src, pos), tokenSpace, xmlTag
	default:
		return until(src, pos, func(c byte) bool {
			return isSpace(c) || c == '=' || c == '>' || c == '/' || c == '"' || c == '\'' || c == '<'
		}, false), tokenNumber, xmlTag
	}
}

// lexUpTo takes what goes up to a mark, and the mark.
func lexUpTo(src []byte, pos int, mark string, kind tokenKind, within, after lexState) (end int, _ tokenKind, next lexState) {
	limit := min(len(src), pos+maxToken)
	if i := bytes.Index(src[pos:limit], []byte(mark)); i >= 0 {
		return pos + i + len(mark), kind, after
	}
	// a piece must not end inside the mark
	if limit < len(src) && limit-len(mark) > pos {
		limit -= len(mark) - 1
	}
	return limit, kind, within
}
