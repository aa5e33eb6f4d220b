package viewmodel

// commands are what can be done with rules.
func (r *Rules) commands() []Command {
	press := func(id, title, icon, button string, keys ...Key) Command {
		return Command{
			ID: id, Title: title, Place: "Answers", Icon: icon, Keys: keys,
			Ready: func() bool { return r.Ready() && len(r.Strip.Buttons) > 0 && !r.Strip.Busy },
			Run:   func() { r.Strip.Press(button) },
		}
	}
	return []Command{
		{ID: "rules.open", Title: "Show the answers and their rules", Place: "Answers", Icon: "reply", Keys: []Key{"R"}, Ready: r.Ready, Run: r.Open},
		{ID: "rules.new", Title: "Make a rule", Place: "Answers", Icon: "plus", Keys: []Key{"N"}, Ready: r.Ready, Run: r.New},
		{
			ID: "rules.make", Title: "Make a rule from this callback …", Place: "Answers", Icon: "plus", Keys: []Key{"M"},
			Ready: r.CanMake, Run: r.Make,
		},
		press("strip.usual", "Answer as usual here", "circle-check", StripUsual, "y"),
		press("strip.hold", "Hold what comes here, to answer by hand", "clock", StripHold, "w"),
		press("strip.forward", "Forward what comes here to your app …", "server", StripForward, "f"),
		{ID: "view.strip", Title: "Show or hide the bar of answers", Place: "View", Icon: "sliders-horizontal", Run: r.Strip.Turn},
	}
}

// Press does what a key says where the rules have the keyboard, and reports whether
// it says something.
func (r *Rules) Press(key string) bool {
	switch key {
	case "Down", "j":
		r.Step(1)
	case "Up", "k":
		r.Step(-1)
	case "Home":
		r.Step(-len(r.Rows))
	case "End":
		r.Step(len(r.Rows))
	case "Return":
		r.Edit()
	case "n":
		r.New()
	case "Space":
		r.Toggle(r.At)
	case "Delete":
		r.Remove(r.At)
	case "Alt+Up":
		r.Move(r.At, -1)
	case "Alt+Down":
		r.Move(r.At, 1)
	case "0":
		if r.CanReset(r.At) {
			r.Reset(r.At)
		}
	case "Mod+Z":
		r.Undo()
	case "Mod+S":
		r.Save()
	default:
		return false
	}
	return true
}
