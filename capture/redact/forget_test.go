package redact

// Forget drops all that spares looking at a text once more.
func (r *Redactor) Forget() {
	r.seen.bodies, r.seen.texts = bodies{}, [len(r.seen.texts)]uint64{}
	r.start.next = nil
	for _, info := range r.names {
		info.next, info.clean, info.taught, info.found = nil, 0, false, false
	}
	for _, p := range r.lists {
		p.root.forget()
	}
}

func (p *place) forget() {
	p.known = nil
	for _, next := range p.members {
		next.forget()
	}
	for i := range p.starts {
		p.starts[i].place.forget()
	}
	if p.element != nil {
		p.element.forget()
	}
}
