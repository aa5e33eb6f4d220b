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
	Delete         Action = "delete"          // IDs
)

// Change is one change of what a capturing process works with. It never holds a
// secret.
type Change struct {
	Action   Action           `json:"action"`
	Provider string           `json:"provider,omitempty"`
	Name     string           `json:"name,omitempty"`
	Label    string           `json:"label,omitempty"`
	Value    string           `json:"value,omitempty"` // public material
	Endpoint capture.Endpoint `json:"endpoint,omitzero"`
	IDs      []int64          `json:"ids,omitempty"`
}

// Reply answers a Change.
type Reply struct {
	Done     int    `json:"done"` // how many things were changed
	Error    string `json:"error,omitempty"`
	NotFound bool   `json:"not_found,omitempty"`
}

// Apply makes a change in the folder: through the process that captures into
// it, else by itself. It returns how many things were changed.
func Apply(ctx context.Context, config Config, change Change) (int, error) {
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
		select {
		case provider := <-e.work:
			if err := e.reverify(ctx, provider); err != nil {
				return fmt.Errorf("the change is made, but verifying again failed: %w", err)
			}
		default:
			return nil
		}
	}
}

func (e *Engine) apply(ctx context.Context, change Change) (int, error) {
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
		return e.thenEndpoints(ctx, e.Store.PutEndpoint(ctx, change.Endpoint))
	case RemoveEndpoint:
		return e.thenEndpoints(ctx, e.Store.RemoveEndpoint(ctx, change.Endpoint.Path))
	case Delete:
		return e.Store.Delete(ctx, change.IDs...)
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
	return 1, e.loadEndpoints(ctx)
}

// keysChanged takes the keys as they are now and has the provider's exchanges
// verified again.
func (e *Engine) keysChanged(ctx context.Context, provider string) error {
	if err := e.loadKeys(ctx); err != nil {
		return err
	}
	select {
	case e.work <- provider:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
