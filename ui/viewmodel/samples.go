package viewmodel

import (
	"strconv"
	"strings"

	"hookglass/capture"
	"hookglass/providers"
)

// Samples is the dialog in which a person is the provider: it makes realistic
// callbacks with new ids and times, and sends them here or to an app.
type Samples struct {
	SampleFields

	Problem   string // what is wrong with what is typed; "" for nothing
	ToProblem string // what is wrong with the address

	Preview SamplePreview
	Steps   []SampleStep // of the story that is chosen; nil for a single callback
	Step    int          // the one whose callback is previewed
	Busy    string       // what is under way; "" for nothing
	Result  *SampleResult
	Secrets bool // secrets are shown in the preview

	Changed Signal

	app  *App
	rows []SampleRow
	asks map[string]capture.ResendConsent // what was said yes to, by host

	fresh    *providers.Fresh // that of the preview; nil while somebody else has it
	made     *madeCallback    // what the preview shows; nil while there is none
	building bool
	again    bool // something changed while it was built
	played   *playedStory
	stop     func()
}

// SampleFields are what a person chooses and types.
type SampleFields struct {
	Provider string // ID
	Stories  bool   // the list shows stories, not single callbacks
	Sample   string // name
	Scenario string // name

	Here   bool   // to Hookglass itself
	To     string // else to this address
	Order  string // "" makes one up
	Values string // assignments, a line each
	Proof  string // one of SampleProofs
	Speed  string // one of SampleSpeeds, for stories
}

// SampleRow is a callback or a story to choose.
type SampleRow struct {
	Name  string
	Title string
	Note  string // the event; of a story how long it is
	At    bool   // it is chosen
}

// SampleStep is one callback of a story.
type SampleStep struct {
	Number string
	Title  string
	After  string // "after 10m"; "at once" for no pause
	Text   string // what became of it: "200 OK"; "" for nothing yet
	Note   string // why that is no success; "" where it is
	Tone   Tone   // of Text
	At     bool   // its callback is previewed
}

// SampleResult is what became of what was sent.
type SampleResult struct {
	Text string
	Tone Tone
	Note string
}

// proofTest is the proof of the test identity, also where a key of the person's
// could sign.
const proofTest = "test"

// SampleProofs are what a made callback can prove of its origin.
var SampleProofs = []RuleChoice{
	{ID: string(providers.Signed), Title: "Signed with your key, else the test key"},
	{ID: proofTest, Title: "Signed with the test key"},
	{ID: string(providers.NoProof), Title: "Unsigned"},
	{ID: string(providers.Tampered), Title: "Changed after it was signed"},
	{ID: string(providers.StaleProof), Title: "Signed with a key that nobody knows"},
}

// SampleSpeeds are how much faster than in reality a story is told; 0 is without
// pauses.
var SampleSpeeds = []RuleChoice{
	{ID: "0", Title: "At once"}, {ID: "3600", Title: "×3600"}, {ID: "60", Title: "×60"}, {ID: "1", Title: "Real time"},
}

func newSamples(a *App) *Samples {
	s := &Samples{app: a, asks: map[string]capture.ResendConsent{}, stop: func() {}}
	s.Here, s.Proof, s.Speed = true, SampleProofs[0].ID, "3600"
	s.To = a.Preferences.SampleTo
	a.Settings.Changed.Listen(func() {
		if a.Dialog == DialogSamples {
			s.build() // keys may have changed
		}
	})
	return s
}

func (s *Samples) attached() {
	if all := s.app.backend.Set.All(); s.Provider == "" && len(all) > 0 {
		s.Provider = all[0].ID
	}
	s.list()
	s.Changed.Emit()
}

// commands are those of the dialog.
func (s *Samples) commands() []Command {
	return []Command{{
		ID: "samples.open", Title: "Be the provider: send a made callback", Place: "Hookglass", Icon: "flask-conical", Keys: []Key{"t"},
		Ready: s.Ready, Run: s.Open,
	}}
}

// Ready reports whether callbacks can be made and sent.
func (s *Samples) Ready() bool { return s.app.backend != nil && s.app.backend.SendMade != nil }

// Open opens the dialog, as it was left.
func (s *Samples) Open() {
	if !s.Ready() {
		return
	}
	if s.Busy == "" {
		s.Result = nil
	}
	s.app.Open(DialogSamples)
	s.build()
}

// Tabs lists the providers.
func (s *Samples) Tabs() []ConnectTab { return s.app.Connect.Tabs() }

// Rows are what can be chosen of the provider.
func (s *Samples) Rows() []SampleRow { return s.rows }

// Index is the place of the chosen row.
func (s *Samples) Index() int {
	for i := range s.rows {
		if s.rows[i].At {
			return i
		}
	}
	return -1
}

// provider is the one that is played; nil while there is no engine.
func (s *Samples) provider() *providers.Provider {
	if s.app.backend == nil {
		return nil
	}
	return s.app.backend.Set.Find(s.Provider)
}

// scenario is the story that is chosen; nil for a single callback.
func (s *Samples) scenario() *providers.Scenario {
	if p := s.provider(); p != nil && s.Stories {
		return p.Scenario(s.Scenario)
	}
	return nil
}

// Change changes what is chosen or typed.
func (s *Samples) Change(change func(f *SampleFields)) {
	before := s.SampleFields
	change(&s.SampleFields)
	if before.Here && !s.Here && s.To == "" {
		s.To = s.app.lastTarget()
	}
	now := s.SampleFields
	if now == before {
		return
	}
	if now.Provider != before.Provider || now.Order != before.Order {
		s.fresh = nil // another story: other ids
	}
	if now.Provider != before.Provider {
		s.Values = "" // their paths are those of another's callbacks
	}
	if now.Provider != before.Provider || now.Stories != before.Stories || now.Sample != before.Sample || now.Scenario != before.Scenario {
		s.Step = 0
		s.list()
	}
	if s.Busy == "" {
		s.Result = nil
	}
	s.build()
}

// Choose chooses a row.
func (s *Samples) Choose(i int) {
	if i < 0 || i >= len(s.rows) {
		return
	}
	name := s.rows[i].Name
	s.Change(func(f *SampleFields) {
		if f.Stories {
			f.Scenario = name
		} else {
			f.Sample = name
		}
	})
}

// ChooseStep has the callback of a step previewed.
func (s *Samples) ChooseStep(i int) {
	if i >= 0 && i < len(s.Steps) && i != s.Step {
		s.Step = i
		s.build()
	}
}

// Key takes a key of the dialog, and reports whether it had use for it.
func (s *Samples) Key(key string) bool {
	switch key {
	case "Down":
		s.Choose(min(s.Index()+1, len(s.rows)-1))
	case "Up":
		s.Choose(max(s.Index()-1, 0))
	case "Mod+Return":
		s.Send()
	default:
		return false
	}
	return true
}

// ShowSecrets shows the secrets in the preview, or hides them.
func (s *Samples) ShowSecrets(on bool) {
	s.Secrets = on
	s.show()
}

// list makes the rows, and chooses the first where what was chosen is not there.
func (s *Samples) list() {
	p := s.provider()
	s.rows = nil
	if p == nil {
		return
	}
	chosen := &s.Sample
	if s.Stories {
		chosen = &s.Scenario
		for i := range p.Scenarios {
			story := &p.Scenarios[i]
			s.rows = append(s.rows, SampleRow{
				Name: story.Name, Title: story.Title,
				Note: strconv.Itoa(len(story.Scenes)) + " callbacks in " + capture.Span(story.Length()),
			})
		}
	} else {
		all := p.AllSamples()
		for i := range all {
			s.rows = append(s.rows, SampleRow{Name: all[i].Name, Title: all[i].Title, Note: p.EventOf(&all[i])})
		}
	}
	at := 0
	for i := range s.rows {
		if s.rows[i].Name == *chosen {
			at = i
		}
	}
	if len(s.rows) > 0 {
		s.rows[at].At = true
		*chosen = s.rows[at].Name
	}
}

// assignments reads the values that are typed. problem says which line is wrong.
func (f *SampleFields) assignments() (all []providers.Assignment, problem string) {
	for i, line := range strings.Split(f.Values, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		a, err := providers.ParseAssignment(strings.TrimSpace(line))
		if err != nil {
			return nil, "Line " + strconv.Itoa(i+1) + " is not path=value, such as payment.status=FAILED."
		}
		all = append(all, a)
	}
	return all, ""
}

// speed is how much faster than in reality a story is told.
func (f *SampleFields) speed() float64 {
	speed, err := strconv.ParseFloat(f.Speed, 64)
	if err != nil {
		return 0
	}
	return speed
}

// proof is what the callback proves, and whether only the test identity may.
func (f *SampleFields) proof() (proof providers.Proof, testOnly bool) {
	if f.Proof == proofTest {
		return providers.Signed, true
	}
	return providers.Proof(f.Proof), false
}
