package viewmodel

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hookglass/capture"
)

// send sends it, and asks a person where that needs a yes first.
func (r *Resend) send(how capture.Resending, host string) {
	app, page := r.detail.app, r.page
	b := app.backend
	if b == nil {
		return
	}
	r.serial++
	serial := r.serial
	r.Busy, r.Result = "Sending to "+capture.Visible(host)+" …", nil
	r.Changed.Emit()
	ctx, cancel := context.WithCancel(app.ctx)
	r.cancel = cancel
	app.run(func(context.Context) func() {
		defer cancel()
		sent, err := b.ResendAs(ctx, page.ID, how)
		cancelled := ctx.Err() != nil
		return func() {
			if serial != r.serial {
				return
			}
			r.Busy = ""
			var ask *capture.AskError
			switch {
			case errors.As(err, &ask) && !cancelled:
				r.ask(ask, how, host)
			case err != nil:
				r.Result = unsentResult(err, cancelled)
			default:
				r.remember(how.To)
				r.Result = newResendResult(sent, page.style)
				r.detail.Refresh()
			}
			r.Changed.Emit()
		}
	})
}

// ask asks whether it may go to a host, and once more where that is a provider's.
func (r *Resend) ask(ask *capture.AskError, how capture.Resending, host string) {
	page := r.page
	question, detail := askWords(ask, &how, r.Secrets)
	r.detail.confirm(question, detail, "Send it", true, func() {
		if r.page != page || r.Busy != "" {
			return
		}
		if how.Consent.Remote {
			how.Consent.Provider = true
		} else {
			r.asked[host] = true
			how.Consent.Remote = true
		}
		r.send(how, host)
	})
}

// askWords are the question before something goes to another machine. It tells of
// the provider's domain when the other question was answered.
func askWords(ask *capture.AskError, how *capture.Resending, secrets []string) (question, detail string) {
	host := capture.Visible(ask.Host)
	if how.Consent.Remote && ask.Provider != "" {
		return "Really send it to " + ask.Provider + " itself?",
			host + " is " + ask.Provider + "'s own: it could take the callback for a real one, and act on it."
	}
	question = "Send to " + shorten(host, 60) + "?"
	if len(ask.Addresses) > 0 {
		var all []string
		for _, a := range ask.Addresses[:min(len(ask.Addresses), 4)] {
			all = append(all, a.String())
		}
		detail = "It is at " + strings.Join(all, ", ") + ". "
	} else {
		detail = "Its name leads to no address at present. "
	}
	detail += "What came goes there with all it holds: personal data, and whoever sees it can read it."
	if strings.HasPrefix(how.To, "http://") {
		detail += " The way there is not encrypted."
	}
	if len(secrets) > 0 && !how.DropSecrets {
		detail += "\n\nIt carries secrets as they came: " + strings.Join(secrets, ", ") + "."
	}
	return question, detail
}

// Cancel gives up what is being sent.
func (r *Resend) Cancel() { r.cancel() }

// secretsWords name the secrets that a callback carries.
func secretsWords(h *Headers) string {
	var names []string
	for _, group := range h.Groups {
		for i := range group.Rows {
			name := group.Rows[i].Name
			if strings.HasPrefix(group.Title, "Query") {
				name = "?" + name
			}
			if group.Rows[i].Secret && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "It carries secrets as they came: " + strings.Join(names, ", ") + "."
}
