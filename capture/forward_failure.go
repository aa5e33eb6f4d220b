package capture

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

var errSwitching = errors.New("it wants to switch to another protocol, which Hookglass does not pass on")

// forwardFailure says in a sentence for the person why there is no answer of the
// app that could be passed on.
func forwardFailure(err error, to replayURL, timeout time.Duration) string {
	switch {
	case errors.Is(err, errCutOff):
		return fmt.Sprintf("Hookglass quit before %s had answered.", to.addr)
	case errors.Is(err, errLongAnswer):
		return fmt.Sprintf("The answer of %s is larger than %d MiB, so it was not passed on.", to.addr, forwardLimit>>20)
	}
	return replayFailure(err, to, timeout)
}

// appDown is what a sender gets where the app gave no answer. It names neither
// the app nor where it is.
func appDown(err error) Response {
	says := "The app that this callback is forwarded to could not be reached."
	switch {
	case errors.Is(err, errCutOff):
		says = "The app that this callback is forwarded to had not answered when Hookglass quit."
	case timedOut(err):
		says = "The app that this callback is forwarded to did not answer in time."
	case errors.Is(err, errNoAnswer), errors.Is(err, errCutAnswer):
		says = "The app that this callback is forwarded to closed the connection before its answer was whole."
	case errors.Is(err, errLongAnswer):
		says = "The answer of the app that this callback is forwarded to is too large."
	case errors.Is(err, errNotHTTP), errors.Is(err, errSwitching):
		says = "The app that this callback is forwarded to gave an answer that cannot be passed on."
	}
	return forwardAnswer(http.StatusBadGateway, says)
}

// forwardAnswer is an answer of ours in place of the app's.
func forwardAnswer(status int, says string) Response {
	return Response{
		Status: status,
		Header: Fields{{"Content-Type", "text/plain; charset=utf-8"}},
		Body:   []byte(says + "\n"),
	}
}
