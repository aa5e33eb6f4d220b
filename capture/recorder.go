package capture

import (
	"context"
	"errors"
)

// Recorder keeps exchanges.
type Recorder interface {
	// Create sets x.ID and returns when the request is on disk: a crash of the
	// process or of the machine after that loses nothing. An error means that
	// nothing was kept. The request and the endpoint are final by then.
	Create(ctx context.Context, x *Exchange) error

	// Update keeps what became of an exchange: annotation, answer, state,
	// error. It returns when the change is queued and may be lost in a crash;
	// the request never is. It blocks while the queue is full. The exchange
	// belongs to the recorder from then on. The request is not written again,
	// so its Body and Head may be nil.
	Update(ctx context.Context, x *Exchange) error
}

// ErrFull is wrapped by Recorder.Create where the disk has no room.
var ErrFull = errors.New("the disk is full")
