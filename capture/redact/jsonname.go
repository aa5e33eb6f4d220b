package redact

// key notes the member that begins, and looks at its name: some objects have
// addresses or tokens for names.
func (j *jsonWalk) key(f *frame, from, to int) {
	name := j.text[from:to]
	info := j.follows(name)
	v, decoded := codingJSON.decode(name)
	if decoded {
		info = j.r.named(v.text)
		j.r.found++
	}
	if f != nil {
		f.key, f.member, f.inMember, f.escaped = [2]int{from, to}, info, true, decoded
	}
	j.name(info, from, to)
}

// name looks at the name of a member where nobody did yet.
func (j *jsonWalk) name(info *nameInfo, from, to int) {
	if info.looked(j.walk) {
		if info.found {
			j.r.found++
		}
		return
	}
	was, budget := j.r.found, j.budget
	found := j.coded(j.text[from:to], "", codingJSON)
	info.note(j.walk, was, budget, found)
	j.add(found, from)
}

// follows returns what a name tells that comes behind the one before: mostly that which
// came behind it the last time.
func (j *jsonWalk) follows(name []byte) *nameInfo {
	info := j.last.next
	if info == nil || info.name != string(name) {
		if info = j.r.named(name); info.id > 0 {
			j.last.next = info
		}
	}
	j.last = info
	return info
}

// expected goes behind the name at text[i] and what separates it from its value, where
// it is the one that came here the last time; 0 where not.
func (j *jsonWalk) expected(i int) int {
	f := j.top()
	info := j.last.next
	if f == nil || f.array || f.inMember || info == nil || !info.plain {
		return 0
	}
	from, to := i+1, i+1+len(info.name)
	if to+2 > len(j.text) || j.text[to] != '"' || j.text[to+1] != ':' || string(j.text[from:to]) != info.name {
		return 0
	}
	f.key, f.member, f.inMember, f.escaped = [2]int{from, to}, info, true, false
	j.last = info
	j.name(info, from, to)
	return to + 2
}
