package viewmodel

import "hookglass/capture"

// RuleKind is capture's: in what way a rule answers.
type RuleKind = capture.RuleKind

// RulePer is capture's: for whom a sequence counts.
type RulePer = capture.RulePer

// Drop is capture's: how a sender is cut off.
type Drop = capture.Drop

// RuleChoice is one of several that a rule can be or do.
type RuleChoice struct{ ID, Title string }

// The choices of the editor, in their order.
var (
	RuleKinds = []RuleChoice{
		{string(capture.RulePreset), "Preset"},
		{string(capture.RuleFixed), "Fixed"},
		{string(capture.RuleDelayed), "Delayed"},
		{string(capture.RuleSequence), "Sequence"},
		{string(capture.RuleHold), "Hold"},
		{string(capture.RuleForward), "Forward"},
		{string(capture.RuleDrop), "Drop"},
	}
	RulePers = []RuleChoice{
		{string(capture.PerDelivery), "Each delivery"},
		{string(capture.PerOrder), "Each order"},
		{string(capture.PerAll), "All"},
	}
	RuleDrops = []RuleChoice{
		{string(capture.DropClose), "Close"},
		{string(capture.DropReset), "Reset"},
		{string(capture.DropHalf), "Half an answer"},
		{string(capture.DropNever), "Never answer"},
	}
	RuleEnds = []RuleChoice{
		{string(EndTime), "A time"},
		{string(EndCount), "Callbacks"},
		{string(EndQuit), "Until I quit"},
		{string(EndNever), "For good"},
	}
)

// The kinds that have fields of their own in the editor.
const (
	KindDelayed  = capture.RuleDelayed
	KindSequence = capture.RuleSequence
	KindHold     = capture.RuleHold
	KindForward  = capture.RuleForward
	KindDrop     = capture.RuleDrop
)
