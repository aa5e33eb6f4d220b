package compare

// match pairs the elements of two lists by their keys: the first of a key with the
// first of it on the other side, the second with the second. For each of the n
// elements of the first list it returns the one of the second list, or -1; ordered
// says that the pairs stand in the same order on both sides.
func match(n, m int, keyA, keyB func(int) string) (pairs []int32, ordered bool) {
	pairs = make([]int32, n)
	first := make(map[string]int32, m) // the next element of a key
	more := make([]int32, m)           // the one behind it of the same key
	last := make(map[string]int32)
	for j := range m {
		key := keyB(j)
		more[j] = -1
		if before, ok := last[key]; ok {
			more[before] = int32(j)
		} else if _, ok := first[key]; ok {
			more[first[key]] = int32(j)
		} else {
			first[key] = int32(j)
			continue
		}
		last[key] = int32(j)
	}
	ordered = true
	high := int32(-1)
	for i := range n {
		key := keyA(i)
		j, ok := first[key]
		if !ok || j < 0 {
			pairs[i] = -1
			continue
		}
		pairs[i], first[key] = j, more[j]
		ordered = ordered && j > high
		high = max(high, j)
	}
	return pairs, ordered
}

// merge visits the elements of two paired lists in one order: that of the first
// list, and what is only in the second behind the element that it follows there, and
// behind what is only in the first. A side that has none is -1.
func merge(pairs []int32, m int, visit func(a, b int)) {
	taken := make([]bool, m)
	for _, j := range pairs {
		if j >= 0 {
			taken[j] = true
		}
	}
	at := 0 // where those begin that follow the last pair
	alone := func() {
		for ; at < m && !taken[at]; at++ {
			visit(-1, at)
		}
	}
	for i, j := range pairs {
		if j >= 0 {
			alone()
			at = int(j) + 1
		}
		visit(i, int(j))
	}
	alone()
}
