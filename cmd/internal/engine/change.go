package engine

import (
	"context"
	"errors"
	"fmt"

	"hookglass/capture"
	"hookglass/store"
)

// ErrNotFound says that what was to be changed is not there.
var ErrNotFound = store.ErrNotFound

// Action names what a Change does.
type Action string

// The changes that one process can ask of another.
const (
	KeysChanged    Action = "keys.changed"    // secrets of Provider were set or removed: read them again
	PutPublic      Action = "public.put"      // Name, Label, Value
	RemovePublic   Action = "public.remove"   // Name, Label
	PutEndpoint    Action = "endpoint.put"    // Endpoint
	RemoveEndpoint Action = "endpoint.remove" // Endpoint.Path
	PutRule        Action = "rule.put"        // Rule, Consent; Done is its ID
	RemoveRule     Action = "rule.remove"     // Rule.ID
	EnableRule     Action = "rule.enable"     // Rule.ID, Consent
	DisableRule    Action = "rule.disable"    // Rule.ID
	ResetRule      Action = "rule.reset"      // Rule.ID
	ListRules      Action = "rule.list"       // nothing: Reply.Rules
	MoveRule       Action = "rule.move"       // Rule.ID, By
	LoadRules      Action = "rule.load"       // Rules, Forever, Replace, Consent: all of them or none
	ListHeld       Action = "held.list"       // nothing: Reply.Held
	ListSecrets    Action = "secret.list"     // nothing: Reply.Secrets
	AnswerHeld     Action = "held.answer"     // IDs, Answer
	ReleaseHeld    Action = "held.release"    // IDs
	Delete         Action = "delete"          // IDs
	Commit         Action = "commit"          // nothing: write what became of the callbacks so far
	RaiseWindow    Action = "raise"           // Files: show the window, and open them
	ResendMany     Action = "resend"          // Resend: a reply of many lines, see resendLine
	ImportFile     Action = "import"          // Import: a reply of many lines, see importLine

	PutSession      Action = "session.put"      // Session, added where it has no ID; Done is its ID
	ActivateSession Action = "session.activate" // Session.ID
	MarkCallbacks   Action = "mark"             // IDs, Mark
	NoteCallbacks   Action = "note"             // IDs, Note
	PinCallbacks    Action = "pin"              // IDs
	UnpinCallbacks  Action = "unpin"            // IDs
)

// Change is one change of what a capturing process works with. It never holds a
// secret.
type Change struct {
	Action   Action             `json:"action"`
	Provider string             `json:"provider,omitempty"`
	Name     string             `json:"name,omitempty"`
	Label    string             `json:"label,omitempty"`
	Value    string             `json:"value,omitempty"` // public material
	Endpoint capture.Endpoint   `json:"endpoint,omitzero"`
	Rule     capture.Rule       `json:"rule,omitzero"`
	Rules    []capture.Rule     `json:"rules,omitempty"`
	Forever  []int              `json:"forever,omitempty"` // of Rules, those that fail on purpose without an end
	Replace  bool               `json:"replace,omitempty"` // the rules that there are go, but for choices
	Consent  capture.Consent    `json:"consent,omitzero"`
	By       int                `json:"by,omitempty"` // how many places later a rule is asked; below zero earlier
	Answer   capture.RuleAnswer `json:"answer,omitzero"`
	IDs      []int64            `json:"ids,omitempty"`
	Files    []string           `json:"files,omitempty"` // absolute paths
	Sample   *Made              `json:"sample,omitempty"`
	Resend   *ResendJob         `json:"resend,omitempty"`
	Import   *ImportJob         `json:"import,omitempty"`
	Session  capture.Session    `json:"session,omitzero"`
	Mark     capture.Mark       `json:"mark,omitempty"`
	Note     string             `json:"note,omitempty"`
}

// Reply answers a Change.
type Reply struct {
	Done     int                 `json:"done"` // how many things were changed; of PutRule, the rule's ID
	Error    string              `json:"error,omitempty"`
	NotFound bool                `json:"not_found,omitempty"`
	NoWindow bool                `json:"no_window,omitempty"`
	Live     string              `json:"live,omitempty"`   // the path of a *capture.LiveError
	Remote   string              `json:"remote,omitempty"` // the host of a *capture.RemoteError
	NotHeld  bool                `json:"not_held,omitempty"`
	Held     []capture.Held      `json:"held,omitempty"`
	Rules    []capture.RuleState `json:"rules,omitempty"`
	Secrets  []string            `json:"secrets,omitempty"` // for redaction: those of this process's environment
	At       int                 `json:"at,omitempty"`      // 1 + At of a *RulesError
	Closing  bool                `json:"closing,omitempty"` // the change was not looked at: ask again
	Sent     *Sent               `json:"sent,omitempty"`    // of SendSample; nil where the address is another's
}

// Apply makes a change in the folder: through the process that captures into
// it, else by itself. It returns how many things were changed, of PutRule and
// PutSession the ID. Where the other process is just starting or ending, Apply waits a
// little for it. It leaves a damaged database as it is, and fails with
// store.ErrDamaged.
func Apply(ctx context.Context, config Config, change Change) (int, error) {
	config.MoveAside, config.brief = false, true
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		done, err := applyOnce(ctx, config, change)
		if !errors.Is(err, errUnanswered) || pause(waiting, lockPause) != nil {
			return done, err
		}
	}
}

// Settle has the process that captures into a folder write what became of the
// callbacks so far, so that who reads the folder next sees it: what a callback
// was answered waits a few milliseconds for a commit to share. Without such a
// process there is nothing to wait for, and one that does not reply is not
// waited for.
func Settle(ctx context.Context, folder string) {
	if owner, ok := readOwner(folder); ok && owner.Socket != "" {
		_, _ = ask(ctx, owner.Socket, Change{Action: Commit})
	}
}

func applyOnce(ctx context.Context, config Config, change Change) (int, error) {
	e, err := Open(ctx, config)
	var captured *CapturedError
	if errors.As(err, &captured) {
		if captured.Owner.Socket == "" {
			return 0, err
		}
		return ask(ctx, captured.Owner.Socket, change)
	}
	if err != nil {
		return 0, err
	}
	e.alone = true
	done, err := e.apply(ctx, change)
	if err == nil {
		err = e.finish(ctx)
	}
	return done, errors.Join(err, e.Close(ctx))
}

// finish does at once the verifying that a capturing process does in the
// background.
func (e *Engine) finish(ctx context.Context) error {
	for {
		var err error
		select {
		case provider := <-e.work:
			err = e.reverify(ctx, provider)
		case <-e.flights.landed:
			err = e.reverifyLate(ctx)
		default:
			return nil
		}
		if err != nil {
			return fmt.Errorf("the change is made, but verifying again failed: %w", err)
		}
	}
}

// apply makes one change at a time: of two that read the keys, the one that read
// them first must not have the last word.
func (e *Engine) apply(ctx context.Context, change Change) (int, error) {
	e.changing.Lock()
	defer e.changing.Unlock()
	switch change.Action {
	case KeysChanged:
		return 1, e.keysChanged(ctx, change.Provider)
	case PutPublic:
		err := e.Store.PutPublicValue(ctx, store.PublicValue{Name: change.Name, Label: change.Label, Value: change.Value})
		return e.thenKeys(ctx, change.Name, err)
	case RemovePublic:
		return e.thenKeys(ctx, change.Name, e.Store.RemovePublicValue(ctx, change.Name, change.Label))
	case PutEndpoint:
		if err := change.Endpoint.Check(); err != nil {
			return 0, err
		}
		if err := e.checkGoesLive(&change.Endpoint); err != nil {
			return 0, err
		}
		return e.thenEndpoints(ctx, e.Store.PutEndpoint(ctx, change.Endpoint))
	case RemoveEndpoint:
		err := e.Store.RemoveEndpoint(ctx, change.Endpoint.Path)
		if err == nil {
			err = e.removeChoice(ctx, change.Endpoint.Path)
		}
		return e.thenEndpoints(ctx, err)
	case PutRule:
		id, err := e.putRule(ctx, change.Rule, change.Consent)
		return int(id), err
	case RemoveRule:
		return e.changeRule(ctx, change.Rule.ID, e.removeRule)
	case EnableRule:
		return e.changeRule(ctx, change.Rule.ID, func(ctx context.Context, r *capture.Rule) error { return e.enableRule(ctx, r, change.Consent) })
	case DisableRule:
		return e.changeRule(ctx, change.Rule.ID, e.disableRule)
	case ResetRule:
		return e.changeRule(ctx, change.Rule.ID, e.resetRule)
	case MoveRule:
		return e.moveRule(ctx, change.Rule.ID, change.By)
	case LoadRules:
		return e.putRules(ctx, &change)
	case AnswerHeld, ReleaseHeld:
		return e.applyHeld(ctx, &change)
	case ListRules, ListHeld, ListSecrets:
		return 0, nil // the reply has them
	case PutSession, ActivateSession:
		return e.applySession(ctx, &change)
	case MarkCallbacks, NoteCallbacks, PinCallbacks, UnpinCallbacks:
		return e.applyRemark(ctx, &change)
	case Delete:
		defer e.callbacksMoved(change.IDs)
		return e.Store.Delete(ctx, change.IDs...)
	case Commit:
		return 0, e.Store.Flush(ctx)
	case RaiseWindow:
		if e.config.Raise == nil {
			return 0, ErrNoWindow
		}
		e.config.Raise(change.Files)
		return 1, nil
	case ResendMany, ImportFile, SendSample, OwnAddress: // for converse
	}
	return 0, fmt.Errorf("%q is not a change that this version of Hookglass knows", change.Action)
}

func (e *Engine) thenKeys(ctx context.Context, credential string, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	return 1, e.keysChanged(ctx, ProviderOf(credential))
}

func (e *Engine) thenEndpoints(ctx context.Context, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	if err := e.loadEndpoints(ctx); err != nil {
		return 0, err
	}
	return 1, e.loadRules(ctx) // presets are its provider's
}

// keysChanged takes the keys as they are now and has the provider's exchanges
// verified again. Keys that cannot be read are told to the log alone: the change
// is made, and may have nothing to do with them.
func (e *Engine) keysChanged(ctx context.Context, provider string) error {
	unread, err := e.loadKeys(ctx)
	if err != nil {
		return err
	}
	if unread != nil {
		e.config.Log.Warn(unreadNotice(unread))
	}
	e.flights.keysChanged()
	select {
	case e.work <- provider:
	case <-e.ctx.Done(): // the next start verifies what lacked a key
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
