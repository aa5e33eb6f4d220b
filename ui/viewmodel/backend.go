package viewmodel

import (
	"context"

	"hookglass/capture"
	"hookglass/capture/ngrok"
	"hookglass/capture/redact"
	"hookglass/providers"
	"hookglass/store"
)

// Backend is what the window works on: an open engine. Its functions are safe
// for concurrent use and may block, so they are called from App.run only.
type Backend struct {
	Store   *store.DB
	Set     *providers.Set
	Folder  string
	URL     string                     // "http://127.0.0.1:4480"
	Mask    func(target string) string // masks the secrets of a request target; does not block
	Notices []string                   // what is out of order since the start

	// ListenAnywhere captures on the next free port, where nothing listens yet, and
	// returns the URL.
	ListenAnywhere func(ctx context.Context) (string, error)

	// SaveKey keeps a value of a credential and has what was captured verified
	// again; RemoveKey takes it back.
	SaveKey   func(ctx context.Context, credential, label, value string) error
	RemoveKey func(ctx context.Context, credential, label string) error

	Endpoints      func() capture.Endpoints // those in force; does not block
	PutEndpoint    func(ctx context.Context, e capture.Endpoint) error
	RemoveEndpoint func(ctx context.Context, path string) error

	// Choices are the answers chosen by hand, by endpoint path; Choose changes
	// one from the next callback on, and takes it back where the choice is zero.
	Choices func() []capture.Choice // does not block
	Choose  func(ctx context.Context, choice capture.Choice) error

	// ChooseAnyway is Choose after the second yes that a *capture.LiveError asks for.
	ChooseAnyway func(ctx context.Context, choice capture.Choice) error

	// Failing are the rules in force that fail on purpose, choices not among them;
	// EndRule switches one off from the next callback on.
	Failing func() []capture.Rule // does not block
	EndRule func(ctx context.Context, id int64) error

	// Rules are all rules in the order in which they are asked. PutRule adds one, or
	// changes the one with its ID, and returns its ID; *capture.LiveError and
	// *capture.RemoteError ask for a second yes, other errors are sentences.
	Rules      func() []capture.RuleState // does not block
	PutRule    func(ctx context.Context, r capture.Rule, yes capture.Consent) (int64, error)
	RemoveRule func(ctx context.Context, id int64) error
	EnableRule func(ctx context.Context, id int64, on bool, yes capture.Consent) error // asks as PutRule does
	ResetRule  func(ctx context.Context, id int64) error                               // lets it count from the start
	MoveRule   func(ctx context.Context, id int64, by int) error                       // -1 one place earlier, 1 later; choices stay last

	// TryRule tells which of the last callbacks a rule would have matched, and
	// PreviewRule what it would answer to one. Neither counts anything.
	TryRule     func(ctx context.Context, r capture.Rule, last int) (capture.RuleTrial, error)
	PreviewRule func(ctx context.Context, r capture.Rule, id int64) (capture.RulePreview, error)

	// Held are the callbacks whose senders wait for a person, the longest first.
	// AnswerHeld answers one, ReleaseHeld gives it its rule's fallback now; both
	// return capture.ErrNotHeld where it does not wait any more.
	Held        func() []capture.Held // does not block
	AnswerHeld  func(ctx context.Context, id int64, a capture.RuleAnswer) error
	ReleaseHeld func(ctx context.Context, id int64) error

	// Passed are the rules above the one that answered a callback, with why they did
	// not, by the rules as they are now. It does not block; the callback needs its
	// header and body.
	Passed func(x *capture.Exchange) []capture.Skip

	// PreviewResend makes what an exchange would be resent as, over a connection that
	// is kept for others or not. ResendAs sends it, and keeps the attempt as an
	// exchange of its own: also where there was no answer. StartResend begins many;
	// each is told of every one, off the screen's goroutine, and in their order. The
	// last two return a *capture.AskError where a person has to say yes first.
	PreviewResend func(ctx context.Context, id int64, how capture.Resending, keep bool) (ResendPreview, error)
	ResendAs      func(ctx context.Context, id int64, how capture.Resending) (*capture.Resent, error)
	StartResend   func(ctx context.Context, job capture.ResendJob, each func(*capture.Resent)) (*ResendRun, error)

	// Sample sends one of a provider's samples to ourselves, signed where the
	// provider's keys or its test identity can sign, and returns the answer's status.
	Sample func(ctx context.Context, provider string, sample providers.Sample) (int, error)

	// SendMade sends a made callback to a URL; at an address of ours it is kept as a
	// sample. AskMade returns a *capture.AskError where a person has to say yes before
	// one goes to an address.
	SendMade func(ctx context.Context, m *capture.Made) (*capture.MadeSent, error)
	AskMade  func(ctx context.Context, to string, consent capture.ResendConsent) error

	// TestIdentity makes what is missing of a provider's test identity, or with renew
	// all of it anew: Set.TestKeys has it then.
	TestIdentity func(ctx context.Context, provider string, renew bool) error

	// OpenTunnel opens the public address through ngrok, in the place of the one
	// that is there. An error says why it cannot even begin (no token, a broken
	// setting); what becomes of it is told by App.PublicChanged. UsePublicURL takes
	// an address of the person's own in its place, and ClosePublic ends either.
	OpenTunnel   func(ctx context.Context, settings ngrok.Settings) error
	UsePublicURL func(ctx context.Context, url string) error
	ClosePublic  func(ctx context.Context) error

	// CheckPublic begins a self-test of the public address. It does not block.
	CheckPublic func()

	// DiagnosePublic tries each step on the way to the tunnel's service.
	DiagnosePublic func(ctx context.Context, settings ngrok.Settings) []ngrok.Step

	// PublicEvents are the changes of the public address's state, newest first.
	PublicEvents func(ctx context.Context, limit int) ([]capture.PublicEvent, error)

	// TunnelToken says where the token in force comes from.
	TunnelToken func(ctx context.Context) (ngrok.TokenSource, error)

	// PreviewShare makes what would leave, without writing it, and tells every change
	// to each (which must not block); the report has no path.
	PreviewShare func(ctx context.Context, s capture.Sharing, each func(redact.Change), p capture.Progress) (capture.SharingReport, error)

	// WriteShare writes a file, all or nothing. ShareText makes a text for the
	// clipboard in a format such as "md", "curl" or "raw".
	WriteShare func(ctx context.Context, s capture.Sharing, path string, p capture.Progress) (capture.SharingReport, error)
	ShareText  func(ctx context.Context, s capture.Sharing) (string, error)

	// OpenFile reads a file into a staged session, and OpenText a curl command or a
	// raw request from the clipboard. ImportOpened makes it a session of ours,
	// CloseOpened removes it.
	OpenFile     func(ctx context.Context, path string, p capture.Progress) (capture.Opening, error)
	OpenText     func(ctx context.Context, text string) (capture.Opening, error)
	ImportOpened func(ctx context.Context, how capture.Importing, p capture.Progress) (capture.ImportReport, error)
	CloseOpened  func(ctx context.Context, session int64) error
}
