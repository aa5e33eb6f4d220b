package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/providers/all"
)

type endpointCommand struct {
	Add    endpointAddCommand    `cmd:"" help:"Add an endpoint, or change the one at that path."`
	List   endpointListCommand   `cmd:"" help:"List the endpoints."`
	Remove endpointRemoveCommand `cmd:"" help:"Remove an endpoint; its path is still captured."`
}

type endpointAddCommand struct {
	Path     string `arg:"" help:"The path; with /* at its end the whole subtree."`
	Provider string `help:"Pin it to a provider; without, the provider is detected." placeholder:"P"`
	Event    string `help:"Pin it to an event, where only the URL can tell, such as order.cancellation." placeholder:"E"`
	Name     string `help:"A name for people." placeholder:"N"`
	Live     bool   `help:"Real callbacks come here: what fails on purpose needs --live-too."`
}

func (c *endpointAddCommand) Run(ctx context.Context, t *terminal) error {
	endpoint := capture.Endpoint{Path: c.Path, Name: c.Name, Provider: c.Provider, Event: c.Event, Live: c.Live}
	if err := endpoint.Check(); err != nil {
		return usage("%v", err)
	}
	switch {
	case c.Provider != "":
		if err := checkProvider(c.Provider); err != nil {
			return err
		}
	case c.Event != "":
		return usage("--event %s needs --provider: an event is one provider's", c.Event)
	}
	_, err := engine.Apply(ctx, t.config(), engine.Change{Action: engine.PutEndpoint, Endpoint: endpoint})
	return err
}

// checkProvider says which providers there are, where id is none of them.
func checkProvider(id string) error {
	set := all.NewSet()
	if set.Find(id) != nil {
		return nil
	}
	var ids []string
	for _, p := range set.All() {
		ids = append(ids, p.ID)
	}
	return usage("%q is no provider; there are %s", id, strings.Join(ids, ", "))
}

type endpointListCommand struct {
	JSON bool `help:"One JSON object a line."`
}

type endpointRow struct {
	Path     string `json:"path"`
	Name     string `json:"name"`
	Provider string `json:"provider"`
	Event    string `json:"event"`
	Live     bool   `json:"live,omitempty"`
}

func (c *endpointListCommand) Run(ctx context.Context, t *terminal) (err error) {
	reader, err := t.read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for _, e := range reader.Endpoints {
		if c.JSON {
			err = writeJSON(t.out, endpointRow(e))
		} else {
			provider := e.Provider
			if provider == "" {
				provider = "detect"
			}
			name := e.Name
			if e.Live {
				name = strings.TrimSpace(name + " (live)")
			}
			_, err = fmt.Fprintln(t.out, strings.TrimRight(fmt.Sprintf("%-28s %-10s %-20s %s", e.Path, provider, e.Event, name), " "))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type endpointRemoveCommand struct {
	Path string `arg:"" help:"The path as it was added."`
}

func (c *endpointRemoveCommand) Run(ctx context.Context, t *terminal) error {
	change := engine.Change{Action: engine.RemoveEndpoint, Endpoint: capture.Endpoint{Path: c.Path}}
	_, err := engine.Apply(ctx, t.config(), change)
	if errors.Is(err, engine.ErrNotFound) {
		return fmt.Errorf("there is no endpoint %s; hookglassctl endpoint list shows those there are", c.Path)
	}
	return err
}

type deleteCommand struct {
	IDs []string `arg:"" name:"id" help:"Ids or uids of callbacks."`
}

func (c *deleteCommand) Run(ctx context.Context, t *terminal) error {
	ids, err := c.resolve(ctx, t)
	if err != nil {
		return err
	}
	done, err := engine.Apply(ctx, t.config(), engine.Change{Action: engine.Delete, IDs: ids})
	if err == nil {
		t.say("deleted %s", plural(done, "callback"))
	}
	return err
}

// resolve turns every name into an id before anything is deleted, so that a
// wrong one deletes nothing.
func (c *deleteCommand) resolve(ctx context.Context, t *terminal) (ids []int64, err error) {
	reader, err := t.read(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for _, name := range c.IDs {
		x, err := find(ctx, reader, name)
		if err != nil {
			return nil, fmt.Errorf("%w; nothing was deleted", err)
		}
		ids = append(ids, x.ID)
	}
	return ids, nil
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
