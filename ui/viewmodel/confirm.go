package viewmodel

// Confirmation is a question that lies over everything until it is answered.
type Confirmation struct {
	Question string
	Detail   string
	Action   string // title of the button that says yes
	Danger   bool

	run func()
}

// Confirm asks a person before run runs. A question that is still open is
// answered with no.
func (a *App) Confirm(question, detail, action string, danger bool, run func()) {
	a.Confirmation = &Confirmation{Question: question, Detail: detail, Action: action, Danger: danger, run: run}
	a.Changed.Emit()
}

// Answered takes the question away, and does what it asked about where the
// answer is yes.
func (a *App) Answered(yes bool) {
	c := a.Confirmation
	if c == nil {
		return
	}
	a.Confirmation = nil
	a.Changed.Emit()
	if yes && c.run != nil {
		c.run()
	}
}
