package viewmodel

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hookglass/capture/export"
	"hookglass/store"
)

// CopyCurl copies a command that sends the current callback to Hookglass again, or
// a command for each that is chosen.
func (l *List) CopyCurl() {
	b, id := l.app.backend, l.current
	if b != nil && b.ShareText != nil && len(l.Chosen()) > 1 {
		l.app.copyChosen(&copyCurls)
		return
	}
	if b == nil || id == 0 {
		return
	}
	l.app.run(func(ctx context.Context) func() {
		command, warning := "", ""
		var m *material
		x, err := b.Store.Exchange(ctx, id)
		if err == nil {
			m, err = gather(ctx, b, x)
		}
		if err == nil {
			headers := newHeaders(m)
			warning = secretsWords(&headers)
			command, err = export.Curl(m.exchange, b.URL, "")
		}
		return func() {
			switch {
			case errors.Is(err, store.ErrNotFound):
				l.app.Notices.Say(Warn, "Not copied: the callback is gone.", "", nil)
			case err != nil:
				l.app.Notices.Say(Warn, "Not copied: "+sentence(err), "", nil)
			default:
				l.app.copy(command, strings.TrimSpace("Copied as a curl command. "+warning))
			}
		}
	})
}

// CopyPath copies the path of the current callback, secrets masked.
func (l *List) CopyPath() {
	if row := l.cache.get(l.current); row != nil {
		l.app.Screen.Copy(row.Path)
		l.app.Notices.Say(Good, fmt.Sprintf("Copied the path %s.", shorten(row.Path, 60)), "", nil)
	}
}
