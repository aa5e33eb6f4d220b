package viewmodel

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"hookglass/capture"
)

// Strip is the bar of answers that take one click. It concerns the endpoint of the
// callback that is shown, else those of the sender that the sidebar shows.
type Strip struct {
	Name    string // "KornitX"; "" where nothing is chosen
	Path    string // "/kornitx/*", "3 endpoints"
	Hue     int
	Hint    string // what to do where nothing is chosen
	Buttons []StripButton
	Ends    string // "ends in 18 min"; "" where nothing ends
	Rule    string // another rule that answers here first: "KornitX down"; "" for none
	RuleID  int64
	Busy    bool

	rules *Rules
	paths []string // of the endpoints
	of    stripOf
}

// stripOf is what the strip follows.
type stripOf struct {
	page *Page
	view string
}

// StripButton is one answer of the strip.
type StripButton struct {
	ID    string
	Label string
	Title string // in a menu
	Tip   string
	Icon  string // "" for a preset
	Tone  Tone
	On    bool // it is in force

	Preset bool
	Rare   bool // it is not worth room in the bar

	rank int
}

// The buttons of the strip that are no presets; those of presets begin with
// stripPreset, those of drops with stripDrop.
const (
	StripUsual   = "usual"
	StripHold    = "hold"
	StripForward = "forward"

	stripPreset = "preset:"
	stripDrop   = "drop:"
)

func newStrip(r *Rules) *Strip { return &Strip{rules: r} }

// follow looks again where something else is shown, and reports whether it did.
func (s *Strip) follow() bool {
	if of := (stripOf{s.rules.app.Detail.Page, s.rules.app.List.View}); of != s.of {
		s.show()
		return true
	}
	return false
}

// Shown reports whether a person wants to see the strip.
func (s *Strip) Shown() bool { return !s.rules.app.Preferences.NoStrip && s.rules.Ready() }

// Turn shows or hides the strip, also at the next start.
func (s *Strip) Turn() {
	a := s.rules.app
	a.Preferences.NoStrip = !a.Preferences.NoStrip
	if err := a.Preferences.Save(); err != nil {
		a.Notices.Say(Warn, sentence(err), "", nil)
	}
	a.Changed.Emit()
	s.rules.Changed.Emit()
}

// show writes the strip anew.
func (s *Strip) show() {
	a := s.rules.app
	s.of = stripOf{a.Detail.Page, a.List.View}
	endpoints := s.target()
	s.Name, s.Path, s.Hue, s.Hint, s.Ends, s.Rule, s.RuleID, s.Buttons, s.paths = "", "", 0, "", "", "", 0, nil, nil
	if len(endpoints) == 0 {
		if s.Hint == "" {
			s.Hint = s.missing()
		}
		return
	}
	first := &endpoints[0]
	s.Name, s.Path, s.Hue = capture.Visible(orElse(first.Name, first.Path)), capture.Visible(first.Path), senderHue(first.Provider)
	for i := range endpoints {
		s.paths = append(s.paths, endpoints[i].Path)
	}
	if len(endpoints) > 1 {
		s.Name, s.Path = viewTitle(a, ViewProvider+first.Provider), strconv.Itoa(len(endpoints))+" endpoints"
	}
	s.Buttons = s.buttons(first)
	s.mark()
}

// target are the endpoints that the strip is about.
func (s *Strip) target() []capture.Endpoint {
	a := s.rules.app
	if a.backend == nil {
		return nil
	}
	if page := a.Detail.Page; page != nil && page.material.endpoint != nil && page.material.exchange.Via != capture.ViaReplay {
		return []capture.Endpoint{*page.material.endpoint}
	}
	provider, found := strings.CutPrefix(a.List.View, ViewProvider)
	if !found || provider == "" {
		return nil
	}
	var list []capture.Endpoint
	for _, e := range a.backend.Endpoints() {
		if e.Provider == provider {
			list = append(list, e)
		}
	}
	return list
}

// missing says why there is nothing to choose for.
func (s *Strip) missing() string {
	switch page := s.rules.app.Detail.Page; {
	case page == nil:
		return "Select a callback, or a sender at the left, to choose what its endpoint answers."
	case page.material.exchange.Via == capture.ViaReplay:
		return "This is a resend: its receiver decides what it answers."
	}
	return "No endpoint takes this path: add one in the settings to choose what it answers."
}

// buttons are the answers to choose from: success first, then what fails.
func (s *Strip) buttons(e *capture.Endpoint) []StripButton {
	b := s.rules.app.backend
	usual := usualStatus(b, e)
	list := []StripButton{{ID: StripUsual, Label: usual, Title: "As usual", Tip: "Answer as usual: what the sender takes as success", Tone: Good}}
	presets := b.Set.Presets(e.Provider)
	for i := range presets {
		option := presetOption(&presets[i])
		if i == 0 && !option.Failing {
			continue // it is the usual answer
		}
		list = append(list, StripButton{ID: stripPreset + option.ID, Label: option.Short, Title: option.Title, Preset: true, Tip: option.Title + ". " + option.Text, Tone: option.Tone, rank: stripRank(&option)})
	}
	slices.SortStableFunc(list[1:], func(a, b StripButton) int { return cmp.Compare(a.rank, b.rank) })
	list = append(list,
		StripButton{ID: StripHold, Label: "Hold", Title: "Hold", Icon: "clock", Tone: Warn, Tip: "Keep the sender waiting until you answer, 30 seconds at the most"},
		StripButton{ID: StripForward, Label: "Forward…", Title: "Forward to your app …", Icon: "server", Tone: Secondary, Tip: "Let your own app answer"})
	for _, how := range capture.Drops {
		list = append(list, StripButton{ID: stripDrop + string(how), Label: capital(dropShort(how)), Title: "Drop: " + dropShort(how), Rare: true, Icon: "plug", Tone: Bad, Tip: how.Effect()})
	}
	return list
}

// stripRank puts what is wanted most first: a failure with words of one's own, and
// the one after which most senders send again.
func stripRank(option *AnswerOption) int {
	_, err := strconv.Atoi(option.ID)
	switch {
	case option.Failing && option.TakesMessage:
		return 0
	case option.ID == "503":
		return 1
	case err == nil && option.Failing:
		return 2
	case err == nil:
		return 3
	}
	return 4
}

// mark marks what is in force, where that is the same at all the endpoints.
func (s *Strip) mark() {
	now := s.rules.app.config.Now()
	for i, path := range s.paths {
		state, _ := s.rules.inForce(path)
		on, other := StripUsual, (*capture.RuleState)(nil)
		if state != nil {
			if on = stripButtonOf(&state.Rule); on == "" || !isChoice(&state.Rule) && state.Rule.Name != stripName(path) {
				on, other = "", state
			}
		}
		if i == 0 {
			s.setOn(on)
			if other != nil {
				s.Rule, s.RuleID = ruleName(&other.Rule), other.Rule.ID
			} else if state != nil && !state.Rule.End.Until.IsZero() {
				s.Ends = "ends in " + spanLeft(state.Rule.End.Until.Sub(now))
			}
			continue
		}
		if on != s.on() || other != nil {
			s.setOn("")
			s.Ends = ""
		}
	}
}

func (s *Strip) setOn(id string) {
	for i := range s.Buttons {
		s.Buttons[i].On = s.Buttons[i].ID == id
	}
}

func (s *Strip) on() string {
	for i := range s.Buttons {
		if s.Buttons[i].On {
			return s.Buttons[i].ID
		}
	}
	return ""
}

// stripButtonOf is the button that stands for a rule; "" for none.
func stripButtonOf(rule *capture.Rule) string {
	switch rule.Kind {
	case capture.RulePreset:
		return stripPreset + rule.Params.Answer.Preset
	case capture.RuleHold:
		return StripHold
	case capture.RuleForward:
		return StripForward
	case capture.RuleDrop:
		return stripDrop + string(rule.Params.Drop)
	case capture.RuleFixed, capture.RuleDelayed, capture.RuleSequence:
	}
	return ""
}
