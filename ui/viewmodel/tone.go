package viewmodel

// Tone is what a colour means; the theme says which colour that is.
type Tone int

// The tones.
const (
	Plain Tone = iota
	Secondary
	Muted
	Accent
	Good
	Warn
	Bad
)
