package capture

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

var (
	errHiddenDots = errors.New("its path hides dots behind encoded characters, which an app may take for a way out of it")
	errPathLeaves = errors.New("its path leads out of its endpoint by dots")
	errPathMeant  = errors.New("its path leads by dots to one that the rule's filter is not for")
	errOddPath    = errors.New("its target holds a character that cannot be sent")
)

// forwardTarget is the target under which a callback that an endpoint took is
// sent to an app. The query stays as it came, behind the one of the app's URL.
func forwardTarget(f *Forwarding, to replayURL, e *Endpoint, target string) (string, error) {
	if strings.ContainsFunc(target, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "", errOddPath
	}
	path, err := forwardPath(e, target)
	if err != nil {
		return "", err
	}
	base, own, asked := strings.Cut(to.target, "?")
	if !f.KeepPath {
		rest := strings.TrimPrefix(path, strings.TrimSuffix(e.Path, "/*"))
		if path = base; rest != "" {
			path = strings.TrimSuffix(base, "/") + rest
		}
	}
	_, query, queried := strings.Cut(target, "?")
	switch {
	case asked && own != "" && query != "":
		return path + "?" + own + "&" + query, nil
	case asked && own != "":
		return path + "?" + own, nil
	case queried || asked:
		return path + "?" + query, nil
	}
	return path, nil
}

// forwardPath is the path of a target without dot segments. It returns an error
// where that is not in the endpoint's subtree, or where an app may see it leave.
func forwardPath(e *Endpoint, target string) (string, error) {
	path, _ := SplitTarget(target)
	clean, err := cleanPath(path)
	if err != nil {
		return "", err
	}
	if !e.Matches(clean) {
		return "", fmt.Errorf("%w, %s", errPathLeaves, Visible(e.Path))
	}
	return clean, nil
}

// cleanPath resolves the segments "." and ".." of a path, also written %2e (RFC
// 3986, section 5.2.4). All else stays as it is. It refuses segments that become
// such ones for an app which decodes slashes, decodes twice, takes a backslash for
// a slash, or cuts parameters off first.
func cleanPath(path string) (string, error) {
	if !strings.HasPrefix(path, "/") {
		return "", errPathLeaves
	}
	if !strings.Contains(path, "/.") && !strings.ContainsAny(path, `%\`) {
		return path, nil
	}
	segments := strings.Split(path[1:], "/")
	kept := segments[:0]
	for i, segment := range segments {
		switch dots := dotSegment(segment); {
		case dots == 0 && hidesDots(segment):
			return "", errHiddenDots
		case dots == 0:
			kept = append(kept, segment)
			continue
		case dots == 2 && len(kept) == 0:
			return "", errPathLeaves
		case dots == 2:
			kept = kept[:len(kept)-1]
		}
		if i == len(segments)-1 {
			kept = append(kept, "") // a directory, as its name says
		}
	}
	return "/" + strings.Join(kept, "/"), nil
}

// dotSegment says of how many dots a segment consists: 1, 2, or 0 for any other
// one.
func dotSegment(segment string) int {
	dots := 0
	for rest := segment; rest != ""; dots++ {
		c, ok := percentByte(rest)
		switch {
		case rest[0] == '.':
			rest = rest[1:]
		case ok && c == '.':
			rest = rest[len("%2e"):]
		default:
			return 0
		}
		if dots == 2 {
			return 0
		}
	}
	return dots
}

// hidesDots reports whether a segment that is no dot segment holds one for an app
// that reads it in another way.
func hidesDots(segment string) bool {
	if !strings.ContainsAny(segment, `.%\`) {
		return false
	}
	decoded := decodedDeep(segment)
	for part := range bytes.FieldsFuncSeq(decoded, func(r rune) bool { return r == '/' || r == '\\' }) {
		part, _, _ = bytes.Cut(part, []byte{';'})
		if part = bytes.Trim(part, " \t\r\n\x00"); string(part) == "." || string(part) == ".." {
			return true
		}
	}
	return false
}

// decodedDeep decodes what is percent-encoded, however often it is.
func decodedDeep(text string) []byte {
	decoded := make([]byte, 0, len(text))
	for i := range len(text) {
		decoded = append(decoded, text[i])
		for at := len(decoded) - len("%25"); at >= 0; at = len(decoded) - len("%25") {
			c, ok := percentByte(string(decoded[at:]))
			if !ok {
				break
			}
			decoded = append(decoded[:at], c)
		}
	}
	return decoded
}
