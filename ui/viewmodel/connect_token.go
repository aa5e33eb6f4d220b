package viewmodel

import (
	"context"
	"strings"

	"hookglass/providers"
)

// token is the one in the addresses of a provider: the first that is configured,
// else one that is made up here and kept until it is saved.
func (c *Connect) token(p *providers.Provider) (token string, saved bool) {
	if p.Guide.Token == nil {
		return "", false
	}
	for _, key := range c.app.backend.Set.Keys()[p.Guide.Token.Credential] {
		if value := strings.TrimSpace(key.Value.Reveal()); value != "" {
			return value, true
		}
	}
	if c.tokens[p.ID] == "" {
		c.tokens[p.ID] = providers.NewToken()
	}
	return c.tokens[p.ID], false
}

// AnotherToken makes up another token in the place of one that is not saved.
func (c *Connect) AnotherToken() {
	delete(c.tokens, c.Provider)
	c.Changed.Emit()
}

// SaveToken makes the token that was made up the credential it is meant for.
func (c *Connect) SaveToken() {
	if p := c.provider(); p != nil {
		c.saveToken(p)
	}
}

func (c *Connect) saveToken(p *providers.Provider) {
	token, saved := c.token(p)
	if p.Guide.Token == nil || saved || c.Saving {
		return
	}
	b, credential := c.app.backend, p.Guide.Token.Credential
	c.Saving, c.Problem = true, ""
	c.Changed.Emit()
	c.app.run(func(ctx context.Context) func() {
		err := b.SaveKey(ctx, credential, "", token)
		return func() {
			c.Saving = false
			if err != nil {
				c.Problem = sentence(err)
			} else {
				delete(c.tokens, p.ID)
				c.app.Notices.Say(Good, "The token was saved as "+credential+".", "", nil)
			}
			c.Changed.Emit()
			c.app.Settings.Changed.Emit()
		}
	})
}
