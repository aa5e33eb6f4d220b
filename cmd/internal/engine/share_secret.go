package engine

import (
	"context"
	"slices"
	"strings"

	"hookglass/capture/ngrok"
	"hookglass/capture/redact"
	"hookglass/store/secret"
)

// environmentSecrets are the values of the secrets that this process has from its
// environment: what a keyring or a file keeps, others read there by themselves.
func (e *Engine) environmentSecrets() []string {
	var values []string
	for _, name := range append(secretNames(e.Set), TunnelCredential) {
		values = append(values, e.config.Getenv(secret.EnvName(name)))
	}
	values = append(values, strings.TrimSpace(e.config.Getenv(ngrok.TokenVariable)))
	return slices.DeleteFunc(values, func(value string) bool { return value == "" })
}

// knownSecrets are the values that leave with no profile but none: those that this
// process knows, and those that the one which captures has from its environment. It
// tells them over its socket, which is for this user alone, as that process's
// environment is. all is false where it was asked and did not say.
func (r *Reader) knownSecrets(ctx context.Context, profile string) (known []string, all bool) {
	owner, captured := readOwner(r.folder)
	if !captured || owner.Socket == "" || profile == redact.ProfileNone {
		return r.masked, true
	}
	conn, err := dialControl(ctx, owner.Socket)
	if err != nil { // it was killed: nobody captures
		return r.masked, ctx.Err() == nil
	}
	reply, err := converseOn(ctx, conn, Change{Action: ListSecrets})
	if err == nil {
		err = reply.err()
	}
	return append(slices.Clip(r.masked), reply.Secrets...), err == nil && !reply.Closing
}
