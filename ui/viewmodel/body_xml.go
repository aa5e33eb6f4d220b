package viewmodel

import "bytes"

// xmlPiece is what stands between two places of an XML text.
type xmlPiece int

const (
	xmlText xmlPiece = iota
	xmlOpen
	xmlClose
	xmlAlone // <a/>
	xmlOther // comments, declarations
	xmlVerbatim
)

// maxXMLDepth is how deep elements may lie in each other.
const maxXMLDepth = 10_000

// nextXML is the end of the piece at a place, and what it is. The error is a
// *textError.
func nextXML(src []byte, pos int) (end int, piece xmlPiece, err error) {
	if src[pos] != '<' {
		if i := bytes.IndexByte(src[pos:], '<'); i >= 0 {
			return pos + i, xmlText, nil
		}
		return len(src), xmlText, nil
	}
	upTo := func(mark string, piece xmlPiece, what string) (int, xmlPiece, error) {
		i := bytes.Index(src[pos:], []byte(mark))
		if i < 0 {
			return 0, 0, &textError{pos, what + " does not end"}
		}
		return pos + i + len(mark), piece, nil
	}
	rest := src[pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return upTo("-->", xmlOther, "a comment")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return upTo("]]>", xmlVerbatim, "a CDATA section")
	case bytes.HasPrefix(rest, []byte("<?")):
		return upTo("?>", xmlOther, "a processing instruction")
	case bytes.HasPrefix(rest, []byte("<!")):
		return upTo(">", xmlOther, "a declaration")
	}
	quote := byte(0)
	for i := pos + 1; i < len(src); i++ {
		switch c := src[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			return 0, 0, &textError{i, "a tag is not closed before the next one begins"}
		case c == '>':
			switch {
			case src[pos+1] == '/':
				return i + 1, xmlClose, nil
			case src[i-1] == '/':
				return i + 1, xmlAlone, nil
			case i == pos+1:
				return 0, 0, &textError{pos, "a tag has no name"}
			}
			return i + 1, xmlOpen, nil
		}
	}
	return 0, 0, &textError{pos, "a tag does not end"}
}

// xmlName is the name in a tag.
func xmlName(tag []byte) string {
	tag = bytes.TrimPrefix(tag[1:], []byte("/"))
	if i := bytes.IndexAny(tag, " \t\r\n/>"); i >= 0 {
		tag = tag[:i]
	}
	return string(tag)
}

// indentXML puts every element on a line of its own, and one that holds only
// text on one line with it. It changes nothing but white space.
func indentXML(src []byte, stop func() bool) ([]byte, error) {
	out := make([]byte, 0, len(src)+len(src)/3+64)
	limit := min(prettyFactor*len(src)+prettySpare, maxPrettySize)
	var open []string
	line := func() {
		if len(out) > 0 {
			out = append(out, indentation[:1+2*min(len(open), maxIndent)]...)
		}
	}
	for pos, steps := 0, 0; pos < len(src); steps++ {
		if steps&0xffff == 0xffff && stop() {
			return nil, errStopped
		}
		if len(out) > limit || len(open) > maxXMLDepth {
			return nil, &textError{pos, "indented it would be too large"}
		}
		end, piece, err := nextXML(src, pos)
		if err != nil {
			return nil, err
		}
		text := src[pos:end]
		switch piece {
		case xmlText:
			if text = bytes.TrimSpace(text); len(text) > 0 {
				line()
				out = append(out, text...)
			}
		case xmlOpen:
			line()
			out = append(out, text...)
			name := xmlName(text)
			if whole := simpleElement(src, end, name); whole > 0 {
				out = append(out, src[end:whole]...)
				end = whole
				break
			}
			open = append(open, name)
		case xmlClose:
			name := xmlName(text)
			if len(open) == 0 {
				return nil, &textError{pos, "</" + name + "> closes nothing"}
			}
			if last := open[len(open)-1]; last != name {
				return nil, &textError{pos, "</" + name + "> stands where </" + last + "> is wanted"}
			}
			open = open[:len(open)-1]
			line()
			out = append(out, text...)
		case xmlAlone, xmlOther, xmlVerbatim:
			line()
			out = append(out, text...)
		}
		pos = end
	}
	if len(open) > 0 {
		return nil, &textError{len(src), "<" + open[len(open)-1] + "> is not closed"}
	}
	return out, nil
}

// simpleElement is where an element ends whose tag ends at a place, if it holds
// nothing but text; else 0.
func simpleElement(src []byte, pos int, name string) int {
	for range 2 {
		if pos >= len(src) {
			return 0
		}
		end, piece, err := nextXML(src, pos)
		switch {
		case err != nil:
			return 0
		case piece == xmlClose && xmlName(src[pos:end]) == name:
			return end
		case piece != xmlText && piece != xmlVerbatim:
			return 0
		}
		pos = end
	}
	return 0
}
