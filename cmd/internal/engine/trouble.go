package engine

import (
	"errors"
	"fmt"

	"hookglass/capture"
	"hookglass/store"
)

// TroubleError is why callbacks cannot be stored, in a sentence for a person
// that says what to do.
type TroubleError struct {
	Folder string
	Err    error
}

func (e *TroubleError) Error() string {
	const refused = "Callbacks cannot be stored and are answered 503, so that their senders try again"
	switch {
	case errors.Is(e.Err, capture.ErrFull):
		return fmt.Sprintf("%s: the disk is full. Make room on the disk of %s; capture goes on by itself.", refused, e.Folder)
	case errors.Is(e.Err, store.ErrDenied):
		return fmt.Sprintf("%s: the database in %s may not be written. Give this user the right to write there; capture goes on by itself.", refused, e.Folder)
	case errors.Is(e.Err, store.ErrDamaged):
		return fmt.Sprintf("%s: the database in %s is damaged. Start Hookglass again: it moves the database aside and begins a new one.", refused, e.Folder)
	}
	return fmt.Sprintf("%s: the database in %s cannot be written (%v).", refused, e.Folder, e.Err)
}

func (e *TroubleError) Unwrap() error { return e.Err }

// trouble passes on that callbacks cannot be stored, or can be again.
func (e *Engine) trouble(err error) {
	if e.config.Trouble == nil {
		return
	}
	if err != nil {
		err = &TroubleError{e.config.Folder, err}
	}
	e.config.Trouble(err)
}
