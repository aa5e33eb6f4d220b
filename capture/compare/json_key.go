package compare

import (
	"slices"
	"strings"
)

// ArrayKey says that the elements of an array are told apart by one of their keys
// and not by their position.
type ArrayKey struct {
	Path string `json:"path"` // "$.orders[].items"; "" for every array
	Key  string `json:"key"`
}

// likelyKeys are the names that tell elements apart, the likelier first.
var likelyKeys = []string{
	"id", "uuid", "guid", "uid", "ref", "reference", "external_ref", "sku", "code", "number", "key", "tracking", "name", "type",
}

// maxGuessed bounds the elements that are looked at for a guess.
const maxGuessed = 1_000

// member is the child of an object with a key, or -1. Of a key that comes twice it
// is the first.
func (t *tree) member(n int32, key string) int32 {
	if t.nodes[n].kind != jsonObject {
		return -1
	}
	for c := n + 1; c < t.nodes[n].next; c = t.nodes[c].next {
		if raw := t.rawKey(c); string(raw[1:len(raw)-1]) == key || t.keyText(c) == key {
			return c
		}
	}
	return -1
}

// tellApart is what an element of an array is told apart by: the text of one of its
// members, "" where it has none that is a scalar.
func (t *tree) tellApart(n int32, key string) string {
	found := t.member(n, key)
	if found < 0 || t.container(found) {
		return ""
	}
	if t.nodes[found].kind == jsonString {
		return `"` + unquote(t.raw(found))
	}
	return string(t.raw(found))
}

// arrayPath is the path of an array as ArrayKey has it.
func (t *tree) arrayPath(n int32) string {
	pattern := t.pattern(n)
	if pattern == "" || pattern[0] == '[' {
		return "$" + pattern
	}
	return "$." + pattern
}

// guessKey returns a key that pairs the elements of two arrays otherwise than their
// position does, or "": all elements are objects, and the key has a value of its own
// in each.
func guessKey(a, b *tree, x, y int32) string {
	elementsA, elementsB := a.firstChildren(x, maxGuessed+1), b.firstChildren(y, maxGuessed+1)
	if len(elementsA) == 0 || len(elementsB) == 0 || len(elementsA)+len(elementsB) > maxGuessed {
		return ""
	}
	for _, name := range keyNames(a, elementsA[0]) {
		valuesA, okA := values(a, elementsA, name)
		valuesB, okB := values(b, elementsB, name)
		if !okA || !okB {
			continue
		}
		pairs, _ := match(len(valuesA), len(valuesB),
			func(i int) string { return valuesA[i] }, func(j int) string { return valuesB[j] })
		for i, j := range pairs {
			if j >= 0 && int(j) != i {
				return name
			}
		}
	}
	return ""
}

// keyNames are the keys of an object that may tell it apart, the likelier first.
func keyNames(t *tree, n int32) []string {
	if t.nodes[n].kind != jsonObject {
		return nil
	}
	var names []string
	rank := func(name string) int {
		lower := strings.ToLower(name)
		if i := slices.Index(likelyKeys, lower); i >= 0 {
			return i
		}
		if strings.HasSuffix(lower, "_id") || strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID") {
			return 1
		}
		return -1
	}
	for _, c := range t.children(n) {
		if name := t.keyText(c); rank(name) >= 0 {
			names = append(names, name)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names
}

// values are what the elements are told apart by; not ok where one has none, or two
// the same.
func values(t *tree, elements []int32, key string) (all []string, ok bool) {
	seen := make(map[string]bool, len(elements))
	all = make([]string, len(elements))
	for i, n := range elements {
		all[i] = t.tellApart(n, key)
		if all[i] == "" || seen[all[i]] {
			return nil, false
		}
		seen[all[i]] = true
	}
	return all, true
}
