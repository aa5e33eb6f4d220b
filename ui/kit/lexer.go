package kit

import "fyne.io/fyne/v2"

// Syntax names how a piece of text is coloured.
type Syntax string

// The syntaxes. One that is not known counts as SyntaxPlain.
const (
	SyntaxPlain Syntax = ""
	SyntaxJSON  Syntax = "json"
	SyntaxXML   Syntax = "xml"
	SyntaxForm  Syntax = "form"  // a=b&c=d
	SyntaxTable Syntax = "table" // a = b, a line each
	SyntaxHTTP  Syntax = "http"  // the head of a request
	SyntaxField Syntax = "field" // fields of a header, a line each
	SyntaxTitle Syntax = "title" // a line that is ours, over what follows
)

// tokenKind says what a piece of text is.
type tokenKind uint8

const (
	tokenText tokenKind = iota
	tokenKey
	tokenString
	tokenNumber
	tokenLiteral
	tokenPunctuation
	tokenComment
	tokenSpace
)

// color is the theme's name for the colour of a token.
func (k tokenKind) color() fyne.ThemeColorName {
	switch k {
	case tokenKey:
		return ColorKey
	case tokenString:
		return ColorString
	case tokenNumber:
		return ColorNumber
	case tokenLiteral:
		return ColorLiteral
	case tokenPunctuation, tokenSpace:
		return ColorPunctuation
	case tokenComment:
		return ColorComment
	default:
		return ColorText
	}
}

// lexState is what a lexer has to know of the text before; 0 is the beginning.
type lexState uint8

// lexer returns the end of the token that starts at a place, and what it is. A
// token is never empty. It is at most about maxToken long, so that what follows
// can be lexed from any end of a token with the state that came with it.
type lexer func(src []byte, pos int, state lexState) (end int, kind tokenKind, next lexState)

// maxToken is where long strings and texts are cut into pieces.
const maxToken = 4 << 10

// lexers by syntax.
var lexers = map[Syntax]lexer{
	SyntaxPlain: lexPlain, SyntaxJSON: lexJSON, SyntaxXML: lexXML, SyntaxForm: lexForm,
	SyntaxTable: lexTable, SyntaxHTTP: lexHTTP, SyntaxField: lexField, SyntaxTitle: lexTitle,
}

func lexerOf(s Syntax) lexer {
	if l, ok := lexers[s]; ok {
		return l
	}
	return lexPlain
}

// lexPlain takes lines as they are.
func lexPlain(src []byte, pos int, _ lexState) (end int, kind tokenKind, next lexState) {
	end, kind = endOfLine(src, pos), tokenText
	return end, kind, 0
}

func lexTitle(src []byte, pos int, _ lexState) (end int, kind tokenKind, next lexState) {
	return endOfLine(src, pos), tokenComment, 0
}

// endOfLine is the place after the next line feed, or maxToken on.
func endOfLine(src []byte, pos int) int {
	return until(src, pos, func(c byte) bool { return c == '\n' }, true)
}

// until is the place of the first byte that stops, or after it, but at least
// one and at most maxToken on.
func until(src []byte, pos int, stops func(byte) bool, with bool) int {
	limit := min(len(src), pos+maxToken)
	for i := pos; i < limit; i++ {
		if stops(src[i]) {
			if with || i == pos {
				return i + 1
			}
			return i
		}
	}
	return limit
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// spaces is the end of the white space at a place.
func spaces(src []byte, pos int) int {
	limit := min(len(src), pos+maxToken)
	for pos < limit && isSpace(src[pos]) {
		pos++
	}
	return pos
}
